"""What a person or their program wrote in words: an answer when it is one exact word, a note of absence, a message."""

from dataclasses import replace

from invites.answers.models import AnswerSource
from invites.replies import answering, timing
from invites.replies.keeping import Said
from invites.replies.models import InboundState, Topic
from invites.replies.outcomes import Message, Outcome
from invites.replies.reasons import Reason
from invites.replies.said import Absence
from invites.replies.whose import Word


def absent(message: Message, absence: Absence) -> Outcome:
    """A note for those who call; never an answer."""
    if message.whose() is Word.STRANGER:
        return Outcome(InboundState.NOTED, Reason.AUTOMATIC)
    said = Said(sender=message.sayings.sender, text=absence.text, until=absence.until)
    return Outcome(InboundState.NOTED, Reason.AWAY, Topic.ABSENCE, said)


def written(message: Message) -> Outcome:
    """An exact word of the invitee's own counts; everything else is the organiser's to read."""
    words, said = message.sayings.words, _said(message)
    topic = Topic.SUGGESTION if words.reply else Topic.MESSAGE
    whose = message.whose()
    if whose is Word.STRANGER:
        return answering.held(said, Reason.OTHER_ADDRESS, topic)
    if whose is Word.DOUBTED:
        return answering.held(said, Reason.DOUBTED, topic)
    if words.exact and words.reply:
        more = "\n".join(said.text.splitlines()[1:]).strip()  # the first line is the answer itself
        return answering.give(message, replace(said, text=more), source=AnswerSource.MAIL)
    return answering.held(said, Reason.NOT_CLEAR if words.reply else Reason.WRITTEN, topic)


def _said(message: Message) -> Said:
    invitation, words = message.invitation, message.sayings.words
    sequence = timing.answered_sequence(
        invitation,
        answering=message.answering,
        received_at=message.received_at,
        written_at=message.sayings.sent_at,
    )
    moment = timing.clamped(
        message.sayings.sent_at, invitation=invitation, sequence=sequence, received_at=message.received_at
    )
    return Said(
        sender=message.sayings.sender,
        reply=words.reply,
        text=words.text,
        sequence=sequence,
        at=moment,
    )
