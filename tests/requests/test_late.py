"""After the deadline an answer becomes a request; the organiser decides, once, and the invitee is told."""

import datetime as dt

import pytest
from django.utils import timezone

from events.audit import AuditEntry
from events.gatherings.models import Event
from invites.answers import services as answers
from invites.answers.people import Person, named
from invites.answers.requests import services
from invites.answers.requests.models import MOST, AnswerRequest
from invites.answers.requests.services import Settled, TooMany, ask_late, grant, refuse, take_back
from invites.invitations.models import Invitation
from invites.post.letters import Letter, Withheld
from tests.factories import invitation
from tests.requests.scene import asked, fresh, kinds, only, reply_of, say, seats, written


def ask(row, reply="accepted", comment="", **facts):
    return ask_late(fresh(row), reply=reply, comment=comment, **facts)


def test_before_the_deadline_nothing_is_asked_for(amina):
    with pytest.raises(answers.Closed):
        ask(amina)
    assert asked(amina) == []


@pytest.mark.parametrize(
    "facts", [{"starts_at": timezone.now()}, {"state": "cancelled", "cancelled_at": timezone.now()}]
)
def test_once_the_meeting_has_begun_or_is_off_nothing_is_asked_for(amina, late, facts):
    Event.objects.of(amina.tenant).filter(pk=amina.event_id).update(**facts)
    with pytest.raises(answers.Closed):
        ask(amina)


def test_a_late_answer_waits_and_leaves_the_answer_that_stands(amina, late, sandefjord):
    request = ask(amina, comment="Rekker det likevel")
    assert (request.state, request.reply, request.comment) == ("pending", "accepted", "Rekker det likevel")
    assert (reply_of(amina), seats(amina.event)) == ("", 0)
    assert kinds(sandefjord) == ["request_received"]


def test_asking_the_same_again_does_nothing_and_asking_anew_replaces_it(amina, late, sandefjord):
    first, again = ask(amina), ask(amina)
    assert first.pk == again.pk
    ask(amina, "tentative")
    assert [(row.reply, row.state) for row in asked(amina)] == [
        ("accepted", "withdrawn"),
        ("tentative", "pending"),
    ]
    assert kinds(sandefjord) == ["request_received"] * 2


def test_the_organiser_approves_and_the_invitee_comes_with_a_receipt(amina, late, kari, sandefjord):
    grant(ask(amina, comment="Rekker det"), by=kari)
    request = only(amina)
    assert (request.state, request.decided_by) == ("granted", kari)
    assert (reply_of(amina), seats(amina.event)) == ("accepted", 1)
    (answer,) = fresh(amina).answers.all()
    assert (answer.comment, answer.source, answer.recorded_by) == ("Rekker det", "staff", kari)
    assert kinds(sandefjord) == ["request_received", "receipt"]
    assert isinstance(written(sandefjord, "request_received"), Withheld)  # decided before it went out


def test_a_second_approval_is_told_that_it_is_decided(amina, late, kari):
    request = ask(amina)
    grant(request, by=kari)
    with pytest.raises(Settled):
        grant(only(amina), by=kari)
    assert seats(amina.event) == 1


def test_without_a_seat_it_waits_on_as_before(amina, late, kari, meeting):
    Event.objects.of(meeting.tenant).filter(pk=meeting.pk).update(capacity=0, waitlist="none")
    request = ask(amina)
    with pytest.raises(answers.Full):
        grant(request, by=kari)
    assert (only(amina).state, reply_of(amina), seats(meeting)) == ("pending", "", 0)
    assert AuditEntry.objects.of(meeting.tenant).filter(action="request.granted").count() == 0


def test_a_request_for_the_old_time_is_not_taken_for_the_new_one(amina, late, kari, meeting):
    request = ask(amina)
    Event.objects.of(meeting.tenant).filter(pk=meeting.pk).update(sequence=1, time_sequence=1)
    with pytest.raises(answers.Moved):
        grant(request, by=kari)
    assert only(amina).state == "pending"


def test_an_organisation_asks_with_the_names_of_those_who_come(meeting, late, kari):
    row = invitation(meeting, for_organisation=True, quota=2)
    grant(ask(row, people=[Person("Bo Berg", "leder", "bo@x.example"), Person("Ada Li")]), by=kari)
    assert named(fresh(row)) == (Person("Bo Berg", "leder", "bo@x.example"), Person("Ada Li"))
    assert seats(meeting) == 2


def test_a_person_cannot_ask_for_others(amina, late):
    with pytest.raises(ValueError, match="organisation"):
        ask(amina, people=[Person("Bo"), Person("Bo to")])


def test_a_refusal_tells_the_reason_and_changes_no_answer(amina, late, kari, sandefjord):
    request = ask(amina)
    assert refuse(request, by=kari, reason="Salen er full.") is True
    assert refuse(only(amina), by=kari, reason="Igjen") is False
    assert (only(amina).state, only(amina).reason) == ("refused", "Salen er full.")
    letter = written(sandefjord, "request_refused")
    assert isinstance(letter, Letter)
    assert ["Salen er full." in body for body in (letter.text, letter.html)] == [True, True]
    assert letter.to.email == "amina@moske.example"
    assert reply_of(amina) == ""


def test_what_was_taken_back_can_be_neither_approved_nor_refused(amina, late, kari, sandefjord):
    request = ask(amina)
    assert (take_back(request), take_back(request)) == (True, False)
    with pytest.raises(Settled):
        grant(only(amina), by=kari)
    assert refuse(only(amina), by=kari, reason="x") is False
    assert kinds(sandefjord) == []


def test_nobody_asks_without_end(amina, late):
    for number in range(MOST):
        ask(amina, comment=str(number))
    with pytest.raises(TooMany):
        ask(amina, comment="once more")
    assert AnswerRequest.objects.of(amina.tenant).pending().count() == 1


def test_a_withdrawn_invitation_asks_for_nothing(amina, late):
    Invitation.objects.of(amina.tenant).update(revoked_at=timezone.now())
    with pytest.raises(answers.Closed):
        ask(amina)


def test_the_audit_trail_names_no_invitee(amina, late, kari):
    refuse(ask(amina), by=kari, reason="Nei")
    services.grant(ask(amina, "tentative"), by=kari)
    words = [
        entry.words() for entry in AuditEntry.objects.of(amina.tenant).filter(action__startswith="request.")
    ]
    assert len(words) == 4
    assert not [each for each in words if "Amina" in each or "moske" in each]


def test_a_late_no_frees_the_seat_when_it_is_approved(amina, kari, meeting):
    say(amina, "accepted")
    Event.objects.of(meeting.tenant).update(answer_by=timezone.now() - dt.timedelta(hours=1))
    grant(ask(amina, "declined"), by=kari)
    assert (reply_of(amina), seats(meeting)) == ("declined", 0)
