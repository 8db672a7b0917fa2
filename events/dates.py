"""Vague dates: "in October 2014", "first quarter of 2015", "autumn 2014" (rule 11).

A vague date is kept as the first day of its period and a precision; it sorts by that day, and is shown as a person
would say it. It is never turned into a day.
"""

import datetime as dt
import re
from dataclasses import dataclass

from django.db import models
from django.utils import formats
from django.utils.dates import MONTHS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


class Precision(models.TextChoices):
    DAY = "day", gettext_lazy("day")
    MONTH = "month", gettext_lazy("month")
    QUARTER = "quarter", gettext_lazy("quarter")
    SEASON = "season", gettext_lazy("season")
    YEAR = "year", gettext_lazy("year")


# The month a Nordic season begins in; winter leads the year.
SEASONS = {"winter": 1, "spring": 3, "summer": 6, "autumn": 9}


@dataclass(frozen=True, order=True)
class VagueDate:
    """A period named with a precision; `first` is its first day."""

    first: dt.date
    precision: str

    @property
    def last(self) -> dt.date:
        """The last day it may mean; a season lasts until the next one of its year."""
        later = [month for month in (*SEASONS.values(), 13) if month > self.first.month]
        months = {
            Precision.MONTH: 1,
            Precision.QUARTER: 3,
            Precision.SEASON: min(later) - self.first.month,
            Precision.YEAR: 12,
        }
        if self.precision not in months:
            return self.first
        if (self.first.year, self.first.month + months[Precision(self.precision)]) == (dt.MAXYEAR, 13):
            return dt.date.max
        years, month = divmod(self.first.month - 1 + months[Precision(self.precision)], 12)
        return dt.date(self.first.year + years, month + 1, 1) - dt.timedelta(days=1)

    def words(self) -> str:
        """As a person would say it, in the active language: "oktober 2014", "høsten 2014"."""
        return _words(self)


def parse(text: str) -> VagueDate:
    """Reads "2014", "2014-10", "2014-10-07", "2015-Q1" or "autumn 2014". Raises ValueError on anything else."""
    text = text.strip().lower()
    if match := re.fullmatch(r"(\d{4})", text):
        return VagueDate(dt.date(int(text), 1, 1), Precision.YEAR)
    if match := re.fullmatch(r"(\d{4})-q([1-4])", text):
        return VagueDate(dt.date(int(match[1]), 3 * int(match[2]) - 2, 1), Precision.QUARTER)
    if match := re.fullmatch(r"(\d{4})-(\d{2})", text):
        return VagueDate(dt.date(int(match[1]), int(match[2]), 1), Precision.MONTH)
    if match := re.fullmatch(r"(winter|spring|summer|autumn) (\d{4})", text):
        return VagueDate(dt.date(int(match[2]), SEASONS[match[1]], 1), Precision.SEASON)
    return VagueDate(dt.date.fromisoformat(text), Precision.DAY)


def read(text: str) -> VagueDate:
    """What a person types, in the active language: all that `parse` reads, all that `words` says, and "7.10.2014".

    Raises ValueError on anything else. Month names may be cut to three letters ("sept. 2016").
    """
    typed = " ".join(text.casefold().split())
    year = re.search(r"(?<!\d)\d{4}(?!\d)", typed)
    if year is None or not dt.MINYEAR <= int(year[0]) <= dt.MAXYEAR:
        raise ValueError(f"no year in {text[:40]!r}")
    for when in _periods_of(int(year[0])):
        if typed == when.words().casefold():
            return when
    if match := re.fullmatch(r"(?:(\d{1,2})\.? )?([^\W\d_]{3,})\.? \d{4}", typed):
        return _day_or_month(int(year[0]), match[2], match[1])
    if match := re.fullmatch(r"(?:(\d{1,2})[./])?(\d{1,2})[./]\d{4}", typed):
        return _numbered(int(year[0]), int(match[2]), match[1])
    return parse(typed)


def _periods_of(year: int) -> list[VagueDate]:
    """The year's seasons and quarters."""
    seasons = [VagueDate(dt.date(year, month, 1), Precision.SEASON) for month in SEASONS.values()]
    return seasons + [VagueDate(dt.date(year, month, 1), Precision.QUARTER) for month in (1, 4, 7, 10)]


def _day_or_month(year: int, name: str, day: str | None) -> VagueDate:
    months = [number for number, month in MONTHS.items() if str(month).casefold().startswith(name)]
    if len(months) == 1:
        return _numbered(year, months[0], day)
    seasons = [when for when in _periods_of(year) if when.words().casefold().startswith(name)]
    if len(seasons) == 1 and not day:  # "høst 2014" for "høsten 2014"
        return seasons[0]
    return parse(f"{name} {year}")


def _numbered(year: int, month: int, day: str | None) -> VagueDate:
    precision = Precision.DAY if day else Precision.MONTH
    return VagueDate(dt.date(year, month, int(day or 1)), precision)


def _words(when: VagueDate) -> str:
    year, month = when.first.year, when.first.month
    if when.precision == Precision.DAY:
        return formats.date_format(when.first, "DATE_FORMAT")
    if when.precision == Precision.MONTH:
        return formats.date_format(when.first, "F Y")
    if when.precision == Precision.QUARTER:
        quarter = (month + 2) // 3
        return [
            _("first quarter of %(year)s"),
            _("second quarter of %(year)s"),
            _("third quarter of %(year)s"),
            _("fourth quarter of %(year)s"),
        ][quarter - 1] % {"year": year}
    if when.precision == Precision.SEASON:
        names = {
            1: _("winter %(year)s"),
            3: _("spring %(year)s"),
            6: _("summer %(year)s"),
            9: _("autumn %(year)s"),
        }
        return names[month] % {"year": year}
    return str(year)


def exists_in_zone(naive: dt.datetime, zone: dt.tzinfo) -> bool:
    """False for the hour that is skipped when clocks go forward."""
    aware = naive.replace(tzinfo=zone)
    return aware.astimezone(dt.UTC).astimezone(zone).replace(tzinfo=None) == naive


def is_twice_in_zone(naive: dt.datetime, zone: dt.tzinfo) -> bool:
    """True for the hour that comes twice when clocks go back."""
    first, second = naive.replace(tzinfo=zone, fold=0), naive.replace(tzinfo=zone, fold=1)
    return first.utcoffset() != second.utcoffset() and exists_in_zone(naive, zone)
