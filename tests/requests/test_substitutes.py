"""Somebody comes instead: who may be named, what that changes, and what nobody learns by it."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from events.audit import AuditEntry
from events.directory.models import Contact
from events.gatherings.models import Event
from invites.answers import services as answers
from invites.answers.requests import rules
from invites.answers.requests.models import AnswerRequest
from invites.answers.requests.services import (
    Invited,
    NotAllowed,
    NotThisPerson,
    Settled,
    Substitute,
    TooMany,
    grant,
    refuse,
    take_back,
)
from invites.invitations.models import Invitation
from tests.factories import contact, invitation
from tests.requests.scene import BO, asked, fresh, kinds, name, only, reply_of, say, seats, stand_in


def test_by_approval_the_stranger_gets_nothing_before_the_organiser_says_yes(amina, sandefjord):
    say(amina, "accepted")
    name(amina)
    assert kinds(sandefjord, "bo@moske.example") == []
    assert Contact.objects.of(sandefjord).filter(email="bo@moske.example").count() == 0
    assert (reply_of(amina), seats(amina.event)) == ("accepted", 1)
    assert kinds(sandefjord, "amina@moske.example") == ["receipt", "request_received"]


def test_approved_the_substitute_has_the_seat_and_both_get_one_mail(amina, kari, sandefjord):
    say(amina, "accepted")
    grant(name(amina, comment="Jeg er på reise"), by=kari)
    bo = stand_in(amina)
    assert (bo.reply, bo.contact.name, bo.contact.role, bo.language) == (
        "accepted",
        "Bo Berg",
        "nestleder",
        "nb",
    )
    assert (reply_of(amina), seats(amina.event)) == ("declined", 1)
    assert kinds(sandefjord, "bo@moske.example") == ["stand_in"]
    assert kinds(sandefjord, "amina@moske.example")[-1] == "substitute_named"
    assert [row.source for row in bo.answers.all()] == ["stand_in"]
    assert fresh(amina).answers.all()[0].comment == "Jeg er på reise"


def test_the_substitute_is_a_contact_of_the_same_organisation_until_the_day_after(amina, automatic):
    name(amina)
    bo = stand_in(amina).contact
    ends = amina.event.local(amina.event.ends_at).date()
    assert bo.organisation == fresh(amina).contact.organisation
    assert bo.valid_until == ends + dt.timedelta(days=1)


def test_a_contact_with_this_name_and_address_is_taken_as_it_is(amina, automatic, sandefjord):
    known = contact(sandefjord, name="Bo Berg", email="Bo@moske.example", role="leder")
    name(amina)
    assert stand_in(amina).contact == known
    known.refresh_from_db()
    assert (known.role, known.valid_until) == ("leder", None)


def test_by_the_automatic_rule_it_is_done_at_once(amina, automatic):
    say(amina, "accepted")
    request = name(amina)
    assert (request.state, request.stand_in, request.decided_by) == ("granted", stand_in(amina), None)
    assert (reply_of(amina), seats(amina.event)) == ("declined", 1)


def test_a_full_meeting_stays_full_and_nobody_on_the_waiting_list_gets_in_between(amina, automatic, meeting):
    Event.objects.of(meeting.tenant).filter(pk=meeting.pk).update(capacity=1, waitlist="automatic")
    say(amina, "accepted")
    name(amina)
    assert (stand_in(amina).reply, seats(meeting)) == ("accepted", 1)


def test_without_a_seat_to_move_the_organiser_decides_after_all(amina, automatic, meeting, kari, sandefjord):
    Event.objects.of(meeting.tenant).filter(pk=meeting.pk).update(capacity=0, waitlist="none")
    assert name(amina).state == "pending"
    assert (reply_of(amina), kinds(sandefjord)) == ("", ["request_received"])
    with pytest.raises(answers.Full):
        grant(only(amina), by=kari)
    assert (only(amina).state, reply_of(amina)) == ("pending", "")
    assert Contact.objects.of(sandefjord).filter(name="Bo Berg").count() == 0


def test_after_the_deadline_the_organiser_decides_whatever_the_rule(amina, automatic, late, kari):
    request = name(amina)
    assert request.state == "pending"
    grant(request, by=kari)
    assert stand_in(amina).reply == "accepted"


def test_what_the_calendar_passes_on_always_waits(amina, automatic):
    request = name(amina, kind="delegation", source="calendar")
    assert (request.state, request.kind, request.source) == ("pending", "delegation", "calendar")


@pytest.mark.parametrize("rule", ["none"])
def test_where_nobody_may_send_somebody_nobody_is_named(amina, meeting, rule):
    Event.objects.of(meeting.tenant).update(substitutes=rule)
    with pytest.raises(NotAllowed):
        name(amina)


def test_a_stand_in_and_an_organisation_name_nobody(amina, automatic, meeting):
    name(amina)
    with pytest.raises(NotAllowed):
        name(stand_in(amina), Substitute("Cecilie", "c@x.example"))
    with pytest.raises(NotAllowed):
        name(invitation(meeting, for_organisation=True, quota=2), Substitute("Dag", "d@x.example"))


def test_who_comes_already_is_not_named_over(amina, automatic):
    name(amina)
    with pytest.raises(NotAllowed):
        name(amina, Substitute("Cecilie", "c@x.example"))


@pytest.mark.parametrize(
    "address", ["guest@x.example", "GUEST@x.example", "amina@moske.example", "gone@x.example"]
)
def test_an_address_that_is_or_was_invited_is_refused(amina, meeting, sandefjord, address):
    invitation(meeting, contact=contact(sandefjord, email="guest@x.example"))
    invitation(meeting, contact=contact(sandefjord, email="gone@x.example"), revoked_at=timezone.now())
    with pytest.raises(NotThisPerson):
        name(amina, Substitute("Hvem", address))
    assert asked(amina) == []


def test_an_address_that_another_invitee_named_is_refused(amina, meeting):
    name(invitation(meeting))
    with pytest.raises(NotThisPerson):
        name(amina)


def test_whoever_tries_addresses_learns_nothing_after_a_few(amina, meeting, sandefjord):
    for number in range(rules.TRIES):
        invitation(meeting, contact=contact(sandefjord, email=f"g{number}@x.example"))
        with pytest.raises(NotThisPerson):
            name(amina, Substitute("Hvem", f"g{number}@x.example"))
    with pytest.raises(NotThisPerson):
        name(amina, Substitute("Ingen", "nobody-knows@x.example"))


def test_three_people_in_all_and_no_more(amina):
    for number in range(3):
        name(amina, Substitute(f"Person {number}", f"p{number}@x.example"))
    with pytest.raises(TooMany):
        name(amina, Substitute("Person 4", "p4@x.example"))
    assert [row.state for row in asked(amina)] == ["withdrawn", "withdrawn", "pending"]


def test_the_database_itself_keeps_to_three_and_to_one_that_waits(amina):
    name(amina)
    facts = {"tenant": amina.tenant, "invitation": amina, "kind": "substitute", "name": "X"}
    for wrong in ({"number": 4, "state": "refused", "decided_at": timezone.now()}, {"number": 2}):
        with pytest.raises(IntegrityError), transaction.atomic():
            AnswerRequest.objects.create(**facts, **wrong)


def test_what_is_taken_back_forgets_the_address(amina, kari, sandefjord):
    request = name(amina)
    assert take_back(request) is True
    row = only(amina)
    assert (row.state, row.name, row.email, row.role) == ("withdrawn", "Bo Berg", "", "")
    with pytest.raises(Settled):
        grant(row, by=kari)
    assert kinds(sandefjord) == []


def test_a_refused_substitute_gets_nothing_and_is_forgotten(amina, kari, sandefjord):
    refuse(name(amina), by=kari, reason="Ikke denne gangen.")
    assert only(amina).email == ""
    assert kinds(sandefjord, "bo@moske.example") == []


def test_whoever_was_invited_meanwhile_is_not_invited_twice(amina, kari, meeting, sandefjord):
    request = name(amina)
    invitation(meeting, contact=contact(sandefjord, name="Bo Berg", email="bo@moske.example"))
    with pytest.raises(Invited):
        grant(request, by=kari)
    assert (only(amina).state, reply_of(amina)) == ("pending", "")


def test_the_same_person_twice_is_one_request(amina, automatic, sandefjord):
    first, again = name(amina), name(amina)
    assert first.pk == again.pk
    assert kinds(sandefjord) == ["stand_in", "substitute_named"]


def test_a_substitute_who_says_no_frees_the_seat_and_the_invitee_is_told_once(
    amina, automatic, sandefjord, meeting
):
    say(amina, "accepted")
    name(amina)
    bo = stand_in(amina)
    for reply in ("declined", "tentative", "declined"):
        say(bo, reply)
    assert seats(meeting) == 0
    assert kinds(sandefjord, "amina@moske.example").count("substitute_lost") == 1


def test_a_guest_who_says_no_tells_nobody(amina, sandefjord):
    say(amina, "declined")
    assert kinds(sandefjord) == ["receipt"]


def test_after_a_no_somebody_else_can_be_named_and_the_first_link_is_dead(amina, automatic):
    name(amina)
    bo = stand_in(amina)
    say(bo, "declined")
    name(amina, Substitute("Cecilie Dahl", "cecilie@moske.example"))
    assert Invitation.objects.of(bo.tenant).get(pk=bo.pk).revoked_at is not None
    assert [row.contact.name for row in rules.stand_ins(fresh(amina)).select_related("contact")] == [
        "Cecilie Dahl"
    ]


@pytest.mark.parametrize("reply", ["accepted", "tentative"])
@pytest.mark.parametrize("source", ["web", "calendar", "mail"])
def test_who_is_stood_in_for_says_yes_again_only_through_the_organiser(amina, automatic, kari, reply, source):
    say(amina, "accepted")
    name(amina)
    with pytest.raises(answers.Replaced):
        say(amina, reply, source=source)
    assert (reply_of(amina), seats(amina.event)) == ("declined", 1)
    say(amina, reply, source="staff", by=kari)
    assert reply_of(amina) == reply


def test_once_the_substitute_cannot_come_the_invitee_may_say_yes_again(amina, automatic):
    name(amina)
    say(stand_in(amina), "declined")
    say(amina, "accepted")
    assert reply_of(amina) == "accepted"


def test_what_else_was_asked_for_is_off_once_somebody_comes(amina, kari):
    other = name(amina, Substitute("Dag Dal", "dag@x.example"), kind="delegation", source="calendar")
    grant(name(amina), by=kari)
    other.refresh_from_db()
    assert (other.state, other.email) == ("withdrawn", "")


def test_audit_and_directory_name_nobody(amina, automatic, sandefjord):
    name(amina)
    words = [entry.words() for entry in AuditEntry.objects.of(sandefjord)]
    assert [each for each in words if "Bo" in each or "Amina" in each] == []
    assert len(words) > 1


def test_an_invitee_without_a_seat_brings_the_substitute_one(amina, automatic, meeting):
    say(amina, "tentative")
    name(amina, BO)
    assert (reply_of(amina), stand_in(amina).reply, seats(meeting)) == ("declined", "accepted", 1)
