"""Inviting and withdrawing: who is asked, once, and what a second call does."""

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections
from django.utils import timezone

from events.audit import AuditEntry
from events.directory.models import Contact
from events.gatherings.models import Event
from events.tokens import digest
from invites.answers import services as answers
from invites.invitations import services
from invites.invitations.models import Invitation
from invites.post import outbox
from invites.post.models import OutgoingMail
from tests.factories import contact, draft, event, staff, tenant


@pytest.fixture(autouse=True)
def still_post(monkeypatch):
    """The outbox keeps its rows, but nobody is woken."""
    monkeypatch.setattr(outbox, "wake", lambda *args, **kwargs: None)


def fresh(row: Invitation) -> Invitation:
    rows = Invitation.objects.of(row.tenant_id).select_related("event", "contact", "tenant")
    return rows.get(pk=row.pk)


def mails(meeting: Event) -> list[tuple[int, str, int]]:
    rows = OutgoingMail.objects.of(meeting.tenant).filter(kind="invitation").order_by("subject_id")
    return list(rows.values_list("subject_id", "to_address", "revision"))


def test_an_invitation_is_a_row_with_a_link_and_a_mail(sandefjord, kari):
    meeting, person = event(sandefjord, sequence=2), contact(sandefjord, language="en", email="a@b.example")

    assert services.invite(meeting, by=kari, contacts=[person]) == 1

    row = Invitation.objects.of(sandefjord).get()
    assert (row.event, row.contact, row.language, row.invited_by) == (meeting, person, "en", kari)
    assert (row.token_hash, row.reply_hash) == (digest(row.token), digest(row.reply_token))
    assert mails(meeting) == [(row.pk, "a@b.example", 2)]
    entry = AuditEntry.objects.of(sandefjord).get()
    assert (entry.action, entry.facts) == ("event.invited", {"title": meeting.title, "number": 1})


def test_inviting_twice_sends_once_and_only_the_new_ones_get_a_mail(sandefjord, kari):
    meeting = event(sandefjord)
    first, second = contact(sandefjord), contact(sandefjord)
    services.invite(meeting, by=kari, contacts=[first])
    Event.objects.of(sandefjord).filter(pk=meeting.pk).update(sequence=1)

    assert services.invite(meeting, by=kari, contacts=[first, second]) == 1
    assert services.invite(meeting, by=kari, contacts=[first, second]) == 0

    assert [address for _, address, _ in mails(meeting)] == [first.email, second.email]
    assert AuditEntry.objects.of(sandefjord).count() == 2


def test_who_has_no_address_is_not_invited(sandefjord, kari):
    meeting = event(sandefjord)
    assert (
        services.invite(meeting, by=kari, contacts=[contact(sandefjord, email=""), contact(sandefjord)]) == 1
    )


def test_a_contact_of_another_tenant_is_refused(sandefjord, kristiansand, kari):
    with pytest.raises(ValueError, match="another tenant"):
        services.invite(event(sandefjord), by=kari, contacts=[contact(kristiansand)])
    assert Invitation.objects.of(sandefjord).count() == 0


@pytest.mark.parametrize("state", ["draft", "held", "cancelled"])
def test_only_a_published_event_is_invited_to(sandefjord, kari, state):
    with pytest.raises(services.NotInvitable):
        services.invite(event(sandefjord, state=state), by=kari, contacts=[contact(sandefjord)])


def test_nobody_is_invited_to_an_event_that_has_begun(sandefjord, kari):
    now = timezone.now()
    begun = event(sandefjord, starts_at=now - dt.timedelta(hours=1), ends_at=now + dt.timedelta(hours=1))
    with pytest.raises(services.NotInvitable):
        services.invite(begun, by=kari, contacts=[contact(sandefjord)])


def test_a_stale_page_cannot_invite_to_what_was_cancelled_meanwhile(sandefjord, kari):
    meeting = event(sandefjord)
    Event.objects.of(sandefjord).filter(pk=meeting.pk).update(state="cancelled", cancelled_at=timezone.now())
    with pytest.raises(services.NotInvitable):
        services.invite(meeting, by=kari, contacts=[contact(sandefjord)])


def test_a_thousand_are_invited_in_a_constant_number_of_queries(
    sandefjord, kari, django_assert_max_num_queries
):
    meeting = event(sandefjord)
    people = Contact.objects.bulk_create(
        [Contact(tenant=sandefjord, name=f"P {n}", email=f"p{n}@x.example") for n in range(1000)]
    )
    with django_assert_max_num_queries(80):  # SQLite takes 999 values a statement
        assert services.invite(meeting, by=kari, contacts=people) == 1000
    assert len(mails(meeting)) == 1000


def test_withdrawing_kills_the_link_frees_the_seat_and_stops_the_mail(sandefjord, kari, client):
    meeting = event(sandefjord, capacity=1)
    services.invite(meeting, by=kari, contacts=[contact(sandefjord)])
    row = fresh(Invitation.objects.of(sandefjord).get())
    answers.answer(row, reply="accepted", comment="", source="web")
    assert client.get(f"/rsvp/{row.token}/").status_code == 200

    assert services.withdraw(row, by=kari) is True  # read before the answer: it looks again by itself

    assert client.get(f"/rsvp/{row.token}/").status_code == 404
    assert fresh(row).event.seats_taken == 0
    assert OutgoingMail.objects.of(sandefjord).get(kind="invitation").state == "cancelled"
    assert list(row.answers.values_list("reply", flat=True)) == ["accepted"]
    assert AuditEntry.objects.of(sandefjord).filter(action="invitation.withdrawn").count() == 1


def test_withdrawing_twice_is_harmless(sandefjord, kari):
    meeting = event(sandefjord)
    services.invite(meeting, by=kari, contacts=[contact(sandefjord)])
    row = fresh(Invitation.objects.of(sandefjord).get())
    answers.answer(row, reply="accepted", comment="", source="web")
    again = fresh(row)

    assert [services.withdraw(again, by=kari), services.withdraw(again, by=kari)] == [True, False]
    assert fresh(row).event.seats_taken == 0
    assert AuditEntry.objects.of(sandefjord).filter(action="invitation.withdrawn").count() == 1


def test_who_was_withdrawn_can_be_invited_anew_with_another_link(sandefjord, kari):
    meeting, person = event(sandefjord), contact(sandefjord)
    services.invite(meeting, by=kari, contacts=[person])
    old = fresh(Invitation.objects.of(sandefjord).get())
    services.withdraw(old, by=kari)

    assert services.invite(meeting, by=kari, contacts=[person]) == 1
    new = Invitation.objects.of(sandefjord).valid().get()
    assert new.token != old.token
    assert len(mails(meeting)) == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2, 3])
def test_double_clicks_and_two_tabs_send_once(turn):
    at = tenant()
    kari, meeting = staff(at, "coordinator"), event(at)
    people = [contact(at) for _ in range(30)]
    barrier = threading.Barrier(8)

    def click(order):
        try:
            connection.ensure_connection()
            barrier.wait(timeout=30)
            return services.invite(meeting, by=kari, contacts=order)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        new = list(pool.map(click, [people, people[::-1]] * 4))

    assert sorted(new) == [0] * 7 + [30]
    assert Invitation.objects.of(at).count() == 30
    assert len(mails(meeting)) == 30
    assert AuditEntry.objects.of(at).count() == 1


def test_a_draft_is_not_invitable(sandefjord):
    assert [services.invitable(draft(sandefjord)), services.invitable(event(sandefjord))] == [False, True]
