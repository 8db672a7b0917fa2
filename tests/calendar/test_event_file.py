"""One event as a calendar file: who gets it, that it is the event of feed and invitation, and HTTP."""

import pytest
from django.utils import timezone
from django.utils.http import http_date

from events.gatherings import locking
from events.gatherings.models import Appearance, Event
from events.gatherings.schedule import schedule_changed
from tests.calendar.facts import events_in, thunderbird_reads, values
from tests.factories import draft, event, programme
from tests.queries import queries_of

PERSONS = ("Grete", "Per Taler", "Kari Koordinator", "kari@", "33 00")
HIDDEN = (*PERSONS, "Samtale i grupper", "video.example", "Rådhusgata", "Møterom 3", "Sentrum")


@pytest.fixture
def row(sandefjord):
    """Listed, with every field filled, so that there is something to hide."""
    found = event(
        sandefjord,
        is_public=True,
        sequence=3,
        chair="Grete Ordstyrer",
        online_url="https://video.example/hemmelig",
        contact_phone="33 00 00 00",
    )
    (item,) = programme(found, "Samtale i grupper")
    Appearance.objects.create(tenant=sandefjord, item=item, name="Per Taler", office="ordfører")
    schedule_changed(sandefjord.pk)
    return found


def public(row):
    return f"/events/{row.uid}.ics"


def staff(row):
    return f"/t/sandefjord/events/{row.pk}/event.ics"


def test_the_public_file_is_the_event_of_the_public_feed_without_a_method(client, row):
    response = client.get(public(row))
    (mine,), (fed,) = (
        events_in(response.content),
        events_in(client.get("/calendar/public/sandefjord.ics").content),
    )
    assert mine.to_ical() == fed.to_ical()
    assert (values(response.content, "METHOD"), values(response.content, "SEQUENCE")) == ([], ["SEQUENCE:3"])
    text = response.content.replace(b"\r\n ", b"").decode()
    assert [word for word in HIDDEN if word in text] == []
    assert [each["summary"] for each in thunderbird_reads(response.content)] == [row.title]


def test_staff_get_what_their_feed_shows_and_never_persons(at_desk, leif, row):
    response = at_desk(leif).get(staff(row))
    text = response.content.replace(b"\r\n ", b"").decode()
    assert [word for word in ("Møterom 3", "Samtale i grupper", "video.example") if word not in text] == []
    assert ([word for word in PERSONS if word in text], response["Cache-Control"]) == (
        [],
        "private, no-store",
    )
    assert values(response.content, "UID") == values(at_desk(leif).get(public(row)).content, "UID")


def test_staff_of_another_tenant_and_strangers_get_none(at_desk, client, nils, row):
    assert client.get(staff(row)).status_code == 302
    sat = at_desk(nils)
    assert (
        sat.get(staff(row)).status_code
        == sat.get(f"/t/kristiansand/events/{row.pk}/event.ics").status_code
        == 404
    )


def test_a_file_not_listed_is_for_staff_alone(at_desk, client, kari, sandefjord):
    closed = event(sandefjord, is_public=False)
    assert client.get(public(closed)).status_code == 404
    assert at_desk(kari).get(staff(closed)).status_code == 200


def no_day(at):
    facts = {"starts_at": None, "ends_at": None, "answer_by": None, "state": Event.State.HELD}
    return event(at, is_public=True, vague_from="2026-10-01", vague_precision="month", **facts)


@pytest.mark.parametrize(
    "make",
    [
        lambda at: draft(at, is_public=True),
        lambda at: event(at, is_public=True, locked_at=timezone.now()),
        no_day,
        lambda at: event(at, is_public=True, state=Event.State.CANCELLED, published_at=None),
    ],
    ids=["draft", "locked", "vague date", "cancelled before it was published"],
)
def test_there_is_no_file_of_it(at_desk, client, kari, sandefjord, make):
    row = make(sandefjord)
    assert (client.get(public(row)).status_code, at_desk(kari).get(staff(row)).status_code) == (404, 404)


def test_a_cancelled_event_says_so(client, sandefjord):
    row = event(sandefjord, is_public=True, state=Event.State.CANCELLED, published_at=timezone.now())
    content = client.get(public(row)).content
    assert values(content, "STATUS") == ["STATUS:CANCELLED"]
    assert values(content, "SUMMARY") == [f"SUMMARY:Avlyst: {row.title}"]


def test_it_is_gone_at_the_next_request_after_the_lock(client, row):
    first = client.get(public(row))
    locking.lock(row, by=None)
    again = client.get(public(row), headers={"if-none-match": first["ETag"]})
    assert (again.status_code, b"VEVENT" in again.content) == (404, False)


def test_it_is_304_while_unchanged_and_the_same_for_every_reader(client, row):
    first = client.get(public(row))
    assert (first["Content-Type"], first["Cache-Control"]) == (
        "text/calendar; charset=utf-8",
        "public, no-cache",
    )
    assert first["Content-Disposition"].startswith('attachment; filename="sandefjord-20')
    assert first["Last-Modified"] == http_date(row.changed_at.timestamp())
    assert (first["ETag"].startswith('"'), first["X-Robots-Tag"]) == (True, "noindex, nofollow")
    for asked in ({"if-none-match": first["ETag"]}, {"if-modified-since": first["Last-Modified"]}):
        again = client.get(public(row), headers=asked)
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    head = client.head(public(row))
    assert (head.content, head["Content-Length"]) == (b"", str(len(first.content)))
    assert client.get(public(row), headers={"accept-language": "en"}).content == first.content
    Event.objects.of(row.tenant).filter(pk=row.pk).update(title="Nytt navn")
    assert client.get(public(row), headers={"if-none-match": first["ETag"]}).status_code == 200


def test_the_pages_link_to_it_when_it_is_there(at_desk, client, kari, sandefjord, row):
    page = f"/t/sandefjord/events/{row.pk}/"
    assert public(row) in client.get(f"/events/{row.uid}/").content.decode()
    assert public(row) not in client.get(f"/events/{no_day(sandefjord).uid}/").content.decode()
    assert staff(row) in at_desk(kari).get(page).content.decode()
    hidden = (draft(sandefjord), no_day(sandefjord), event(sandefjord, locked_at=timezone.now()))
    pages = [at_desk(kari).get(f"/t/sandefjord/events/{each.pk}/").content.decode() for each in hidden]
    assert [".ics" in each for each in pages] == [False] * 3


def test_it_asks_two_questions(client, row):
    assert queries_of(client, public(row)) == 2
