"""The demo's series: a forum each quarter, as drafts that whoever tries the demo publishes."""

import datetime as dt
import uuid

from django.db import transaction
from django.utils import timezone

from config.demo.facts import Facts
from config.demo.meetings import evening, wednesday, what
from events.gatherings import services as gatherings
from events.gatherings.models import Event
from events.gatherings.series import services as repeating
from events.gatherings.series.rules import Frequency, Rule
from events.tenancy.models import Tenant, User

WEEKS_AHEAD = 5


def again(tenant: Tenant, rows: list[Facts], *, by: User) -> None:
    """On the second Wednesday of a month, some weeks ahead. Found again by the key; a second run adds nothing."""
    for row in rows:
        uid = uuid.uuid5(uuid.NAMESPACE_URL, f"demo:{tenant.slug}:{row['key']}")
        if Event.objects.of(tenant).filter(uid=uid).exists():
            continue
        times = evening(_second_wednesday(), row["from"], row["to"])
        with transaction.atomic():
            event = gatherings.create(tenant=tenant, by=by, uid=uid, **what(tenant, row, times))
            starts, lasts = times["starts_at"].replace(tzinfo=None), times["ends_at"] - times["starts_at"]
            rule = Rule(
                Frequency.MONTHLY_WEEKDAY,
                starts,
                lasts,
                event.time_zone,
                interval=row["months"],
                count=row["count"],
            )
            repeating.make(event, by=by, rule=rule)


def _second_wednesday() -> dt.date:
    earliest = timezone.localdate() + dt.timedelta(weeks=WEEKS_AHEAD)
    for first in (earliest.replace(day=1), (earliest.replace(day=1) + dt.timedelta(days=32)).replace(day=1)):
        day = wednesday(first) + dt.timedelta(weeks=1)
        if day >= earliest:
            break
    return day
