"""The moves of a mail's state (rule 2): conditional UPDATEs and their row counts, alike on SQLite and PostgreSQL."""

import datetime as dt
import os
import secrets
import socket
import uuid
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models import Case, CharField, F, Q, Value, When
from django.utils import timezone

from invites.post.models import OutgoingMail, OutgoingMailQuerySet
from invites.post.problems import Problem, note
from invites.post.transports.base import Fate, Outcome

State = OutgoingMail.State
FIRST_WAIT = dt.timedelta(minutes=1)
LONGEST_WAIT = dt.timedelta(hours=1)
MAX_ATTEMPTS = 72  # an hour apart at the end: three days
_dice = secrets.SystemRandom()


def all_mails() -> OutgoingMailQuerySet:
    return OutgoingMail.objects.across_tenants("the outbox serves all tenants")


def claim(limit: int, *, ids: Iterable[int] | None = None) -> list[OutgoingMail]:
    """Takes up to `limit` due mails for the caller alone, oldest first; `ids` narrows the choice.

    PostgreSQL skips rows that another worker is claiming; on SQLite there is one writer at a time. On both the UPDATE
    counts only rows that are still queued. Each claim is an attempt, so a mail that kills its worker does not live on.
    """
    mine = f"{socket.gethostname()[:24]}-{os.getpid()}-{secrets.token_hex(8)}"
    now = timezone.now()
    with transaction.atomic():
        due = all_mails().due()
        if ids is not None:
            due = due.filter(pk__in=list(ids))
        picked = list(due.select_for_update(skip_locked=True).values_list("pk", flat=True)[:limit])
        held = all_mails().filter(pk__in=picked, state=State.QUEUED)
        if not held.update(state=State.CLAIMED, claimed_by=mine, claimed_at=now, attempts=F("attempts") + 1):
            return []
    return list(_mine(picked, State.CLAIMED, mine).order_by("due_at", "pk"))


def mark_calling(mails: Sequence[OutgoingMail]) -> list[OutgoingMail]:
    """Says in the database that these mails are about to be handed over; returns those that are still the caller's.

    Must be committed before the first of them is: whoever dies now leaves mails of unknown fate, not mails sent twice.
    """
    if not mails:
        return []
    ids, mine = [mail.pk for mail in mails], mails[0].claimed_by
    moved = _mine(ids, State.CLAIMED, mine).update(state=State.CALLING, claimed_at=timezone.now())
    if moved == len(mails):
        return list(mails)
    still = set(_mine(ids, State.CALLING, mine).values_list("pk", flat=True))
    return [mail for mail in mails if mail.pk in still]


def settle(outcomes: Sequence[tuple[OutgoingMail, Outcome]]) -> None:
    """Writes what came of the calls: one UPDATE for all that were accepted, one each for the others.

    A mail that the sweeper called `unknown` in the meantime is settled all the same where we now know better.
    """
    good = [(mail, outcome) for mail, outcome in outcomes if outcome.fate is Fate.ACCEPTED]
    if good:
        cases = [
            When(pk=mail.pk, then=Value(outcome.provider_id)) for mail, outcome in good if outcome.provider_id
        ]
        provider_id = Case(*cases, default=Value(""), output_field=CharField()) if cases else Value("")
        ids = [mail.pk for mail, _outcome in good]
        _mine(ids, (State.CALLING, State.UNKNOWN), good[0][0].claimed_by).update(
            state=State.ACCEPTED, settled_at=timezone.now(), provider_id=provider_id, problem=""
        )
    for mail, outcome in outcomes:
        if outcome.fate is not Fate.ACCEPTED:
            _settle_trouble(mail, outcome)


def _settle_trouble(mail: OutgoingMail, outcome: Outcome) -> None:
    now = timezone.now()
    calling = _mine([mail.pk], State.CALLING, mail.claimed_by)
    if outcome.fate is Fate.UNKNOWN:
        calling.update(state=State.UNKNOWN, settled_at=now, problem=outcome.problem)
    elif outcome.fate is Fate.REFUSED:
        known = _mine([mail.pk], (State.CALLING, State.UNKNOWN), mail.claimed_by)
        known.update(state=State.FAILED, settled_at=now, problem=outcome.problem)
    elif mail.attempts >= MAX_ATTEMPTS:
        detail = outcome.problem.partition(":")[2].strip()
        calling.update(state=State.FAILED, settled_at=now, problem=note(Problem.GAVE_UP, detail))
    else:
        due_at = now + (outcome.wait or back_off(mail.attempts))
        calling.update(state=State.QUEUED, due_at=due_at, problem=outcome.problem)


def settle_by_event(
    mail_pk: int, *, accepted: bool, problem: str = "", delivery_id: uuid.UUID | None = None
) -> bool:
    """What the provider told later about a mail of unknown fate: it was taken (ACCEPTED) or it was not (FAILED).

    A mail that waits for another try although the provider took the one before (500 after it was taken) is settled too,
    so that nobody gets it twice; one in `calling` is left to its worker. `delivery_id` guards against a mail that was
    sent again since. Returns whether the mail moved; a second call moves nothing.
    """
    tried = Q(state__in=(State.QUEUED, State.CLAIMED), attempts__gt=0) & ~Q(problem="")
    mails = all_mails().filter(Q(state=State.UNKNOWN) | (tried if accepted else Q(pk__in=())), pk=mail_pk)
    if delivery_id is not None:
        mails = mails.filter(delivery_id=delivery_id)
    state = State.ACCEPTED if accepted else State.FAILED
    said = "" if accepted else problem
    return bool(mails.update(state=state, settled_at=timezone.now(), problem=said))


def put_back(mails: Sequence[OutgoingMail], *, wait: dt.timedelta = dt.timedelta(0)) -> None:
    """Back into the queue, untried: the caller holds them but never handed them over."""
    if mails:
        held = _mine([mail.pk for mail in mails], (State.CLAIMED, State.CALLING), mails[0].claimed_by)
        held.update(state=State.QUEUED, due_at=timezone.now() + wait, attempts=F("attempts") - 1)


def withhold(mails: Sequence[OutgoingMail], state: str, why: str) -> None:
    """Not to be sent after all: `state` is CANCELLED or SUPERSEDED."""
    _leave_claimed(mails, State(state), why[:300])


def park(mails: Sequence[OutgoingMail], problem: str) -> None:
    """A mail nobody can write or send as it is: failed, with the reason, so that the others go on."""
    _leave_claimed(mails, State.FAILED, problem)


def _leave_claimed(mails: Sequence[OutgoingMail], state: str, problem: str) -> None:
    if mails:
        held = _mine([mail.pk for mail in mails], State.CLAIMED, mails[0].claimed_by)
        held.update(state=state, settled_at=timezone.now(), problem=problem)


def back_off(attempts: int) -> dt.timedelta:
    """A minute, two, four ... an hour; half as much again at random, so that mails do not all come back at once."""
    wait = min(FIRST_WAIT * 2 ** min(max(attempts - 1, 0), 10), LONGEST_WAIT)
    return dt.timedelta(seconds=wait.total_seconds() * _dice.uniform(1.0, 1.5))


def _mine(ids: Sequence[int], states: str | tuple[str, ...], holder: str) -> OutgoingMailQuerySet:
    among = (states,) if isinstance(states, str) else states
    return all_mails().filter(pk__in=ids, state__in=among, claimed_by=holder)
