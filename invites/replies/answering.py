"""An answer of the invitee's own is given; what it meets (full, too late, moved) becomes an outcome, never lost."""

from django.utils import translation
from django.utils.translation import gettext as _

from events.gatherings.models import Event
from invites.answers import services as answers
from invites.answers.models import AnswerSource
from invites.invitations.models import Invitation, Reply
from invites.replies import mails
from invites.replies.keeping import Said
from invites.replies.models import InboundState, Topic
from invites.replies.outcomes import Message, Outcome
from invites.replies.reasons import Reason

LONGEST_COMMENT = 1000


def give(message: Message, said: Said, *, source: AnswerSource, topic: Topic = Topic.ANSWER) -> Outcome:
    """Gives `said.reply` as an answer to `said.sequence`, said at `said.at`. Who meant an older time is asked again,
    who found no seat is told so.
    """
    invitation = message.invitation
    try:
        answers.answer(
            invitation,
            reply=said.reply,
            comment=comment_of(invitation, said),
            source=source,
            coming=coming(invitation, said),
            to_sequence=said.sequence,
            said_at=said.at,
        )
    except answers.Moved:
        return _meant_for_an_older_time(message, said)
    except answers.Full:
        mails.tell_full(invitation, message=message.row)
        return Outcome(InboundState.HELD, Reason.FULL, topic, said)
    except answers.Closed:
        return _too_late(message, said)
    except answers.Refused:  # for another reason, such as that somebody comes instead: the organiser knows
        return held(said, Reason.REFUSED, topic)
    return Outcome(InboundState.APPLIED, topic=topic)


def coming(invitation: Invitation, said: Said) -> int | None:
    """How many come in all, where the calendar counts guests and the invitation is for as many; None: not said."""
    people = said.guests + 1
    return people if said.reply == Reply.ACCEPTED and 1 < people <= invitation.quota else None


def comment_of(invitation: Invitation, said: Said) -> str:
    """The comment, with the number of those who come along where the invitation is not for as many."""
    comment = said.text
    if said.guests and said.reply != Reply.DECLINED and coming(invitation, said) is None:
        with translation.override(invitation.tenant.language):
            more = _("Wants to bring %(n)d more.") % {"n": said.guests}
        comment = f"{comment}\n{more}".strip()
    return comment[:LONGEST_COMMENT]


def _meant_for_an_older_time(message: Message, said: Said) -> Outcome:
    if not _answered_to_the_new_time(message.invitation):
        mails.ask_again(message.invitation)
    return Outcome(InboundState.NOTED, Reason.OLDER_TIME, Topic.ANSWER, said)


def _answered_to_the_new_time(invitation: Invitation) -> bool:
    event = invitation.event
    asked_for = max(event.time_sequence, event.answers_from_sequence)
    return bool(invitation.reply) and invitation.said_sequence >= asked_for


def _too_late(message: Message, said: Said) -> Outcome:
    """After the deadline the organiser decides; when the meeting has begun or is off there is nothing to decide."""
    event = message.invitation.event
    if event.state != Event.State.PUBLISHED or event.has_begun:
        return Outcome(InboundState.NOTED, Reason.TOO_LATE, Topic.ANSWER, said)
    return Outcome(InboundState.HELD, Reason.LATE, Topic.ANSWER, said)


def held(said: Said, reason: Reason, topic: Topic) -> Outcome:
    return Outcome(InboundState.HELD, reason, topic, said)
