"""What is written in words: one exact word counts, everything else is read by the organiser."""

import datetime as dt

import pytest
from django.utils import timezone

from events.gatherings.models import Event
from invites.answers.models import Answer
from invites.replies import keeping
from tests.replies import kit

AUTOMATIC = ("Auto-Submitted: auto-replied",)


def given(invitation):
    return list(Answer.objects.of(invitation.tenant).filter(invitation=invitation))


@pytest.mark.parametrize(
    ("word", "reply"),
    [("Ja", "accepted"), ("nei", "declined"), ("Kanskje", "tentative"), ("YES", "accepted")],
)
def test_one_exact_word_counts(ola, deliver, word, reply):
    row = deliver(kit.text(ola, f"{word}\r\n\r\n> Du er invitert\r\n"))
    assert (row.state, row.topic) == ("applied", "answer")
    (answer,) = given(ola)
    assert (answer.reply, answer.source, answer.comment) == (reply, "mail", "")


def test_what_stands_below_the_word_is_the_comment(ola, deliver):
    deliver(kit.text(ola, "Ja\r\nJeg kommer litt sent.\r\n"))
    assert [answer.comment for answer in given(ola)] == ["Jeg kommer litt sent."]


def test_what_is_not_exact_is_only_suggested(ola, deliver):
    row = deliver(kit.text(ola, "Ja, hvis sjefen min sier ja til det.\r\n"))
    assert (row.state, given(ola)) == ("held", [])
    known = keeping.said(row)
    assert known
    assert known.text.startswith("Ja, hvis sjefen")


def test_a_message_waits_for_the_organiser(ola, deliver):
    row = deliver(kit.text(ola, "Er det parkering ved rådhuset?\r\n"))
    assert (row.state, row.topic, row.reason) == ("held", "message", "written by a person")


def test_an_absence_is_a_note_and_no_answer(ola, deliver):
    row = deliver(kit.text(ola, "Jeg er ute av kontoret til 24. desember 2026.\r\n", headers=AUTOMATIC))
    assert (row.state, given(ola)) == ("noted", [])
    assert row.reason in ("away", "an automatic reply")


def test_a_word_to_an_older_mail_never_counts_for_the_new_time(ola, deliver):
    old = kit.sent(ola, revision=0, kind="chase", at=timezone.now() - dt.timedelta(days=1))
    kit.sent(ola, revision=3, kind="update", at=timezone.now() - dt.timedelta(hours=1))
    Event.objects.of(ola.tenant).filter(pk=ola.event_id).update(sequence=3, time_sequence=3)
    answering = (f"In-Reply-To: <{old.delivery_id}@{kit.DOMAIN}>",)
    assert deliver(kit.text(ola, "Ja\r\n", headers=answering)).reason == "an answer to an older time"
    assert deliver(kit.text(ola, "Ja\r\n")).state == "applied"


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        (dt.timedelta(hours=2), "an answer to an older time"),
        (dt.timedelta(minutes=5), ""),
        (dt.timedelta(days=9000), ""),
    ],
)
def test_a_word_that_names_no_mail_answers_to_the_newest_there_was_when_it_was_written(
    ola, deliver, written, reason
):
    """A clock that stood still when the first mail had not been sent yet says nothing: then it is the receipt."""
    kit.sent(ola, revision=3, kind="update", at=timezone.now() - dt.timedelta(hours=1))
    Event.objects.of(ola.tenant).filter(pk=ola.event_id).update(sequence=3, time_sequence=3)
    headers = (f"Date: {timezone.now() - written:%a, %d %b %Y %H:%M:%S +0000}",)
    assert deliver(kit.text(ola, "Ja\r\n", headers=headers)).reason == reason


def test_a_word_given_before_the_news_was_sent_does_not_count_for_it(ola, deliver):
    Event.objects.of(ola.tenant).filter(pk=ola.event_id).update(sequence=3, time_sequence=3)
    assert deliver(kit.text(ola, "Ja\r\n")).reason == "an answer to an older time"
