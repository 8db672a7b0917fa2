"""Writes the feed of a tenant's events. Only events that changed are written anew; the lines of the others are kept."""

import logging
from collections.abc import Iterable

from django.conf import settings
from django.db import DatabaseError
from django.urls import reverse
from django.utils import translation

from events import prepared
from events.calendar import packing, render
from events.calendar.models import StoredEvent
from events.calendar.reading import Octets, Source, one_event, with_kept_lines
from events.calendar.selections import Detail, Scope
from events.gatherings.models import Event
from events.gatherings.visibility import prefetch_for_seen, seen

log = logging.getLogger(__name__)

BATCH = 500
UNIQUE = ("event", "key")  # of kept lines


def write(source: Source) -> list[bytes]:
    """The feed's calendar in pieces (see `packing`). Equal rows give equal bytes.

    Keeps the lines of each event it had to write. An event that cannot be written is left out and told to the log:
    one bad row must not take the calendar from everybody. Raises DatabaseError.
    """
    with translation.override(source.language):
        rows = with_kept_lines(source)
        anew = _write_anew(source, [pk for pk, _zone, octets in rows if octets is None])
        parts = [(pk, anew.get(pk, b"") if octets is None else octets) for pk, _zone, octets in rows]
        zones = {
            zone for pk, zone, octets in rows if octets is not None or pk in anew
        }  # a bad row's may be none
        head = render.head(name=source.selection.title(source.name), zones=zones)
        return list(packing.in_pieces(head, parts, render.END))


def _write_anew(source: Source, ids: list[int]) -> dict[int, Octets]:
    """Writes these events and keeps their lines. One event after an edit has statements of its own, much cheaper."""
    tenant_id, audience = source.selection.tenant_id, source.selection.audience
    if len(ids) == 1:
        one = one_event(tenant_id, ids[0], audience)
        rows = _lines(source, [one] if one else [])
        for row in rows:
            prepared.put(row, by=UNIQUE)
        return {row.event_id: row.octets for row in rows}
    lines: dict[int, Octets] = {}
    for start in range(0, len(ids), BATCH):
        events = Event.objects.of(tenant_id).filter(pk__in=ids[start : start + BATCH])
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
    if source.selection.scope in (Scope.STAFF, Scope.MINE):
        page = reverse("event-detail", kwargs={"tenant": source.slug, "pk": event.pk})
    elif event.is_public:
        page = reverse("public-event", kwargs={"uid": event.uid})
    else:
        return ""
    return f"{settings.BASE_URL}{page}"
