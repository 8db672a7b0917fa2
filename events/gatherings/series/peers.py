"""Which meetings of a series are still as one of them is, so that a change can be made to all of them at once."""

import datetime as dt
from typing import Any

from django.utils import timezone

from events.gatherings.models import Event
from events.gatherings.series.copying import COPIED

OPEN = (Event.State.DRAFT, Event.State.PUBLISHED)
LINKS = ("host_links", "measure_links", "programme__appearances", "programme__measure_links")
ITEM = ("position", "day", "starts", "title", "place", "notes", "kind", "level", "papers")


def unchanged_after(event: Event) -> list[Event]:
    """Those later by the rule, still to come, that say what `event` says and are as far from their rule as it is.

    Twelve queries. One that somebody changed by itself is not among them.
    """
    if event.recurrence_at is None:
        return []
    later = Event.objects.of(event.tenant_id).filter(series=event.series_id, state__in=OPEN)
    later = later.filter(recurrence_at__gt=event.recurrence_at, starts_at__gt=timezone.now())
    found = later.order_by("recurrence_at").prefetch_related(*LINKS)
    mine = _says(Event.objects.of(event.tenant_id).prefetch_related(*LINKS).get(pk=event.pk))
    return [one for one in found if _says(one) == mine]


def _says(event: Event) -> tuple[Any, ...]:
    return (
        [getattr(event, name) for name in sorted(COPIED)],
        [_off(event, event.starts_at), _off(event, event.ends_at)],
        [link.organisation_id for link in event.host_links.all()],
        sorted(link.measure_id for link in event.measure_links.all()),
        [
            [getattr(item, name) for name in ITEM]
            + [(one.name, one.office, one.role) for one in item.appearances.all()]
            + sorted(link.measure_id for link in item.measure_links.all())
            for item in event.programme.all()
        ],
    )


def _off(event: Event, moment: dt.datetime | None) -> dt.timedelta | None:
    """How far from the rule, on the wall clock."""
    if moment is None or event.recurrence_at is None:
        return None
    walls = (event.local(each).replace(tzinfo=None) for each in (moment, event.recurrence_at))
    return next(walls) - next(walls)
