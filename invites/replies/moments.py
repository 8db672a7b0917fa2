"""Moments as calendars and mails write them, in UTC. Pure: what cannot be placed is None, nothing raises.

A zone is a name of tzdata, also at the end of a path; else the calendar's own VTIMEZONE tells its offsets, because
Exchange calls Oslo "W. Europe Standard Time". Only the yearly rule of one year is worked out, no rule is expanded.
"""

import calendar
import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

_MOMENT = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)T(\d\d):?(\d\d):?(\d\d)?\d*(Z?)", re.IGNORECASE | re.ASCII)
_DATE = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)", re.ASCII)
_OFFSET = re.compile(r"([+-])(\d\d)(\d\d)", re.ASCII)
_DURATION = re.compile(
    r"\+?P(?:(\d{1,3})W)?(?:(\d{1,3})D)?(?:T(?:(\d{1,4})H)?(?:(\d{1,5})M)?(?:(\d{1,6})S)?)?", re.ASCII
)
_BYDAY = re.compile(r"BYDAY=(-?\d)?(MO|TU|WE|TH|FR|SA|SU)", re.IGNORECASE)
_BYMONTH = re.compile(r"BYMONTH=(\d{1,2})(?!\d)", re.IGNORECASE | re.ASCII)
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@dataclass(frozen=True)
class Turn:
    """Clocks are moved to `offset`: every year in `month`, on the `nth` `weekday`, when they show `at`."""

    offset: dt.timedelta
    month: int = 0  # 0: never moved
    nth: int = 1
    weekday: int = 0
    at: dt.time = dt.time()

    def in_year(self, year: int) -> dt.datetime:
        days = [
            day for week in calendar.monthcalendar(year, self.month) for day in (week[self.weekday],) if day
        ]
        nth = self.nth - 1 if self.nth > 0 else self.nth
        day = days[max(-len(days), min(nth, len(days) - 1))]
        return dt.datetime.combine(dt.date(year, self.month, day), self.at)


@dataclass
class Zones:
    """The zones that a calendar brings along, by their names there."""

    turns: dict[str, list[Turn]] = field(default_factory=dict)

    def add(self, name: str, observance: Mapping[str, str]) -> None:
        """`observance` is a STANDARD or DAYLIGHT: its TZOFFSETTO, DTSTART and RRULE."""
        offset = _OFFSET.match(observance.get("TZOFFSETTO", ""))
        if not offset or int(offset[2]) > 23 or int(offset[3]) > 59 or len(self.turns) > 50:
            return
        away = dt.timedelta(hours=int(offset[2]), minutes=int(offset[3]))
        away = -away if offset[1] == "-" else away
        rule, start = observance.get("RRULE", ""), _MOMENT.match(observance.get("DTSTART", ""))
        day, month = _BYDAY.search(rule), _BYMONTH.search(rule)
        turn = Turn(away)
        if day and month and 1 <= int(month[1]) <= 12 and start:
            at = dt.time(min(int(start[4]), 23), min(int(start[5]), 59))
            turn = Turn(away, int(month[1]), int(day[1] or 1), _DAYS.index(day[2].upper()), at)
        self.turns.setdefault(name, [])
        self.turns[name] = [*self.turns[name], turn][-20:]

    def utc(self, wall: dt.datetime, name: str) -> dt.datetime | None:
        zone = _named(name)
        if zone is not None:
            return _in_utc(wall.replace(tzinfo=zone))
        turns = self.turns.get(name)
        return _in_utc(wall.replace(tzinfo=_offset_at(wall, turns))) if turns else None


def moment(
    value: str, *, zone: str = "", zones: Zones | None = None, floating: str = ""
) -> dt.datetime | None:
    """A DATE-TIME in UTC. `floating` is the zone of one that names none; without it such a time is unknown."""
    found = _MOMENT.match(value.strip())
    if not found:
        return None
    year, month, day, hour, minute = (int(found[number]) for number in range(1, 6))
    try:  # the clock on the wall of a zone that is found below
        wall = dt.datetime.combine(
            dt.date(year, month, day), dt.time(hour, minute, min(int(found[6] or 0), 59))
        )
    except ValueError:
        return None
    name = "UTC" if found[7] else zone or floating
    return (zones or Zones()).utc(wall, name) if name else None


def days(start: str, end: str = "", lasts: str = "") -> tuple[dt.date, dt.date] | None:
    """First and last day of a DTSTART that is a DATE; None for a DATE-TIME.

    DTEND is the day after the last one (RFC 5545, section 3.6.1). Without an end that makes sense it is one day.
    """
    first, after, length = _day(start), _day(end), duration(lasts)
    if first is None:
        return None
    if length and length < dt.timedelta(days=3660) and first.year < 9000:
        after = after or first + length
    return first, after - dt.timedelta(days=1) if after and after > first else first


def _day(value: str) -> dt.date | None:
    found = _DATE.fullmatch(value.strip())
    try:
        return dt.date(*(int(number) for number in found.groups())) if found else None
    except ValueError:
        return None


def duration(value: str) -> dt.timedelta | None:
    found = _DURATION.fullmatch(value.strip().upper())
    if not found or not any(found.groups()):
        return None
    weeks, days, hours, minutes, seconds = (int(number or 0) for number in found.groups())
    return dt.timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)


def dated(header: str) -> dt.datetime | None:
    """The Date of a mail in UTC."""
    try:
        found = parsedate_to_datetime(header[:100])
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    return _in_utc(found if found.tzinfo else found.replace(tzinfo=dt.UTC))


def _named(name: str) -> dt.tzinfo | None:
    if name.upper() in ("UTC", "GMT", "Z", "ETC/UTC", "TZONE://MICROSOFT/UTC"):
        return dt.UTC
    pieces = name.strip('"/ ').split("/")
    for tried in ("/".join(pieces), "/".join(pieces[-2:]), "/".join(pieces[-3:])):
        if not re.fullmatch(r"[A-Za-z]+(?:[/_+-][A-Za-z0-9]+){1,4}", tried[:60]):
            continue
        try:
            return ZoneInfo(tried)
        except (ValueError, OSError, LookupError):
            continue
    return None


def _offset_at(wall: dt.datetime, turns: list[Turn]) -> dt.timezone:
    """The offset of the turn that came last before `wall`; clocks that are never moved have one turn."""
    moved = [turn for turn in turns if turn.month]
    if not moved:
        return dt.timezone(turns[-1].offset)
    passed = [(turn.in_year(wall.year), turn) for turn in moved if turn.in_year(wall.year) <= wall]
    latest = passed or [(turn.in_year(wall.year), turn) for turn in moved]
    return dt.timezone(max(latest, key=lambda one: one[0])[1].offset)


def _in_utc(moment: dt.datetime) -> dt.datetime | None:
    try:
        return moment.astimezone(dt.UTC)
    except (OverflowError, ValueError):
        return None
