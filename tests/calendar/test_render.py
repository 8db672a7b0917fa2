"""Events as iCalendar: one golden file a case, and readers other than our own."""

import datetime as dt
import io
from datetime import time

import icalendar
import pytest
import recurring_ical_events
import vobject
from django.utils import translation

from events.calendar import render
from events.gatherings.visibility import SeenItem
from tests.calendar.facts import STAMP, at, events_in, golden, meeting, thunderbird_reads, unfolded, values

OSLO = "Europe/Oslo"
# Two days before and after both changes of clocks in 2026, and the days themselves.
AROUND_THE_CHANGES = [
    at(OSLO, 2026, month, day, 17)
    for month, days in ((3, (27, 28, 29, 30)), (10, (23, 24, 25, 26)))
    for day in days
]


def written(*seen, **facts):
    return [render.vevent(one, dtstamp=STAMP, last_modified=STAMP, **facts) for one in seen]


def feed(*seen, name="Sandefjord kommune", **facts):
    return render.calendar(written(*seen, **facts), name=name, zones={one.time_zone for one in seen})


FULL = meeting(
    at(OSLO, 2026, 3, 12, 17),
    title="Dialogmøte: trygghet, tillit og utenforskap i Sandefjord sentrum – «Hva kan vi gjøre sammen?»",
    purpose="Vi møtes for å snakke om trygghet.\n\nAlle er velkomne; enkel servering.",
    hosts=("Sandefjord kommune", "Politiet"),
    place="Sandefjord rådhus, Møterom 3, Rådhusgata 1, Sentrum, Sandefjord",
    chair="Ordføreren",
    online_url="https://video.example/rom",
    programme=(
        SeenItem(1, time(17), "Velkommen", ("Kari Nordmann, ordfører",)),
        SeenItem(1, None, "Samtale i grupper"),
    ),
    contact_name="Kari Koordinator",
    contact_email="kari@sandefjord.example",
    sequence=2,
)
CASES = {
    "event_full": [FULL],
    "event_in_summer_and_in_winter": [meeting(at(OSLO, 2026, 7, 7, 17)), meeting(at(OSLO, 2026, 12, 1, 17))],
    "event_over_three_days": [meeting(at(OSLO, 2026, 3, 27, 12), hours=52, kind_label="delegasjonsbesøk")],
    "event_cancelled": [meeting(at(OSLO, 2026, 5, 6, 18), cancelled=True, sequence=3)],
    "event_in_mombasa": [
        meeting(at("Africa/Nairobi", 2026, 2, 9, 9), title="Mombasa, besøk", place="Mombasa")
    ],
    "event_in_a_zone_without_yearly_rules": [meeting(at("Africa/Casablanca", 2026, 7, 7, 17))],
    "event_when_clocks_show_an_hour_twice": [meeting(at(OSLO, 2026, 10, 25, 2, 30), hours=0.5)],
    "event_with_hostile_text": [
        meeting(
            at(OSLO, 2026, 5, 6, 18),
            title="Møte\r\nATTENDEE:mailto:x@y.example\x00\x1b;,\\ 😀" + "æøå" * 30,
            purpose="a\u2028b\x85c\nEND:VEVENT\nBEGIN:VALARM",
            place='"Rådhuset"; rom 3, 2. etg.',
            online_url="https://video.example/\r\nORGANIZER:mailto:evil@x.example",
        )
    ],
}


@pytest.mark.parametrize("case", CASES)
def test_the_bytes_are_as_reviewed(case):
    with translation.override("en"):
        golden(case, feed(*CASES[case]))


@pytest.mark.parametrize("case", CASES)
def test_no_line_is_longer_than_75_octets(case):
    assert max(len(line) for line in feed(*CASES[case]).split(b"\r\n")) <= 75


@pytest.mark.parametrize("case", CASES)
def test_every_line_ends_with_crlf_and_no_control_character_is_left(case):
    octets = feed(*CASES[case])
    assert octets.endswith(b"\r\n")
    rest = octets.replace(b"\r\n", b"").decode()
    assert [char for char in rest if ord(char) < 32 or 127 <= ord(char) < 160] == []


@pytest.mark.parametrize("case", CASES)
def test_every_reader_finds_the_same_events_at_the_same_time(case):
    octets, seen = feed(*CASES[case]), CASES[case]
    spans = [(one.starts_at, one.ends_at) for one in seen]
    assert [(event.start, event.end) for event in events_in(octets)] == spans
    found = vobject.readOne(io.StringIO(octets.decode()))
    assert [(v.dtstart.value, v.dtend.value) for v in found.vevent_list] == spans
    read = thunderbird_reads(octets)
    assert [(one["starts"]["utc"], one["ends"]["utc"]) for one in read] == [
        tuple(f"{moment:%Y-%m-%dT%H:%M:%S}.000Z" for moment in span) for span in spans
    ]


def test_the_wall_clock_is_right_on_both_sides_of_both_clock_changes():
    read = thunderbird_reads(feed(*(meeting(day) for day in AROUND_THE_CHANGES)))
    assert [one["starts"]["wall"] for one in read] == [
        f"{day:%Y-%m-%dT17:00:00}" for day in AROUND_THE_CHANGES
    ]
    assert [one["starts"]["utc"][11:13] for one in read] == ["16", "16", "15", "15", "15", "15", "16", "16"]


def test_a_calendar_program_finds_the_meeting_of_the_day():
    calendar = icalendar.Calendar.from_ical(feed(*(meeting(day) for day in AROUND_THE_CHANGES)))
    found = recurring_ical_events.of(calendar).at((2026, 3, 29))
    assert [event.start.astimezone(dt.UTC).hour for event in found] == [15]


def test_thunderbird_reads_the_words_as_they_were_meant():
    with translation.override("nb"):
        read = thunderbird_reads(feed(FULL))
        assert (read[0]["summary"], read[0]["description"]) == (FULL.title, render.description(FULL))


def test_equal_facts_give_equal_bytes_on_another_day(time_machine):
    time_machine.move_to("2026-01-01T00:00:00Z")
    first = feed(FULL)
    time_machine.move_to("2027-06-01T00:00:00Z")
    assert feed(FULL) == first


def test_the_calendar_has_no_uid_of_its_own():
    assert len(values(feed(*CASES["event_in_summer_and_in_winter"]), "UID")) == 2


def test_a_feed_says_its_name_and_how_often_to_look():
    octets = feed(FULL, name="Sandefjord; kommune")
    assert values(octets, "NAME") == [r"NAME:Sandefjord\; kommune"]
    assert values(octets, "X-WR-CALNAME") == [r"X-WR-CALNAME:Sandefjord\; kommune"]
    assert values(octets, "REFRESH-INTERVAL") == ["REFRESH-INTERVAL;VALUE=DURATION:PT1H"]
    assert values(octets, "X-PUBLISHED-TTL") == ["X-PUBLISHED-TTL:PT1H"]
    assert values(octets, "METHOD") == ["METHOD:PUBLISH"]


def test_a_cancelled_meeting_says_so_in_status_and_in_words():
    with translation.override("nb"):
        (event,) = events_in(feed(meeting(at(OSLO, 2026, 5, 6, 18), cancelled=True)))
    assert (event["STATUS"], event["SUMMARY"]) == ("CANCELLED", "Avlyst: Dialogmøte")


def test_an_event_without_a_time_is_refused():
    vague = meeting(at(OSLO, 2026, 5, 6, 18), starts_at=None, ends_at=None, vague_words="mai 2026")
    with pytest.raises(ValueError, match="without a time"):
        written(vague)


def test_an_invitation_has_one_attendee_and_its_organiser():
    people = {
        "organizer": render.Person("Sandefjord kommune", "svar-abc@svar.example"),
        "attendee": render.Person("Ola Nordmann", "ola@forening.example"),
    }
    with translation.override("en"):
        asked = written(FULL, url="https://moteplass.example/rsvp/abc/", **people)
    octets = render.calendar(asked, method="REQUEST", zones=[OSLO])
    golden("request_for_one_attendee", octets)
    assert len(values(octets, "ATTENDEE")) == len(values(octets, "ORGANIZER")) == 1


def test_invitation_and_feed_agree_on_uid_and_sequence():
    invited = render.calendar(
        written(
            FULL, organizer=render.Person("A", "a@x.example"), attendee=render.Person("B", "b@x.example")
        ),
        method="REQUEST",
    )
    for name in ("UID", "SEQUENCE"):
        assert values(invited, name) == values(feed(FULL), name)


def test_the_uid_is_the_events_own_at_our_host(settings):
    settings.BASE_URL = "https://moteplass.example:8443"
    assert values(feed(FULL), "UID") == [f"UID:{FULL.uid}@moteplass.example"]


def test_what_is_not_seen_leaves_no_line():
    bare = meeting(at(OSLO, 2026, 5, 6, 18), place="")
    names = {line.partition(":")[0].partition(";")[0] for line in unfolded(b"".join(written(bare)))}
    assert names.isdisjoint({"LOCATION", "DESCRIPTION", "URL", "CONFERENCE", "ORGANIZER", "ATTENDEE"})
