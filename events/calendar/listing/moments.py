"""Moments for machines: ISO 8601 with the offset of the place (RFC 3339), None where no day is known (rule 11)."""

import datetime as dt

from events.gatherings.visibility import SeenEvent


def starts(event: SeenEvent) -> str | None:
    return event.starts_local.isoformat(timespec="seconds") if event.starts_local else None


def ends(event: SeenEvent) -> str | None:
    return event.ends_local.isoformat(timespec="seconds") if event.ends_local else None


def utc(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
