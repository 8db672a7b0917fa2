"""An answer from a calendar counts as one given on the page does: once, in the order in which things were said."""

import datetime as dt

import pytest
import time_machine
from django.utils import timezone

from events.gatherings.models import Event
from invites.answers import services as answers
from invites.answers import showing
from invites.answers.models import Answer
from invites.invitations.models import Invitation
from invites.post.models import OutgoingMail
from invites.replies import keeping
from invites.replies.models import InboundMail
from tests import factories
from tests.replies import kit

HOUR = dt.timedelta(hours=1)


def standing(invitation):
    return Invitation.objects.of(invitation.tenant).get(pk=invitation.pk).reply


def given(invitation):
    return list(Answer.objects.of(invitation.tenant).filter(invitation=invitation).order_by("pk"))


def mails(invitation, kind):
    return OutgoingMail.objects.of(invitation.tenant).filter(kind=kind, subject_id=invitation.pk)


@pytest.mark.parametrize(
    ("says", "reply"), [("ACCEPTED", "accepted"), ("DECLINED", "declined"), ("TENTATIVE", "tentative")]
)
def test_a_calendars_answer_is_the_invitees_answer(ola, deliver, says, reply):
    at = timezone.now().replace(microsecond=0) - HOUR
    row = deliver(kit.reply(ola, says=says, at=at, more=["COMMENT:Jeg kommer litt sent"]))
    assert (row.state, row.topic, row.reason, row.invitation) == ("applied", "answer", "", ola)
    (answer,) = given(ola)
    assert (answer.reply, answer.source, answer.said_at) == (reply, "calendar", at)
    assert answer.comment == "Jeg kommer litt sent"
    assert standing(ola) == reply
    assert row.said is None


def test_a_yes_takes_a_seat_and_its_receipt_is_queued(ola, deliver):
    deliver(kit.reply(ola))
    ola.event.refresh_from_db()
    assert ola.event.seats_taken == 1
    assert OutgoingMail.objects.of(ola.tenant).filter(kind="receipt").count() == 1


def test_the_same_mail_three_times_is_one_answer(ola, deliver):
    raw = kit.reply(ola, at=timezone.now() - HOUR)
    rows = {deliver(raw).pk, deliver(raw).pk, deliver(raw).pk}
    again = deliver(b"Received: from another server\r\n" + raw)  # the same by another way
    assert again.pk not in rows
    assert (len(rows), len(given(ola)), again.state) == (1, 1, "applied")


def test_the_envelope_finds_the_invitation_before_the_headers_do(ola, deliver):
    other = factories.invitation(ola.event)
    raw = kit.reply(other, sender=ola.contact.email, attendee=ola.contact.email)
    assert deliver(raw, to=kit.address(ola)).invitation == ola
    assert standing(other) == ""


def test_an_unknown_reply_address_is_put_aside_with_that_reason(ola, deliver):
    raw = kit.reply(ola).replace(ola.reply_token.encode(), b"a" * 32)
    row = deliver(raw)
    assert (row.state, row.reason, row.invitation) == ("quarantined", "the reply address is unknown", None)


def test_a_mail_to_no_reply_address_is_put_aside_with_that_reason(ola, deliver):
    row = deliver(kit.reply(ola).replace(b"svar-", b"post-"))
    assert (row.state, row.reason) == ("quarantined", "to no reply address")


def test_an_answer_about_another_meeting_is_put_aside_for_the_organiser(ola, deliver):
    raw = kit.reply(ola).replace(str(ola.event.uid).encode(), b"00000000-0000-4000-8000-000000000000")
    row = deliver(raw)
    assert (row.state, row.reason, row.invitation) == ("quarantined", "about another event", ola)
    assert standing(ola) == ""


@pytest.mark.parametrize("facts", [{"revoked_at": timezone.now()}, {"expires_at": timezone.now()}])
def test_an_answer_to_an_invitation_that_is_no_more_is_noted(ola, deliver, facts):
    Invitation.objects.of(ola.tenant).filter(pk=ola.pk).update(**facts)
    row = deliver(kit.reply(ola))
    assert (row.state, row.reason) == ("noted", "the invitation is withdrawn or has expired")
    assert given(ola) == []


def test_said_in_the_future_counts_as_said_when_it_came(ola, deliver):
    row = deliver(kit.reply(ola, at=timezone.now() + dt.timedelta(days=3)))
    assert given(ola)[0].said_at == row.received_at


def test_said_before_the_mail_was_sent_counts_as_said_then(ola, deliver):
    mail = OutgoingMail.objects.of(ola.tenant).get(kind="invitation")
    deliver(kit.reply(ola, at=timezone.now() - dt.timedelta(days=30)))
    assert given(ola)[0].said_at == mail.settled_at


def test_said_at_no_moment_counts_as_said_when_it_came(ola, deliver):
    row = deliver(kit.reply(ola))
    assert given(ola)[0].said_at == row.received_at


def test_more_guests_than_the_invitation_is_for_are_a_word_to_the_organiser(ola, deliver):
    deliver(kit.reply(ola, params=";X-NUM-GUESTS=2", more=["COMMENT:Vi gleder oss"]))
    assert given(ola)[0].comment == "Vi gleder oss\nVil ta med 2 til."
    assert given(ola)[0].party == 1


def test_guests_that_the_invitation_is_for_come_with_their_seats(ola, deliver):
    Invitation.objects.of(ola.tenant).filter(pk=ola.pk).update(quota=3)
    deliver(kit.reply(ola, params=";X-NUM-GUESTS=2"))
    (answer,) = given(ola)
    assert (answer.party, answer.comment) == (3, "")
    ola.event.refresh_from_db()
    assert ola.event.seats_taken == 3


def test_an_older_word_that_comes_late_changes_nothing(ola, deliver):
    """The mail was on its way for an hour; meanwhile the invitee changed their mind on the page."""
    answers.answer(_fresh(ola), reply="declined", comment="", source="web")
    row = deliver(kit.reply(ola, at=timezone.now() - HOUR))
    assert row.state == "applied"
    assert standing(ola) == "declined"
    ola.event.refresh_from_db()
    assert ola.event.seats_taken == 0


@pytest.mark.parametrize("reply", ["accepted", "declined", "tentative"])
def test_a_calendar_that_says_what_the_page_said_adds_neither_an_answer_nor_a_receipt(ola, deliver, reply):
    answers.answer(_fresh(ola), reply=reply, comment="Hilsen Ola", source="web")
    row = deliver(kit.reply(ola, says=reply.upper(), at=timezone.now() + HOUR))
    assert (row.state, row.reason) == ("applied", "")
    (answer,) = given(ola)
    assert (answer.comment, standing(ola)) == ("Hilsen Ola", reply)
    assert OutgoingMail.objects.of(ola.tenant).filter(kind="receipt").count() == 1
    assert showing.standing(_fresh(ola)) == answer


@pytest.mark.parametrize(
    "more", [{"more": ["COMMENT:Jeg kommer litt sent"]}, {"params": ";X-NUM-GUESTS=2"}, {"says": "DECLINED"}]
)
def test_a_calendar_that_says_more_than_the_page_did_is_an_answer(ola, deliver, more):
    answers.answer(_fresh(ola), reply="accepted", comment="", source="web")
    deliver(kit.reply(ola, at=timezone.now() + HOUR, **more))
    assert len(given(ola)) == 2


def test_what_a_calendar_repeated_outlives_a_no_that_was_said_before_and_comes_last(ola, deliver):
    """Yes on the page, no in a mail that lingers, yes in the calendar: as if all had come in as they were said."""
    now = timezone.now().replace(microsecond=0)
    with time_machine.travel(now - 3 * HOUR):
        answers.answer(_fresh(ola), reply="accepted", comment="", source="web")
    deliver(kit.reply(ola, at=now - HOUR))
    assert len(given(ola)) == 1
    deliver(kit.reply(ola, says="DECLINED", at=now - 2 * HOUR, number=2))
    assert [(one.reply, one.said_at) for one in Answer.objects.of(ola.tenant).filter(invitation=ola)][:2] == [
        ("accepted", now - HOUR),
        ("declined", now - 2 * HOUR),
    ]
    assert standing(ola) == "accepted"
    ola.event.refresh_from_db()
    assert ola.event.seats_taken == 1


def test_a_repeat_to_an_older_time_asks_again(ola, deliver):
    answers.answer(_fresh(ola), reply="accepted", comment="", source="web")
    Event.objects.of(ola.tenant).filter(pk=ola.event_id).update(sequence=1, time_sequence=1)
    assert deliver(kit.reply(ola, at=timezone.now())).reason == "an answer to an older time"
    assert mails(ola, "answer_again").count() == 1


def test_who_finds_no_seat_waits_where_there_is_a_waiting_list(ola, deliver):
    Event.objects.of(ola.tenant).filter(pk=ola.event_id).update(
        capacity=1, seats_taken=1, waitlist="automatic"
    )
    assert deliver(kit.reply(ola)).state == "applied"
    assert standing(ola) == "waiting"
    assert not mails(ola, "seats_taken").exists()


def test_a_yes_to_an_older_time_never_counts_and_the_invitee_is_asked_once(ola, deliver):
    Event.objects.of(ola.tenant).filter(pk=ola.event_id).update(sequence=2, time_sequence=2)
    row = deliver(kit.reply(ola, sequence=1))
    assert (row.state, row.reason, row.topic) == ("noted", "an answer to an older time", "answer")
    assert given(ola) == []
    deliver(kit.reply(ola, sequence=0, says="TENTATIVE", number=2))
    assert list(mails(ola, "answer_again").values_list("revision", "to_address")) == [(2, ola.contact.email)]


def test_who_answered_to_the_new_time_is_not_asked_again(ola, deliver):
    Event.objects.of(ola.tenant).filter(pk=ola.event_id).update(sequence=2, time_sequence=2)
    deliver(kit.reply(ola, sequence=2, says="DECLINED"))
    deliver(kit.reply(ola, sequence=1, number=2))
    assert standing(ola) == "declined"
    assert not mails(ola, "answer_again").exists()


def test_who_finds_no_seat_is_told_and_the_organiser_decides(ola, deliver):
    Event.objects.of(ola.tenant).filter(pk=ola.event_id).update(capacity=1, seats_taken=1, waitlist="none")
    row = deliver(kit.reply(ola, at=timezone.now() - HOUR))
    assert (row.state, row.reason) == ("held", "all seats are taken")
    known = keeping.said(row)
    assert known
    assert (known.reply, known.sender) == ("accepted", "ola@forening.example")
    assert mails(ola, "seats_taken").count() == 1


def test_a_refusal_of_any_other_kind_waits_for_the_organiser(ola, deliver, monkeypatch):
    class SomethingElse(answers.Refused):
        pass

    def refuse(*_args, **_facts):
        raise SomethingElse

    monkeypatch.setattr(answers, "answer", refuse)
    row = deliver(kit.reply(ola))
    assert (row.state, row.reason) == ("held", "it could not count by itself")


def test_a_no_after_the_meeting_began_is_noted(ola, deliver):
    now = timezone.now()
    Event.objects.of(ola.tenant).filter(pk=ola.event_id).update(
        starts_at=now - HOUR, ends_at=now + HOUR, answer_by=None
    )
    row = deliver(kit.reply(ola, says="DECLINED"))
    assert (row.state, row.reason) == ("noted", "the meeting has begun or is off")


def test_another_time_is_kept_for_the_organiser_and_moves_nothing(ola, deliver):
    before = ola.event.starts_at
    start = before + dt.timedelta(days=1)
    times = [f"DTSTART:{kit.stamp(start)}", f"DTEND:{kit.stamp(start + HOUR)}", "COMMENT:Torsdag?"]
    row = deliver(kit.reply(ola, method="COUNTER", says="TENTATIVE", more=times))
    assert (row.state, row.topic) == ("held", "proposal")
    known = keeping.said(row)
    assert known
    assert (known.start, known.end, known.text) == (start, start + HOUR, "Torsdag?")
    ola.event.refresh_from_db()
    assert (ola.event.starts_at, standing(ola), given(ola)) == (before, "", [])


def test_an_answer_that_says_nothing_is_noted(ola, deliver):
    assert deliver(kit.reply(ola, says="NEEDS-ACTION")).state == "noted"
    assert given(ola) == []


def test_a_calendar_that_asks_gets_the_newest_mail_again_once_an_hour(ola, deliver):
    update = kit.sent(ola, revision=1, kind="update")
    first = deliver(kit.reply(ola, method="REFRESH"))
    assert (first.state, first.topic) == ("applied", "refresh")
    again = OutgoingMail.objects.of(ola.tenant).get(pk=update.pk)
    assert (again.state, again.delivery_id != update.delivery_id) == ("queued", True)
    second = deliver(kit.reply(ola, method="REFRESH", number=2))
    assert (second.state, second.reason) == ("noted", "sent again within the hour already")
    InboundMail.objects.filter(pk=first.pk).update(received_at=timezone.now() - 2 * HOUR)
    OutgoingMail.objects.of(ola.tenant).filter(pk=update.pk).update(state="accepted")
    assert deliver(kit.reply(ola, method="REFRESH", number=3)).state == "applied"


def test_an_answer_read_before_the_mail_was_sent_again_keeps_its_moment(ola, deliver):
    deliver(kit.reply(ola, method="REFRESH"))
    OutgoingMail.objects.of(ola.tenant).filter(kind="invitation").update(
        state="accepted", settled_at=timezone.now()
    )
    at = timezone.now().replace(microsecond=0) - HOUR
    deliver(kit.reply(ola, at=at))
    assert given(ola)[0].said_at == at


def test_a_web_answer_after_a_calendars_stands(ola, deliver):
    deliver(kit.reply(ola, at=timezone.now() - HOUR))
    answers.answer(_fresh(ola), reply="declined", comment="", source="web")
    assert standing(ola) == "declined"


def _fresh(invitation):
    rows = Invitation.objects.of(invitation.tenant).select_related("event", "contact", "tenant")
    return rows.get(pk=invitation.pk)
