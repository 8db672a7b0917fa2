"""A tenant's events as feeds: the public one, and the secret one of its staff. No guest is in either (rule 5)."""

import datetime as dt
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from events.calendar import render, scopes
from events.calendar.models import Feed
from events.calendar.stored import OpenedFeed, kept
from events.gatherings.models import Event, EventQuerySet
from events.gatherings.visibility import Audience, SeenEvent, prefetch_for_seen, seen

FORMAT = 1  # raise it when `render` writes other bytes from the same facts
BACK, AHEAD = dt.timedelta(days=183), dt.timedelta(days=548)  # half a year, and a year and a half
CANCELLED_FOR = dt.timedelta(days=90)

# Which tenant, in which language, and what is kept for it: all that an unchanged feed needs to know (see stored.py).
PUBLIC = """
SELECT t.id, t.slug, t.name, t.language, COALESCE(v.version, 0), b.version, b.etag, b.changed_at
FROM events_tenant t
LEFT JOIN events_scheduleversion v ON v.tenant_id = t.id
LEFT JOIN events_storedbody b ON b.key = 'public:' || t.slug || ':' || t.language || %s
WHERE t.slug = %s
"""
STAFF = """
SELECT t.id, t.slug, t.name, COALESCE(NULLIF(u.language, ''), t.language), COALESCE(v.version, 0),
    b.version, b.etag, b.changed_at, f.id, f.last_used_on
FROM events_feed f
JOIN events_membership m ON m.id = f.membership_id
JOIN events_user u ON u.id = m.user_id
JOIN events_tenant t ON t.id = f.tenant_id
LEFT JOIN events_scheduleversion v ON v.tenant_id = t.id
LEFT JOIN events_storedbody b
    ON b.key = 'staff:' || t.slug || ':' || COALESCE(NULLIF(u.language, ''), t.language) || %s
WHERE f.token_hash = %s AND f.revoked_at IS NULL AND m.ended_at IS NULL AND u.is_active
"""


@dataclass(frozen=True)
class Source:
    """What a feed is written from."""

    scope: str
    tenant_id: int
    slug: str
    name: str
    language: str
    everything: bool

    @property
    def key(self) -> str:
        return f"{self.scope}:{self.slug}:{self.language}{_window_name(self.everything)}"


def public(slug: str, *, everything: bool) -> OpenedFeed | None:
    """The public feed of the tenant `slug`, None when there is no such tenant. One statement."""
    row = _row(PUBLIC, [_window_name(everything), slug])
    return _opened("public", row, everything) if row else None


def staff(digest: str, everything: bool) -> OpenedFeed | None:
    """The feed of a member of staff whose token has this digest, None when revoked or the membership has ended.

    One statement, and once a day a second one that notes the use.
    """
    row = _row(STAFF, [_window_name(everything), digest])
    if row is None:
        return None
    today = timezone.now().date()
    if str(row[9]) != str(today):
        with suppress(DatabaseError):  # a note is no reason to give no answer
            Feed.objects.of(row[0]).filter(pk=row[8]).update(last_used_on=today)
    return _opened("staff", row, everything)


scopes.register("staff", staff)


def _window_name(everything: bool) -> str:
    return ":all" if everything else ""


def _row(statement: str, values: list[str]) -> tuple[Any, ...] | None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        row: tuple[Any, ...] | None = cursor.fetchone()
    return row


def _opened(scope: str, row: tuple[Any, ...], everything: bool) -> OpenedFeed:
    tenant_id, slug, name, language, version, *body = row[:8]
    source = Source(scope, tenant_id, slug, name, language, everything)
    # The day, because what lies in the window changes with it; the rest, because it is written into the bytes.
    about = zlib.crc32(f"{name} {settings.BASE_URL}".encode())
    wanted = f"{version}.{timezone.now().date():%Y%m%d}.{FORMAT}.{about}"
    return OpenedFeed(
        key=source.key,
        version=wanted,
        kept=kept(*body),
        write=partial(write, source),
        language=language,
        file_name=f"{slug}.ics",
        public=scope == "public",
    )


def write(source: Source) -> bytes:
    """The feed's calendar, from the tables. Equal rows give equal bytes."""
    with translation.override(source.language):
        events = list(prefetch_for_seen(_events(source)))
        name = (
            source.name if source.scope == "public" else _("%(tenant)s, for staff") % {"tenant": source.name}
        )
        zones = {event.time_zone for event in events}
        return render.calendar(_vevents(source, events), name=name, zones=zones)


def _events(source: Source) -> EventQuerySet:
    events = Event.objects.of(source.tenant_id).in_calendar().order_by("starts_at", "pk")
    if source.scope == "public":
        events = events.filter(is_public=True)
    today = dt.datetime.combine(timezone.now().date(), dt.time(), dt.UTC)
    forgotten = Q(state=Event.State.CANCELLED, cancelled_at__lt=today - CANCELLED_FOR, ends_at__lt=today)
    if source.everything:
        return events.exclude(forgotten)
    return events.exclude(forgotten).filter(ends_at__gte=today - BACK, starts_at__lt=today + AHEAD)


def _vevents(source: Source, events: list[Event]) -> Iterator[bytes]:
    audience = Audience.PUBLIC if source.scope == "public" else Audience.ORGANISER
    for event in events:
        facts = unnamed(seen(event, audience))
        yield render.vevent(
            facts, dtstamp=event.changed_at, last_modified=event.changed_at, url=_address(source, event)
        )


def unnamed(facts: SeenEvent) -> SeenEvent:
    """Without persons: a feed is kept by Google and others, and a calendar needs no names."""
    items = tuple(replace(item, speakers=()) for item in facts.programme)
    return replace(facts, chair="", programme=items, contact_name="", contact_email="", contact_phone="")


def _address(source: Source, event: Event) -> str:
    if source.scope == "public":
        return ""
    page = reverse("event-detail", kwargs={"tenant": source.slug, "pk": event.pk})
    return f"{settings.BASE_URL}{page}"
