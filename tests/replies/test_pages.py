"""Mail that needs you: what did not count by itself is decided once, by those who may invite."""

import datetime as dt

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from events.audit import AuditEntry
from events.gatherings.models import Event
from invites.answers.models import Answer
from invites.invitations import deciding, reach, truth
from invites.invitations.guests import calls
from invites.invitations.models import Invitation
from invites.post.letters import Letter, Withheld
from invites.post.models import OutgoingMail
from invites.replies import keeping, mails, services, settling, tasks
from invites.replies.models import InboundKind, InboundMail
from invites.replies.read import Reading
from invites.replies.truth import came_in
from tests import factories
from tests.queries import queries_of
from tests.replies import kit

LIST = "/t/sandefjord/replies/"
AUTOMATIC = ("Auto-Submitted: auto-replied",)


@pytest.fixture
def strangers(ola, deliver):
    """Somebody whom Ola forwarded the mail to said yes."""
    at = timezone.now() - dt.timedelta(hours=1)
    return deliver(kit.reply(ola, sender="per@annet.example", attendee="per@annet.example", at=at))


def standing(invitation):
    return Invitation.objects.of(invitation.tenant).get(pk=invitation.pk).reply


def where(name, row):
    return reverse(name, args=["sandefjord", row.pk])


def test_a_held_reply_is_shown_with_its_sender_and_what_it_seems_to_mean(strangers, kari, at_desk):
    told = at_desk(kari).get(LIST).content.decode()
    for words in ("Ola Nordmann", "per@annet.example", strangers.invitation.event.title):
        assert words in told


def test_the_organiser_counts_it_as_the_invitees_answer_once(strangers, ola, kari, at_desk):
    client = at_desk(kari)
    for _turn in range(2):
        assert client.post(where("reply-apply", strangers), {"reply": "accepted"}).status_code == 302
    (answer,) = Answer.objects.of(ola.tenant)
    assert (answer.reply, answer.source, answer.recorded_by) == ("accepted", "staff", kari)
    assert standing(ola) == "accepted"
    strangers.refresh_from_db()
    assert (strangers.state, strangers.settled_by, strangers.said) == ("applied", kari, None)
    assert client.get(LIST).content.decode().count("per@annet.example") == 0


def test_it_is_set_aside_once_and_then_counts_no_more(strangers, ola, kari, at_desk):
    client = at_desk(kari)
    client.post(where("reply-dismiss", strangers))
    client.post(where("reply-apply", strangers), {"reply": "accepted"})
    strangers.refresh_from_db()
    assert (strangers.state, strangers.said, standing(ola)) == ("dismissed", None, "")
    with pytest.raises(settling.DecidedBefore):
        settling.dismiss(strangers, by=kari)


def test_the_audit_trail_names_neither_invitee_nor_sender(strangers, kari, sandefjord):
    settling.apply_held(strangers, reply="declined", by=kari)
    told = " ".join(entry.words() for entry in AuditEntry.objects.of(sandefjord))
    assert "Kari Koordinator" in told
    assert "Ola" not in told
    assert "per@" not in told


@pytest.mark.parametrize("pressed", [{}, {"reply": "waiting"}, {"reply": "x"}])
def test_no_button_changes_nothing(strangers, ola, kari, at_desk, pressed):
    at_desk(kari).post(where("reply-apply", strangers), pressed)
    strangers.refresh_from_db()
    assert (strangers.state, standing(ola)) == ("held", "")


def test_a_reply_meant_for_an_older_time_never_counts_for_the_new_one(strangers, ola, kari, at_desk):
    Event.objects.of(ola.tenant).filter(pk=ola.event_id).update(sequence=1, time_sequence=1)
    client = at_desk(kari)
    client.post(where("reply-apply", strangers), {"reply": "accepted"})
    strangers.refresh_from_db()
    assert (strangers.state, standing(ola)) == ("held", "")
    assert keeping.said(strangers)


def test_a_yes_that_finds_no_seat_goes_on_waiting(strangers, ola, kari, at_desk):
    Event.objects.of(ola.tenant).filter(pk=ola.event_id).update(capacity=1, seats_taken=1, waitlist="none")
    at_desk(kari).post(where("reply-apply", strangers), {"reply": "accepted"})
    strangers.refresh_from_db()
    assert (strangers.state, standing(ola)) == ("held", "")


def test_a_doubted_answer_after_the_deadline_waits_and_the_organiser_may_count_it(ola, deliver, kari):
    Event.objects.of(ola.tenant).filter(pk=ola.event_id).update(answer_by=timezone.now())
    row = deliver(kit.reply(ola, sender="per@annet.example"))
    assert (row.state, row.reason, standing(ola)) == ("held", "from another address", "")
    settling.apply_held(row, reply="accepted", by=kari)
    assert standing(ola) == "accepted"


def test_the_list_asks_the_database_as_often_for_three_as_for_one(strangers, ola, deliver, kari, at_desk):
    client = at_desk(kari)
    one = queries_of(client, LIST)
    for number in range(2):
        other = factories.invitation(ola.event)
        deliver(kit.reply(other, sender="per@annet.example", number=number))
    assert InboundMail.objects.of(ola.tenant).waiting().count() == 3
    assert queries_of(client, LIST) == one


def test_an_empty_list_says_what_it_is_for(sandefjord, kari, at_desk):
    assert "Ingen e-post venter på deg" in at_desk(kari).get(LIST).content.decode()


def test_another_tenant_sees_nothing_of_it(strangers, nils, at_desk):
    client = at_desk(nils)
    assert "Ola" not in client.get("/t/kristiansand/replies/").content.decode()
    assert client.post(reverse("reply-dismiss", args=["kristiansand", strangers.pk])).status_code == 404


def test_the_page_to_decide_counts_and_shows_it(strangers, ola, deliver):
    deliver(kit.text(ola, "Er det parkering?\r\n"))
    assert deciding.waiting(ola.tenant_id)[ola.event_id] == 2
    shown = {section.key: section.rows for section in deciding.shown(ola.event)}
    (row,) = shown["mailed-answers"]
    assert row.who == "Ola Nordmann"
    assert [choice.fields.get("reply") for choice in row.choices] == [
        "accepted",
        "tentative",
        "declined",
        None,
    ]
    assert len(shown["mailed-words"]) == 1


def test_what_was_decided_stands_in_the_history_of_decisions(strangers, ola, kari):
    settling.dismiss(strangers, by=kari)
    (one,) = deciding.history(ola.event)
    assert (one.who, one.by) == ("Ola Nordmann", "Kari Koordinator")


def test_the_invitees_history_tells_what_came_and_never_what_was_written(strangers, ola, deliver):
    deliver(kit.text(ola, "Jeg er syk\r\n"))
    deliver(kit.reply(ola, says="DECLINED", at=timezone.now()))
    steps = list(came_in(ola))
    assert len(steps) == 3
    assert set(steps) <= set(truth.steps(ola))
    told = " ".join(f"{step.what} {step.detail}" for step in steps)
    assert "syk" not in told
    assert "per@" not in told


def test_an_absence_stands_on_the_list_of_those_to_call(ola, deliver):
    until = timezone.localdate() + dt.timedelta(days=5)
    raw = kit.text(ola, f"Jeg er ute av kontoret til {until:%d.%m.%Y}.\r\n", headers=AUTOMATIC)
    row = deliver(raw)
    assert (row.state, row.topic) == ("noted", "absence")
    (person,) = calls.people(ola.event, [_with_reach(ola)])
    assert person.note


def _with_reach(invitation):
    rows = reach.with_reach(Invitation.objects.of(invitation.tenant), invitation.tenant_id)
    row = rows.select_related("contact__organisation", "event").get(pk=invitation.pk)
    row.tried = row.tried_at = None
    return row


def letter_of(invitation, kind):
    mail = OutgoingMail.objects.of(invitation.tenant).get(kind=kind)
    return mails.compose([mail])[mail.pk]


def test_who_meant_an_older_time_reads_the_new_one_and_gets_no_calendar(ola, deliver):
    Event.objects.of(ola.tenant).filter(pk=ola.event_id).update(sequence=1, time_sequence=1)
    deliver(kit.reply(ola))
    letter = letter_of(ola, "answer_again")
    assert isinstance(letter, Letter)
    assert (letter.to.email, letter.calendar) == (ola.contact.email, b"")
    assert ola.token in letter.text
    assert "Møterom 3" not in letter.text + letter.html


def test_who_has_answered_since_is_not_bothered(ola, deliver):
    Event.objects.of(ola.tenant).filter(pk=ola.event_id).update(sequence=1, time_sequence=1)
    deliver(kit.reply(ola))
    deliver(kit.reply(ola, sequence=1, number=2))
    assert isinstance(letter_of(ola, "answer_again"), Withheld)


def test_who_found_no_seat_reads_so(ola, deliver):
    Event.objects.of(ola.tenant).filter(pk=ola.event_id).update(capacity=1, seats_taken=1, waitlist="none")
    deliver(kit.reply(ola))
    letter = letter_of(ola, "seats_taken")
    assert isinstance(letter, Letter)
    assert letter.calendar == b""


def test_what_an_older_version_put_aside_is_applied_as_of_when_it_came(ola, deliver, monkeypatch):
    with monkeypatch.context() as patch:  # a reader that knows no such calendar
        patch.setattr(services, "read", lambda raw, **facts: Reading(InboundKind.UNREADABLE, problem="older"))
        row = deliver(kit.reply(ola), to=kit.address(ola))
    assert (row.state, row.invitation) == ("quarantined", None)
    came = timezone.now() - dt.timedelta(hours=20)
    InboundMail.objects.filter(pk=row.pk).update(received_at=came)
    for _turn in range(2):
        call_command("quarantine", "--replay", "all")
        call_command("quarantine", "--replay", str(row.pk))
    row.refresh_from_db()
    assert (row.state, row.kind, row.invitation) == ("applied", "calendar", ola)
    (answer,) = Answer.objects.of(ola.tenant)
    assert answer.said_at == came


def test_what_is_no_longer_kept_cannot_be_replayed(ola, deliver):
    row = deliver(kit.text(ola, "x").replace(ola.reply_token.encode(), b"a" * 32))
    InboundMail.objects.filter(pk=row.pk).update(raw=None)
    with pytest.raises(CommandError, match="no longer kept"):
        call_command("quarantine", "--replay", str(row.pk))
    with pytest.raises(CommandError, match="no such message"):
        call_command("quarantine", "--replay", "x")


def test_after_thirty_days_what_was_said_is_forgotten_too(strangers, ola, kari, at_desk):
    InboundMail.objects.filter(pk=strangers.pk).update(received_at=timezone.now() - dt.timedelta(days=31))
    tasks.clean()
    strangers.refresh_from_db()
    assert (strangers.raw, strangers.envelope, strangers.said, strangers.state) == (None, None, None, "held")
    client = at_desk(kari)
    client.post(where("reply-apply", strangers), {"reply": "accepted"})
    assert standing(ola) == ""
    client.post(where("reply-dismiss", strangers))
    strangers.refresh_from_db()
    assert strangers.state == "dismissed"


def test_what_was_said_is_sealed(strangers):
    assert b"annet" not in bytes(strangers.said)
    assert b"accepted" not in bytes(strangers.said)
