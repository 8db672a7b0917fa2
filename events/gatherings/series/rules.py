"""How a meeting comes again: a rule as data, expanded on the clock of the wall (RFC 5545, section 3.3.10). Pure."""

import calendar
import datetime as dt
import zoneinfo
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import takewhile

from dateutil import rrule
from django.db import models
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events.gatherings.clock import SkippedHour, moment
from events.gatherings.days import day_begins

MOST = 200  # meetings of one series
LONGEST_INTERVAL = 52
LAST_DAY = dt.date(2099, 12, 31)  # of any event (see times.py)
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


class Frequency(models.TextChoices):
    """What the first meeting's day says of the others: its weekday, its date, which Tuesday of the month it is."""

    WEEKLY = "weekly", gettext_lazy("every week")
    MONTHLY_DATE = "monthly_date", gettext_lazy("every month, on the same date")
    MONTHLY_WEEKDAY = "monthly_weekday", gettext_lazy("every month, on the same weekday")
    MONTHLY_LAST = "monthly_last", gettext_lazy("every month, on the last such weekday")
    YEARLY = "yearly", gettext_lazy("every year")


class Impossible(ValueError):
    """The rule cannot be a series: `field` says which part of it, `str()` is a sentence in the active language."""

    def __init__(self, field: str, sentence: str) -> None:
        self.field = field
        super().__init__(sentence)


@dataclass(frozen=True)
class Rule:
    """`starts` is the wall clock of the first meeting, `lasts` its length there. One of `until` and `count` ends it.

    `all_day`: `starts` is the midnight of its first day, `lasts` whole days.
    """

    frequency: str
    starts: dt.datetime
    lasts: dt.timedelta
    zone: str
    interval: int = 1
    until: dt.date | None = None
    count: int | None = None
    all_day: bool = False


@dataclass(frozen=True)
class Occurrence:
    """One meeting as the rule says it, in UTC."""

    starts_at: dt.datetime
    ends_at: dt.datetime


@lru_cache(maxsize=512)
def occurrences(rule: Rule) -> tuple[Occurrence, ...]:
    """All meetings of the rule, in order. An hour that comes twice is the first of the two (RFC 5545, section 3.3.5).

    Raises Impossible for a rule with fewer than two or more than MOST meetings, one that runs past 2099, one whose
    first day is not one of its days, and a time that the clock skips on one of the days.
    """
    if rule.until and rule.until < rule.starts.date():
        raise Impossible("until", _("The last day is before the first meeting."))
    walls = list(_walls(rule))
    if rule.count and len(walls) < min(rule.count, MOST):
        raise Impossible("count", _("The series would run past the year 2099. Choose fewer meetings."))
    if len(walls) > MOST:
        field = "until" if rule.until else "count"
        sentence = _("These would be more than %(most)s meetings. Let the series end earlier.")
        raise Impossible(field, sentence % {"most": MOST})
    if not walls or walls[0] != rule.starts:
        raise Impossible(
            "frequency", _("The first meeting is not on a day of this rule. Choose another one.")
        )
    if len(walls) < 2:
        field = "until" if rule.until else "count"
        raise Impossible(field, _("This is only one meeting. Let the series end later."))
    return tuple(_occurrence(wall, rule) for wall in walls)


def nth(day: dt.date) -> int:
    """Which weekday of its month it is: 2 for a second Tuesday."""
    return (day.day - 1) // 7 + 1


def is_last(day: dt.date) -> bool:
    """Whether it is the last such weekday of its month."""
    return day.day + 7 > calendar.monthrange(day.year, day.month)[1]


def recurrence(rule: Rule, last: dt.datetime) -> str:
    """The rule as a RECUR value up to the meeting at `last` (UTC). Nothing of what comes after is told."""
    start = rule.starts
    by = {
        Frequency.WEEKLY: f"FREQ=WEEKLY{{}};BYDAY={DAYS[start.weekday()]}",
        Frequency.MONTHLY_DATE: f"FREQ=MONTHLY{{}};BYMONTHDAY={start.day}",
        Frequency.MONTHLY_WEEKDAY: f"FREQ=MONTHLY{{}};BYDAY={nth(start)}{DAYS[start.weekday()]}",
        Frequency.MONTHLY_LAST: f"FREQ=MONTHLY{{}};BYDAY=-1{DAYS[start.weekday()]}",
        Frequency.YEARLY: f"FREQ=YEARLY{{}};BYMONTH={start.month};BYMONTHDAY={start.day}",
    }[Frequency(rule.frequency)]
    interval = f";INTERVAL={rule.interval}" if rule.interval > 1 else ""
    if rule.all_day:  # UNTIL is of the kind that DTSTART is (section 3.3.10)
        until = f"{last.astimezone(zoneinfo.ZoneInfo(rule.zone)):%Y%m%d}"
    else:
        until = f"{last.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}"
    return by.format(f";UNTIL={until}{interval}")


def _walls(rule: Rule) -> Iterator[dt.datetime]:
    """At most MOST + 1 of them, none after LAST_DAY."""
    start = rule.starts
    weekday = rrule.weekdays[start.weekday()]
    by = {
        Frequency.WEEKLY: {"freq": rrule.WEEKLY},
        Frequency.MONTHLY_DATE: {"freq": rrule.MONTHLY, "bymonthday": start.day},
        Frequency.MONTHLY_WEEKDAY: {"freq": rrule.MONTHLY, "byweekday": weekday(nth(start))},
        Frequency.MONTHLY_LAST: {"freq": rrule.MONTHLY, "byweekday": weekday(-1)},
        Frequency.YEARLY: {"freq": rrule.YEARLY, "bymonth": start.month, "bymonthday": start.day},
    }[Frequency(rule.frequency)]
    most = min(rule.count or MOST + 1, MOST + 1)
    last = min(rule.until or LAST_DAY, LAST_DAY)
    walls = rrule.rrule(dtstart=start, interval=rule.interval, count=most, **by)
    yield from takewhile(lambda wall: wall.date() <= last, walls)


def _occurrence(wall: dt.datetime, rule: Rule) -> Occurrence:
    end = wall + rule.lasts
    if rule.all_day:
        return Occurrence(day_begins(wall.date(), rule.zone), day_begins(end.date(), rule.zone))
    try:
        starts_at = moment(wall.date(), wall.time(), rule.zone, "first")
        ends_at = moment(end.date(), end.time(), rule.zone, "first")
    except SkippedHour as skipped:
        day = formats.date_format(wall.date(), "DATE_FORMAT")
        sentence = _("On %(day)s this time does not exist, because clocks go forward. Choose another time.")
        raise Impossible("frequency", sentence % {"day": day}) from skipped
    if ends_at <= starts_at:  # both in the hour that comes twice
        ends_at = starts_at + rule.lasts
    return Occurrence(starts_at, ends_at)
