"""What an invitee's calendar sent back (RFC 5546, RFC 6047): an answer, another time, a wish for the invitation."""

import datetime as dt
from collections.abc import Callable, Mapping
from zoneinfo import ZoneInfo

from events.calendar.render import uid_of
from events.gatherings.models import Event
from invites.answers import services as answers
from invites.answers.models import AnswerSource
from invites.answers.requests import services as requests
from invites.answers.requests.forms import SubstituteForm
from invites.answers.requests.models import RequestKind
from invites.invitations.models import Reply
from invites.post import services as post
from invites.replies import answering, timing
from invites.replies.keeping import Said
from invites.replies.models import InboundMail, InboundState, Topic
from invites.replies.outcomes import Message, Outcome
from invites.replies.reasons import Reason
from invites.replies.said import CalendarAnswer, Method, PartStat
from invites.replies.whose import Word

REPLIES = {
    PartStat.ACCEPTED: Reply.ACCEPTED,
    PartStat.TENTATIVE: Reply.TENTATIVE,
    PartStat.DECLINED: Reply.DECLINED,
}
SPOKEN = (Method.REPLY, Method.COUNTER, Method.REFRESH)  # what an attendee sends; the rest is an organiser's
HELD_FOR = {Word.STRANGER: Reason.OTHER_ADDRESS, Word.DOUBTED: Reason.DOUBTED}
ONCE_IN = dt.timedelta(hours=1)
EARLIEST = dt.datetime.min.replace(tzinfo=dt.UTC)


def spoken(message: Message) -> list[CalendarAnswer]:
    """What an attendee says in the message; a request that a report or a forwarded mail brings back is not that."""
    return [one for one in message.sayings.calendars if one.method in SPOKEN]


def outcome(message: Message) -> Outcome:
    """Of several answers about our event in one message the newest holds. Call it when something is `spoken`."""
    about_ours = [one for one in spoken(message) if _is_about(one, message.invitation.event)]
    if not about_ours:
        return Outcome(InboundState.QUARANTINED, Reason.OTHER_EVENT, said=Said(sender=message.sayings.sender))
    newest = max(about_ours, key=lambda one: (one.sequence, one.stamped_at or EARLIEST))
    return BY_METHOD[newest.method](message, newest)


def _is_about(one: CalendarAnswer, event: Event) -> bool:
    """Of a series, the meeting that the invitation is to. An answer that names none is to what was sent: that one."""
    if one.uid.lower() != uid_of(event.calendar_uid).lower():
        return False
    if event.series is None or event.recurrence_at is None:
        return not one.occurrence
    if not one.occurrence or one.occurrence_at:
        return one.occurrence_at in (None, event.recurrence_at)
    wall = event.recurrence_at.astimezone(ZoneInfo(event.series.time_zone))
    return one.occurrence.strip() in (
        f"{wall:%Y%m%dT%H%M%S}",
        f"{wall:%Y%m%d}",
    )  # of no zone, or of one unknown


def _reply(message: Message, one: CalendarAnswer) -> Outcome:
    said = _said(message, one)
    whose = message.whose(attendee=one.attendee, sent_by=one.sent_by)
    if one.partstat == PartStat.DELEGATED or one.delegated_from:
        return _delegated(message, one, said, whose)
    if not said.reply:
        return Outcome(InboundState.NOTED, Reason.NOTHING_SAID)
    if whose in HELD_FOR:
        return answering.held(said, HELD_FOR[whose], Topic.ANSWER)
    return answering.give(message, said, source=AnswerSource.CALENDAR)


def _delegated(message: Message, one: CalendarAnswer, said: Said, whose: Word) -> Outcome:
    """The invitee's wish that somebody else comes, by the event's rule a request as on the page; a mail adds nobody.

    In any doubt it waits: another's word (the delegate's too), one to an older time, one from before the answer that
    stands, and a name that the page would not take.
    """
    invitation = message.invitation
    newer = (said.sequence, said.at) >= (invitation.said_sequence, invitation.said_at or EARLIEST)
    in_time = newer and said.sequence >= answering.asked_for(invitation.event)
    form = SubstituteForm(
        {
            "name": one.delegate or one.delegated_to,
            "email": one.delegated_to,
            "language": invitation.language,
            "comment": said.text,
        }
    )
    if whose in HELD_FOR or one.delegated_from or not in_time or not form.is_valid():
        return answering.held(said, Reason.DELEGATION, Topic.DELEGATION)
    try:
        requests.ask_substitute(
            invitation,
            person=form.person(),
            comment=form.cleaned_data["comment"],
            source=AnswerSource.CALENDAR,
            kind=RequestKind.DELEGATION,
            said_at=said.at,
        )
    except (requests.TooMany, answers.Refused):
        return answering.held(said, Reason.DELEGATION, Topic.DELEGATION)
    return Outcome(InboundState.NOTED, Reason.ASKED, Topic.DELEGATION)


def _counter(message: Message, one: CalendarAnswer) -> Outcome:
    """Another time never moves the meeting, and says neither yes nor no."""
    return answering.held(_said(message, one), Reason.PROPOSAL, Topic.PROPOSAL)


def _refresh(message: Message, one: CalendarAnswer) -> Outcome:
    """The newest mail about the meeting goes to the invitee again, wherever the wish came from; once in an hour."""
    asked = InboundMail.objects.of(message.invitation.tenant_id).filter(
        invitation=message.invitation, topic=Topic.REFRESH, state=InboundState.APPLIED
    )
    if asked.filter(received_at__gt=message.received_at - ONCE_IN).exists():
        return Outcome(InboundState.NOTED, Reason.SENT_LATELY, Topic.REFRESH)
    mail = timing.newest_sent(message.invitation)
    if mail is None or not post.repeat(mail):
        return Outcome(InboundState.NOTED, Reason.NOT_SENT, Topic.REFRESH)
    return Outcome(InboundState.APPLIED, topic=Topic.REFRESH)


def _said(message: Message, one: CalendarAnswer) -> Said:
    moment = timing.clamped(
        one.stamped_at,
        invitation=message.invitation,
        sequence=one.sequence,
        received_at=message.received_at,
    )
    first_day, last_day = one.proposed_days or (None, None)
    return Said(
        sender=_speaker(message, one),
        reply=REPLIES.get(one.partstat, "") if one.partstat else "",
        text=one.comment.strip()[: answering.LONGEST_COMMENT],
        guests=one.guests,
        sequence=one.sequence,
        at=moment,
        start=one.proposed_start,
        end=one.proposed_end,
        to=one.delegated_to,
        first_day=first_day,
        last_day=last_day,
    )


def _speaker(message: Message, one: CalendarAnswer) -> str:
    """Whom the organiser is told it came from: the sender, and for whom they answer where that is another."""
    sender = message.sayings.sender
    others = [one.attendee] if one.attendee not in ("", sender) else []
    return ", ".join(filter(None, (sender, *others)))


BY_METHOD: Mapping[Method, Callable[[Message, CalendarAnswer], Outcome]] = {
    Method.REPLY: _reply,
    Method.COUNTER: _counter,
    Method.REFRESH: _refresh,
}
