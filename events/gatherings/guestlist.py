"""Who may know of whom (rule 5, ADR 24): facts about guests in, out only what an audience may see of them.

The matrix of the event names the lowest audience for each field. On top of it hold for everybody but the organiser:

- Only those who come are listed; who said maybe only where answers are shown. Who is silent, waits, said no or was
  withdrawn is not there, and who objected never is.
- Role, contact and answer are told with a name or not at all. Organisations without names are a sorted list in which
  each stands once, so that no row is a person; the public gets it from FEW organisations on.
- Companions, and those whom an organisation names itself, are counted and not named.
- Numbers below FEW are not told, neither as such nor as the difference of two that are: the only number is how many
  come, it stands where no names do, and it is left out where a list would tell who few are missing from it.
- Rows are in the order of names, which tells nothing of when somebody answered.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from events.directory.searching import fold
from events.gatherings.attending import GUEST_FIELDS
from events.gatherings.audiences import Audience
from events.gatherings.kinds import EventState
from events.gatherings.plain import line

if TYPE_CHECKING:
    from events.gatherings.models import Event

FEW = 5
WITH_A_NAME = frozenset({"role", "contact", "answer"})
# Who is told of guests at all: a draft has none yet, of a cancelled meeting nobody needs to know them, and once it is
# held those alone who were to be there.
TOLD_FROM = {EventState.PUBLISHED: Audience.PUBLIC, EventState.HELD: Audience.ACCEPTED}


@dataclass(frozen=True)
class GuestFacts:
    """One guest as the organiser knows it. `answer` is in words, `seats` how many come by it (itself among them).

    Without `name` it is an organisation that sends people. `named` is False for a companion and for whom an
    organisation names. `is_self` is who looks at the list.
    """

    name: str
    organisation: str = ""
    role: str = ""
    email: str = ""
    phone: str = ""
    answer: str = ""
    comes: bool = False
    may_come: bool = False
    seats: int = 1
    named: bool = True
    unlisted: bool = False
    is_self: bool = False


@dataclass(frozen=True)
class SeenGuest:
    """What one row tells; "" for what it may not."""

    name: str
    organisation: str = ""
    role: str = ""
    email: str = ""
    phone: str = ""
    answer: str = ""


@dataclass(frozen=True)
class SeenGuests:
    """What an audience may know of the guests. `count` is how many come, None where that is not told.

    `few`: it may be told, but fewer than FEW others come. `organisations` are those of which no person is named.
    """

    people: tuple[SeenGuest, ...] = ()
    organisations: tuple[str, ...] = ()
    count: int | None = None
    few: bool = False


NOTHING = SeenGuests()


def sight(event: "Event", audience: Audience) -> frozenset[str]:
    """The fields of the matrix that `audience` sees. What is told with a name only is not there without it."""
    fields = frozenset(name for name in GUEST_FIELDS if audience >= getattr(event, f"{name}_for"))
    return fields if "name" in fields else fields - WITH_A_NAME


def guests(event: "Event", audience: Audience, facts: Collection[GuestFacts]) -> SeenGuests:
    """The guests of `event` as `audience` may see them. `facts` are all that come or may come, in any order."""
    if audience == Audience.ORGANISER:
        return SeenGuests(people=_rows(facts, frozenset(GUEST_FIELDS)), count=_coming(facts))
    if event.is_locked or audience < TOLD_FROM.get(EventState(event.state), Audience.ORGANISER):
        return NOTHING
    sees = sight(event, audience)
    people, organisations = _lists(facts, sees)
    if audience == Audience.PUBLIC and not people and len(organisations) < FEW:
        organisations = ()
    count, few = _count(event, sees, facts)
    return SeenGuests(people, organisations, count, few)


def _lists(
    facts: Collection[GuestFacts], sees: frozenset[str]
) -> tuple[tuple[SeenGuest, ...], tuple[str, ...]]:
    """Those who are named, and the organisations of the others."""
    listed = [one for one in facts if _is_listed(one, sees)]
    people = _rows([one for one in listed if one.name], sees) if "name" in sees else ()
    others = [one for one in listed if not (one.name and people)]
    return people, _organisations(others) if "organisation" in sees else ()


def _is_listed(one: GuestFacts, sees: frozenset[str]) -> bool:
    coming = one.comes or (one.may_come and "answer" in sees)
    return coming and one.named and not one.unlisted


def _rows(found: Collection[GuestFacts], sees: frozenset[str]) -> tuple[SeenGuest, ...]:
    rows = [
        SeenGuest(
            name=line(one.name),
            organisation=line(one.organisation) if "organisation" in sees else "",
            role=line(one.role) if "role" in sees else "",
            email=line(one.email) if "contact" in sees else "",
            phone=line(one.phone) if "contact" in sees else "",
            answer=one.answer if "answer" in sees else "",
        )
        for one in found
    ]
    return tuple(sorted(rows, key=lambda row: (fold(row.name), fold(row.organisation), row.email)))


def _organisations(found: Sequence[GuestFacts]) -> tuple[str, ...]:
    names = {line(one.organisation) for one in found}
    return tuple(sorted(filter(None, names), key=lambda name: (fold(name), name)))


def _count(event: "Event", sees: frozenset[str], facts: Collection[GuestFacts]) -> tuple[int | None, bool]:
    """(number or None, whether few come). Whoever looks knows of itself, so it is few others that are hidden."""
    if "count" not in sees or "name" in sees:
        return None, False
    total = _coming(facts)
    if total - sum(one.seats for one in facts if one.comes and one.is_self) < FEW:
        return None, True
    return (None if _tells_few(event, total, facts) else total), False


def _tells_few(event: "Event", total: int, facts: Collection[GuestFacts]) -> bool:
    """Whether the number, taken together with a list that any audience sees, would tell a number below FEW."""
    below = [audience for audience in Audience if audience < Audience.ORGANISER]
    coming = [one for one in facts if one.comes]
    for sees in {sight(event, audience) for audience in below}:
        people, organisations = _lists(coming, sees)
        sizes = (len(people), len(organisations), len(people) + len(organisations))
        if any(0 < total - size < FEW for size in sizes if size):
            return True
    return False


def _coming(facts: Collection[GuestFacts]) -> int:
    return sum(one.seats for one in facts if one.comes)
