"""Taking answers (rule 7): append one, move the seats, keep the current answer on the invitation.

Four statements in one transaction, always in this order, so that no two answers can wait for each other in a ring:
the event (seats), the invitation (current answer), the answer, its receipt. Who was overtaken between reading and
writing finds it in a row count and begins again; nothing is read under a lock, so SQLite and PostgreSQL behave alike.
"""

import datetime as dt
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
from invites.answers.models import Answer, AnswerSource
from invites.invitations.models import Invitation, Reply
from invites.post import outbox

TURNS = 200  # a lost turn means that another answer of the same invitee got in, so this is never reached


class Refused(Exception):
    """The answer was not taken; nothing was written."""


class Full(Refused):
    """No seat is left. "Maybe" and "no" are still taken."""


class Closed(Refused):
    """Answers are not taken: the deadline passed, the event began, is no longer on, or the invitation was withdrawn."""


class _Overtaken(Exception):
    """What we read before the transaction is no longer so."""


@dataclass(frozen=True)
class _Said:
    reply: str
    comment: str
    source: str
    by: User | None


def answer(
    invitation: Invitation, *, reply: str, comment: str, source: str, by: User | None = None
) -> Answer:
    """Takes one answer and queues its receipt; returns the answer that now stands.

    Saying the same again (double click, reload, two tabs) adds no row and sends no receipt. A change away from yes
    frees the seat. Staff (`source` STAFF, with `by`) may also record after the deadline, until the event begins, which
    adds an audit row. Raises Full or Closed. Needs `invitation.event` and `invitation.contact`.
    """
    said = _Said(Reply(reply), comment.strip(), AnswerSource(source), by)
    for _turn in range(TURNS):
        if standing := _already_standing(invitation, said):
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
    if source == AnswerSource.STAFF:
        return event.state != Event.State.PUBLISHED or event.has_begun
    return event.answers_closed


def _already_standing(invitation: Invitation, said: _Said) -> Answer | None:
    if invitation.reply != said.reply:
        return None
    last = Answer.objects.of(invitation.tenant_id).filter(invitation=invitation).first()
    facts = (said.reply, said.comment, said.source, invitation.event.sequence)
    if last and (last.reply, last.comment, last.source, last.event_sequence) == facts:
        return last
    return None


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
        comment=said.comment,
        source=said.source,
        answered_at=now,
        event_sequence=invitation.event.sequence,
        recorded_by=said.by,
    )
    address = invitation.contact.email
    outbox.enqueue("receipt", tenant=invitation.tenant, items=[(given.pk, address)] if address else [])
    if said.by:
        audit.record("answer.recorded", invitation, by=said.by, title=invitation.event.title)
    return given


def _move_seats(invitation: Invitation, said: _Said, now: dt.datetime) -> None:
    """Takes or frees a seat and makes sure in the same statement that the event still takes answers."""
    seats = (said.reply == Reply.ACCEPTED) - (invitation.reply == Reply.ACCEPTED)
    events = Event.objects.of(invitation.tenant_id).filter(pk=invitation.event_id)
    # Never below none: who read the page before the seat was freed learns it from the invitation's row count.
    taken = Greatest(F("seats_taken") + seats, 0)
    if not events.filter(_open(said, now), _room(seats)).update(seats_taken=taken):
        raise _Overtaken


def _open(said: _Said, now: dt.datetime) -> Q:
    on = Q(state=Event.State.PUBLISHED, starts_at__gt=now)
    if said.source == AnswerSource.STAFF:
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
        revoked_at__isnull=True,
    )
    facts: dict[str, Any] = {"reply": said.reply, "replied_at": now}
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
    wants_a_seat = said.reply == Reply.ACCEPTED and invitation.reply != Reply.ACCEPTED
    if wants_a_seat and event.seats_left is not None and event.seats_left <= 0:
        raise Full


audit.register({"answer.recorded": _("%(who)s recorded an answer to the invitation to “%(title)s”.")})
