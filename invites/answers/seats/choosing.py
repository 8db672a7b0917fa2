"""Who of those waiting gets the next seat, and why. Pure: facts in, a choice out.

First whoever the organiser moved up. Then whose group is furthest below its target, as a share of the target, so that a
small group counts as much as a large one. Then who has waited longest. Only those count for whom there are seats.
"""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from invites.answers.seats.models import OfferReason


@dataclass
class Part:
    """A group of the mix."""

    pk: int
    name: str
    taken: int
    target: int | None
    most: int | None

    @property
    def lacking(self) -> Fraction:
        """How far it is below its target: 1 when nobody has come, 0 at the target and above it."""
        if not self.target or self.taken >= self.target:
            return Fraction(0)
        return Fraction(self.target - self.taken, self.target)


@dataclass(frozen=True)
class Hopeful:
    """Somebody who waits. `pk` is the invitation's."""

    pk: int
    seats: int
    since: dt.datetime
    rank: int = 0
    group: int | None = None
    organisation: int | None = None


@dataclass(frozen=True)
class Choice:
    who: Hopeful
    reason: str
    facts: dict[str, Any]


@dataclass
class Board:
    """The seats of one event. None is no limit."""

    left: int | None
    per_organisation: int | None = None
    groups: dict[int, Part] = field(default_factory=dict)
    organisations: dict[int, int] = field(default_factory=dict)  # seats held, by organisation

    def fits(self, one: Hopeful) -> bool:
        part = self.groups.get(one.group or 0)
        if self.left is not None and one.seats > self.left:
            return False
        if part and part.most is not None and part.taken + one.seats > part.most:
            return False
        if self.per_organisation is None or one.organisation is None:
            return True
        return self.organisations.get(one.organisation, 0) + one.seats <= self.per_organisation

    def take(self, one: Hopeful) -> None:
        if self.left is not None:
            self.left -= one.seats
        if part := self.groups.get(one.group or 0):
            part.taken += one.seats
        if one.organisation is not None:
            self.organisations[one.organisation] = self.organisations.get(one.organisation, 0) + one.seats

    def lacking(self, one: Hopeful) -> Fraction:
        part = self.groups.get(one.group or 0)
        return part.lacking if part else Fraction(0)


def in_order(waiting: Collection[Hopeful], board: Board) -> list[Hopeful]:
    """Those waiting as they would be chosen now, whether or not there are seats for them."""
    return sorted(waiting, key=lambda one: (-one.rank, -board.lacking(one), one.since, one.pk))


def choose(waiting: Collection[Hopeful], board: Board) -> Choice | None:
    """The next one, or None when nobody fits the seats that are left."""
    chosen = next((one for one in in_order(waiting, board) if board.fits(one)), None)
    return Choice(chosen, *why(chosen, board)) if chosen else None


def why(one: Hopeful, board: Board) -> tuple[str, dict[str, Any]]:
    """The reason for choosing this one, with its numbers and no name of a person."""
    if one.rank:
        return OfferReason.MOVED_UP, {}
    part = board.groups.get(one.group or 0)
    if part and part.lacking:
        return OfferReason.BELOW_TARGET, {"group": part.name, "taken": part.taken, "target": part.target}
    return OfferReason.LONGEST, {}
