"""The person leaves, the role stays; and how people want to be reached."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from events.audit import AuditEntry
from events.directory import services
from events.directory.groups import members_of
from events.directory.models import Contact
from events.directory.succession import SucceededAlready, TooEarly, chain, succeed
from tests.factories import contact, event, group, invitation, organisation

TODAY = timezone.localdate()
DAY = dt.timedelta(days=1)
NEW = {"name": "Bo Ny", "email": "bo@b.example", "phone": "", "address": ""}


def at(name, **kwargs):
    return reverse(name, kwargs={"tenant": "sandefjord", **kwargs})


@pytest.fixture
def ada(sandefjord, kari):
    facts = {"name": "Ada Prest", "email": "ada@b.example", "role": "leder", "language": "en"}
    here = organisation(sandefjord, name="Kirken")
    return services.add_contact(
        tenant=sandefjord, by=kari, facts={**facts, "organisation": here}, tags=["nøkkelperson"]
    )


def test_the_role_goes_on_with_another_person(sandefjord, kari, ada):
    forum = group(sandefjord, ada)
    new = succeed(ada, by=kari, facts=NEW, from_day=TODAY)
    ada.refresh_from_db()
    assert (ada.valid_until, new.valid_from, new.succeeds) == (TODAY - DAY, TODAY, ada)
    assert (new.name, new.email, new.phone) == ("Bo Ny", "bo@b.example", "")
    stays = ("role", "organisation", "language", "channel")
    assert [getattr(new, name) for name in stays] == [getattr(ada, name) for name in stays]
    assert [each.name for each in new.tags.all()] == ["nøkkelperson"]
    assert list(members_of(forum)) == [new]
    assert list(Contact.objects.of(sandefjord).matching("nøkkelpersonen")) == [ada, new]


def test_nothing_of_the_past_moves(sandefjord, kari, ada):
    asked = invitation(event(sandefjord), contact=ada)
    succeed(ada, by=kari, facts=NEW, from_day=TODAY)
    asked.refresh_from_db()
    assert asked.contact == ada


def test_a_second_call_changes_nothing(sandefjord, kari, ada):
    first = succeed(ada, by=kari, facts=NEW, from_day=TODAY)
    count = AuditEntry.objects.of(sandefjord).count()
    assert succeed(ada, by=kari, facts=NEW, from_day=TODAY) == first
    assert (Contact.objects.of(sandefjord).count(), AuditEntry.objects.of(sandefjord).count()) == (2, count)


@pytest.mark.parametrize("other", [{"facts": {**NEW, "name": "Cil"}}, {"from_day": TODAY + DAY}])
def test_a_role_is_taken_over_once(sandefjord, kari, ada, other):
    first = succeed(ada, by=kari, facts=NEW, from_day=TODAY)
    with pytest.raises(SucceededAlready) as caught:
        succeed(ada, by=kari, **{"facts": NEW, "from_day": TODAY, **other})
    assert caught.value.by_contact == first


def test_the_database_lets_nobody_be_succeeded_twice(sandefjord, ada):
    contact(sandefjord, succeeds=ada)
    with pytest.raises(IntegrityError), transaction.atomic():
        contact(sandefjord, succeeds=ada)


def test_who_comes_later_is_not_asked_before(sandefjord, kari, ada):
    new = succeed(ada, by=kari, facts=NEW, from_day=TODAY + DAY)
    assert list(Contact.objects.of(sandefjord).current()) == [ada]
    assert (ada.is_coming, new.is_coming, ada.has_ended) == (False, True, False)


def test_a_role_that_ended_earlier_keeps_its_last_day(sandefjord, kari, ada):
    ada.valid_until = TODAY - 30 * DAY
    ada.save()
    succeed(ada, by=kari, facts=NEW, from_day=TODAY)
    ada.refresh_from_db()
    assert ada.valid_until == TODAY - 30 * DAY


def test_a_role_lasts_longer_than_a_day(kari, ada):
    ada.valid_from = TODAY - DAY
    ada.save()
    with pytest.raises(TooEarly):
        succeed(ada, by=kari, facts=NEW, from_day=TODAY)


def test_a_channel_stays_where_it_leads_somewhere(kari, ada):
    new = succeed(ada, by=kari, facts={"name": "Bo", "phone": "400 00 000"}, from_day=TODAY)
    assert (ada.channel, new.channel) == ("email", "phone")


def test_the_chain_names_everybody_in_order_from_any_of_them(sandefjord, kari, ada):
    bo = succeed(ada, by=kari, facts=NEW, from_day=TODAY)
    cil = succeed(bo, by=kari, facts={"name": "Cil", "email": "c@b.example"}, from_day=TODAY + 9 * DAY)
    for each in (ada, bo, cil):
        assert chain(Contact.objects.of(sandefjord).get(pk=each.pk)) == [ada, bo, cil]


def test_the_audit_trail_names_nobody(sandefjord, kari, ada):
    new = succeed(ada, by=kari, facts=NEW, from_day=TODAY)
    [entry] = AuditEntry.objects.of(sandefjord).about(new)
    assert (entry.action, entry.facts) == ("contact.succeeded", {"place": "Kirken"})


def test_the_page_asks_who_takes_over_and_both_pages_tell(sandefjord, kari, at_desk, ada):
    client = at_desk(kari)
    answer = client.post(at("contact-succeed", pk=ada.pk), {**NEW, "from_day": TODAY.isoformat()})
    new = Contact.objects.of(sandefjord).get(succeeds=ada)
    assert answer.url == at("contact-detail", pk=new.pk)
    assert "Ada Prest" in client.get(answer.url).content.decode()
    old = client.get(at("contact-detail", pk=ada.pk)).content.decode()
    assert ("Bo Ny" in old, at("contact-succeed", pk=ada.pk) in old) == (True, False)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"name": ""}, "name"),
        ({"from_day": "30.2.2026"}, "from_day"),
        ({"from_day": ""}, "from_day"),
        ({"from_day": "2020-01-02"}, "from_day"),
        ({"email": "no address"}, "email"),
        ({"name": "Finnes", "email": "finnes@b.example"}, "email"),
    ],
)
def test_a_wrong_successor_is_told_beside_the_field(sandefjord, kari, at_desk, ada, typed, field):
    contact(sandefjord, name="Finnes", email="finnes@b.example")
    ada.valid_from = dt.date(2020, 1, 1)
    ada.save()
    answer = at_desk(kari).post(
        at("contact-succeed", pk=ada.pk), {**NEW, "from_day": TODAY.isoformat(), **typed}
    )
    assert list(answer.context["form"].errors) == [field]
    ada.refresh_from_db()
    assert (ada.valid_until, Contact.objects.of(sandefjord).count()) == (None, 2)


# --- Channels ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("facts", "channel"),
    [
        ({"email": "a@b.example", "phone": "1"}, "email"),
        ({"phone": "1", "address": "Gata 1"}, "phone"),
        ({"address": "Gata 1"}, "letter"),
        ({}, "email"),
        ({"channel": "letter", "email": "a@b.example"}, "letter"),
        ({"channel": "email", "phone": "1"}, "phone"),
        ({"channel": "", "phone": "1"}, "phone"),
    ],
)
def test_a_channel_that_is_not_given_follows_from_what_is_entered(sandefjord, kari, facts, channel):
    row = services.add_contact(tenant=sandefjord, by=kari, facts={"name": "Ada", **facts})
    assert row.channel == channel


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"channel": "email", "phone": "1"}, "email"),
        ({"channel": "phone"}, "phone"),
        ({"channel": "letter"}, "address"),
    ],
)
def test_a_channel_that_leads_nowhere_is_told_beside_the_field(sandefjord, kari, at_desk, typed, field):
    here = organisation(sandefjord)
    answer = at_desk(kari).post(
        at("contact-create"), {"name": "Ada", "language": "nb", "organisation": here.pk, **typed}
    )
    assert list(answer.context["form"].errors) == [field]
    assert Contact.objects.of(sandefjord).count() == 0


def test_a_letter_goes_to_the_organisation_without_an_own_address(sandefjord, kari, at_desk):
    here = organisation(sandefjord, address="Storgata 1", city="Larvik")
    typed = {"name": "Ada", "language": "nb", "organisation": here.pk, "channel": "letter"}
    at_desk(kari).post(at("contact-create"), typed)
    row = Contact.objects.of(sandefjord).get()
    assert (row.channel, row.letter_address) == ("letter", "Storgata 1, Larvik")
    row.address = "Hjemme 2"
    assert row.letter_address == "Hjemme 2"


def test_line_ends_and_marks_that_turn_the_text_never_enter_a_name(sandefjord, kari, at_desk):
    typed = {"name": "Ada\r\nBcc: x@y.example\u202e", "role": "a\tb", "language": "nb"}
    at_desk(kari).post(at("contact-create"), typed)
    row = Contact.objects.of(sandefjord).get()
    assert (row.name, row.role) == ("Ada Bcc: x@y.example", "a b")
