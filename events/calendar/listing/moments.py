"""Moments for machines: ISO 8601 with the offset of the place (RFC 3339), None where no day is known (rule 11)."""

import datetime as dt

from events.gatherings.visibility import SeenEvent


def starts(event: SeenEvent) -> str | None:
    """Of what lasts whole days, its first day alone."""
    return _written(event, event.starts_local, event.first_day)


def ends(event: SeenEvent) -> str | None:
    """Of what lasts whole days, its last day (not the day after, as calendars have it)."""
    return _written(event, event.ends_local, event.last_day)


def _written(event: SeenEvent, moment: dt.datetime | None, day: dt.date | None) -> str | None:
    if moment is None or day is None:
        return None
    return day.isoformat() if event.all_day else moment.isoformat(timespec="seconds")


def utc(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
