"""Which answer stands, and what holds then: pure, so that any order of arrival can be tried (rule 7).

The standing answer is the highest by (event_sequence, said_at, answered_at, pk). A yes that says nothing of who comes,
or of how somebody takes part, leaves what the yes before it said, where no other answer lies between. A calendar's
answer that says nothing but what was said right before it, to the same revision, repeats that one, which stands on.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from invites.invitations.models import Reply

YES = frozenset({Reply.ACCEPTED.value, Reply.WAITING.value})


@dataclass(frozen=True)
class Told:
    """One answer as far as order matters. `pk` None is one that is not written yet; it came in last.

    `silent`: a calendar's, without a word beside yes, no or maybe.
    """

    sequence: int
    said_at: dt.datetime
    answered_at: dt.datetime
    pk: int | None
    reply: str
    party: int = 1
    says_who: bool = False
    mode: str = ""
    silent: bool = False

    @property
    def key(self) -> tuple[Any, ...]:
        return (self.sequence, self.said_at, self.answered_at, self.pk is None, self.pk or 0)


@dataclass(frozen=True)
class Stand:
    """`who` is the answer that says who comes: its names are those that count. `last` may be a repeat of `answer`."""

    answer: Told
    last: Told
    who: Told
    mode: str

    @property
    def party(self) -> int:
        return self.who.party if self.answer.reply in YES and self.who.says_who else 1


def same(one: str, other: str) -> bool:
    """Whether two replies mean the same: who waits for a seat said yes."""
    return one == other or {one, other} <= YES


def repeats(one: Told, before: Told) -> bool:
    return one.silent and one.sequence == before.sequence and same(one.reply, before.reply)


def stand(told: Iterable[Told]) -> Stand | None:
    """What holds after all of `told`, in whatever order they are given; None when there are none."""
    now: Stand | None = None
    for one in sorted(told, key=lambda each: each.key):
        if now and repeats(one, now.last):
            now = replace(now, last=one)
            continue
        before = now if now and now.answer.reply in YES and one.reply in YES else None
        now = Stand(
            answer=one,
            last=one,
            who=before.who if before and not one.says_who else one,
            mode=one.mode or (before.mode if before else ""),
        )
    return now
