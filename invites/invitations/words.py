"""Moments in words for mails, on the clock of the event's own zone (rule 11), in the active language."""

import datetime as dt
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from events.gatherings.models import Event
from events.gatherings.visibility import SeenEvent


def day(local: dt.date) -> str:
    """Such as "mandag 7. desember 2026"."""
    return date_format(local, _("l j F Y"))


def moment(local: dt.datetime) -> str:
    """Such as "mandag 7. desember 2026 kl. 17:00"."""
    return _("%(day)s at %(time)s") % {"day": day(local), "time": f"{local:%H:%M}"}


def start(event: Event) -> str:
    """When it begins: the moment, the day alone for an all-day event, "" without a time."""
    if event.starts_local is None:
        return ""
    return day(event.starts_local) if event.all_day else moment(event.starts_local)


def days(first: dt.date, last: dt.date) -> str:
    """Of an all-day event; `last` is the last day it is on. Such as "mandag 7. desember 2026, hele dagen"."""
    if first == last:
        return _("%(day)s, all day") % {"day": day(first)}
    return _("%(starts)s to %(ends)s") % {"starts": day(first), "ends": day(last)}


def when(seen: SeenEvent, *, reader_zone: str) -> str:
    """From when to when; the zone is named where the reader's clock shows another time. "" without a time.

    An all-day event is on its days wherever it is read, as in calendars, so no zone is named.
    """
    starts, ends = seen.starts_local, seen.ends_local
    if starts is None or ends is None:
        return seen.vague_words
    if seen.all_day:
        return days(starts.date(), seen.last_day or starts.date())
    if starts.date() == ends.date():
        times = _("%(day)s, %(starts)s–%(ends)s") % {
            "day": day(starts),
            "starts": f"{starts:%H:%M}",
            "ends": f"{ends:%H:%M}",
        }
    else:
        times = _("%(starts)s to %(ends)s") % {"starts": moment(starts), "ends": moment(ends)}
    if starts.utcoffset() == starts.astimezone(ZoneInfo(reader_zone)).utcoffset():
        return times
    place = seen.time_zone.rpartition("/")[2].replace("_", " ")
    return _("%(times)s (%(zone)s time)") % {"times": times, "zone": place}


def answer_by(seen: SeenEvent) -> str:
    """The answer deadline, or "" when there is none."""
    return moment(seen.answer_by.astimezone(ZoneInfo(seen.time_zone))) if seen.answer_by else ""


def place_opens(seen: SeenEvent) -> str:
    """When those who come are told the exact place, where that is later than their yes; "" otherwise."""
    if seen.place_opens_at is None or seen.starts_at is None:
        return ""
    return moment(seen.place_opens_at.astimezone(ZoneInfo(seen.time_zone)))


def programme(seen: SeenEvent) -> list[str]:
    """One line an item: "Day 2, 17:00 Welcome (Kari Nordmann, mayor)"; the day only where there are several."""
    several = any(item.day > 1 for item in seen.programme)
    items = []
    for item in seen.programme:
        start = [_("Day %(number)s") % {"number": item.day}] if several else []
        start += [f"{item.starts:%H:%M}"] if item.starts else []
        speakers = f" ({'; '.join(item.speakers)})" if item.speakers else ""
        items.append(f"{', '.join(start)} {item.title}{speakers}".strip())
    return items
