"""What a feed is written from, read by statements that Django writes once: they run after each edit, for each feed."""

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import F, FilteredRelation, Q, prefetch_related_objects

from events.calendar.selections import Selection
from events.gatherings.models import Event, EventHost, EventQuerySet, ProgrammeItem
from events.gatherings.visibility import Audience
from events.prepared import Prepared

BACK, AHEAD = dt.timedelta(days=183), dt.timedelta(days=548)  # half a year, and a year and a half
CANCELLED_FOR = dt.timedelta(days=90)
Octets = bytes | memoryview  # PostgreSQL's driver hands out the latter
Row = tuple[int, str, Octets | None, int | None]  # id, zone, kept lines, series


@dataclass(frozen=True)
class Source:
    """What a feed is written from. `epoch` names all that its lines depend on beside the events themselves.

    `today` is the day that its window is counted from.
    """

    selection: Selection
    slug: str
    name: str
    language: str
    everything: bool
    today: dt.date
    epoch: str

    @property
    def lines_key(self) -> str:
        return f"{self.selection.manner}:{self.language}"


def events_of(source: Source) -> EventQuerySet:
    """The events a feed shows: no drafts, no vague dates, cancelled ones until their day or for 90 days.

    Of a series that one of them belongs to all are shown, whatever the window: see `events_of_series`.
    """
    shown = in_window(source.selection.events(), today=source.today, everything=source.everything)
    return shown.order_by("starts_at", "pk")


def events_of_series(source: Source, series: frozenset[int]) -> EventQuerySet:
    """All meetings of these series that the feed's selection shows."""
    events = source.selection.events().filter(series__in=series)
    return _remembered(events, _midnight(source.today)).order_by("starts_at", "pk")


def in_window(events: EventQuerySet, *, today: dt.date, everything: bool) -> EventQuerySet:
    """Those of `events` that a feed shows on that day; `everything` lifts the window of months."""
    day = _midnight(today)
    if not everything:
        events = events.filter(ends_at__gte=day - BACK, starts_at__lt=day + AHEAD)
    return _remembered(events, day)


def _remembered(events: EventQuerySet, day: dt.datetime) -> EventQuerySet:
    """Without those that were cancelled, and are over, for so long that nobody has to be reminded."""
    long_ago = day - CANCELLED_FOR
    return events.exclude(state=Event.State.CANCELLED, cancelled_at__lt=long_ago, ends_at__lt=day)


def _midnight(today: dt.date) -> dt.datetime:
    return dt.datetime.combine(today, dt.time(), dt.UTC)


def with_kept_lines(source: Source, series: frozenset[int] = frozenset()) -> list[Row]:
    """What the feed shows, in order, or all it shows of these series.

    One statement, read without the ORM: that would cost more than all the rest.
    """
    with connection.cursor() as cursor:
        cursor.execute(*_statement(source, series))
        return list(cursor.fetchall())


def one_event(tenant_id: int, pk: int, audience: Audience) -> Event | None:
    """The event with what `seen` needs for `audience`. Two statements for the public, four for others."""
    event: Event | None = EVENT.first(tenant=tenant_id, event=pk)
    if event is not None:
        there = {"host_links": _fetched(EventHost, HOSTS.all(tenant=tenant_id, event=pk))}
        if audience >= Audience.INVITED:
            items = ITEMS.all(tenant=tenant_id, event=pk)
            prefetch_related_objects(items, "appearances")
            there["programme"] = _fetched(ProgrammeItem, items)
        vars(event)["_prefetched_objects_cache"] = there
    return event


def _fetched(model: Any, rows: list[Any]) -> Any:
    """As a prefetch leaves them. Asked for anything more it raises, for it names no tenant."""
    queryset = model.objects.all()
    queryset._result_cache, queryset._prefetch_done = rows, True
    return queryset


@lru_cache(maxsize=256)  # feeds that are asked for after one edit; a day has its own
def _statement(source: Source, series: frozenset[int]) -> tuple[str, tuple[Any, ...]]:
    still_good = Q(
        stored_lines__key=source.lines_key,
        stored_lines__epoch=source.epoch,
        stored_lines__written_from=F("changed_at"),
    )
    shown = events_of_series(source, series) if series else events_of(source)
    events = shown.annotate(kept=FilteredRelation("stored_lines", condition=still_good))
    columns = events.values_list("pk", "time_zone", "kept__octets", "series")
    statement, values = columns.query.sql_with_params()
    return statement, tuple(values)


EVENT = Prepared(lambda tenant, event: Event.objects.of(tenant).filter(pk=event))
HOSTS = Prepared(
    lambda tenant, event: EventHost.objects.of(tenant).filter(event=event).select_related("organisation")
)
ITEMS = Prepared(lambda tenant, event: ProgrammeItem.objects.of(tenant).filter(event=event))
