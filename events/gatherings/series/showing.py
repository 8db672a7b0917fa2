"""What pages tell of a series: its meetings with what became of each, and its neighbours on a meeting's page."""

import datetime as dt
import zoneinfo
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from events.gatherings.days import last_day_of
from events.gatherings.models import Event
from events.gatherings.series.rules import Occurrence, Rule


@dataclass(frozen=True)
class Coming:
    """One date of a preview, on its own clock."""

    starts: dt.datetime
    ends: dt.datetime
    all_day: bool

    @property
    def last_day(self) -> dt.date | None:
        return last_day_of(self.starts, self.ends)


@dataclass(frozen=True)
class Beside:
    """Where `event` stands among its series' meetings that take or took place."""

    number: int
    total: int
    before: Event | None
    after: Event | None


def preview(rule: Rule, times: tuple[Occurrence, ...], *, after: int = 0) -> list[Coming]:
    """The dates from the one after the first `after` on, without a zone: templates show them as they are."""
    there = zoneinfo.ZoneInfo(rule.zone)
    walls = (
        [at.astimezone(there).replace(tzinfo=None) for at in (one.starts_at, one.ends_at)]
        for one in times[after:]
    )
    return [Coming(starts, ends, rule.all_day) for starts, ends in walls]


def beside(event: Event) -> Beside:
    """Cancelled ones are not counted, but for itself. Three queries."""
    others = Event.objects.of(event.tenant_id).filter(series=event.series_id).exclude(pk=event.pk)
    others = others.exclude(state=Event.State.CANCELLED)
    earlier, later = Q(recurrence_at__lt=event.recurrence_at), Q(recurrence_at__gt=event.recurrence_at)
    counted: dict[str, Any] = others.aggregate(total=Count("pk"), before=Count("pk", filter=earlier))
    return Beside(
        number=counted["before"] + 1,
        total=counted["total"] + 1,
        before=others.filter(earlier).order_by("-recurrence_at").first(),
        after=others.filter(later).order_by("recurrence_at").first(),
    )
