"""What search engines read of a public event: schema.org's Event as JSON-LD, in a data block of the page.

The block is no script: browsers never run it, and our policy (script-src 'self') does not ask about it.
"""

import json
from collections.abc import Iterable
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString

from events.calendar.listing.moments import ends, starts
from events.gatherings.visibility import SeenEvent

# Inside <script> only "<" matters; the others are what Django's json_script escapes, for readers that decode first.
ESCAPED = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


def block(events: Iterable[dict[str, Any] | None]) -> SafeString:
    """The element to stand in the page, "" without events. Names are escaped in JSON's own way: pure ASCII."""
    known = [event for event in events if event]
    if not known:
        return SafeString("")
    written = json.dumps(known[0] if len(known) == 1 else known).translate(ESCAPED)
    return format_html('<script type="application/ld+json">{}</script>', SafeString(written))  # ESCAPED above


def event_data(event: SeenEvent, *, arranged_by: str, page: str) -> dict[str, Any] | None:
    """The event as the public sees it; None for a vague date, which must not become a day. `page` is its address."""
    if event.starts_at is None:
        return None
    status = "EventCancelled" if event.cancelled else "EventScheduled"
    facts = {
        "@context": "https://schema.org",
        "@type": "Event",
        "@id": event.uid.urn,
        "name": event.title,
        "description": event.purpose,
        "startDate": starts(event),
        "endDate": ends(event),
        "eventStatus": f"https://schema.org/{status}",
        "location": _place(event),
        # A link to join online is for those who come, so that nothing is said of a meeting without a place.
        "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode" if event.place else "",
        "organizer": {"@type": "Organization", "name": arranged_by},
        "inLanguage": event.language,
        "url": page,
    }
    return {name: value for name, value in facts.items() if value}


def _place(event: SeenEvent) -> dict[str, Any] | None:
    """As far down the ladder as the public sees."""
    if not event.place:
        return None
    address = {"@type": "PostalAddress", "addressLocality": event.city} if event.city else event.place
    return {"@type": "Place", "name": event.place, "address": address}
