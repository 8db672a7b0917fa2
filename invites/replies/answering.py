"""An answer of the invitee's own is given; what it meets (full, too late, moved) becomes an outcome, never lost."""

from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from events.gatherings.models import Event
from invites.answers import services as answers
from invites.answers.models import AnswerSource
from invites.answers.requests import services as requests
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
        return _too_late(message, said, source=source, topic=topic)
    except answers.Refused:  # for another reason, such as that somebody comes instead: the organiser knows
        return held(said, Reason.REFUSED, topic)
    return Outcome(InboundState.APPLIED, topic=topic)


def coming(invitation: Invitation, said: Said) -> int | None:
    """How many come in all, where the calendar counts guests and the invitation is for as many; None: not said."""
    people = said.guests + 1
    return people if said.reply == Reply.ACCEPTED and 1 < people <= invitation.quota else None


def comment_of(invitation: Invitation, said: Said, *, is_counted: bool = True) -> str:
    """The comment, with the number of those who come along where the invitation is not for as many.

    Also where it is, when the answer is not counted yet and nothing else would tell the organiser.
    """
    comment, has_seats = said.text, is_counted and coming(invitation, said) is not None
    if said.guests and said.reply != Reply.DECLINED and not has_seats:
        with translation.override(invitation.tenant.language):
            more = _("Wants to bring %(n)d more.") % {"n": said.guests}
        comment = f"{comment}\n{more}".strip()
    return comment[:LONGEST_COMMENT]


def _meant_for_an_older_time(message: Message, said: Said) -> Outcome:
    if not _answered_to_the_new_time(message.invitation):
        mails.ask_again(message.invitation)
    return Outcome(InboundState.NOTED, Reason.OLDER_TIME, Topic.ANSWER, said)


def _answered_to_the_new_time(invitation: Invitation) -> bool:
    return bool(invitation.reply) and invitation.said_sequence >= asked_for(invitation.event)


def asked_for(event: Event) -> int:
    """The oldest revision of time and place that an answer may still be meant for."""
    return max(event.time_sequence, event.answers_from_sequence)


def _too_late(message: Message, said: Said, *, source: AnswerSource, topic: Topic) -> Outcome:
    """After the deadline it becomes a request, as on the page. One to an older time waits: it must not become a yes to
    the new one. When the meeting has begun or is off there is nothing to decide.
    """
    invitation, event = message.invitation, message.invitation.event
    if event.state != Event.State.PUBLISHED or event.has_begun:
        return Outcome(InboundState.NOTED, Reason.TOO_LATE, topic, said)
    if said.sequence < asked_for(event):
        if _answered_to_the_new_time(invitation):
            return Outcome(InboundState.NOTED, Reason.OLDER_TIME, topic, said)
        return held(said, Reason.LATE, topic)
    comment = comment_of(invitation, said, is_counted=False)
    facts: dict[str, Any] = {
        "reply": said.reply,
        "comment": comment,
        "said_at": said.at,
        "to_sequence": said.sequence,
    }
    if answers.says_nothing_new(invitation, **facts):
        return Outcome(InboundState.NOTED, Reason.SAID_BEFORE, topic)
    try:
        requests.ask_late(invitation, source=source, **facts)
    except (requests.TooMany, answers.Refused):
        return held(said, Reason.LATE, topic)
    return Outcome(InboundState.NOTED, Reason.ASKED, topic)


def held(said: Said, reason: Reason, topic: Topic) -> Outcome:
    return Outcome(InboundState.HELD, reason, topic, said)
