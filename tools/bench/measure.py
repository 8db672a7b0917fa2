"""A row of the result, and how a number is come by."""

import gc
import math
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

Work = Callable[[], object]


@dataclass(frozen=True)
class Row:
    """One line of the table (CONTRACT, "Commands"). `ratio` is what `budget` limits; None where none is set."""

    id: str
    what: str
    ours: float | None
    floor: float | None
    peer: float | None
    unit: str
    ratio: float | None
    budget: float | None
    ok: bool
    runs: int

    def facts(self) -> dict[str, Any]:
        return {
            name: round(value, 4) if isinstance(value, float) else value
            for name, value in asdict(self).items()
        }


def at_most(row_id: str, what: str, ours: float, floor: float, budget: float, *, unit: str, runs: int) -> Row:
    """`ours` may cost `budget` times the floor."""
    ratio = ours / floor
    return Row(row_id, f"{what} (at most)", ours, floor, None, unit, ratio, budget, ratio <= budget, runs)


def at_least(row_id: str, what: str, ours: float, peer: float, budget: float, *, unit: str, runs: int) -> Row:
    """`ours` must be `budget` times cheaper (a time) or faster (a rate) than the peer."""
    ratio = ours / peer if unit.endswith("/s") else peer / ours
    return Row(row_id, f"{what} (at least)", ours, None, peer, unit, ratio, budget, ratio >= budget, runs)


def cpu(works: dict[str, Work], *, runs: int, seconds: float = 0.25) -> dict[str, float]:
    """Microseconds of processor time a call of each work takes: the median of `runs`, taken in turn.

    In turn, because the machine has other things to do too: what slows one slows the others.
    """
    calls = {name: _calls(work, seconds) for name, work in works.items()}
    taken: dict[str, list[float]] = {name: [] for name in works}
    for _run in range(runs):
        for name, work in works.items():
            taken[name].append(_cpu_of(work, calls[name]))
    return {name: median(times) for name, times in taken.items()}


def _calls(work: Work, seconds: float) -> int:
    """How many calls fill about `seconds`; what is slower than that is called once."""
    for _warm in range(2):
        first = _cpu_of(work, 1)
    if first > seconds * 1e6 / 5:
        return 1
    return max(1, math.ceil(seconds * 1e6 / max(_cpu_of(work, 20), 1)))


def cpu_once(work: Work) -> float:
    """Microseconds of processor time of one call, for work that cannot be repeated as it is."""
    return _cpu_of(work, 1)


def cpu_after(change: Work, work: Work, *, calls: int) -> float:
    """Microseconds of processor time a call of `work` takes, each of `calls` after a `change` that is not counted."""
    gc.collect()
    taken = 0.0
    for _call in range(calls):
        change()
        began = time.process_time()
        work()
        taken += time.process_time() - began
    return taken / calls * 1e6


middle = median


def _cpu_of(work: Work, calls: int) -> float:
    gc.collect()
    began = time.process_time()
    for _call in range(calls):
        work()
    return (time.process_time() - began) / calls * 1e6
