"""Writes the feed of a tenant's events. Only events that changed are written anew; the lines of the others are kept."""

import datetime as dt
import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models import F, FilteredRelation, Q
from django.urls import reverse
from django.utils import timezone, translation

from events.calendar import packing, recurring, render
from events.calendar.models import StoredEvent
from events.calendar.selections import OF_STAFF, Detail, Selection
from events.gatherings.models import Event, EventQuerySet
from events.gatherings.series.models import Series
from events.gatherings.visibility import prefetch_for_seen, seen

log = logging.getLogger(__name__)

BACK, AHEAD = dt.timedelta(days=183), dt.timedelta(days=548)  # half a year, and a year and a half
CANCELLED_FOR = dt.timedelta(days=90)
BATCH = 500
Row = tuple[int, str, bytes | None, int | None]  # id, zone, kept lines, series
Part = tuple[int, bytes]


@dataclass(frozen=True)
class Source:
    """What a feed is written from. `epoch` names all that its lines depend on beside the events themselves."""

    selection: Selection
    slug: str
    name: str
    language: str
    everything: bool
    epoch: str

    @property
    def lines_key(self) -> str:
        return f"{self.selection.manner}:{self.language}"


def write(source: Source) -> list[bytes]:
    """The feed's calendar in pieces (see `packing`). Equal rows give equal bytes.

    Keeps the lines of each event it had to write. An event that cannot be written is left out and told to the log:
    one bad row must not take the calendar from everybody. Raises DatabaseError.
    """
    with translation.override(source.language):
        rows = _with_kept_lines(source, events_of(source))
        zones = {row[1] for row in rows}
        again = {row[3] for row in rows if row[3] is not None}
        first, more = _series(source, again) if again else ([], set())
        alone = _lines_of(source, [row for row in rows if row[3] is None] if again else rows)
        head = render.head(name=source.selection.title(source.name), zones=zones | more)
        return list(packing.in_pieces(head, chain(first, alone), render.END))


def events_of(source: Source) -> EventQuerySet:
    """The events a feed shows: no drafts, no vague dates, cancelled ones until their day or for 90 days.

    Of a series that one of them belongs to all are shown, whatever the window: see `_series`.
    """
    return in_window(source.selection.events(), everything=source.everything).order_by("starts_at", "pk")


def in_window(events: EventQuerySet, *, everything: bool) -> EventQuerySet:
    """Those of `events` that a feed shows today; `everything` lifts the window of months."""
    if not everything:
        events = events.filter(ends_at__gte=_today() - BACK, starts_at__lt=_today() + AHEAD)
    return _remembered(events)


def _remembered(events: EventQuerySet) -> EventQuerySet:
    """Without those that were cancelled, and are over, for so long that nobody has to be reminded."""
    long_ago = _today() - CANCELLED_FOR
    return events.exclude(state=Event.State.CANCELLED, cancelled_at__lt=long_ago, ends_at__lt=_today())


def _today() -> dt.datetime:
    return dt.datetime.combine(timezone.now().date(), dt.time(), dt.UTC)


def _series(source: Source, ids: set[int]) -> tuple[list[Part], set[str]]:
    """Each of these series with all of its meetings that the selection shows, and the zones they are written in."""
    events = _remembered(source.selection.events()).filter(series__in=ids).order_by("starts_at", "pk")
    lines = dict(_lines_of(source, _with_kept_lines(source, events)))
    facts = events.values_list("pk", "series", *recurring.FACTS)
    shown: dict[int, list[recurring.Shown]] = {}
    for pk, series, *rest in facts:
        if lines.get(pk):  # one that could not be written is not shown
            shown.setdefault(series, []).append(recurring.Shown(pk, lines[pk], *rest))
    several = Series.objects.across_tenants("of meetings that the selection shows; a campaign's are of many")
    rows = several.filter(pk__in=shown).order_by("pk")
    written = recurring.parts([(row, shown[row.pk]) for row in rows], key=source.selection.key)
    zones = {row.time_zone for row in rows} | {one.time_zone for all_of in shown.values() for one in all_of}
    return written, zones


def _lines_of(source: Source, rows: list[Row]) -> Iterator[Part]:
    anew = _write_anew(source, [row[0] for row in rows if row[2] is None])
    return ((pk, anew.get(pk, b"") if kept is None else bytes(kept)) for pk, _zone, kept, _series in rows)


def _with_kept_lines(source: Source, shown: EventQuerySet) -> list[Row]:
    """`shown`, in order. One statement, read without the ORM: that would cost more than all the rest."""
    still_good = Q(
        stored_lines__key=source.lines_key,
        stored_lines__epoch=source.epoch,
        stored_lines__written_from=F("changed_at"),
    )
    events = shown.annotate(kept=FilteredRelation("stored_lines", condition=still_good))
    columns = events.values_list("pk", "time_zone", "kept__octets", "series")
    statement, values = columns.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def _write_anew(source: Source, ids: list[int]) -> dict[int, bytes]:
    lines: dict[int, bytes] = {}
    for start in range(0, len(ids), BATCH):
        events = source.selection.rows().filter(pk__in=ids[start : start + BATCH])
        # One event after an edit: `seen` loads by itself what its audience needs, which is less.
        rows = _lines(source, events if len(ids) == 1 else prefetch_for_seen(events))
        StoredEvent.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["event", "key"],
            update_fields=["epoch", "written_from", "octets"],
        )
        lines |= {row.event_id: bytes(row.octets) for row in rows}
    return lines


def _lines(source: Source, events: Iterable[Event]) -> list[StoredEvent]:
    rows = []
    for event in events:
        try:
            octets = vevent_of(source, event)
        except DatabaseError:
            raise
        except Exception:
            log.exception("event %s cannot be written into calendars", event.pk)
            continue
        known = {"tenant_id": event.tenant_id, "event": event, "key": source.lines_key, "epoch": source.epoch}
        rows.append(StoredEvent(**known, written_from=event.changed_at, octets=octets))
    return rows


def vevent_of(source: Source, event: Event) -> bytes:
    """The lines of one event as this feed has them. In the active language; ValueError for a vague date."""
    selection = source.selection
    return render.vevent(
        selection.narrowed(seen(event, selection.audience)),
        dtstamp=event.changed_at,
        last_modified=event.changed_at,
        url=page_of(source, event),
        alarm=selection.alarm,
    )


def page_of(source: Source, event: Event) -> str:
    """Of the page where the reader of this feed sees more; "" where there is none.

    Of a meeting in a series it is the series' page: calendars show one text for all meetings that are as usual.
    """
    if source.selection.detail == Detail.BUSY:
        return ""
    if source.selection.scope in OF_STAFF:
        name, pk = ("series-detail", event.series_id) if event.series_id else ("event-detail", event.pk)
        page = reverse(name, kwargs={"tenant": source.slug, "pk": pk})
    elif event.is_public and event.series:
        page = reverse("public-series", kwargs={"uid": event.series.uid})
    elif event.is_public:
        page = reverse("public-event", kwargs={"uid": event.uid})
    else:
        return ""
    return f"{settings.BASE_URL}{page}"
