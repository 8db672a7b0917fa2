"""The other meetings of a series, made as copies of one: what it says, without whoever is invited to it."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import TypeVar

from django.utils import timezone

from events.gatherings.agenda import ItemMeasure
from events.gatherings.attending import GUEST_FIELDS
from events.gatherings.clock import SkippedHour, moment, usual_deadline
from events.gatherings.models import Appearance, Event, EventHost, EventMeasure, ProgrammeItem
from events.gatherings.revisions import WHERE
from events.gatherings.series.models import Series
from events.gatherings.series.rules import Occurrence

Row = TypeVar("Row", EventHost, EventMeasure, ProgrammeItem, Appearance, ItemMeasure)
# What a copy has from its pattern. A test asks of every field of `Event` whether it is here or among its own.
COPIED = (
    WHERE
    | frozenset(
        {
            "kind",
            "format_id",
            "title",
            "purpose",
            "language",
            "time_zone",
            "all_day",
            "chair",
            "responsible_id",
        }
    )
    | frozenset({"place_for_public", "place_for_invited", "is_public"})
    | frozenset({"contact_name", "contact_email", "contact_phone", "search"})
    | frozenset({"capacity", "waitlist", "per_organisation", "companions", "substitutes", "asks_needs"})
    | frozenset({f"{name}_for" for name in GUEST_FIELDS})
    | frozenset({"place_hours_before", "police_attends", "press_attends", "ex_officio"})
)


def copies(pattern: Event, series: Series, times: Iterable[Occurrence]) -> list[Event]:
    """Makes a draft for each of `times`, with the pattern's hosts, measures and programme. Eleven statements."""
    rows = [_draft(pattern, series, each) for each in times]
    Event.objects.bulk_create(rows)
    hosts, measures = list(pattern.host_links.all()), list(pattern.measure_links.all())
    EventHost.objects.bulk_create(_same(host, event=event) for event in rows for host in hosts)
    EventMeasure.objects.bulk_create(_same(link, event=event) for event in rows for link in measures)
    _programmes(pattern, rows)
    return rows


def answer_by(pattern: Event, starts_at: dt.datetime) -> dt.datetime | None:
    """As long before `starts_at` on the wall clock as the pattern's deadline is before its own start."""
    starts, deadline = pattern.starts_local, pattern.answer_by_local
    if starts is None or deadline is None:
        return None
    before = starts.replace(tzinfo=None) - deadline.replace(tzinfo=None)
    wall = pattern.local(starts_at).replace(tzinfo=None) - before
    try:
        found = moment(wall.date(), wall.time(), pattern.time_zone, "first")
    except SkippedHour:
        found = usual_deadline(starts_at, pattern.time_zone, now=timezone.now())
    return min(found, starts_at) if found > timezone.now() else starts_at


def _draft(pattern: Event, series: Series, times: Occurrence) -> Event:
    """Without `save`: `bulk_create` does not ask it for the columns that it keeps."""
    row = Event(tenant_id=pattern.tenant_id, series=series, recurrence_at=times.starts_at)
    for name in COPIED:
        setattr(row, name, getattr(pattern, name))
    row.starts_at, row.ends_at = times.starts_at, times.ends_at
    row.answer_by = answer_by(pattern, times.starts_at)
    row.sort_on = row.local(times.starts_at).date()
    return row


def _programmes(pattern: Event, rows: Sequence[Event]) -> None:
    known = list(pattern.programme.prefetch_related("appearances", "measure_links"))
    pairs = [(item, _same(item, event=event)) for event in rows for item in known]
    ProgrammeItem.objects.bulk_create(made for _item, made in pairs)
    Appearance.objects.bulk_create(
        _same(speaker, item=made) for item, made in pairs for speaker in item.appearances.all()
    )
    ItemMeasure.objects.bulk_create(
        _same(link, item=made) for item, made in pairs for link in item.measure_links.all()
    )


def _same(row: Row, **of: object) -> Row:
    """A new row with all that `row` says, belonging to another."""
    facts = {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if not field.primary_key and field.name not in of
    }
    return type(row)(**facts, **of)
