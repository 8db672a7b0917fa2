"""The arithmetic of indicators, without a database: shares, movements, and what may be told of small counts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext
from enum import StrEnum
from itertools import combinations

from events.gatherings.guestlist import FEW

ONE_DECIMAL = Decimal("0.1")
MOST_PARTS = 10  # of one whole, told apart; above that every combination is too much to look at
Period = tuple[int, int]  # year, month (0: the whole year)


class NoShare(StrEnum):
    """Why there is no share."""

    NO_WHOLE = "no_whole"  # the other indicator has no value for the period
    ZERO = "zero"  # a share of nothing
    LARGER = "larger"  # more than the whole: one of the two figures is wrong


class Way(StrEnum):
    """How a figure moved since the one before it."""

    FIRST = "first"
    UP = "up"
    DOWN = "down"
    SAME = "same"


@dataclass(frozen=True)
class Share:
    """A share in percent with one decimal, or the reason why there is none."""

    percent: Decimal | None = None
    lacks: NoShare | None = None


def share(part: Decimal, whole: Decimal | None) -> Share:
    """`part` of `whole` in percent, rounded half up to one decimal: 22 of 60 is 36.7. Neither is negative."""
    if whole is None:
        return Share(lacks=NoShare.NO_WHOLE)
    if whole == 0:
        return Share(lacks=NoShare.ZERO)
    if part > whole:
        return Share(lacks=NoShare.LARGER)
    with localcontext() as context:
        context.prec = 60  # no quotient of two figures of 14 digits comes nearer to a half without being one
        return Share((part * 100 / whole).quantize(ONE_DECIMAL, ROUND_HALF_UP))


def movements(figures: Mapping[Period, Decimal | None]) -> dict[Period, Way]:
    """How each figure moved since the latest one before it; periods without a figure do not move."""
    found: dict[Period, Way] = {}
    before: Decimal | None = None
    for period in sorted(figures):
        now = figures[period]
        if now is None:
            continue
        if before is None:
            found[period] = Way.FIRST
        else:
            found[period] = Way.SAME if now == before else Way.UP if now > before else Way.DOWN
        before = now
    return found


@dataclass(frozen=True)
class Told:
    """What everybody may know of one period: a whole, and the parts of it with their shares; None is hidden."""

    whole: Decimal | None
    parts: tuple[Decimal | None, ...]
    shares: tuple[Decimal | None, ...]


def told(whole: Decimal | None, parts: Sequence[Decimal | None]) -> Told:
    """Hides counts of people under FEW (rule 5), and what would give one away. A missing figure is hidden too.

    A part is told only where neither it, nor what is left of the whole without it and any other told parts, is few;
    otherwise subtracting would tell. A share is told only where both its figures are: with one of them it gives the
    other away. The movements of told figures alone may be told. Without a whole each part stands by itself. Parts are
    taken to be people apart: how two parts that overlap differ is not looked at.
    """
    known = {n: part for n, part in enumerate(parts) if part is not None and part >= FEW}
    shown_whole = whole if whole is not None and whole >= FEW else None
    if whole is not None:
        known = _with_many_left(whole, known)
    shown = tuple(known.get(n) for n in range(len(parts)))
    shares = (share(part, shown_whole).percent if part is not None else None for part in shown)
    return Told(shown_whole, shown, tuple(shares))


def _with_many_left(whole: Decimal, known: dict[int, Decimal]) -> dict[int, Decimal]:
    """`known` without the smallest ones that it takes until no difference is few."""
    if len(known) > MOST_PARTS:
        return {}
    known = {n: part for n, part in known.items() if part <= whole}
    while together := _few_left(whole, known):
        del known[min(together, key=lambda n: (known[n], n))]
    return known


def _few_left(whole: Decimal, known: dict[int, Decimal]) -> tuple[int, ...]:
    for many in range(1, len(known) + 1):
        for together in combinations(known, many):
            if 0 <= whole - sum(known[n] for n in together) < FEW:
                return together
    return ()
