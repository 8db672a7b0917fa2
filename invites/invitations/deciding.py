"""What waits for the organiser of an event: sections that rooms add to one page, "To decide" (route `event-decisions`).

A room with something to decide writes one module `deciding_<what>.py` (or so) that registers a section, and imports it
in `InvitesConfig.ready`, as with the kinds of mail and `invitations.truth`:

    deciding.register(
        Section(
            key="held-replies",                    # also the anchor on the page; unique
            heading=_("Held replies"),
            position=30,                           # late answers 10, substitutes 20, delegations 25
            rows=rows,                             # (event) -> what waits, the longest waiting first
            waiting=waiting,                       # (tenant id) -> queryset of what waits, each with an `invitation`
            decided=decided,                       # (event) -> what was decided, latest first; optional
        )
    )

A row is facts in the active language. What can be done with it are its choices: a button that posts (`fields` go along
as hidden fields), or a link to a page of the room that asks for more first (a reason, another time). The room's own
views take them and go back with `redirect("event-decisions", tenant=…, pk=event.pk)`. Rows must be read in a number of
queries that does not grow with them: a test of the page counts.
"""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from events.gatherings.models import Event


@dataclass(frozen=True)
class Choice:
    """A button (posts `fields` to `url`) or, with `asks`, links to a page that asks more. `main`: the usual one."""

    label: Any
    url: str
    fields: Mapping[str, str] = field(default_factory=dict)
    asks: bool = False
    main: bool = False


@dataclass(frozen=True)
class Row:
    """One thing to decide: who, what, since when (aware, the event's clock). `problem`: why it cannot be granted."""

    who: str
    what: Any
    at: dt.datetime
    url: str = ""  # of the invitee's history
    lines: tuple[tuple[Any, str], ...] = ()  # (label, value), such as (E-mail, kari@…)
    problem: Any = ""
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True)
class Decided:
    """One thing that was decided: what, how, when (aware, the event's clock) and by whom ("" for the invitee)."""

    who: str
    what: Any
    outcome: Any
    at: dt.datetime
    by: str = ""
    reason: str = ""
    url: str = ""
    colour: str = "neutral"


def _nothing(event: Event) -> Iterable[Decided]:
    return ()


@dataclass(frozen=True)
class Section:
    """See the module. `rows` and `decided` get an event with its tenant."""

    key: str
    heading: Any
    rows: Callable[[Event], Iterable[Row]]
    waiting: Callable[[int], QuerySet[Any]] | None = None  # None: another section counts them along
    decided: Callable[[Event], Iterable[Decided]] = _nothing
    position: int = 50


@dataclass(frozen=True)
class Shown:
    """A section with what is in it now."""

    key: str
    heading: Any
    rows: tuple[Row, ...]


_sections: dict[str, Section] = {}


def register(section: Section) -> Section:
    """Adds a room's section; called once, when the app starts. Raises ValueError for a key that is taken."""
    if section.key in _sections:
        raise ValueError(f"a section {section.key!r} is there already")
    _sections[section.key] = section
    return section


def shown(event: Event) -> list[Shown]:
    """The sections in which something waits, in order."""
    found = (Shown(each.key, each.heading, tuple(each.rows(event))) for each in _in_order())
    return [each for each in found if each.rows]


def history(event: Event, most: int = 50) -> list[Decided]:
    """What was decided, latest first."""
    found = [one for each in _in_order() for one in each.decided(event)]
    return sorted(found, key=lambda one: one.at, reverse=True)[:most]


def waiting(tenant_id: int) -> Counter[int]:
    """By event, how much waits; a query a section."""
    total: Counter[int] = Counter()
    for rows in _waiting(tenant_id):
        total.update(dict(_by_event(rows)))
    return total


def with_waiting(events: QuerySet[Event], tenant_id: int) -> QuerySet[Event]:
    """`events` of one tenant with `to_decide`, how much waits; no query more."""
    numbers = (
        Coalesce(Subquery(_by_event(rows.filter(invitation__event=OuterRef("pk"))).values("number")), 0)
        for rows in _waiting(tenant_id)
    )
    return events.annotate(to_decide=sum(numbers, Value(0)))


def _waiting(tenant_id: int) -> list[QuerySet[Any]]:
    return [each.waiting(tenant_id) for each in _sections.values() if each.waiting]


def _by_event(rows: QuerySet[Any]) -> QuerySet[Any]:
    numbers: QuerySet[Any] = rows.order_by().values_list("invitation__event").annotate(number=Count("pk"))
    return numbers


def _in_order() -> list[Section]:
    return sorted(_sections.values(), key=lambda each: (each.position, each.key))
