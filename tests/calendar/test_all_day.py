"""Events that last whole days: DATE values in every calendar, and the same days for everybody."""

import datetime as dt
import io
from zoneinfo import ZoneInfo, available_timezones

import pytest
import vobject
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from events.calendar import render
from events.gatherings.clock import ZONES
from events.gatherings.days import DAY, begins_a_day, day_begins
from events.gatherings.visibility import Audience, seen
from invites.invitations import imip
from tests.calendar.facts import DATA, STAMP, at, golden, meeting, thunderbird_reads, values
from tests.factories import event, invitation, on_days

OSLO = "Europe/Oslo"
NEEDLESS = {"Factory", "localtime"}  # no zones of their own
ORGANIZER = ("Sandefjord kommune", "svar-abcdefghijklmnopqrstuvwxyz234567@moteplass.example")


def lasting(first, last=None, zone=OSLO, **facts):
    """A SeenEvent on whole days, as `seen` makes it of the row."""
    starts, ends = day_begins(first, zone), day_begins((last or first) + DAY, zone)
    local = {"starts_local": starts.astimezone(ZoneInfo(zone)), "ends_local": ends.astimezone(ZoneInfo(zone))}
    times = {"starts_at": starts, "ends_at": ends, "time_zone": zone, "all_day": True}
    return meeting(at(zone, first.year, first.month, first.day), **(local | times | facts))


def feed(*shown, **facts):
    written = [render.vevent(one, dtstamp=STAMP, last_modified=STAMP, **facts) for one in shown]
    zones = {zone for one in shown for zone in render.zones_of(one)}
    return render.calendar(written, name="Sandefjord kommune", zones=zones)


ONE = lasting(dt.date(2026, 5, 6), title="Fagdag om ytringsfrihet")
THREE = lasting(dt.date(2026, 3, 27), dt.date(2026, 3, 29), kind_label="delegasjonsbesøk", title="Besøk")
CASES = {"event_all_day": ONE, "event_all_day_over_three_days": THREE}


@pytest.mark.parametrize("case", CASES)
def test_the_bytes_are_as_reviewed(case):
    with translation.override("en"):
        golden(case, feed(CASES[case]))


def test_an_invitation_asks_for_days():
    with translation.override("en"):
        asked = imip.request(ONE, changed_at=STAMP)
    octets = asked.to(organizer=ORGANIZER, attendee=("Ola Nordmann", "ola@forening.example"))
    golden("request_for_an_all_day_event", octets)
    assert values(octets, "DTSTART") == ["DTSTART;VALUE=DATE:20260506"]
    assert values(octets, "DTEND") == ["DTEND;VALUE=DATE:20260507"]


@pytest.mark.parametrize("name", [*CASES, "request_for_an_all_day_event"])
def test_every_reader_finds_days_without_a_clock(name):
    octets = (DATA / f"{name}.ics").read_bytes()
    first, after = (dt.date(2026, 3, 27), dt.date(2026, 3, 30))
    if name != "event_all_day_over_three_days":
        first, after = dt.date(2026, 5, 6), dt.date(2026, 5, 7)
    (found,) = Calendar.from_ical(octets).walk("VEVENT")
    assert (found.decoded("DTSTART"), found.decoded("DTEND")) == (first, after)
    read = vobject.readOne(io.StringIO(octets.decode())).vevent
    assert (read.dtstart.value, read.dtend.value) == (first, after)
    (js,) = thunderbird_reads(octets)
    assert (js["starts"]["wall"], js["ends"]["wall"]) == (first.isoformat(), after.isoformat())
    assert values(octets, "TZID") == values(octets, "BEGIN:VTIMEZONE") == []


def test_days_are_busy_until_they_are_called_off():
    assert values(feed(ONE), "TRANSP") == ["TRANSP:OPAQUE"]
    called_off = imip.cancellation(ONE, stamped_at=STAMP).to(
        organizer=ORGANIZER, attendee=("O", "o@x.example")
    )
    assert values(called_off, "DTSTART") == ["DTSTART;VALUE=DATE:20260506"]
    assert values(called_off, "TRANSP") == ["TRANSP:TRANSPARENT"]


def test_an_alarm_counts_from_the_midnight_the_days_begin():
    assert values(feed(ONE, alarm=60), "TRIGGER") == ["TRIGGER:-PT60M"]
    assert values(feed(ONE), "TRIGGER") == []


@given(
    zone=st.sampled_from(sorted(available_timezones() - NEEDLESS)),
    first=st.dates(dt.date(2000, 1, 1), dt.date(2099, 12, 1)),
    more=st.integers(0, 20),
)
def test_the_dates_written_are_the_days_on_the_wall_in_any_zone(zone, first, more):
    last = first + more * DAY
    if zone in ("Pacific/Apia", "Pacific/Fakaofo") and dt.date(2011, 12, 30) in (first, last):
        return  # that day was left out there
    octets = feed(lasting(first, last, zone))
    assert values(octets, "DTSTART") == [f"DTSTART;VALUE=DATE:{first:%Y%m%d}"]
    assert values(octets, "DTEND") == [f"DTEND;VALUE=DATE:{last + DAY:%Y%m%d}"]


@given(
    zone=st.sampled_from(sorted(available_timezones() - NEEDLESS)),
    day=st.dates(dt.date(2000, 1, 1), dt.date(2099, 12, 1)),
)
def test_a_day_begins_with_its_first_moment_in_any_zone(zone, day):
    there, begins = ZoneInfo(zone), day_begins(day, zone)
    assert begins_a_day(begins, zone)
    assert begins.astimezone(there).date() >= day
    assert (begins - dt.timedelta(seconds=1)).astimezone(there).date() < day


@pytest.mark.parametrize(
    ("zone", "day", "begins"),
    [
        ("Asia/Beirut", dt.date(2026, 3, 29), dt.time(1)),  # clocks jump from 00:00 to 01:00
        ("Africa/Cairo", dt.date(2026, 4, 24), dt.time(1)),
        ("America/Havana", dt.date(2026, 11, 1), dt.time(0)),  # midnight comes twice: the first
        ("America/Nuuk", dt.date(2026, 3, 29), dt.time(0)),
    ],
)
def test_a_day_whose_midnight_is_moved_begins_when_it_begins(zone, day, begins):
    local = day_begins(day, zone).astimezone(ZoneInfo(zone))
    assert (local.date(), local.time(), local.fold) == (day, begins, 0)


def test_midnight_of_another_zone_begins_no_day_here():
    assert begins_a_day(day_begins(dt.date(2026, 5, 6), OSLO), OSLO)
    assert not begins_a_day(day_begins(dt.date(2026, 5, 6), "Europe/Helsinki"), OSLO)
    assert not begins_a_day(day_begins(dt.date(2026, 5, 6), OSLO) + dt.timedelta(minutes=1), OSLO)


def test_a_visit_from_morning_to_afternoon_some_days_later_is_one_event():
    visit = meeting(at(OSLO, 2026, 3, 27, 10), hours=76)  # clocks go forward on the way: Monday 15:00
    octets = render.vevent(visit, dtstamp=STAMP, last_modified=STAMP)
    assert values(octets, "DTSTART") == ["DTSTART;TZID=Europe/Oslo:20260327T100000"]
    assert values(octets, "DTEND") == ["DTEND;TZID=Europe/Oslo:20260330T150000"]
    assert len(values(octets, "UID")) == 1


@pytest.mark.django_db
def test_the_invitees_own_file_has_days(client, sandefjord):
    row = event(sandefjord, **on_days(dt.date(2030, 5, 6), dt.date(2030, 5, 8)))

    octets = client.get(f"/rsvp/{invitation(row).token}/event.ics").content
    assert values(octets, "DTSTART") == ["DTSTART;VALUE=DATE:20300506"]
    assert values(octets, "DTEND") == ["DTEND;VALUE=DATE:20300509"]
    assert values(octets, "TZID") == []


@pytest.mark.django_db
def test_each_zone_on_offer_keeps_its_own_day(sandefjord):
    for zone in ZONES:
        shown = seen(event(sandefjord, **on_days(dt.date(2030, 3, 31), zone=zone)), Audience.PUBLIC)
        assert (shown.first_day, shown.last_day) == (dt.date(2030, 3, 31), dt.date(2030, 3, 31))
