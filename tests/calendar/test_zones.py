"""Time zones by yearly rule: right for every client, the same bytes each time (DESIGN, traps)."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import icalendar
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from events.calendar import render, zones
from tests.calendar.facts import STAMP, at, golden, meeting, thunderbird_reads, unfolded

NORDIC = (
    "Europe/Oslo",
    "Europe/Copenhagen",
    "Europe/Stockholm",
    "Europe/Helsinki",
    "Atlantic/Reykjavik",
    "Atlantic/Faroe",
    "America/Nuuk",
    "Arctic/Longyearbyen",
)
ELSEWHERE = (
    "Africa/Nairobi",
    "Europe/Dublin",
    "America/New_York",
    "Asia/Jerusalem",
    "Australia/Sydney",
    "Asia/Kolkata",
)
UNSTEADY = ("Africa/Casablanca", "Africa/Cairo")
SPAN = range(
    int(dt.datetime(1996, 1, 1, tzinfo=dt.UTC).timestamp()),
    int(dt.datetime(2060, 1, 1, tzinfo=dt.UTC).timestamp()),
)
MOMENTS = st.integers(SPAN.start, SPAN.stop).map(lambda second: dt.datetime.fromtimestamp(second, dt.UTC))


@pytest.mark.parametrize("tzid", [*NORDIC, "Africa/Nairobi"])
def test_the_zone_is_written_as_reviewed(tzid):
    golden("zone_" + tzid.lower().replace("/", "_"), zones.vtimezone(tzid))


@pytest.mark.parametrize("tzid", [*NORDIC, *ELSEWHERE])
def test_a_zone_holds_rules_and_no_list_of_dates(tzid):
    written = unfolded(zones.vtimezone(tzid))
    assert [line for line in written if line.startswith(("RDATE", "EXDATE"))] == []
    assert [line for line in written if "UNTIL" in line] == []
    assert len([line for line in written if line.startswith("RRULE")]) in (0, 2)


@given(MOMENTS, st.sampled_from((*NORDIC, *ELSEWHERE)))
@settings(max_examples=300, deadline=None)
def test_the_rules_give_the_offset_of_the_time_zone_database(moment, tzid):
    wall = moment.astimezone(ZoneInfo(tzid))
    twice = wall.replace(fold=0).utcoffset() != wall.replace(fold=1).utcoffset()
    assume(zones.describes(tzid, moment) and not twice)
    written: Any = icalendar.Timezone.from_ical(zones.vtimezone(tzid))
    assert wall.replace(tzinfo=written.to_tz(lookup_tzid=False)).utcoffset() == wall.utcoffset()


@pytest.mark.parametrize("tzid", UNSTEADY)
def test_a_zone_without_yearly_rules_gets_utc_times(tzid):
    assert zones.vtimezone(tzid) == b""
    written = render.vevent(meeting(at(tzid, 2026, 7, 7, 17)), dtstamp=STAMP, last_modified=STAMP)
    start = at(tzid, 2026, 7, 7, 17).astimezone(dt.UTC)
    assert f"DTSTART:{start:%Y%m%dT%H%M%SZ}" in unfolded(written)


def test_a_time_from_before_the_rules_is_written_in_utc():
    assert not zones.describes("America/Nuuk", at("America/Nuuk", 2022, 7, 1))
    assert zones.describes("America/Nuuk", at("America/Nuuk", 2024, 7, 1))
    assert zones.describes("Europe/Oslo", at("Europe/Oslo", 2014, 10, 7))


def test_utc_needs_no_zone():
    assert zones.vtimezone("UTC") == b""
    assert not zones.describes("UTC", STAMP)


def test_a_name_that_is_no_zone_raises():
    with pytest.raises(ZoneInfoNotFoundError):
        zones.vtimezone("Europe/Sandefjord")


@pytest.mark.parametrize("tzid", [*NORDIC, *ELSEWHERE])
def test_thunderbird_shows_every_month_at_the_right_hour(tzid):
    """ical.js expands the rules itself; with RDATE it was an hour late all summer."""
    days = [
        at(tzid, year, month, day, 17)
        for year in (2025, 2026, 2031)
        for month in range(1, 13)
        for day in (1, 28)
    ]
    octets = render.calendar(
        [render.vevent(meeting(day), dtstamp=STAMP, last_modified=STAMP) for day in days], zones=[tzid]
    )
    read = thunderbird_reads(octets)
    assert [event["starts"]["utc"] for event in read] == [
        f"{day.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%S}.000Z" for day in days
    ]
