"""Numbers of people by group, as an audience may know them (rule 5, ADR 24): none below FEW, and none to be worked out.

Whoever is told the total and all groups but one knows that one too. So to everybody but the organiser small groups are
told as one, unnamed, and as many of the next smallest with them as it takes for their sum to tell nothing of few.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from events.gatherings.audiences import Audience
from events.gatherings.guestlist import FEW


@dataclass(frozen=True)
class SeenNumbers:
    """`total` is None where fewer than FEW people are all there are. `groups` are told apart, in the order given;
    `others` is how many the rest are together, 0 where there is no rest.
    """

    total: int | None
    groups: tuple[tuple[str, int], ...] = ()
    others: int = 0


def numbers(audience: Audience, counts: Mapping[str, int]) -> SeenNumbers:
    """What `audience` may know of `counts`: people by group, each person in one. Empty groups are not told."""
    total, there = sum(counts.values()), {name: number for name, number in counts.items() if number}
    if audience == Audience.ORGANISER:
        return SeenNumbers(total, tuple(there.items()))
    if total < FEW:
        return SeenNumbers(None)
    apart, others = dict(there), 0
    for name, number in sorted(there.items(), key=lambda group: group[1]):
        if number >= FEW and not 0 < others < FEW:
            break
        others += apart.pop(name)
    return SeenNumbers(total, tuple(apart.items()), others)
