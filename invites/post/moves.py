"""The moves of a mail's state (rule 2): conditional UPDATEs and their row counts, alike on SQLite and PostgreSQL.

The one move that is made for every mail, into `calling`, is in calling.py.
"""

import datetime as dt
import os
import secrets
import socket
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from invites.post.models import OutgoingMail, OutgoingMailQuerySet
from invites.post.problems import Problem, note
from invites.post.transports.base import Fate, Outcome

State = OutgoingMail.State
FIRST_WAIT = dt.timedelta(seconds=10)
LONGEST_WAIT = dt.timedelta(minutes=30)
PATIENCE = dt.timedelta(hours=24)  # how long after a mail was first due it is still tried
CRASHES = 3  # a mail that took its worker with it, or broke its writing, so often is parked
TOGETHER = (250, 25, 1)  # by number of crashes: the fewer mails, the sooner the one at fault is alone
_dice = secrets.SystemRandom()


def all_mails() -> OutgoingMailQuerySet:
    return OutgoingMail.objects.across_tenants("the outbox serves all tenants")


def holder() -> str:
    """A name for whoever claims mails; no two are alike."""
    return f"{socket.gethostname()[:24]}-{os.getpid()}-{secrets.token_hex(8)}"


def claim(limit: int, *, by: str, ids: Iterable[int] | None = None) -> list[OutgoingMail]:
    """Takes up to `limit` due mails for the caller alone, oldest first; `ids` narrows the choice.

    PostgreSQL skips rows that another worker is claiming; on SQLite there is one writer at a time. On both the UPDATE
    counts only rows that are still queued. Mails that were lost with a worker before come in small numbers, among
    themselves, so that the one at fault is found and the others go on.
    """
    now = timezone.now()
    with transaction.atomic():
        due = all_mails().due()
        if ids is not None:
            due = due.filter(pk__in=list(ids))
        rows = list(due.select_for_update(skip_locked=True).values_list("pk", "crashes")[:limit])
        picked = _together(rows)
        held = all_mails().filter(pk__in=picked, state=State.QUEUED)
        if not held.update(state=State.CLAIMED, claimed_by=by, claimed_at=now):
            return []
    return list(_mine(picked, State.CLAIMED, by).order_by("due_at", "pk"))


def _together(rows: Sequence[tuple[int, int]]) -> list[int]:
    if not rows:
        return []
    crashes = rows[0][1]
    alike = [pk for pk, number in rows if number == crashes]
    return alike[: TOGETHER[min(crashes, len(TOGETHER) - 1)]]


def settle(mail: OutgoingMail, outcome: Outcome, *, give_up_at: dt.datetime | None = None) -> None:
    """Writes what came of a call. After `give_up_at`, the row's own or a day, whichever is first, it is tried no more.

    A mail that the sweeper called `unknown` in the meantime is settled all the same where we now know better.
    """
    now = timezone.now()
    calling = _mine([mail.pk], (State.CALLING,), mail.claimed_by)
    known = _mine([mail.pk], (State.CALLING, State.UNKNOWN), mail.claimed_by)
    if outcome.fate is Fate.ACCEPTED:
        known.update(state=State.ACCEPTED, settled_at=now, provider_id=outcome.provider_id, problem="")
    elif outcome.fate is Fate.REFUSED:
        known.update(state=State.FAILED, settled_at=now, problem=outcome.problem)
    elif outcome.fate is Fate.UNKNOWN:
        calling.update(state=State.UNKNOWN, settled_at=now, problem=outcome.problem)
    else:
        _try_later(mail, calling, outcome, give_up_at)


def _try_later(
    mail: OutgoingMail, calling: OutgoingMailQuerySet, outcome: Outcome, give_up_at: dt.datetime | None
) -> None:
    """`mail` is as it was claimed: its `due_at` is the first one as long as it has no `give_up_at`."""
    now = timezone.now()
    limit = mail.give_up_at or mail.due_at + PATIENCE
    limit = min(limit, give_up_at) if give_up_at else limit
    if limit <= now:
        detail = outcome.problem.partition(":")[2].strip()
        calling.update(state=State.FAILED, settled_at=now, problem=note(Problem.GAVE_UP, detail))
    else:
        wait = max(outcome.wait or dt.timedelta(0), back_off(mail.attempts + 1))
        due_at = min(now + wait, limit)
        calling.update(state=State.QUEUED, due_at=due_at, give_up_at=limit, problem=outcome.problem)


def put_back(mails: Sequence[OutgoingMail], *, wait: dt.timedelta | None = None) -> None:
    """Back into the queue, untried: the caller holds them but never handed them over."""
    if mails:
        held = _mine([mail.pk for mail in mails], (State.CLAIMED,), mails[0].claimed_by)
        held.update(state=State.QUEUED, **({"due_at": timezone.now() + wait} if wait else {}))


def put_back_all(by: str, *, marked: OutgoingMail | None = None) -> None:
    """Whatever `by` still holds. `marked` was to become `calling` when the database went away, and was not called."""
    all_mails().filter(state=State.CLAIMED, claimed_by=by).update(state=State.QUEUED)
    if marked is not None:
        marked_now = _mine([marked.pk], (State.CALLING,), by)
        marked_now.update(state=State.QUEUED, attempts=F("attempts") - 1)


def withhold(mails: Sequence[OutgoingMail], state: str, why: str) -> None:
    """Not to be sent after all: `state` is CANCELLED or SUPERSEDED."""
    _leave_claimed(mails, State(state), why[:300])


def park(mails: Sequence[OutgoingMail], problem: str) -> None:
    """A mail nobody can write or send as it is: failed, with the reason, so that the others go on."""
    _leave_claimed(mails, State.FAILED, problem)


def readdress(mail: OutgoingMail, address: str) -> None:
    """Another address for a mail that the caller holds and has not handed over."""
    _mine([mail.pk], (State.CLAIMED,), mail.claimed_by).update(to_address=address)
    mail.to_address = address


def stumble(mail: OutgoingMail, problem: str) -> None:
    """Its writing broke: another try later, in case something was away; after CRASHES of them it is parked."""
    if mail.crashes + 1 >= CRASHES:
        park([mail], problem)
    else:
        due_at = timezone.now() + back_off(mail.crashes + 1)
        held = _mine([mail.pk], (State.CLAIMED,), mail.claimed_by)
        held.update(state=State.QUEUED, due_at=due_at, crashes=F("crashes") + 1, problem=problem)


def _leave_claimed(mails: Sequence[OutgoingMail], state: str, problem: str) -> None:
    if mails:
        held = _mine([mail.pk for mail in mails], (State.CLAIMED,), mails[0].claimed_by)
        held.update(state=state, settled_at=timezone.now(), problem=problem)


def is_mine(mail: OutgoingMail) -> bool:
    return _mine([mail.pk], (State.CLAIMED,), mail.claimed_by).exists()


def back_off(attempts: int) -> dt.timedelta:
    """Ten seconds, twenty ... half an hour; half as much again at random, so that not all mails come back at once."""
    return spread(min(FIRST_WAIT * 2 ** min(max(attempts - 1, 0), 10), LONGEST_WAIT))


def spread(wait: dt.timedelta) -> dt.timedelta:
    return dt.timedelta(seconds=wait.total_seconds() * _dice.uniform(1.0, 1.5))


def _mine(ids: Sequence[int], states: str | tuple[str, ...], holder: str) -> OutgoingMailQuerySet:
    among = (states,) if isinstance(states, str) else states
    return all_mails().filter(pk__in=ids, state__in=among, claimed_by=holder)
