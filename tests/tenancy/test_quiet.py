"""Quiet hours: a mail that can wait is sent in the morning, on the tenant's own clock."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.tenancy.models import Tenant
from events.tenancy.quiet import earliest, is_quiet

OSLO = ZoneInfo("Europe/Oslo")


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=OSLO)


@pytest.mark.parametrize(
    ("asked", "sent"),
    [
        ("2026-11-26T12:00", "2026-11-26T12:00"),  # a Thursday at noon
        ("2026-11-26T21:30", "2026-11-27T07:00"),
        ("2026-11-27T03:00", "2026-11-27T07:00"),
        ("2026-11-27T20:00", "2026-11-30T07:00"),  # Friday evening waits for Monday
        ("2026-11-28T12:00", "2026-11-30T07:00"),
        ("2026-03-29T03:00", "2026-03-30T07:00"),  # the hour that is skipped
    ],
)
def test_a_mail_waits_for_the_end_of_the_quiet_hours(asked, sent):
    assert earliest(at(asked), Tenant()) == at(sent)


def test_equal_hours_mean_that_none_is_quiet():
    tenant = Tenant(quiet_from=dt.time(0), quiet_until=dt.time(0), quiet_weekends=False)
    assert not is_quiet(at("2026-11-28T03:00"), tenant)


@given(
    st.integers(0, 366 * 24 * 60).map(lambda minutes: at("2026-01-01") + dt.timedelta(minutes=minutes)),
    st.times(),
    st.times(),
    st.booleans(),
)
def test_what_is_put_off_is_never_quiet_and_never_earlier(moment, start, end, weekends):
    tenant = Tenant(quiet_from=start, quiet_until=end, quiet_weekends=weekends)
    later = earliest(moment, tenant)
    assert later >= moment
    assert not is_quiet(later, tenant)
    assert earliest(later, tenant) == later
