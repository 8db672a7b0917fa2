"""How long a seat is held: never ending in quiet hours."""

import datetime as dt
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from events.gatherings.models import Event
from events.tenancy.models import Tenant
from events.tenancy.quiet import is_quiet
from invites.answers.seats.timing import window

OSLO = ZoneInfo("Europe/Oslo")


def at(day, hour, minute=0):
    return dt.datetime(2026, 3, day, hour, minute, tzinfo=OSLO)  # 2 March is a Monday


def held(now, begins, **quiet):
    hours = {"quiet_from": dt.time(20), "quiet_until": dt.time(8), "quiet_weekends": True, **quiet}
    event = Event(tenant=Tenant(time_zone="Europe/Oslo", **hours), starts_at=begins)
    sent, until = window(event, now)
    return sent.astimezone(OSLO), until.astimezone(OSLO), event


def test_a_day_in_waking_hours():
    assert held(at(2, 10), at(20, 17))[:2] == (at(2, 10), at(3, 10))


def test_a_seat_that_becomes_free_at_night_is_offered_in_the_morning():
    assert held(at(2, 23), at(20, 17))[:2] == (at(3, 8), at(4, 8))


def test_before_the_weekend_it_holds_until_monday_morning_is_well_begun():
    assert held(at(6, 15), at(20, 17))[:2] == (at(6, 15), at(9, 10))


def test_near_the_meeting_the_time_is_shorter():
    assert held(at(2, 9), at(2, 17))[:2] == (at(2, 9), at(2, 11))
    assert held(at(2, 16), at(2, 18))[:2] == (at(2, 16), at(2, 17))


def test_it_never_holds_beyond_the_beginning():
    assert held(at(2, 16, 30), at(2, 17))[:2] == (at(2, 16, 30), at(2, 17))
    assert held(at(7, 9), at(7, 12))[:2] == (at(7, 9), at(7, 12))  # a Saturday: no waking hour is left


HOURS = st.times().map(lambda time: time.replace(second=0, microsecond=0))


@given(
    start=st.integers(0, 14 * 24 * 60),
    ahead=st.integers(1, 20 * 24 * 60),
    begin=HOURS,
    end=HOURS,
    off=st.booleans(),
)
def test_it_ends_awake_or_with_the_beginning(start, ahead, begin, end, off):
    now = at(1, 0) + dt.timedelta(minutes=start)
    begins = now + dt.timedelta(minutes=ahead)
    sent, until, event = held(now, begins, quiet_from=begin, quiet_until=end, quiet_weekends=off)
    assert now <= sent < until <= begins
    assert until == begins or not is_quiet(until, event.tenant)
