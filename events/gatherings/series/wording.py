"""A rule in words, in the active language: "every second month, on the second Tuesday"."""

import datetime as dt
import zoneinfo
from collections.abc import Sequence
from typing import Any

from django.utils import formats
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from events.dates import is_twice_in_zone
from events.gatherings.models import Event
from events.gatherings.series.rules import Frequency, Occurrence, Rule, nth


def choices(day: dt.date, *, last: bool) -> list[tuple[str, str]]:
    """How a meeting on `day` may come again; `last` when it is the last such weekday of its month."""
    offered = [Frequency.WEEKLY, Frequency.MONTHLY_DATE, Frequency.MONTHLY_WEEKDAY, Frequency.YEARLY]
    if nth(day) > 4:  # most months have no fifth
        offered.remove(Frequency.MONTHLY_WEEKDAY)
    if last:
        offered.insert(-1, Frequency.MONTHLY_LAST)
    return [(each, how_often(each, day, 1)) for each in offered]


def rule_words(rule: Rule) -> str:
    """How often, and until when."""
    often = how_often(rule.frequency, rule.starts.date(), rule.interval)
    if rule.until:
        until = formats.date_format(rule.until, "DATE_FORMAT")
        return _("%(often)s, until %(until)s") % {"often": often, "until": until}
    return ngettext("%(often)s, %(n)s time", "%(often)s, %(n)s times", rule.count or 0) % {
        "often": often,
        "n": rule.count,
    }


def how_often(frequency: str, day: dt.date, interval: int) -> str:
    on = {"day": day.day, "weekday": str(WEEKDAYS[day.weekday()]), "nth": _nth(nth(day)), "n": interval}
    if frequency == Frequency.WEEKLY:
        words = ngettext("every week on %(weekday)s", "every %(n)s weeks on %(weekday)s", interval)
    elif frequency == Frequency.MONTHLY_DATE:
        words = ngettext("every month on day %(day)s", "every %(n)s months on day %(day)s", interval)
    elif frequency == Frequency.MONTHLY_WEEKDAY:
        words = ngettext(
            "every month on the %(nth)s %(weekday)s",
            "every %(n)s months on the %(nth)s %(weekday)s",
            interval,
        )
    elif frequency == Frequency.MONTHLY_LAST:
        words = ngettext(
            "every month on the last %(weekday)s", "every %(n)s months on the last %(weekday)s", interval
        )
    else:
        on["date"] = formats.date_format(day, "MONTH_DAY_FORMAT")
        words = ngettext("every year on %(date)s", "every %(n)s years on %(date)s", interval)
    return words % on


def day_of(event: Event) -> str:
    starts = event.starts_local
    return formats.date_format(starts.date(), "DATE_FORMAT") if starts else ""


def warnings(rule: Rule, times: Sequence[Occurrence]) -> list[str]:
    """What may surprise whoever reads the dates."""
    found = []
    if rule.frequency == Frequency.MONTHLY_DATE and rule.starts.day > 28:
        found.append(_("Months without day %(day)s have no meeting.") % {"day": rule.starts.day})
    if rule.frequency == Frequency.YEARLY and (rule.starts.month, rule.starts.day) == (2, 29):
        found.append(_("Only years with a 29 February have a meeting."))
    there = zoneinfo.ZoneInfo(rule.zone)
    for one in times:
        local = one.starts_at.astimezone(there)
        if is_twice_in_zone(local.replace(tzinfo=None), there):
            sentence = _("On %(day)s this time comes twice, because clocks go back. The first one is meant.")
            found.append(sentence % {"day": formats.date_format(local.date(), "DATE_FORMAT")})
    return found


def _nth(number: int) -> Any:
    return {
        1: pgettext("weekday of the month", "first"),
        2: pgettext("weekday of the month", "second"),
        3: pgettext("weekday of the month", "third"),
        4: pgettext("weekday of the month", "fourth"),
    }.get(number, "")
