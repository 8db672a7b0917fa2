"""Keeps events, and keeps each mail's row in step with them (ADR 0010).

Events are committed first; then the rows they are about are derived from all events there are. Nothing is locked: who
writes a row looks again afterwards, and writes anew if somebody else's event came meanwhile. So the last one to write
has seen everything. A crash between the two steps is mended by the provider's repetition, or by `catch_up`.
"""

import datetime as dt
import logging
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import islice
from typing import TypeVar

from django.db import OperationalError, connection, transaction
from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from invites.post.events import Standing, Told, standing
from invites.post.models import Delivery, OutgoingMail, OutgoingMailQuerySet
from invites.post.problems import Problem, note
from invites.post.provider_models import DeliveryEvent, FormerDelivery

log = logging.getLogger(__name__)
T = TypeVar("T")
State = OutgoingMail.State
BATCH = 400  # ids in one statement; SQLite has its limits
TRIES = 3
TURNS = 50  # of one mail; each turn but the last means that another event came in between
STRANGERS_STAY = dt.timedelta(days=14)  # events of no mail of ours
AT_ONCE = 2000  # events that one sweep catches up with
WHY = "providers tell of all tenants' mails"


def take_in(events: Sequence[DeliveryEvent]) -> tuple[int, int]:
    """Keeps events and brings their mails in step; returns how many were new, and how many deliveries are ours.

    All of it may be done again, so a deadlock or a busy database is no reason to send the teller away at once.
    """
    for turn in range(1, TRIES + 1):
        try:
            return keep(events), follow({event.delivery_id for event in events})
        except OperationalError:
            if turn == TRIES or connection.in_atomic_block:
                raise
    raise AssertionError("unreachable")


def keep(events: Sequence[DeliveryEvent]) -> int:
    """Adds the events that are new and returns how many that were. `follow` comes after the commit."""
    ids = [event.event_id for event in events]
    with transaction.atomic():
        known = set(_ids_among(ids))
        new = {event.event_id: event for event in events if event.event_id not in known}
        # Another request may add the same ones at this moment; in one order, the two never wait for each other.
        rows = [new[event_id] for event_id in sorted(new)]
        DeliveryEvent.objects.bulk_create(rows, ignore_conflicts=True, batch_size=BATCH)
    return len(new)


def follow(delivery_ids: Collection[uuid.UUID]) -> int:
    """Brings the mails of these deliveries in step with their events; returns how many of the ids are ours.

    Also for events that were there before: a second call, or one after a crash, does no harm and mends.
    """
    ours = 0
    for some in _chunks(sorted(set(delivery_ids)), BATCH):
        owners = _owners(some)
        _attach(list(owners))
        _bring_in_step(sorted(set(owners.values())))
        ours += len(owners)
    return ours


def catch_up() -> int:
    """For the sweeper: events that came before their mail, and mails whose worker had its say after the events had.

    Returns how many mails it looked at.
    """
    loose = DeliveryEvent.objects.filter(mail=None).order_by("-received_at", "-pk")
    found = follow(set(loose.values_list("delivery_id", flat=True)[:AT_ONCE]))
    late = list(all_mails().filter(_out_of_step()).order_by("pk").values_list("pk", flat=True)[:AT_ONCE])
    for some in _chunks(late, BATCH):
        _bring_in_step(some)
    return found + len(late)


def forget_strangers() -> int:
    """Deletes old events that are about no mail of ours; returns how many."""
    old = DeliveryEvent.objects.filter(mail=None, received_at__lt=timezone.now() - STRANGERS_STAY)
    return old.delete()[0]


def all_mails() -> OutgoingMailQuerySet:
    return OutgoingMail.objects.across_tenants(WHY)


def _out_of_step() -> Q:
    """Mails whose state and delivery do not fit together (see `_settling`)."""
    taken = ~Q(delivery__in=("", Delivery.DROPPED))
    waits = Q(state=State.QUEUED, attempts__gt=0) & ~Q(problem="")
    not_accepted = Q(state=State.FAILED) | waits
    dropped = Q(delivery=Delivery.DROPPED, state__in=(State.UNKNOWN, State.ACCEPTED))
    return taken & (Q(state=State.UNKNOWN) | not_accepted) | dropped


def _bring_in_step(pks: Iterable[int]) -> None:
    left = list(pks)
    for _turn in range(TURNS):
        behind = [(mail, now) for mail, now in _derived(left) if not _is_in_step(mail, now)]
        if not behind:
            return
        for mail, now in behind:
            _write(mail, now)
        left = [mail.pk for mail, _now in behind]  # and look again
    log.error("%d mails found no turn to follow their events; the sweeper will", len(left))


def _derived(pks: Sequence[int]) -> list[tuple[OutgoingMail, Standing]]:
    """The mails as they are, and what all their events say together."""
    told: dict[int, dict[uuid.UUID, list[Told]]] = defaultdict(lambda: defaultdict(list))
    for event in DeliveryEvent.objects.filter(mail__in=pks).order_by():
        one = Told(event.at, event.event_id, event.what, event.detail)
        told[event.mail_id or 0][event.delivery_id].append(one)
    derived = []
    for mail in all_mails().filter(pk__in=pks).order_by("pk"):
        current = told[mail.pk].pop(mail.delivery_id, [])
        derived.append((mail, standing(current, told[mail.pk].values())))
    return derived


def _is_in_step(mail: OutgoingMail, now: Standing) -> bool:
    same = (mail.delivery, mail.delivery_at, mail.delivery_detail) == (now.what, now.at, now.detail)
    return same and not _settling(mail, now)


def _write(mail: OutgoingMail, now: Standing) -> None:
    """One row, and only while it is the same delivery in the same state: whoever wrote meanwhile is not overwritten."""
    same = all_mails().filter(pk=mail.pk, delivery_id=mail.delivery_id)
    same.update(delivery=now.what, delivery_at=now.at, delivery_detail=now.detail)
    if state := _settling(mail, now):
        problem = note(Problem.DROPPED, now.detail) if state == State.FAILED else ""
        told_at = now.at or timezone.now()
        at = min(mail.settled_at or told_at, told_at)  # it was settled then, though we learn it now
        same.filter(state=mail.state).update(state=state, settled_at=at, problem=problem)


def _settling(mail: OutgoingMail, now: Standing) -> str:
    """The state that the events ask for, "" where it is that already. A mail in `calling` is left to its worker.

    A mail that waits for another try although the one before had been taken (an error after it) is settled too.
    """
    if now.taken is None:
        return ""
    if not now.taken:
        return State.FAILED if mail.state in (State.UNKNOWN, State.ACCEPTED) else ""
    waits = mail.state in (State.QUEUED, State.CLAIMED) and bool(mail.attempts and mail.problem)
    return State.ACCEPTED if waits or mail.state in (State.UNKNOWN, State.FAILED) else ""


def _owners(delivery_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, int]:
    """delivery id -> mail; without the ids that are none of ours.

    The current ids are read first: one that is sent again meanwhile is then found among the former ones.
    """
    current = all_mails().filter(delivery_id__in=delivery_ids).order_by()
    owners = dict(current.values_list("delivery_id", "pk"))
    former = FormerDelivery.objects.filter(delivery_id__in=delivery_ids)
    return {**owners, **dict(former.values_list("delivery_id", "mail_id"))}


def _attach(delivery_ids: Sequence[uuid.UUID]) -> None:
    this = OuterRef("delivery_id")
    mail = Coalesce(
        Subquery(all_mails().filter(delivery_id=this).order_by().values("pk")[:1]),
        Subquery(FormerDelivery.objects.filter(delivery_id=this).values("mail_id")[:1]),
    )
    DeliveryEvent.objects.filter(delivery_id__in=delivery_ids, mail=None).update(mail_id=mail)


def _ids_among(ids: Sequence[str]) -> Iterator[str]:
    for some in _chunks(ids, BATCH):
        yield from DeliveryEvent.objects.filter(event_id__in=some).values_list("event_id", flat=True)


def _chunks(items: Iterable[T], size: int) -> Iterator[list[T]]:
    rest = iter(items)
    while chunk := list(islice(rest, size)):
        yield chunk
