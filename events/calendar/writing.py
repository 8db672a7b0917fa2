"""Writes the feed of a tenant's events. Only events that changed are written anew; the lines of the others are kept."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, replace

from django.conf import settings
from django.db.models import F, FilteredRelation, Q
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from events.calendar import render
from events.calendar.models import StoredEvent
from events.gatherings.models import Event, EventQuerySet
from events.gatherings.visibility import Audience, SeenEvent, prefetch_for_seen, seen

BACK, AHEAD = dt.timedelta(days=183), dt.timedelta(days=548)  # half a year, and a year and a half
CANCELLED_FOR = dt.timedelta(days=90)
BATCH = 500


@dataclass(frozen=True)
class Source:
    """What a feed is written from. `epoch` names all that its lines depend on beside the events themselves."""

    scope: str  # "public" or "staff"
    tenant_id: int
    slug: str
    name: str
    language: str
    everything: bool
    epoch: str

    @property
    def key(self) -> str:
        return f"{self.scope}:{self.slug}:{self.language}"

    @property
    def audience(self) -> Audience:
        return Audience.PUBLIC if self.scope == "public" else Audience.ORGANISER


def write(source: Source) -> bytes:
    """The feed's calendar. Equal rows give equal bytes. Keeps the lines of each event it had to write."""
    with translation.override(source.language):
        rows = list(_with_kept_lines(source))
        anew = _write_anew(source, [pk for pk, _zone, octets in rows if octets is None])
        vevents = [anew.get(pk, b"") if octets is None else octets for pk, _zone, octets in rows]
        name = (
            source.name if source.scope == "public" else _("%(tenant)s, for staff") % {"tenant": source.name}
        )
        return render.calendar(vevents, name=name, zones={zone for _pk, zone, _octets in rows})


def events_of(source: Source) -> EventQuerySet:
    """The events a feed shows: no drafts, no vague dates, cancelled ones until their day or for 90 days."""
    events = Event.objects.of(source.tenant_id).in_calendar().order_by("starts_at", "pk")
    if source.scope == "public":
        events = events.filter(is_public=True)
    today = dt.datetime.combine(timezone.now().date(), dt.time(), dt.UTC)
    forgotten = Q(state=Event.State.CANCELLED, cancelled_at__lt=today - CANCELLED_FOR, ends_at__lt=today)
    if source.everything:
        return events.exclude(forgotten)
    return events.exclude(forgotten).filter(ends_at__gte=today - BACK, starts_at__lt=today + AHEAD)


def _with_kept_lines(source: Source) -> "Collection[tuple[int, str, bytes | None]]":
    """(id, zone, kept lines or None) of each event the feed shows, in order. One statement."""
    still_good = Q(
        stored_lines__key=source.key,
        stored_lines__epoch=source.epoch,
        stored_lines__written_from=F("changed_at"),
    )
    events = events_of(source).annotate(kept=FilteredRelation("stored_lines", condition=still_good))
    return events.values_list("pk", "time_zone", "kept__octets")


def _write_anew(source: Source, ids: list[int]) -> dict[int, bytes]:
    lines: dict[int, bytes] = {}
    for start in range(0, len(ids), BATCH):
        events = Event.objects.of(source.tenant_id).filter(pk__in=ids[start : start + BATCH])
        # One event after an edit: `seen` loads by itself what its audience needs, which is less.
        rows = [_lines(source, event) for event in (events if len(ids) == 1 else prefetch_for_seen(events))]
        StoredEvent.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["event", "key"],
            update_fields=["epoch", "written_from", "octets"],
        )
        lines |= {row.event_id: bytes(row.octets) for row in rows}
    return lines


def _lines(source: Source, event: Event) -> StoredEvent:
    octets = render.vevent(
        unnamed(seen(event, source.audience)),
        dtstamp=event.changed_at,
        last_modified=event.changed_at,
        url=_address(source, event),
    )
    return StoredEvent(
        tenant_id=source.tenant_id,
        event=event,
        key=source.key,
        epoch=source.epoch,
        written_from=event.changed_at,
        octets=octets,
    )


def unnamed(facts: SeenEvent) -> SeenEvent:
    """Without persons: a feed is kept by Google and others, and a calendar needs no names."""
    items = tuple(replace(item, speakers=()) for item in facts.programme)
    return replace(facts, chair="", programme=items, contact_name="", contact_email="", contact_phone="")


def _address(source: Source, event: Event) -> str:
    if source.scope == "public":
        page = reverse("public-event", kwargs={"uid": event.uid})
    else:
        page = reverse("event-detail", kwargs={"tenant": source.slug, "pk": event.pk})
    return f"{settings.BASE_URL}{page}"
