"""Statements that Django writes once: new values each time, anew only for another shape, never without a tenant."""

import datetime as dt

import pytest
from django.db.models import F
from django.utils import timezone

from events.calendar.models import StoredBody, StoredEvent
from events.gatherings.models import Event
from events.prepared import Prepared, insert, put
from events.tenancy.models import Membership, User
from events.tenancy.scoping import UnscopedQuery
from tests.factories import event


class Told(list):
    """A writer of statements that keeps what it was called with."""

    def __call__(self, *, tenant, title):
        self.append(title)
        return (
            Event.objects.of(tenant)
            .filter(title=title)
            .select_related("tenant")
            .only("title", "tenant__slug")
        )


def test_each_call_finds_the_rows_of_its_own_values(sandefjord, kristiansand, django_assert_num_queries):
    by_title = Prepared(Told())
    here, there = event(sandefjord, title="Dialog"), event(kristiansand, title="Kurs")
    with django_assert_num_queries(3):
        assert by_title.first(tenant=sandefjord.pk, title="Dialog") == here
        assert by_title.first(tenant=kristiansand.pk, title="Kurs").tenant.slug == there.tenant.slug
        assert by_title.first(tenant=kristiansand.pk, title="Dialog") is None


def test_a_statement_is_written_once_for_each_shape(sandefjord):
    told = Told()
    by_title = Prepared(told)
    for title in ("Dialog", "Kurs", None, "Dialog", None):
        by_title.first(tenant=sandefjord.pk, title=title)
    assert len(told) == 2
    assert told[1] is None


def test_an_update_tells_how_many_rows_it_changed(sandefjord, kristiansand):
    rows = [event(sandefjord, capacity=10) for _ in range(3)] + [event(kristiansand, capacity=10)]
    more = Prepared(
        lambda tenant, seats: (
            Event.objects.of(tenant).order_by("title"),
            {"capacity": F("capacity") + seats},
        )
    )
    assert more.update(tenant=sandefjord.pk, seats=2) == 3
    assert more.update(tenant=sandefjord.pk, seats=-5) == 3
    found = Event.objects.across_tenants("to look at").in_bulk()
    assert [found[row.pk].capacity for row in rows] == [7, 7, 7, 10]


def test_a_moment_may_stand_a_fixed_time_back(sandefjord):
    meeting = event(sandefjord)
    over = Prepared(
        lambda now: Event.objects.across_tenants("a test").filter(starts_at__lt=now - dt.timedelta(1))
    )
    assert over.first(now=meeting.starts_at + dt.timedelta(hours=23)) is None
    assert over.first(now=meeting.starts_at + dt.timedelta(hours=25)) == meeting


def test_a_statement_that_names_no_tenant_raises(sandefjord):
    with pytest.raises(UnscopedQuery):
        Prepared(lambda title: Event.objects.filter(title=title)).first(title="Dialog")
    with pytest.raises(UnscopedQuery):
        Prepared(lambda title: (Event.objects.all(), {"title": title})).update(title="Dialog")


def test_a_new_row_gets_its_key_and_is_there_once(sandefjord, django_assert_num_queries):
    user = User.objects.create_user("ny@moteplass.example", name="Ny")
    with django_assert_num_queries(1):
        assert insert(member := Membership(tenant=sandefjord, user=user, role="coordinator"))
    assert not member._state.adding
    assert Membership.objects.of(sandefjord).get(pk=member.pk).user == user
    assert not insert(Membership(tenant=sandefjord, user=user, role="reader"), once=True)
    assert Membership.objects.of(sandefjord).get(user=user).role == "coordinator"


def test_a_row_holds_what_each_field_stores(sandefjord):
    meeting = event(sandefjord)
    copy = Event.objects.of(sandefjord).get(pk=meeting.pk)
    copy.pk, copy.uid, copy.published_at = None, Event._meta.get_field("uid").get_default(), timezone.now()
    insert(copy)
    found = Event.objects.of(sandefjord).get(pk=copy.pk)
    assert (found.starts_at, found.published_at, found.capacity) == (
        meeting.starts_at,
        copy.published_at,
        meeting.capacity,
    )


def test_all_rows_come_in_their_order_and_only_the_tenants(
    sandefjord, kristiansand, django_assert_num_queries
):
    for at, title in ((sandefjord, "B"), (kristiansand, "C"), (sandefjord, "A")):
        event(at, title=title)
    ordered = Prepared(lambda tenant: Event.objects.of(tenant).order_by("title"))
    with django_assert_num_queries(2):
        assert [row.title for row in ordered.all(tenant=sandefjord.pk)] == ["A", "B"]
        assert [row.title for row in ordered.all(tenant=kristiansand.pk)] == ["C"]
    with pytest.raises(UnscopedQuery):
        Prepared(lambda title: Event.objects.filter(title=title)).all(title="A")


def test_a_row_is_put_where_one_with_the_same_key_was_and_beside_the_others(
    sandefjord, django_assert_num_queries
):
    one, other = event(sandefjord), event(sandefjord)
    facts = {"tenant": sandefjord, "epoch": "1", "written_from": one.changed_at}
    with django_assert_num_queries(3):
        put(StoredEvent(event=one, key="a", octets=b"first", **facts), by=("event", "key"))
        put(StoredEvent(event=other, key="a", octets=b"other", **facts), by=("event", "key"))
        put(StoredEvent(event=one, key="a", octets=b"second", **facts | {"epoch": "2"}), by=("event", "key"))
    rows = StoredEvent.objects.of(sandefjord).order_by("pk")
    assert [(row.event, row.epoch, bytes(row.octets)) for row in rows] == [
        (one, "2", b"second"),
        (other, "1", b"other"),
    ]


def test_a_row_whose_key_is_no_number_is_put_by_it(db):
    for version in ("1", "2"):
        put(
            StoredBody(key="k", version=version, etag=version, changed_at=timezone.now(), gzipped=b""),
            by=("key",),
        )
    assert StoredBody.objects.get().version == "2"
