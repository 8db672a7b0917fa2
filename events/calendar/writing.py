"""Writes the feed of a tenant's events. Only events that changed are written anew; the lines of the others are kept."""

import datetime as dt
import logging
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models import F, FilteredRelation, Q
from django.urls import reverse
from django.utils import timezone, translation

from events.calendar import packing, render
from events.calendar.models import StoredEvent
from events.calendar.selections import OF_STAFF, Detail, Selection
from events.gatherings.models import Event, EventQuerySet
from events.gatherings.visibility import prefetch_for_seen, seen

log = logging.getLogger(__name__)

BACK, AHEAD = dt.timedelta(days=183), dt.timedelta(days=548)  # half a year, and a year and a half
CANCELLED_FOR = dt.timedelta(days=90)
BATCH = 500
Row = tuple[int, str, bytes | None]  # id, zone, kept lines


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
        rows = _with_kept_lines(source)
        anew = _write_anew(source, [pk for pk, _zone, octets in rows if octets is None])
        parts = ((pk, anew.get(pk, b"") if octets is None else bytes(octets)) for pk, _zone, octets in rows)
        zones = {zone for _pk, zone, _octets in rows}
        head = render.head(name=source.selection.title(source.name), zones=zones)
        return list(packing.in_pieces(head, parts, render.END))


def events_of(source: Source) -> EventQuerySet:
    """The events a feed shows: no drafts, no vague dates, cancelled ones until their day or for 90 days."""
    events = source.selection.events().order_by("starts_at", "pk")
    today = dt.datetime.combine(timezone.now().date(), dt.time(), dt.UTC)
    forgotten = Q(state=Event.State.CANCELLED, cancelled_at__lt=today - CANCELLED_FOR, ends_at__lt=today)
    if source.everything:
        return events.exclude(forgotten)
    return events.exclude(forgotten).filter(ends_at__gte=today - BACK, starts_at__lt=today + AHEAD)


def _with_kept_lines(source: Source) -> list[Row]:
    """What the feed shows, in order. One statement, read without the ORM: that would cost more than all the rest."""
    still_good = Q(
        stored_lines__key=source.lines_key,
        stored_lines__epoch=source.epoch,
        stored_lines__written_from=F("changed_at"),
    )
    events = events_of(source).annotate(kept=FilteredRelation("stored_lines", condition=still_good))
    statement, values = events.values_list("pk", "time_zone", "kept__octets").query.sql_with_params()
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
            octets = _vevent(source, event)
        except DatabaseError:
            raise
        except Exception:
            log.exception("event %s cannot be written into calendars", event.pk)
            continue
        known = {"tenant_id": event.tenant_id, "event": event, "key": source.lines_key, "epoch": source.epoch}
        rows.append(StoredEvent(**known, written_from=event.changed_at, octets=octets))
    return rows


def _vevent(source: Source, event: Event) -> bytes:
    selection = source.selection
    return render.vevent(
        selection.narrowed(seen(event, selection.audience)),
        dtstamp=event.changed_at,
        last_modified=event.changed_at,
        url=_address(source, event),
        alarm=selection.alarm,
    )


def _address(source: Source, event: Event) -> str:
    """Of the page where the reader of this feed sees more; "" where there is none."""
    if source.selection.detail == Detail.BUSY:
        return ""
    if source.selection.scope in OF_STAFF:
        page = reverse("event-detail", kwargs={"tenant": source.slug, "pk": event.pk})
    elif event.is_public:
        page = reverse("public-event", kwargs={"uid": event.uid})
    else:
        return ""
    return f"{settings.BASE_URL}{page}"
