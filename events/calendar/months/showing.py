"""What the calendar pages show: a month as a table and as a list, and some weeks of the agenda."""

import datetime as dt
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from events.calendar.months.entries import Stretch
from events.calendar.months.grid import DAY, EARLIEST, LATEST, Month, month_of, read, weekdays
from events.tenancy.models import Tenant

PERIOD = 28 * DAY


def today_at(tenant: Tenant) -> dt.date:
    """Today on the tenant's clock."""
    return timezone.now().astimezone(ZoneInfo(tenant.time_zone)).date()


def month(asked: str, today: dt.date, look_up: Callable[[dt.date, dt.date], Stretch]) -> dict[str, Any]:
    """The month of the address, this month where it names none, `is_wrong` where it means nothing. One look-up."""
    wanted = read(asked) if asked else month_of(today)
    shown = wanted or month_of(today)
    stretch = look_up(shown.first, shown.last)
    return {
        "month": shown,
        "is_wrong": wanted is None,
        "weekdays": weekdays(),
        "weeks": [_week(shown, number, days, stretch) for number, days in shown.weeks()],
        "days": stretch.days,
        "vague": stretch.vague,
        "today": today,
    }


def _week(shown: Month, number: int, days: list[dt.date], stretch: Stretch) -> dict[str, Any]:
    cells = [
        {"day": day, "entries": stretch.on.get(day, [])} if shown.holds(day) else {"day": None}
        for day in days
    ]
    return {"number": number, "cells": cells}


def period(begins: dt.date) -> tuple[dt.date, dt.date]:
    """First and last day of the four weeks of agenda from `begins` on."""
    return begins, min(begins + PERIOD - DAY, LATEST)


def agenda(stretch: Stretch, today: dt.date) -> dict[str, Any]:
    earlier, later = stretch.first - PERIOD, stretch.last + DAY
    return {
        "stretch": stretch,
        "days": stretch.days,
        "vague": stretch.vague,
        "today": today,
        "earlier": max(earlier, EARLIEST) if stretch.first > EARLIEST else None,
        "later": later if stretch.last < LATEST else None,
    }
