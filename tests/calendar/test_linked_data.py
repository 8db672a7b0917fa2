"""The data block of public pages: schema.org's Event, and nothing that the page itself does not say."""

import datetime as dt
import json
import re
from dataclasses import replace

import pytest
from django.utils import timezone

from events.calendar.listing import linked_data
from events.dates import Precision
from events.gatherings import locking
from events.gatherings.models import Event, PlaceLevel
from tests.calendar.facts import at, golden, meeting
from tests.factories import event
from tests.queries import queries_of

BLOCK = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.S)
HOSTILE = "</script><script>alert(1)</script><!-- & ]]> \u2028\u2029 é 🕊"
PAGE = "https://moteplass.example/events/1/"
# What schema.org says an Event may hold, as far as we use it, and of which type.
SHAPE = {
    "@context": str,
    "@type": str,
    "@id": str,
    "name": str,
    "description": str,
    "startDate": str,
    "endDate": str,
    "eventStatus": str,
    "eventAttendanceMode": str,
    "location": dict,
    "organizer": dict,
    "inLanguage": str,
    "url": str,
}
STATUS = {"https://schema.org/EventScheduled", "https://schema.org/EventCancelled"}
OFFSET = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d")


def blocks(client, path):
    return [json.loads(found) for found in BLOCK.findall(client.get(path).content.decode())]


def check(data):
    """The structure that search engines ask for: name, startDate, location; known names, right types."""
    assert {"@context", "@type", "name", "startDate", "organizer", "eventStatus"} <= set(data) <= set(SHAPE)
    assert [name for name, value in data.items() if not isinstance(value, SHAPE[name])] == []
    assert (data["@context"], data["@type"]) == ("https://schema.org", "Event")
    assert data["eventStatus"] in STATUS
    assert all(OFFSET.fullmatch(data[name]) for name in ("startDate", "endDate"))
    assert data["organizer"].keys() == {"@type", "name"}
    place = data.get("location", {"@type": "Place", "name": "", "address": ""})
    assert (place["@type"], place.keys()) == ("Place", {"@type", "name", "address"})


def test_the_block_is_as_reviewed():
    seen = meeting(
        at("Europe/Oslo", 2026, 6, 9, 17),
        title="Dialogmøte",
        purpose="Bli kjent.",
        place="Sentrum, Sandefjord",
    )
    data = linked_data.event_data(seen, arranged_by="Sandefjord kommune", page=PAGE)
    check(data)
    golden("event_jsonld", json.dumps(data, indent=1, ensure_ascii=False).encode() + b"\n", "json")


def test_hostile_text_stays_inside_the_block_and_comes_out_as_it_was():
    seen = meeting(at("Europe/Oslo", 2026, 6, 9, 17), title=HOSTILE, place=HOSTILE, city="")
    block = linked_data.block([linked_data.event_data(seen, arranged_by=HOSTILE, page=PAGE)])
    (inner,) = re.findall(r'^<script type="application/ld\+json">([^<>&]*)</script>$', block)
    assert inner.isascii()
    data = json.loads(inner)
    assert (data["name"], data["organizer"]["name"], data["location"]["address"]) == (
        HOSTILE,
        HOSTILE,
        HOSTILE,
    )


def test_a_vague_date_has_no_block(client, sandefjord):
    vague = {"starts_at": None, "ends_at": None, "answer_by": None, "vague_from": dt.date(2014, 10, 1)}
    row = event(sandefjord, is_public=True, state=Event.State.HELD, vague_precision=Precision.MONTH, **vague)
    assert (blocks(client, f"/events/{row.uid}/"), blocks(client, "/")) == ([], [])


@pytest.mark.parametrize(
    ("level", "name", "address"),
    [
        (PlaceLevel.NOTHING, None, None),
        (PlaceLevel.CITY, "Sandefjord", "Sandefjord"),
        (PlaceLevel.DISTRICT, "Sentrum, Sandefjord", "Sandefjord"),
        (PlaceLevel.ADDRESS, "Sandefjord rådhus, Rådhusgata 1, Sentrum, Sandefjord", "Sandefjord"),
    ],
)
def test_the_place_is_told_as_far_as_the_public_sees(client, sandefjord, level, name, address):
    row = event(sandefjord, is_public=True, place_for_public=level, online_url="https://video.example/x")
    (data,) = blocks(client, f"/events/{row.uid}/")
    check(data)
    place = data.get("location")
    assert (place and place["name"], place and place["address"]["addressLocality"]) == (name, address)
    assert ("eventAttendanceMode" in data, "video.example" in json.dumps(data)) == (name is not None, False)


def test_a_cancelled_event_is_cancelled_in_the_block(client, sandefjord):
    row = event(sandefjord, is_public=True, state=Event.State.CANCELLED, published_at=timezone.now())
    (data,) = blocks(client, f"/events/{row.uid}/")
    check(data)
    assert data["eventStatus"] == "https://schema.org/EventCancelled"


def test_the_block_names_no_person(client, sandefjord):
    row = event(sandefjord, is_public=True, chair="Grete Ordstyrer", contact_phone="33 00 00 00")
    (data,) = blocks(client, f"/events/{row.uid}/")
    assert [word for word in ("Grete", "Kari", "kari@", "33 00") if word in json.dumps(data)] == []


def test_the_front_page_has_one_block_of_all_and_asks_no_more_for_it(client, sandefjord, kristiansand):
    rows = [event(sandefjord, is_public=True), event(kristiansand, is_public=True)]
    event(sandefjord, title="lukket")
    (found,) = blocks(client, "/")
    for data in found:
        check(data)
    assert {data["name"] for data in found} == {row.title for row in rows}
    assert queries_of(client, "/") == 3


def test_a_locked_event_leaves_the_front_page_block(client, sandefjord):
    row, other = event(sandefjord, is_public=True), event(sandefjord, is_public=True)
    locking.lock(row, by=None)
    (data,) = blocks(client, "/")
    assert (data["name"], row.title in client.get("/").content.decode()) == (other.title, False)


def test_public_pages_name_their_calendar_and_lists(client, sandefjord, kristiansand):
    row = event(sandefjord, is_public=True)
    event(kristiansand, is_public=True)
    alternate = re.compile(r'<link rel="alternate" type="([^"]+)" title="[^"]+" href="([^"]+)">')

    def of(slug):
        media = {"text/calendar": "ics", "application/atom+xml": "atom", "application/json": "json"}
        return {(kind, f"/calendar/public/{slug}.{ending}") for kind, ending in media.items()}

    assert set(alternate.findall(client.get(f"/events/{row.uid}/").content.decode())) == of("sandefjord")
    assert set(alternate.findall(client.get("/").content.decode())) == of("sandefjord") | of("kristiansand")


def test_a_block_of_nothing_is_nothing():
    seen = replace(meeting(at("Europe/Oslo", 2026, 6, 9, 17)), starts_at=None)
    assert linked_data.block([linked_data.event_data(seen, arranged_by="x", page=PAGE)]) == ""
