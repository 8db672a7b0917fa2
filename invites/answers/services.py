"""Taking answers (rule 7): append one, move the seats, keep the current answer on the invitation.

Four statements in one transaction, always in this order, so that no two answers can wait for each other in a ring:
the event (seats), the invitation (current answer), the answer, its receipt; the names an organisation gives come after.
Who was overtaken between reading and writing finds it in a row count and begins again; nothing is read under a lock, so
SQLite and PostgreSQL behave alike.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events import audit
from events.gatherings.models import Event
from events.tenancy.models import User
from invites.answers import people as naming
from invites.answers.models import RECORDED, Answer, AnswerSource
from invites.answers.people import Person
from invites.answers.requests import echo, rules
from invites.invitations.models import Invitation, Reply
from invites.post import outbox

TURNS = 200  # a lost turn means that another answer of the same invitee got in, so this is never reached


class Refused(Exception):
    """The answer was not taken; nothing was written."""


class Full(Refused):
    """Fewer seats are left than the answer asks for. "Maybe" and "no" are still taken.

    `room` is how many may come by this invitation, with those who hold seats by it already.
    """

    def __init__(self, room: int = 0) -> None:
        super().__init__(room)
        self.room = room


class Closed(Refused):
    """Answers are not taken: the deadline passed, the event began, is no longer on, or the invitation was withdrawn."""


class Moved(Refused):
    """The answer was meant for an older time, or for one that the organiser has asked about again since."""


class Replaced(Refused):
    """Somebody comes instead of the invitee; only staff can take another yes or maybe (see `requests`)."""


class _Overtaken(Exception):
    """What we read before the transaction is no longer so."""


# What came along with an answer (own questions, needs): written in the same transaction, also when the answer itself
# says nothing new.
Extra = Callable[[Invitation], None]


@dataclass(frozen=True)
class _Said:
    reply: str
    comment: str
    source: str
    by: User | None
    people: tuple[Person, ...]
    sequence: int  # the revision of time and place that it answers to
    mode: str = ""
    at: dt.datetime | None = None  # when it was said, where that is not now
    extras: tuple[Extra, ...] = ()

    def party(self, invitation: Invitation) -> int:
        """How many seats a yes takes. A yes without names keeps those it had, or is one person nobody named yet."""
        if self.reply != Reply.ACCEPTED:
            return 1
        if not invitation.for_organisation:
            return naming.party(invitation, len(self.people))
        return len(self.people) or (invitation.party if invitation.reply == Reply.ACCEPTED else 1)

    def more_seats(self, invitation: Invitation) -> int:
        """How many seats it takes beyond those that `invitation` holds; below zero when it frees some."""
        return self.party(invitation) * (self.reply == Reply.ACCEPTED) - held(invitation)


def held(invitation: Invitation) -> int:
    """The seats that the invitation holds."""
    return invitation.party if invitation.reply == Reply.ACCEPTED else 0


def answer(
    invitation: Invitation,
    *,
    reply: str,
    comment: str,
    source: str,
    by: User | None = None,
    people: Sequence[Person] = (),
    to_sequence: int | None = None,
    mode: str = "",
    said_at: dt.datetime | None = None,
    extras: Sequence[Extra] = (),
) -> Answer:
    """Takes one answer and queues its receipt; returns the answer that now stands.

    `people` are those whom an organisation names with its yes, one seat each; a yes without names (from a calendar)
    leaves the names of the yes that stood. Naming others is a new answer; anything but a yes forgets the names.

    `to_sequence` is the revision of time and place that the invitee had in mind (the page or calendar said it); as read
    with `invitation.event` when None. One that the organiser has asked about again since is not taken: Moved.

    `mode` is how somebody takes part where both are possible. `said_at` is when it was said, where that is earlier than
    now (a calendar's DTSTAMP, clamped). `extras` are written in the same transaction, the last of all, also when the
    answer says nothing new.

    Saying the same again (double click, reload, two tabs) adds no row and sends no receipt. A change away from yes
    frees the seat. Staff (`source` one of RECORDED, with `by`) may also record after the deadline, until the event
    begins, which adds an audit row. Raises Full, Closed or Moved, and ValueError for names that are not asked for.
    Needs `invitation.event` and `invitation.contact`.
    """
    names = naming.fitting(invitation, people) if reply == Reply.ACCEPTED else ()
    meant = invitation.event.sequence if to_sequence is None else min(to_sequence, invitation.event.sequence)
    said = _Said(
        Reply(reply), comment.strip(), AnswerSource(source), by, names, meant, mode, said_at, tuple(extras)
    )
    for _turn in range(TURNS):
        if standing := _already_standing(invitation, said):
            _write_extras(invitation, said)
            return standing
        try:
            return _write(invitation, said)
        except _Overtaken:
            fresh = _fresh(invitation)
            if (fresh.reply, fresh.replied_at) == (invitation.reply, invitation.replied_at):
                _explain(fresh, said)
            invitation = fresh
    raise RuntimeError("an answer found no turn")


def closed_for(event: Event, source: str) -> bool:
    """True when no answer from `source` is taken; for pages, which also say why."""
    if source in RECORDED:
        return event.state != Event.State.PUBLISHED or event.has_begun
    return event.answers_closed


def _already_standing(invitation: Invitation, said: _Said) -> Answer | None:
    if invitation.reply != said.reply:
        return None
    last = Answer.objects.of(invitation.tenant_id).filter(invitation=invitation).first()
    facts = (said.reply, said.comment, said.source, said.sequence, said.mode)
    if not last or (last.reply, last.comment, last.source, last.event_sequence, last.mode) != facts:
        return None
    return (
        None
        if (said.people or not invitation.for_organisation) and said.people != naming.named(invitation)
        else last
    )


@transaction.atomic
def _write(invitation: Invitation, said: _Said) -> Answer:
    now = timezone.now()
    if invitation.replied_at:  # later than the last one, also when the servers' clocks differ
        now = max(now, invitation.replied_at + dt.timedelta(microseconds=1))
    _move_seats(invitation, said, now)
    _keep_current(invitation, said, now)
    given = Answer.objects.create(
        tenant_id=invitation.tenant_id,
        invitation=invitation,
        reply=said.reply,
        party=said.party(invitation),
        mode=said.mode,
        comment=said.comment,
        source=said.source,
        said_at=said.at or now,
        answered_at=now,
        event_sequence=said.sequence,
        recorded_by=said.by,
    )
    address = invitation.contact.email
    outbox.enqueue("receipt", tenant=invitation.tenant, items=[(given.pk, address)] if address else [])
    stays = not said.people and said.reply == invitation.reply == Reply.ACCEPTED
    stays = stays and invitation.for_organisation
    if naming.names_people(invitation) and not stays:
        naming.replace(invitation, said.people)
    if said.by:
        audit.record("answer.recorded", invitation, by=said.by, title=invitation.event.title)
    echo.of(invitation, said.reply)
    for write in said.extras:
        write(invitation)
    return given


@transaction.atomic
def _write_extras(invitation: Invitation, said: _Said) -> None:
    for write in said.extras:
        write(invitation)


def _move_seats(invitation: Invitation, said: _Said, now: dt.datetime) -> None:
    """Takes or frees seats and makes sure in the same statement that the event still takes answers."""
    seats = said.more_seats(invitation)
    events = Event.objects.of(invitation.tenant_id).filter(pk=invitation.event_id)
    # Never below none: who read the page before the seat was freed learns it from the invitation's row count.
    taken = Greatest(F("seats_taken") + seats, 0)
    if not events.filter(_open(said, now), _room(seats)).update(seats_taken=taken):
        raise _Overtaken


def _open(said: _Said, now: dt.datetime) -> Q:
    on = Q(
        state=Event.State.PUBLISHED,
        starts_at__gt=now,
        answers_from_sequence__lte=said.sequence,
        time_sequence__lte=said.sequence,
    )
    if said.source in RECORDED:
        return on
    return on & (Q(answer_by__isnull=True) | Q(answer_by__gt=now))


def _room(seats: int) -> Q:
    if seats <= 0:
        return Q()
    return Q(capacity__isnull=True) | Q(seats_taken__lte=F("capacity") - seats)


def _keep_current(invitation: Invitation, said: _Said, now: dt.datetime) -> None:
    as_read = Invitation.objects.of(invitation.tenant_id).filter(
        pk=invitation.pk,
        reply=invitation.reply,
        replied_at=invitation.replied_at,
        party=invitation.party,
        revoked_at__isnull=True,
    )
    if said.reply != Reply.DECLINED and said.source not in RECORDED:
        as_read = as_read.exclude(rules.replaced())
    facts: dict[str, Any] = {"reply": said.reply, "replied_at": now, "party": said.party(invitation)}
    facts |= {"said_at": said.at or now, "said_sequence": said.sequence, "mode": said.mode}
    facts |= {"waiting_since": None, "offered_until": None}
    if said.source == AnswerSource.WEB:  # who answers there has the page open, whatever the browser said
        facts["opened_at"] = Coalesce("opened_at", now)
    if not as_read.update(**facts):
        raise _Overtaken


def _fresh(invitation: Invitation) -> Invitation:
    rows = Invitation.objects.of(invitation.tenant_id).select_related("event", "contact", "tenant")
    return rows.get(pk=invitation.pk)


def _explain(invitation: Invitation, said: _Said) -> None:
    """Raises the reason why an answer that nobody overtook was not taken; returns when the reason is gone again."""
    event = invitation.event
    if invitation.revoked_at or closed_for(event, said.source):
        raise Closed
    if max(event.answers_from_sequence, event.time_sequence) > said.sequence:
        raise Moved
    if said.reply != Reply.DECLINED and said.source not in RECORDED and rules.stand_ins(invitation).exists():
        raise Replaced
    more, left = said.more_seats(invitation), event.seats_left
    if more > 0 and left is not None and left < more:
        raise Full(max(left, 0) + held(invitation))


audit.register({"answer.recorded": _("%(who)s recorded an answer to the invitation to “%(title)s”.")})
