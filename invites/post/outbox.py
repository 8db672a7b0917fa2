"""The outbox: mails are rows first, jobs only wake (rule 2). It knows kinds of mail by name, never their subject.

enqueue -> (commit) -> wake -> deliver: claim -> compose -> `calling` -> hand over -> settle; sweep finds what got lost.
"""

import datetime as dt
import logging
import math
import os
import socket
from collections.abc import Iterable, Sequence
from contextlib import closing

from django.conf import settings
from django.db import connection, models, transaction
from django.db.models import F, Min
from django.db.models.constants import OnConflict
from django.db.models.sql import InsertQuery
from django.utils import timezone
from django_q.models import OrmQ
from django_q.tasks import async_task

from events import prepared
from events.tenancy.models import Tenant
from invites.post import lanes, moves, series
from invites.post.delivering import Round
from invites.post.leash import CLUSTER, let_go
from invites.post.letters import series_of
from invites.post.models import MailLane, OutgoingMail, WorkerHeartbeat
from invites.post.problems import Problem, note
from invites.post.series import cancel_unsent, reached
from invites.post.transports import current_transport
from invites.post.waking import Caller, is_called

__all__ = [
    "cancel_unsent",
    "closed_lane",
    "deliver",
    "enqueue",
    "oldest_due_age",
    "reached",
    "rouse",
    "sweep",
    "wake",
]

log = logging.getLogger(__name__)
BATCH = 250  # mails claimed and composed together, and recipients a wake-up
MOST_WAKES = 4  # a job goes on until nothing is due, so a few wake all workers
ROUND_SECONDS = 25  # after which a job makes room for others; well under Q_CLUSTER's timeout
STUCK = dt.timedelta(seconds=90)  # longer than any job may run (Q_CLUSTER's timeout): its worker is gone
OVERDUE = dt.timedelta(seconds=30)  # a mail due for so long has lost its wake-up
MANY_JOBS = 10  # waiting: no need for one more
FORGOTTEN = dt.timedelta(days=1)  # heartbeats of workers that are long gone


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
    Unsent mails of the kind's series about these subjects with a lower revision are superseded, also where a worker
    has claimed them; should one be newer than this, this one is.
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
    if new and series_of(kind):
        series.supersede(series_of(kind), tenant=tenant, subject_ids=[row.subject_id for row in rows])
    if new and when <= timezone.now():
        transaction.on_commit(lambda: wake(new))
    return new


def _insert_new(rows: Sequence[OutgoingMail]) -> int:
    """How many of `rows` are new. One statement a batch; bulk_create with ignore_conflicts tells no number."""
    if len(rows) == 1:
        return int(prepared.insert(rows[0], once=True))
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
    """Asks for workers: one job per BATCH recipients, a few at most; none where one is enough and one still waits.

    Trouble is logged; the sweeper finds the mails.
    """
    jobs = min(math.ceil(recipients / BATCH), MOST_WAKES)
    try:
        if jobs == 1 and is_called():
            return
        for _job in range(jobs):
            async_task("invites.post.tasks.deliver", save=False, broker=Caller())
    except Exception:
        log.exception("the workers could not be woken; the sweeper will find the mails")


def deliver(ids: Iterable[int] | None = None) -> int:
    """Sends what is due until nothing is left or the round is over; returns how many mails it handed over.

    `ids` narrows it to these mails. Any number of workers may run it at once, and one mail goes out once.
    """
    with closing(current_transport()) as transport:
        turn = Round(transport, batch=BATCH, seconds=ROUND_SECONDS, ids=ids)
        sent = turn.run()
    if turn.is_over and not let_go():
        wake(1)
    return sent


def beat(name: str | None = None) -> None:
    """Leaves a heartbeat: the workers of this cluster do their jobs."""
    name = name or os.environ.get(CLUSTER) or socket.gethostname()[:64]
    WorkerHeartbeat.objects.update_or_create(name=name, defaults={"beat_at": timezone.now()})


def sweep() -> int:
    """Finds what the queue or a dying worker lost. Returns how many mails it moved.

    Held but not yet handed over: back into the queue, parked after three times. Being handed over: unknown, and never
    sent again by itself, unless the provider told meanwhile that it took it. Past the moment to give up: failed.
    Due, but nobody came: the workers are woken. A second sweep at the same time does no harm.
    """
    now = timezone.now()
    WorkerHeartbeat.objects.filter(beat_at__lt=now - FORGOTTEN).delete()
    moved = _sweep_claimed(now) + _sweep_calling(now) + _give_up(now)
    overdue = moves.all_mails().due().filter(due_at__lt=now - OVERDUE).count()
    if moved or overdue:
        wake(max(moved, overdue))
    return moved


def _sweep_claimed(now: dt.datetime) -> int:
    claimed = moves.all_mails().filter(state=moves.State.CLAIMED, claimed_at__lt=now - STUCK)
    parked = claimed.filter(crashes__gte=moves.CRASHES - 1).update(
        state=moves.State.FAILED,
        settled_at=now,
        crashes=F("crashes") + 1,
        problem=note(Problem.COMPOSING, "it ended our program"),
    )
    return parked + claimed.update(state=moves.State.QUEUED, due_at=now, crashes=F("crashes") + 1)


def _sweep_calling(now: dt.datetime) -> int:
    calling = moves.all_mails().filter(state=moves.State.CALLING, claimed_at__lt=now - STUCK)
    taken = calling.exclude(delivery="").update(state=moves.State.ACCEPTED, settled_at=now, problem="")
    return taken + calling.update(state=moves.State.UNKNOWN, settled_at=now, problem=note(Problem.STOPPED))


def _give_up(now: dt.datetime) -> int:
    """What waits behind a paused lane beyond its time. Its last try, at that very moment, had half a minute."""
    waiting = moves.all_mails().filter(state=moves.State.QUEUED, give_up_at__lt=now - OVERDUE)
    return waiting.update(state=moves.State.FAILED, settled_at=now, problem=note(Problem.GAVE_UP))


def rouse() -> bool:
    """Wakes workers when mails are due, the lane is open and nobody has taken any: after a pause, or when the queue's
    store was emptied. For the supervisor, every few seconds; returns whether it woke anybody.
    """
    lane = closed_lane()
    if lane and lane.paused_until and lane.paused_until > timezone.now():
        return False
    due = moves.all_mails().due().order_by()[:BATCH].count()
    held = (moves.State.CLAIMED, moves.State.CALLING)
    at_work = moves.all_mails().filter(state__in=held, claimed_at__gt=timezone.now() - OVERDUE).exists()
    if not due or at_work or OrmQ.objects.count() >= MANY_JOBS:
        return False
    wake(due)
    return True


def closed_lane() -> MailLane | None:
    """The lane of today's transport while it is paused, with its reason (`problem_words`); None when mails go out."""
    return lanes.closed(settings.MAIL_TRANSPORT)


def oldest_due_age() -> dt.timedelta | None:
    """For how long the oldest due mail has waited; None when none is due. Readiness fails when it grows (CONTRACT)."""
    due_at = moves.all_mails().due().order_by().aggregate(oldest=Min("due_at"))["oldest"]
    return timezone.now() - due_at if due_at else None
