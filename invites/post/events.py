"""What became of a delivery: a pure function of the set of its events, whatever their order and number (ADR 0010)."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from invites.post.models import Delivery

# What a later row says holds against what an earlier one says. A server may take a mail and send it back afterwards, so
# bouncing outranks delivery; who complains has got the mail. `dropped` stands low: it tells of one attempt only.
RANK = {
    Delivery.PROCESSED: 1,
    Delivery.DEFERRED: 2,
    Delivery.DROPPED: 3,
    Delivery.DELIVERED: 4,
    Delivery.BLOCKED: 5,
    Delivery.BOUNCED: 6,
    Delivery.COMPLAINED: 7,
}
ARRIVED = frozenset({Delivery.DELIVERED, Delivery.COMPLAINED})


@dataclass(frozen=True, order=True)
class Told:
    """One event without its teller. Ordered by time, then by id: the latest is always the same one."""

    at: dt.datetime
    event_id: str
    what: str
    detail: str = ""


@dataclass(frozen=True)
class Standing:
    """What is known of a mail; `what` is "" where nothing is."""

    what: str = ""
    at: dt.datetime | None = None
    detail: str = ""

    @property
    def taken(self) -> bool | None:
        """Whether the provider took the mail: yes, no (dropped), or None where nothing was told."""
        return self.what != Delivery.DROPPED if self.what else None


NOTHING = Standing()


def standing(current: Iterable[Told], earlier: Iterable[Iterable[Told]] = ()) -> Standing:
    """What the events of a mail's current delivery say.

    `earlier` holds the events of each former delivery. They count for one thing only: that the mail arrived then.
    """
    now = _of_one(current)
    if now.what in ARRIVED:
        return now
    arrived = [before for before in map(_of_one, earlier) if before.what in ARRIVED]
    return max(arrived, key=lambda one: (RANK[Delivery(one.what)], one.at, one.detail), default=now)


def _of_one(events: Iterable[Told]) -> Standing:
    last = max(events, key=lambda event: (RANK[Delivery(event.what)], event), default=None)
    return Standing(last.what, last.at, last.detail) if last else NOTHING
