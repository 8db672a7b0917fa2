"""A series as calendars read it: golden files, and readers other than our own."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from events.calendar import recurring
from events.gatherings.series.rules import Frequency, Impossible
from events.gatherings.visibility import SeenOccurrence
from invites.invitations import imip
from tests.calendar.facts import STAMP, at, golden, meeting, values
from tests.series.reading import (
    as_told,
    days,
    expanded,
    expanded_by_thunderbird,
    expanded_by_vobject,
    series,
    shown,
    written,
)
from tests.series.stage import wall

HOUR = dt.timedelta(hours=1)
OSLO = ZoneInfo("Europe/Oslo")
pytestmark = pytest.mark.usefixtures("english")

FORUM = series(wall(2026, 2, 3, 17), count=5)
DAYS = days(FORUM)
QUARTERLY = series(
    wall(2026, 1, 13, 9), frequency=Frequency.MONTHLY_WEEKDAY, interval=3, until=dt.date(2027, 2, 1)
)
ACROSS = series(wall(2026, 3, 24, 17), interval=15, count=4)
NIGHT = series(wall(2026, 3, 21, 23), hours=5, count=3)  # the second ends after clocks went forward
WHOLE = series(wall(2026, 3, 17), hours=48, interval=2, count=4, all_day=True)  # clocks change on 29 March
WHOLE_DAYS = days(WHOLE)
CASES = {
    "series_of_whole_days": (
        WHOLE,
        [
            shown(WHOLE, day, moved=HOUR * 24 * (day == WHOLE_DAYS[3]))
            for day in WHOLE_DAYS[:2] + WHOLE_DAYS[3:]
        ],
    ),
    "series_of_whole_days_with_one_by_the_clock": (
        WHOLE,
        [
            shown(WHOLE, day, all_day=day != WHOLE_DAYS[1], sequence=int(day == WHOLE_DAYS[1]))
            for day in WHOLE_DAYS
        ],
    ),
    "series_with_a_skipped_day": (FORUM, [shown(FORUM, day) for day in DAYS if day != DAYS[2]]),
    "series_with_a_moved_meeting": (
        FORUM,
        [shown(FORUM, day, moved=HOUR * 24 * (day == DAYS[1])) for day in DAYS],
    ),
    "series_with_a_cancelled_meeting": (
        FORUM,
        [shown(FORUM, day, cancelled=day == DAYS[3], sequence=int(day == DAYS[3])) for day in DAYS],
    ),
    "series_across_both_clock_changes": (ACROSS, [shown(ACROSS, day) for day in days(ACROSS)]),
    "series_each_quarter": (QUARTERLY, [shown(QUARTERLY, day) for day in days(QUARTERLY)]),
    "series_through_the_night_of_the_change": (NIGHT, [shown(NIGHT, day) for day in days(NIGHT)]),
}


def _of_events(octets):
    """Without the zones, which have rules too."""
    return octets[octets.index(b"BEGIN:VEVENT") :]


@pytest.mark.parametrize("case", CASES)
def test_the_bytes_are_as_reviewed(case):
    golden(case, written(*CASES[case]))


@pytest.mark.parametrize("case", CASES)
def test_a_reader_that_expands_finds_the_meetings_as_they_are(case):
    assert expanded(written(*CASES[case])) == as_told(CASES[case][1])


@pytest.mark.parametrize("case", CASES)
def test_thunderbird_finds_the_meetings_as_they_are(case):
    assert expanded_by_thunderbird(written(*CASES[case])) == as_told(CASES[case][1])


@pytest.mark.parametrize("case", CASES)
def test_a_third_reader_finds_the_same_days_in_the_rule(case):
    assert expanded_by_vobject(written(*CASES[case])) == [one.at for one in CASES[case][1]]


def test_the_wall_clock_stays_across_both_changes_and_needs_no_exception():
    assert [day.hour for day in days(ACROSS)] == [16, 15, 15, 16]
    assert values(written(*CASES["series_across_both_clock_changes"]), "RECURRENCE-ID") == []


def test_what_is_as_usual_has_no_vevent_of_its_own_and_what_differs_has():
    rows = [
        shown(FORUM, DAYS[0]),
        shown(FORUM, DAYS[1], place="Bokstua"),
        shown(FORUM, DAYS[2], longer=HOUR),
        shown(FORUM, DAYS[3], sequence=2),  # moved away and back: its invitations say 2
        shown(FORUM, DAYS[4]),
    ]
    octets = written(FORUM, rows)
    which = [f"RECURRENCE-ID;TZID=Europe/Oslo:202602{day}T170000" for day in (10, 17, 24)]
    assert values(octets, "RECURRENCE-ID") == which
    assert values(octets, "SEQUENCE") == ["SEQUENCE:3", "SEQUENCE:0", "SEQUENCE:1", "SEQUENCE:2"]
    assert len(set(values(octets, "UID"))) == 1
    assert expanded(octets) == as_told(rows)


def test_the_rule_begins_with_the_first_and_reaches_no_further_than_the_last_that_is_shown():
    octets = written(FORUM, [shown(FORUM, day) for day in DAYS[1:4]])
    assert values(_of_events(octets), "RRULE") == ["RRULE:FREQ=WEEKLY;UNTIL=20260224T160000Z;BYDAY=TU"]
    assert "DTSTART;TZID=Europe/Oslo:20260210T170000" in values(octets, "DTSTART")
    assert values(octets, "EXDATE") == []


def test_the_words_are_those_of_most_and_never_of_a_cancelled_one_while_another_is_on():
    off = [shown(FORUM, day, cancelled=True, title="Avlyst") for day in DAYS[:3]]
    octets = written(FORUM, [*off, shown(FORUM, DAYS[3])])
    assert values(octets, "SUMMARY")[0] == "SUMMARY:Samarbeidsforum"
    assert len(recurring.master(FORUM, off).apart) == 3


def test_a_single_one_is_a_plain_event_at_its_own_time():
    row = shown(FORUM, DAYS[2], moved=HOUR)
    octets = written(FORUM, [row])
    assert [values(_of_events(octets), name) for name in ("RRULE", "RECURRENCE-ID", "EXDATE")] == [[], [], []]
    assert expanded(octets) == expanded_by_thunderbird(octets) == as_told([row])


def test_a_zone_whose_clock_cannot_be_described_has_each_meeting_by_itself():
    of = series(
        wall(2026, 2, 3, 17), zone="Africa/Casablanca", count=4
    )  # Ramadan, by the moon, is in between
    rows = [shown(of, day) for day in days(of)]
    assert recurring.master(of, rows) is None
    assert expanded(written(of, rows)) == as_told(rows)


def test_a_meeting_in_another_zone_than_its_series_is_written_on_its_own_clock():
    rows = [shown(FORUM, day, zone="Africa/Nairobi" if day == DAYS[2] else "") for day in DAYS]
    octets = written(FORUM, rows)
    assert len(values(octets, "RECURRENCE-ID")) == 1
    assert expanded(octets) == as_told(rows)


RULES = st.builds(
    lambda day, hour, frequency, interval, count: series(
        dt.datetime.combine(day, dt.time(hour, 30)), frequency=frequency, interval=interval, count=count
    ),
    st.dates(dt.date(2026, 1, 1), dt.date(2027, 12, 31)),
    st.integers(0, 23),
    st.sampled_from(Frequency),
    st.integers(1, 5),
    st.integers(2, 12),
)
FATES = ("as usual", "as usual", "hidden", "moved", "cancelled", "titled")


def _as(fate, of, day):
    if fate == "moved":
        return shown(of, day, moved=3 * HOUR)
    if fate == "cancelled":
        return shown(of, day, cancelled=True, sequence=1)
    return shown(of, day, title="Egen tittel" if fate == "titled" else "Samarbeidsforum")


@given(of=RULES, fates=st.lists(st.sampled_from(FATES), min_size=12, max_size=12))
@settings(max_examples=150)
def test_any_series_is_read_as_exactly_the_meetings_that_are_shown(of, fates):
    try:
        known = list(zip(fates, days(of), strict=False))
    except Impossible:  # refused when it is made
        return
    rows = [_as(fate, of, day) for fate, day in known if fate != "hidden"]
    if not rows:
        return
    octets = written(of, rows)
    assert expanded(octets) == as_told(rows)
    first, last = rows[0].at, rows[-1].at
    hidden = {
        f"{day.astimezone(OSLO):%Y%m%dT%H%M%S}": first < day < last for fate, day in known if fate == "hidden"
    }
    lines = octets.decode().replace("\r\n ", "").split("\r\n")
    found = [line for line in lines if any(day in line for day in hidden)]
    assert found == [f"EXDATE;TZID=Europe/Oslo:{day}" for day, is_between in hidden.items() if is_between]


# --- Invitations ---------------------------------------------------------------------------------------------------
WHICH = SeenOccurrence(FORUM.uid, DAYS[1], "Europe/Oslo")
MOVED = meeting(at("Europe/Oslo", 2026, 2, 11, 18), title="Samarbeidsforum", occurrence=WHICH, sequence=1)
BY_RULE = ["RECURRENCE-ID;TZID=Europe/Oslo:20260210T170000"]


def _to_ola(part):
    organizer = ("Sandefjord kommune", "svar-x@sandefjord.example")
    return part.to(organizer=organizer, attendee=("Ola", "ola@forening.example"))


def test_a_request_for_one_of_a_series_names_the_series_and_the_moment_by_the_rule():
    octets = _to_ola(imip.request(MOVED, changed_at=STAMP))
    golden("request_for_one_of_a_series", octets)
    in_the_feed = written(*CASES["series_with_a_moved_meeting"])
    assert values(octets, "UID") == values(in_the_feed, "UID")[1:]
    assert values(octets, "RECURRENCE-ID") == values(in_the_feed, "RECURRENCE-ID") == BY_RULE


def test_a_cancellation_of_one_of_a_series_is_of_that_one():
    octets = _to_ola(imip.cancellation(MOVED, stamped_at=STAMP))
    assert (values(octets, "METHOD"), values(octets, "RECURRENCE-ID")) == (["METHOD:CANCEL"], BY_RULE)


def test_the_rules_zone_is_described_where_the_meeting_is_in_another():
    elsewhere = meeting(at("Africa/Nairobi", 2026, 2, 11, 18), occurrence=WHICH)
    octets = _to_ola(imip.request(elsewhere, changed_at=STAMP))
    assert sorted(values(octets, "TZID")) == ["TZID:Africa/Nairobi", "TZID:Europe/Oslo"]
