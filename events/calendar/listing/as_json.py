"""Public events as JSON, for a municipality's own web site (docs/public-data.md says what each name means)."""

import json
from typing import Any

from django.utils import translation

from events.calendar.listing.facts import Listed, Listing, address, listing
from events.calendar.listing.moments import ends, starts, utc
from events.calendar.reading import Source
from events.gatherings.visibility import SeenEvent

VERSION = 1  # raise it when a name goes or means something else; a new name is no new version


def write(source: Source) -> list[bytes]:
    """The listing as one piece of JSON. Equal rows give equal bytes. Raises DatabaseError."""
    with translation.override(source.language):
        told = listing(source)
    return [compose(told, address("public-json", source.slug, told.query))]


def compose(told: Listing, own_address: str) -> bytes:
    """The bytes; pure. What is not known or not told is null, and every name is always there."""
    whole = {
        "version": VERSION,
        "title": told.title,
        "arranged_by": told.arranged_by,
        "language": told.language,
        "url": own_address,
        "updated": utc(told.updated),
        "events": [_event(each) for each in told.events],
    }
    return json.dumps(whole, ensure_ascii=False, indent=1).encode() + b"\n"


def _event(told: Listed) -> dict[str, Any]:
    event = told.event
    return {
        "uid": str(event.uid),
        "title": event.title,
        "status": "cancelled" if event.cancelled else "scheduled",
        "kind": event.kind or None,
        "kind_label": event.kind_label or None,
        "starts": starts(event),
        "ends": ends(event),
        "time_zone": event.time_zone if event.starts_at else None,
        "vague": _vague(event),
        "place": event.place or None,
        "city": event.city or None,
        "hosts": list(event.hosts),
        "purpose": event.purpose or None,
        "language": event.language or None,
        "url": told.page or None,
        "calendar_url": told.file or None,
        "updated": utc(told.changed_at),
        "sequence": event.sequence,
    }


def _vague(event: SeenEvent) -> dict[str, str] | None:
    """`from` is the first day the words may mean, never the day of the event."""
    if event.vague is None:
        return None
    first, precision = event.vague.first, event.vague.precision
    return {"from": first.isoformat(), "precision": str(precision), "words": event.vague_words}
