"""Writes the feed of a tenant's events. Only events that changed are written anew; the lines of the others are kept."""

import logging
from collections.abc import Iterable
from itertools import chain

from django.conf import settings
from django.db import DatabaseError
from django.urls import reverse
from django.utils import translation

from events import prepared
from events.calendar import packing, recurring, render
from events.calendar.models import StoredEvent
from events.calendar.reading import Octets, Row, Source, events_of_series, one_event, with_kept_lines
from events.calendar.selections import OF_STAFF, Detail, Scope
from events.gatherings.models import Event
from events.gatherings.series.models import Series
from events.gatherings.visibility import prefetch_for_seen, seen

log = logging.getLogger(__name__)

BATCH = 500
UNIQUE = ("event", "key")  # of kept lines
Part = tuple[int, Octets]


def write(source: Source) -> list[bytes]:
    """The feed's calendar in pieces (see `packing`). Equal rows give equal bytes.

    Keeps the lines of each event it had to write. An event that cannot be written is left out and told to the log:
    one bad row must not take the calendar from everybody. Raises DatabaseError.
    """
    with translation.override(source.language):
        rows = with_kept_lines(source)
        again = frozenset(row[3] for row in rows if row[3] is not None)
        first, more = _series(source, again) if again else ([], set())
        alone, zones = _lines_of(source, [row for row in rows if row[3] is None] if again else rows)
        head = render.head(name=source.selection.title(source.name), zones=zones | more)
        return list(packing.in_pieces(head, chain(first, alone), render.END))


def _series(source: Source, ids: frozenset[int]) -> tuple[list[Part], set[str]]:
    """Each of these series with all of its meetings that the selection shows, and the zones they are written in."""
    lines = dict(_lines_of(source, with_kept_lines(source, ids))[0])
    facts = events_of_series(source, ids).values_list("pk", "series", *recurring.FACTS)
    shown: dict[int, list[recurring.Shown]] = {}
    for pk, series, *rest in facts:
        if lines.get(pk):  # one that could not be written is not shown
            shown.setdefault(series, []).append(recurring.Shown(pk, bytes(lines[pk]), *rest))
    several = Series.objects.across_tenants("of meetings that the selection shows; a campaign's are of many")
    rows = several.filter(pk__in=shown).order_by("pk")
    written = recurring.parts([(row, shown[row.pk]) for row in rows], key=source.selection.key)
    zones = {row.time_zone for row in rows} | {one.time_zone for all_of in shown.values() for one in all_of}
    return list(written), zones


def _lines_of(source: Source, rows: list[Row]) -> tuple[list[Part], set[str]]:
    """The lines of each row, and the zones they are written in: what a bad row names may be none."""
    anew = _write_anew(source, [row[0] for row in rows if row[2] is None])
    parts = [(pk, anew.get(pk, b"") if kept is None else kept) for pk, _zone, kept, _series in rows]
    return parts, {zone for pk, zone, kept, _series in rows if kept is not None or pk in anew}


def _write_anew(source: Source, ids: list[int]) -> dict[int, Octets]:
    """Writes these events and keeps their lines. One event after an edit has statements of its own, much cheaper."""
    selection = source.selection
    if len(ids) == 1 and selection.scope != Scope.CAMPAIGN:  # whose events are those of other tenants
        one = one_event(selection.tenant_id, ids[0], selection.audience)
        rows = _lines(source, [one] if one else [])
        for row in rows:
            prepared.put(row, by=UNIQUE)
        return {row.event_id: row.octets for row in rows}
    lines: dict[int, Octets] = {}
    for start in range(0, len(ids), BATCH):
        events = selection.rows().filter(pk__in=ids[start : start + BATCH])
        rows = _lines(source, prefetch_for_seen(events))
        StoredEvent.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=UNIQUE,
            update_fields=["epoch", "written_from", "octets"],
        )
        lines |= {row.event_id: row.octets for row in rows}
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
