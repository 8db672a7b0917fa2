"""The outbox: mails are rows first, jobs only wake (rule 2). It knows kinds of mail by name, never their subject.

enqueue -> (commit) -> wake -> deliver: claim -> compose -> `calling` -> hand over -> settle; sweep finds what got lost.
"""

import datetime as dt
import logging
import math
import socket
import time
from collections.abc import Iterable, Sequence
from contextlib import closing

from django.db import connection, models, transaction
from django.db.models import Count, Min
from django.db.models.constants import OnConflict
from django.db.models.sql import InsertQuery
from django.utils import timezone
from django_q.tasks import async_task

from events.tenancy.models import Tenant
from invites.post import moves
from invites.post.composing import Ready, ready
from invites.post.letters import series_of
from invites.post.models import OutgoingMail, WorkerHeartbeat
from invites.post.problems import Problem, note
from invites.post.transports import current_transport
from invites.post.transports.base import Outcome, Transport, unknown

log = logging.getLogger(__name__)
BATCH = 250  # mails claimed and composed together, and recipients a wake-up
MOST_WAKES = 4  # a job goes on until nothing is due, so a few wake all workers
WINDOW_SECONDS = (
    0.05  # of calls that one commit stands for: one call to a far-off provider, many to one nearby
)
ROUND_SECONDS = 25  # after which a job makes room for others; well under Q_CLUSTER's timeout
STUCK = dt.timedelta(minutes=5)  # longer than any job may run: whoever held such a mail is gone
OVERDUE = dt.timedelta(seconds=30)  # a mail due for so long has lost its wake-up


def enqueue(
    kind: str,
    *,
    tenant: Tenant,
    items: Iterable[tuple[int, str]],
    revision: int = 0,
    due_at: dt.datetime | None = None,
    give_up_at: dt.datetime | None = None,
) -> int:
    """Queues a mail of `kind` for each (subject id, address) and returns how many are new.

    `due_at` is the earliest moment (now when None), `give_up_at` the moment after which trying again is no use.

    What was queued before with the same kind, subject and revision stays as it is, so a second call queues nothing.
    Workers are woken when the transaction commits; if that fails the rows stand, and the sweeper finds them.
    """
    when = due_at or timezone.now()
    rows = [
        OutgoingMail(
            tenant=tenant,
            kind=kind,
            series=series_of(kind),
            subject_id=subject_id,
            revision=revision,
            to_address=to,
            due_at=when,
            give_up_at=give_up_at,
        )
        for subject_id, to in items
    ]
    if not rows:
        return 0
    new = _insert_new(rows)
    if new and when <= timezone.now():
        transaction.on_commit(lambda: wake(new))
    return new


def _insert_new(rows: Sequence[OutgoingMail]) -> int:
    """How many of `rows` are new. One statement a batch; bulk_create with ignore_conflicts tells no number."""
    fields: list[models.Field] = [  # type: ignore[type-arg]
        field for field in OutgoingMail._meta.concrete_fields if not field.primary_key
    ]
    size = connection.ops.bulk_batch_size([field.name for field in fields], list(rows))
    new = 0
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        for start in range(0, len(rows), size):
            query = InsertQuery(OutgoingMail, on_conflict=OnConflict.IGNORE)
            query.insert_values(fields, list(rows[start : start + size]))
            for sql, params in query.get_compiler(connection=connection).as_sql():
                cursor.execute(sql, params)
                new += cursor.rowcount
    return new


def wake(recipients: int) -> None:
    """Asks for workers: one job per BATCH recipients, a few at most. Trouble is logged; the sweeper finds the mails."""
    for _job in range(min(math.ceil(recipients / BATCH), MOST_WAKES)):
        try:
            async_task("invites.post.tasks.deliver", save=False)
        except Exception:
            log.exception("the workers could not be woken; the sweeper will find the mails")
            return


def deliver(ids: Iterable[int] | None = None) -> int:
    """Sends what is due until nothing is left or the round is over; returns how many mails it handed over.

    `ids` narrows it to these mails. Any number of workers may run it at once, and one mail goes out once.
    """
    until, sent = time.monotonic() + ROUND_SECONDS, 0
    wanted = None if ids is None else list(ids)
    with closing(current_transport()) as transport:
        while batch := moves.claim(BATCH, ids=wanted):
            handed_over, pause = _deliver_batch(batch, transport, until)
            sent += handed_over
            if pause:
                break
            if time.monotonic() > until:
                wake(1)
                break
    return sent


def _deliver_batch(batch: list[OutgoingMail], transport: Transport, until: float) -> tuple[int, bool]:
    """How many mails were handed over, and whether the transport asked for a pause."""
    waiting = ready(batch, transport)
    sent: list[tuple[OutgoingMail, Outcome]] = []
    handed_over, pause, size = 0, None, 1
    while waiting and pause is None and time.monotonic() <= until:
        window, waiting = waiting[:size], waiting[size:]
        with transaction.atomic(
            durable=True
        ):  # the one commit before the calls; it also settles the calls before
            moves.settle(sent)
            mine = {mail.pk for mail in moves.mark_calling([mail for mail, _letter, _wire in window])}
        begun = time.monotonic()
        sent, left = _call([job for job in window if job[0].pk in mine], transport, until)
        size = _window(transport, len(sent), time.monotonic() - begun)
        handed_over += len(sent)
        pause = _pause(sent)
        waiting = left + waiting
    with transaction.atomic():
        moves.settle(sent)
        moves.put_back([mail for mail, _letter, _wire in waiting], wait=pause or dt.timedelta(0))
    return handed_over, pause is not None


def _window(transport: Transport, calls: int, seconds: float) -> int:
    """How many mails the next commit marks as `calling`: as few as the pace of the last calls allows.

    After a crash they are all of unknown fate, so a slow provider gets them one by one.
    """
    return max(1, min(transport.window, int(WINDOW_SECONDS * calls / max(seconds, 1e-6))))


def _call(
    window: Sequence[Ready], transport: Transport, until: float
) -> tuple[list[tuple[OutgoingMail, Outcome]], list[Ready]]:
    """Hands the mails over one by one: what came of them, and what was not tried, for trouble or want of time."""
    outcomes: list[tuple[OutgoingMail, Outcome]] = []
    for at, (mail, letter, wire) in enumerate(window, start=1):
        try:
            outcome = transport.send(letter, wire)
        except Exception:
            log.exception("a transport broke while it handed over mail %s", mail.delivery_id)
            outcome = unknown("the program broke")
        outcomes.append((mail, outcome))
        if outcome.pause or time.monotonic() > until:
            return outcomes, list(window[at:])
    return outcomes, []


def _pause(sent: Sequence[tuple[OutgoingMail, Outcome]]) -> dt.timedelta | None:
    """How long the mails that were not tried have to wait, or None to go on."""
    for mail, outcome in sent:
        if outcome.pause:
            return outcome.wait or moves.back_off(mail.attempts)
    return None


def sweep() -> int:
    """Finds what the queue or a dying worker lost, and leaves a heartbeat. Returns how many mails it moved.

    Held but not yet handed over: back into the queue. Being handed over: unknown, and never sent again by itself.
    Due, but nobody came: the workers are woken. A second sweep at the same time does no harm.
    """
    now = timezone.now()
    WorkerHeartbeat.objects.update_or_create(name=socket.gethostname()[:64], defaults={"beat_at": now})
    mails, gone = moves.all_mails(), now - STUCK
    claimed = mails.filter(state=moves.State.CLAIMED, claimed_at__lt=gone)
    moved = claimed.filter(attempts__gte=moves.MAX_ATTEMPTS).update(
        state=moves.State.FAILED, settled_at=now, problem=note(Problem.COMPOSING, "it ended our program")
    )
    moved += claimed.update(state=moves.State.QUEUED, due_at=now)
    moved += mails.filter(state=moves.State.CALLING, claimed_at__lt=gone).update(
        state=moves.State.UNKNOWN, settled_at=now, problem=note(Problem.STOPPED)
    )
    overdue = mails.due().filter(due_at__lt=now - OVERDUE).count()
    if moved or overdue:
        wake(max(moved, overdue))
    return moved


def oldest_due_age() -> dt.timedelta | None:
    """For how long the oldest due mail has waited; None when none is due. Readiness fails when it grows (CONTRACT)."""
    due_at = moves.all_mails().due().order_by().aggregate(oldest=Min("due_at"))["oldest"]
    return timezone.now() - due_at if due_at else None


def trouble(tenant: Tenant) -> dict[str, int]:
    """How many of a tenant's mails failed and how many are of unknown fate: {"failed": 2, "unknown": 0}."""
    rows = OutgoingMail.objects.of(tenant).in_trouble().order_by().values("state").annotate(n=Count("pk"))
    counts = {row["state"]: row["n"] for row in rows}
    return {state: counts.get(state, 0) for state in (moves.State.FAILED, moves.State.UNKNOWN)}
