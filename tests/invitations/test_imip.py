"""The calendar request of an invitation, read back by icalendar and vobject."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
import vobject
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from events.calendar.render import uid_of
from events.gatherings.visibility import Audience, seen
from invites.invitations import imip
from tests.factories import event, programme

ORGANIZER = ("Sandefjord kommune", "svar-abcdefghijklmnopqrstuvwxyz234567@moteplass.example")
GUEST = ("Åse Ødegård", "ase@forening.example")


@pytest.fixture
def meeting(sandefjord):
    made = event(
        sandefjord, title="Dialogmøte; om tillit, i byen", sequence=3, online_url="https://meet.example/1"
    )
    programme(made, "Velkommen", "Samtale")
    return made


def request(meeting, organizer=ORGANIZER, attendee=GUEST):
    with translation.override("nb"):
        shown = seen(meeting, Audience.INVITED)
        return imip.request(shown, changed_at=meeting.changed_at).to(organizer=organizer, attendee=attendee)


def read(part):
    calendar = Calendar.from_ical(part)
    (vevent,) = calendar.walk("VEVENT")
    return calendar, vevent


def test_one_attendee_who_has_not_answered_and_an_organizer_with_the_reply_address(meeting):
    calendar, vevent = read(request(meeting))
    assert calendar["METHOD"] == "REQUEST"
    attendee, organizer = vevent["ATTENDEE"], vevent["ORGANIZER"]
    assert str(attendee) == "mailto:ase@forening.example"
    assert {name: str(value) for name, value in attendee.params.items()} == {
        "CN": "Åse Ødegård",
        "CUTYPE": "INDIVIDUAL",
        "ROLE": "REQ-PARTICIPANT",
        "PARTSTAT": "NEEDS-ACTION",
        "RSVP": "TRUE",
    }
    assert str(organizer) == f"mailto:{ORGANIZER[1]}"
    assert organizer.params["CN"] == "Sandefjord kommune"


def test_uid_and_sequence_are_those_of_the_feeds(meeting):
    _calendar, vevent = read(request(meeting))
    assert vevent["UID"] == uid_of(meeting.uid)
    assert vevent["SEQUENCE"] == 3
    assert vevent.decoded("DTSTAMP") == meeting.changed_at.replace(microsecond=0)


def test_time_and_zone_are_the_events_own(meeting):
    calendar, vevent = read(request(meeting))
    assert vevent.decoded("DTSTART") == meeting.starts_at
    assert vevent["DTSTART"].params["TZID"] == "Europe/Oslo"
    (zone,) = calendar.walk("VTIMEZONE")
    assert zone["TZID"] == "Europe/Oslo"
    other = vobject.readOne(request(meeting).decode())
    assert other.vevent.dtstart.value.astimezone(dt.UTC) == meeting.starts_at
    assert vevent.decoded("DTSTART").astimezone(ZoneInfo("Europe/Oslo")).hour == 17


def test_what_only_those_who_accept_may_see_is_not_there(meeting):
    part = request(meeting).decode().replace("\r\n ", "")
    assert "LOCATION:Sentrum\\, Sandefjord\r\n" in part
    for hidden in ("Rådhusgata 1", "Møterom 3", "https://meet.example/1"):
        assert hidden not in part


def test_the_same_facts_make_the_same_bytes(meeting):
    assert request(meeting) == request(meeting)


def test_an_event_without_a_time_is_refused(sandefjord):
    vague = event(
        sandefjord,
        starts_at=None,
        ends_at=None,
        vague_from=dt.date(2026, 1, 1),
        vague_precision="year",
        state="draft",
    )
    with pytest.raises(ValueError, match="time"):
        request(vague)


HOSTILE = st.text(max_size=300)


@settings(deadline=None)
@given(HOSTILE, HOSTILE)
def test_no_name_adds_a_line_or_an_attendee(organizer, attendee):
    """Names are parameters; what cannot be written there is left out or replaced."""
    frame = imip.Request(
        b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:1\r\n",
        b"END:VEVENT\r\nEND:VCALENDAR\r\n",
    )
    part = frame.to(organizer=(organizer, ORGANIZER[1]), attendee=(attendee, GUEST[1]))
    _calendar, vevent = read(part)
    assert str(vevent["ATTENDEE"]) == "mailto:ase@forening.example"
    assert str(vevent["ORGANIZER"]) == f"mailto:{ORGANIZER[1]}"
    assert max(len(line) for line in part.split(b"\r\n")) <= 75
