"""A month as weeks of days, and what may be asked for in an address. Pure."""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.text import capfirst

EARLIEST, LATEST = dt.date(2000, 1, 1), dt.date(2099, 12, 31)  # the days a meeting may be on
DAY, WEEK = dt.timedelta(days=1), dt.timedelta(days=7)


@dataclass(frozen=True)
class Month:
    """`first` is its first day."""

    first: dt.date

    @property
    def last(self) -> dt.date:
        return (self.first + 31 * DAY).replace(day=1) - DAY

    @property
    def key(self) -> str:
        """As it stands in an address: "2026-10"."""
        return f"{self.first:%Y-%m}"

    @property
    def name(self) -> str:
        """In the active language: "oktober 2026"."""
        return str(date_format(self.first, "F Y"))

    @property
    def before(self) -> "Month | None":
        return Month((self.first - DAY).replace(day=1)) if self.first > EARLIEST else None

    @property
    def after(self) -> "Month | None":
        return Month(self.last + DAY) if self.last < LATEST else None

    def weeks(self) -> Iterator[tuple[int, list[dt.date]]]:
        """Its weeks from Monday to Sunday with their ISO numbers; the first and last hold days of its neighbours."""
        monday = self.first - self.first.weekday() * DAY
        while monday <= self.last:
            yield monday.isocalendar().week, [monday + n * DAY for n in range(7)]
            monday += WEEK

    def holds(self, day: dt.date) -> bool:
        return self.first <= day <= self.last


def month_of(day: dt.date) -> Month:
    return Month(min(max(day, EARLIEST), LATEST).replace(day=1))


def read(text: str) -> Month | None:
    """The month that "2026-10" names; None for anything else, and for years no meeting can be in."""
    found = re.fullmatch(r"(20\d\d)-(0[1-9]|1[0-2])", text, re.ASCII)
    return Month(dt.date(int(found[1]), int(found[2]), 1)) if found else None


def weekdays() -> list[str]:
    """Monday to Sunday, in the active language."""
    monday = dt.date(2026, 1, 5)
    return [capfirst(date_format(monday + n * DAY, "l")) for n in range(7)]
