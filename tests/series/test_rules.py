"""Rules on the clock of the wall, without a database."""

import datetime as dt
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from events.gatherings.series import wording
from events.gatherings.series.rules import MOST, Frequency, Impossible, Rule, occurrences, recurrence
from tests.series.stage import wall

pytestmark = pytest.mark.usefixtures("english")

OSLO = ZoneInfo("Europe/Oslo")
TUESDAY = Rule(Frequency.WEEKLY, wall(2026, 3, 10, 17), dt.timedelta(hours=2), "Europe/Oslo", count=4)


def days(rule):
    return [f"{one.starts_at.astimezone(OSLO):%d.%m.%y %H:%M}" for one in occurrences(rule)]


def test_the_clock_on_the_wall_stays_across_both_changes():
    spring = occurrences(TUESDAY)
    assert {
        f"{one.starts_at.astimezone(OSLO):%H:%M}-{one.ends_at.astimezone(OSLO):%H:%M}" for one in spring
    } == {"17:00-19:00"}
    assert [one.starts_at.hour for one in spring] == [16, 16, 16, 15]
    autumn = occurrences(replace(TUESDAY, starts=wall(2026, 10, 20, 17), count=2))
    assert [one.starts_at.hour for one in autumn] == [15, 16]


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"interval": 2, "count": 3}, ["10.03.26 17:00", "24.03.26 17:00", "07.04.26 17:00"]),
        (
            {"frequency": Frequency.MONTHLY_WEEKDAY, "count": 3},
            ["10.03.26 17:00", "14.04.26 17:00", "12.05.26 17:00"],
        ),
        ({"frequency": Frequency.MONTHLY_DATE, "count": 2}, ["10.03.26 17:00", "10.04.26 17:00"]),
        ({"frequency": Frequency.YEARLY, "count": 2}, ["10.03.26 17:00", "10.03.27 17:00"]),
        (
            {"frequency": Frequency.MONTHLY_LAST, "starts": wall(2026, 3, 31, 17), "count": 3},
            ["31.03.26 17:00", "28.04.26 17:00", "26.05.26 17:00"],
        ),
        (
            {"frequency": Frequency.MONTHLY_DATE, "starts": wall(2026, 1, 31, 9), "count": 3},
            ["31.01.26 09:00", "31.03.26 09:00", "31.05.26 09:00"],
        ),
        (
            {"frequency": Frequency.YEARLY, "starts": wall(2028, 2, 29, 9), "count": 2},
            ["29.02.28 09:00", "29.02.32 09:00"],
        ),
        (
            {"count": None, "until": dt.date(2026, 3, 24)},
            ["10.03.26 17:00", "17.03.26 17:00", "24.03.26 17:00"],
        ),
    ],
)
def test_a_rule_gives_these_days(facts, expected):
    assert days(replace(TUESDAY, **facts)) == expected


@pytest.mark.parametrize(
    ("facts", "field", "words"),
    [
        ({"count": None, "until": dt.date(2026, 3, 9)}, "until", "before the first"),
        ({"count": None, "until": dt.date(2026, 3, 12)}, "until", "only one meeting"),
        ({"count": MOST + 1}, "count", "more than 200"),
        ({"count": None, "until": dt.date(2090, 1, 1)}, "until", "more than 200"),
        ({"frequency": Frequency.YEARLY, "count": 100}, "count", "past the year 2099"),
        ({"frequency": Frequency.MONTHLY_LAST}, "frequency", "not on a day of this rule"),
        ({"starts": wall(2026, 3, 22, 2, 30)}, "frequency", "29 March 2026"),
        (
            {"starts": wall(2026, 3, 22, 1, 30), "lasts": dt.timedelta(hours=1)},
            "frequency",
            "does not exist",
        ),
    ],
)
def test_what_cannot_be_a_series_is_refused_with_the_reason(facts, field, words):
    with pytest.raises(Impossible) as refused:
        occurrences(replace(TUESDAY, **facts))
    assert refused.value.field == field
    assert words in str(refused.value)


def test_an_hour_that_comes_twice_is_the_first_and_the_preview_says_so():
    rule = replace(TUESDAY, starts=wall(2026, 10, 18, 2, 30), count=2)
    assert occurrences(rule)[1].starts_at == dt.datetime(2026, 10, 25, 0, 30, tzinfo=dt.UTC)
    assert [warning for warning in wording.warnings(rule, occurrences(rule)) if "25 October 2026" in warning]


def test_a_rule_for_calendars_ends_at_the_moment_it_is_told_and_in_utc():
    last = occurrences(TUESDAY)[2].starts_at
    assert recurrence(TUESDAY, last) == "FREQ=WEEKLY;UNTIL=20260324T160000Z;BYDAY=TU"
    quarterly = replace(TUESDAY, frequency=Frequency.MONTHLY_WEEKDAY, interval=3)
    assert recurrence(quarterly, last) == "FREQ=MONTHLY;UNTIL=20260324T160000Z;INTERVAL=3;BYDAY=2TU"


def test_a_fifth_weekday_is_offered_only_as_the_last():
    offered = [key for key, _words in wording.choices(dt.date(2026, 3, 31), last=True)]
    assert offered == ["weekly", "monthly_date", "monthly_last", "yearly"]


def test_a_rule_is_told_in_words():
    rule = replace(TUESDAY, frequency=Frequency.MONTHLY_WEEKDAY, interval=3)
    assert wording.rule_words(rule) == "every 3 months on the second Tuesday, 4 times"
    assert wording.rule_words(replace(TUESDAY, count=None, until=dt.date(2026, 5, 1))) == (
        "every week on Tuesday, until 1 May 2026"
    )
