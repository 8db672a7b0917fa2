"""One event as a calendar file, for who wants it in the own calendar without an invitation or a feed.

Without METHOD: RFC 5546 (section 3.2.1) wants an ORGANIZER in what is published, and a file names no person. What
has no METHOD is a plain snapshot; by UID and SEQUENCE, the same as in feed and invitation, programs know it again.
"""

import hashlib
import uuid
from dataclasses import dataclass

from django.utils import timezone, translation

from events.calendar import render
from events.calendar.reading import Source
from events.calendar.selections import Scope, Selection
from events.calendar.stored import Kept
from events.calendar.writing import vevent_of
from events.gatherings.models import Event
from events.gatherings.visibility import Audience, seen
from events.tenancy.models import Tenant


@dataclass(frozen=True)
class EventFile:
    """`kept.etag` is the hash of the bytes, `kept.changed_at` that of the row."""

    octets: bytes
    kept: Kept
    language: str
    name: str


def for_public(uid: uuid.UUID) -> EventFile | None:
    """As the public calendar of its tenant shows it, in the tenant's language: one file for all. None where the public
    may not know of it, while it is locked, and for a vague date. Two queries.
    """
    events = Event.objects.across_tenants("the public's file of an event").announced()
    event = events.filter(uid=uid, starts_at__isnull=False).select_related("tenant").first()
    return _written(event, Scope.PUBLIC, event.tenant, event.tenant.language) if event else None


def for_staff(tenant: Tenant, pk: int, *, language: str) -> EventFile | None:
    """As the staff's feed shows it: never persons. None for drafts, vague dates and while it is locked."""
    event = Event.objects.of(tenant).in_calendar().filter(pk=pk).first()
    return _written(event, Scope.STAFF, tenant, language) if event else None


def _written(event: Event, scope: str, tenant: Tenant, language: str) -> EventFile:
    source = Source(
        Selection(tenant.pk, scope), tenant.slug, tenant.name, language, True, timezone.now().date(), ""
    )
    with translation.override(language):
        vevent = vevent_of(source, event)
        zones = render.zones_of(seen(event, Audience.PUBLIC))
    octets = render.calendar([vevent], method=None, zones=zones)
    day = f"{event.starts_local:%Y-%m-%d}"
    kept = Kept("", hashlib.sha256(octets).hexdigest()[:32], event.changed_at)
    return EventFile(octets, kept, language, f"{tenant.slug}-{day}.ics")
