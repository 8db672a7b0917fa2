"""VTIMEZONE for any zone: two yearly rules, or one constant for a zone without summer time.

Written by rule because readers differ on lists of dates: ical.js (Thunderbird) reads only the first value of an RDATE
and shows summer meetings an hour late (DESIGN, traps). A zone without such rules gets none, and its events UTC times.
"""

import calendar
import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from zoneinfo import ZoneInfo

from events.calendar import lines

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
CYCLE = range(2027, 2055)  # 28 years of today's rules: every date has met every weekday
BEGINNING = 1970
START = dt.datetime.combine(dt.date(BEGINNING, 1, 1), dt.time())
WEEK = dt.timedelta(days=7)


@dataclass(frozen=True)
class Change:
    """Clocks are moved: `wall` is what they showed just before, `name` the time that begins."""

    wall: dt.datetime
    before: dt.timedelta
    after: dt.timedelta
    name: str


@dataclass(frozen=True)
class Rule:
    """When clocks are moved each year: on `weekday` among `days` of `month`, when they show `at`."""

    month: int
    weekday: int
    days: frozenset[int]
    at: dt.time
    before: dt.timedelta
    after: dt.timedelta
    name: str

    def fits(self, change: Change) -> bool:
        wall = change.wall
        seen = (wall.month, wall.weekday(), wall.time(), change.before, change.after)
        return seen == (self.month, self.weekday, self.at, self.before, self.after) and wall.day in self.days


@dataclass(frozen=True)
class Zone:
    """How a zone is written, and the last year in which other rules held."""

    changed_in: int
    vtimezone: bytes


def vtimezone(tzid: str) -> bytes:
    """The VTIMEZONE of `tzid` ("Europe/Oslo"), always the same bytes; b"" for UTC and zones without yearly rules.

    Raises ZoneInfoNotFoundError for a name that is no zone.
    """
    found = _zone(tzid)
    return found.vtimezone if found else b""


def describes(tzid: str, moment: dt.datetime) -> bool:
    """True when `vtimezone(tzid)` is right at `moment`; otherwise the moment must be written in UTC."""
    found = _zone(tzid)
    return found is not None and moment.year > found.changed_in


@lru_cache(maxsize=128)
def _zone(tzid: str) -> Zone | None:
    info = ZoneInfo(tzid)
    years = {year: list(_changes(info, year)) for year in range(BEGINNING, CYCLE.stop)}
    rules = _rules([years[year] for year in CYCLE])
    if rules is None or tzid in {"UTC", "Etc/UTC"}:
        return None
    others = (year for year, changes in years.items() if not _kept(changes, rules))
    written = [_observance(rule) for rule in rules] or [_constant(info)]
    body = b"".join([lines.content("BEGIN:VTIMEZONE", f"TZID:{tzid}"), *written])
    return Zone(max(others, default=BEGINNING - 1), body + lines.content("END:VTIMEZONE"))


def _changes(info: ZoneInfo, year: int) -> Iterator[Change]:
    """The moments in `year` (UTC) at which the zone's offset changes: looked for week by week, then halved down."""
    at, end = dt.datetime(year, 1, 1, tzinfo=dt.UTC), dt.datetime(year + 1, 1, 1, tzinfo=dt.UTC)
    while at < end:
        later = min(at + WEEK, end)
        before, after = _offset(info, at), _offset(info, later)
        if before != after:
            moment = _halved(info, at, later)
            wall = (moment + before).replace(tzinfo=None)
            yield Change(wall, before, after, moment.astimezone(info).tzname() or "")
        at = later


def _halved(info: ZoneInfo, low: dt.datetime, high: dt.datetime) -> dt.datetime:
    """The first second of the new offset, which begins after `low` and at the latest at `high`."""
    before = _offset(info, low)
    while high - low > dt.timedelta(seconds=1):
        middle = low + dt.timedelta(seconds=(high - low) // dt.timedelta(seconds=2))
        low, high = (middle, high) if _offset(info, middle) == before else (low, middle)
    return high


def _offset(info: ZoneInfo, moment: dt.datetime) -> dt.timedelta:
    return moment.astimezone(info).utcoffset() or dt.timedelta(0)


def _rules(cycle: Sequence[Sequence[Change]]) -> list[Rule] | None:
    """The rules that all years of `cycle` keep ([] when clocks are never moved), or None when there are none."""
    if any(len(changes) != len(cycle[0]) for changes in cycle) or len(cycle[0]) not in {0, 2}:
        return None
    rules = []
    for column in zip(*cycle, strict=True):
        first, days = column[0], frozenset(change.wall.day for change in column)
        wall = first.wall
        rule = Rule(wall.month, wall.weekday(), days, wall.time(), first.before, first.after, first.name)
        if len(days) != len(DAYS) or not all(rule.fits(change) for change in column):
            return None
        rules.append(rule)
    return rules


def _kept(changes: Sequence[Change], rules: Sequence[Rule]) -> bool:
    return len(changes) == len(rules) and all(
        rule.fits(change) for rule, change in zip(rules, changes, strict=True)
    )


def _observance(rule: Rule) -> bytes:
    kind = "DAYLIGHT" if rule.after > rule.before else "STANDARD"
    dates = [dt.date(BEGINNING, rule.month, day) for day in sorted(rule.days)]
    start = dt.datetime.combine(next(day for day in dates if day.weekday() == rule.weekday), rule.at)
    repeat = f"RRULE:FREQ=YEARLY;BYMONTH={rule.month};{_by_day(rule)}"
    return _sub_component(kind, rule.before, rule.after, rule.name, start, repeat)


def _by_day(rule: Rule) -> str:
    """ "-1SU" and "2SU" where the seven days allow it: not every client reads BYDAY together with BYMONTHDAY."""
    first, last = min(rule.days), max(rule.days)
    weekday = DAYS[rule.weekday]
    if last == calendar.monthrange(BEGINNING, rule.month)[1]:
        return f"BYDAY=-1{weekday}"
    if last % 7 == 0:
        return f"BYDAY={last // 7}{weekday}"
    return f"BYDAY={weekday};BYMONTHDAY={','.join(str(day) for day in range(first, last + 1))}"


def _constant(info: ZoneInfo) -> bytes:
    now = dt.datetime(CYCLE[0], 1, 1, tzinfo=info)
    offset = now.utcoffset() or dt.timedelta(0)
    return _sub_component("STANDARD", offset, offset, now.tzname() or "", START, "")


def _sub_component(
    kind: str, before: dt.timedelta, after: dt.timedelta, name: str, start: dt.datetime, repeat: str
) -> bytes:
    return lines.content(
        f"BEGIN:{kind}",
        f"TZOFFSETFROM:{_signed(before)}",
        f"TZOFFSETTO:{_signed(after)}",
        f"TZNAME:{name}",
        f"DTSTART:{lines.local(start)}",
        repeat,
        f"END:{kind}",
    )


def _signed(offset: dt.timedelta) -> str:
    minutes = abs(offset) // dt.timedelta(minutes=1)
    return f"{'-' if offset < dt.timedelta(0) else '+'}{minutes // 60:02}{minutes % 60:02}"
