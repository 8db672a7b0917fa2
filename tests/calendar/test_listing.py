"""Public events as JSON and Atom: their shape, what is in them, and HTTP as programs speak it."""

import datetime as dt
import gzip
import json
import re
from dataclasses import replace
from uuid import UUID
from xml.etree import ElementTree as ET

import brotli
import pytest
from django.utils import timezone, translation
from django.utils.http import http_date

from events.calendar.listing import as_atom, as_json, facts
from events.calendar.listing.facts import Listed, Listing
from events.calendar.models import StoredBody
from events.dates import Precision, VagueDate
from events.gatherings import locking
from events.gatherings.models import Event, EventHost
from events.gatherings.services import schedule_changed
from events.gatherings.when import WallClock
from tests.calendar.facts import STAMP, at, events_in, golden, meeting
from tests.factories import draft, event, measure, organisation
from tests.queries import queries_of

ENDINGS = ("json", "atom")
ATOM = "{http://www.w3.org/2005/Atom}"
RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)")
HOSTILE = "Møte </title><script>alert(1)</script> & «]]>» \u2028 e\u0301 🕊"


def address(ending, query=""):
    return f"/calendar/public/sandefjord.{ending}{query}"


def told(client, ending, query=""):
    """The titles in it, in order."""
    response = client.get(address(ending, query))
    assert response.status_code == 200
    if ending == "json":
        return [each["title"] for each in json.loads(response.content)["events"]]
    return [found.text for found in ET.fromstring(response.content).findall(f"{ATOM}entry/{ATOM}title")]


def listed(at, title, **more):
    row = event(at, title=title, **{"is_public": True, **more})
    schedule_changed(at.pk)
    return row


def vague(at, title, precision=Precision.MONTH, **more):
    """A held event of which only a period is known."""
    facts = {"starts_at": None, "ends_at": None, "answer_by": None, "state": Event.State.HELD}
    first = timezone.localdate() - dt.timedelta(days=60)
    return listed(at, title, **{**facts, "vague_from": first, "vague_precision": precision, **more})


# --- The shape, on facts alone --------------------------------------------------------------------------------------
def sample() -> Listing:
    base = "https://moteplass.example/events"

    def shown(seen, changed_at=STAMP):
        if seen.starts_at:
            seen = replace(seen, starts_local=wall(seen.starts_local), ends_local=wall(seen.ends_local))
        file = f"{base}/{seen.uid}.ics" if seen.starts_at else ""
        return Listed(seen, changed_at, f"{base}/{seen.uid}/", file)

    full = meeting(
        at("Europe/Oslo", 2026, 6, 9, 17),
        title="Dialogmøte & kaffe <åpent>",
        kind="dialogue",
        purpose="Bli kjent.\nAlle kan komme.",
        place="Sentrum, Sandefjord",
        hosts=("Sandefjord kommune", "Sør-Øst politidistrikt"),
        sequence=2,
    )
    called_off = meeting(
        at("Africa/Nairobi", 2026, 11, 3, 9), kind="visit_out", kind_label="delegasjon", cancelled=True
    )
    hostile = meeting(at("Europe/Oslo", 2026, 12, 1, 17), title=HOSTILE, place="", city="")
    no_day = meeting(
        at("Europe/Oslo", 2014, 10, 1, 0), title="Toppmøte", kind="summit", kind_label="toppmøte"
    )
    no_day = replace_time(no_day, VagueDate(dt.date(2014, 10, 1), Precision.MONTH))
    later = STAMP + dt.timedelta(days=1)
    return Listing(
        title="Sandefjord kommune",
        arranged_by="Sandefjord kommune",
        language="nb",
        query="",
        begun_at=STAMP,
        events=(shown(no_day), shown(full, later), shown(called_off), shown(hostile)),
    )


def wall(moment):
    """As `seen` tells it: on the clock of the place."""
    return WallClock.combine(moment.date(), moment.timetz())


def replace_time(seen, when):
    none = dict.fromkeys(("starts_at", "ends_at", "starts_local", "ends_local"))
    return replace(seen, **none, vague=when, vague_words="oktober 2014")


def atom(told):
    with translation.override("nb"):
        return as_atom.compose(told, "https://moteplass.example/calendar/public/sandefjord.atom")


def test_the_json_is_as_documented():
    written = as_json.compose(sample(), "https://moteplass.example/calendar/public/sandefjord.json")
    golden("public_events", written, "json")
    whole = json.loads(written)
    assert (whole["version"], whole["updated"]) == (1, "2026-01-06T09:30:00Z")
    no_day, full, called_off, hostile = whole["events"]
    assert (no_day["starts"], no_day["ends"], no_day["time_zone"], no_day["calendar_url"]) == (None,) * 4
    assert no_day["vague"] == {"from": "2014-10-01", "precision": "month", "words": "oktober 2014"}
    assert (full["starts"], full["ends"]) == ("2026-06-09T17:00:00+02:00", "2026-06-09T19:00:00+02:00")
    assert (called_off["status"], called_off["starts"]) == ("cancelled", "2026-11-03T09:00:00+03:00")
    assert (hostile["title"], hostile["place"]) == (HOSTILE, None)
    assert {tuple(each) for each in whole["events"]} == {tuple(full)}, "a name is missing somewhere"


def test_the_atom_is_as_reviewed(settings):
    settings.BASE_URL = "https://moteplass.example"
    golden("public_events", atom(sample()), "atom")


def test_the_atom_keeps_rfc_4287():
    feed = ET.fromstring(atom(sample()))
    assert feed.tag == f"{ATOM}feed"
    assert feed.get("{http://www.w3.org/XML/1998/namespace}lang") == "nb"
    links = feed.findall(f"{ATOM}link")
    assert [link.get("rel") for link in links] == ["self", "alternate"]
    assert (
        feed.findtext(f"{ATOM}author/{ATOM}name") == "Sandefjord kommune"
    )  # section 4.1.1: or one in each entry
    entries = feed.findall(f"{ATOM}entry")
    assert len(entries) == 4
    for part in (feed, *entries):
        for name in ("id", "title", "updated"):  # sections 4.1.1 and 4.1.2: exactly one of each
            assert len(part.findall(f"{ATOM}{name}")) == 1
        assert RFC_3339.fullmatch(part.findtext(f"{ATOM}updated"))
        UUID(part.findtext(f"{ATOM}id").removeprefix("urn:uuid:"))
    ids = [part.findtext(f"{ATOM}id") for part in (feed, *entries)]
    assert len(set(ids)) == 5
    assert {entry.find(f"{ATOM}content").get("type") for entry in entries} == {"text"}
    assert feed.findtext(f"{ATOM}updated") == max(entry.findtext(f"{ATOM}updated") for entry in entries)


def test_the_atom_tells_hostile_text_letter_by_letter_and_a_vague_date_in_words_alone():
    entries = ET.fromstring(atom(sample())).findall(f"{ATOM}entry")
    assert entries[3].findtext(f"{ATOM}title") == HOSTILE
    assert entries[2].findtext(f"{ATOM}title") == "Avlyst: Dialogmøte"
    words = entries[0].findtext(f"{ATOM}content")
    assert ("Når: Oktober 2014" in words, "2014-10" in words, "1. oktober" in words) == (True, False, False)


# --- What is in it ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("ending", ENDINGS)
def test_it_holds_what_the_calendar_of_the_same_address_holds(client, sandefjord, kristiansand, ending):
    now = timezone.now()
    for days, title in ((-10, "nylig"), (-400, "lenge siden"), (30, "kommende"), (900, "om lenge")):
        starts = now + dt.timedelta(days=days)
        listed(sandefjord, title, starts_at=starts, ends_at=starts + dt.timedelta(hours=1), answer_by=None)
    listed(sandefjord, "avlyst", state=Event.State.CANCELLED, published_at=now)
    event(sandefjord, title="lukket")
    draft(sandefjord, title="utkast", is_public=True)
    listed(kristiansand, "naboens")
    for query in ("", "?all"):
        calendar = client.get(address("ics", query)).content
        titles = [str(each["SUMMARY"]).removeprefix("Avlyst: ") for each in events_in(calendar)]
        found = [title.removeprefix("Avlyst: ") for title in told(client, ending, query)]
        assert (sorted(found), "avlyst" in found, "naboens" in found) == (sorted(titles), True, False)


@pytest.mark.parametrize("ending", ENDINGS)
def test_vague_dates_are_listed_while_their_period_is_in_the_window(client, sandefjord, ending):
    today = timezone.localdate()
    vague(sandefjord, "denne høsten", Precision.SEASON)
    vague(sandefjord, "i fjor", Precision.YEAR, vague_from=today - dt.timedelta(days=183 + 360))
    vague(sandefjord, "den måneden", Precision.MONTH, vague_from=today - dt.timedelta(days=183 + 40))
    vague(sandefjord, "låst", locked_at=timezone.now())
    vague(sandefjord, "ikke for alle", is_public=False)
    assert sorted(told(client, ending)) == ["denne høsten", "i fjor"]
    assert sorted(told(client, ending, "?all")) == ["den måneden", "denne høsten", "i fjor"]


@pytest.mark.parametrize("ending", ENDINGS)
def test_it_is_narrowed_like_the_calendar(client, sandefjord, ending):
    first = listed(sandefjord, "dialog", city="Sandefjord", language="nb")
    listed(sandefjord, "kurs", kind="course", city="Larvik", language="en")
    aim = measure(sandefjord)
    first.measure_links.create(tenant=sandefjord, measure=aim)
    assert told(client, ending, "?kind=course") == ["kurs"]
    assert told(client, ending, "?place=SANDEFJORD") == ["dialog"]
    assert told(client, ending, "?language=en") == ["kurs"]
    assert told(client, ending, f"?measure={aim.pk}") == ["dialog"]
    assert told(client, ending, "?detail=busy") == ["Opptatt", "Opptatt"]


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("query", ["?kind=party", "?measure=x", "?language=tlh", "?detail=all", "?measure=0"])
def test_a_value_that_means_nothing_is_refused(client, sandefjord, ending, query):
    response = client.get(address(ending, query))
    assert (response.status_code, response["Content-Type"]) == (400, "text/plain; charset=utf-8")


def test_its_own_address_does_not_repeat_what_a_stranger_wrote(client, sandefjord):
    listed(sandefjord, "dialog")
    first = json.loads(client.get(address("json", "?place=SandeFJORD&kind=dialogue&x=y")).content)
    assert first["url"].endswith(".json?kind=dialogue&place=sandefjord")
    hostile = client.get(address("atom", "?place=%3Cb%3E%22%01%ED%B2%80&all")).content
    (own, _page) = ET.fromstring(hostile).findall(f"{ATOM}link")
    assert re.fullmatch(r"[a-zA-Z0-9:/.?=&%_+-]+", own.get("href"))


def test_only_what_is_listed_decides_when_it_was_updated(client, sandefjord):
    """Otherwise the public would see that a meeting it may not know of was changed."""
    shown = listed(sandefjord, "dialog")
    before = {ending: client.get(address(ending)).content for ending in ENDINGS}
    event(sandefjord, title="lukket")
    Event.objects.of(sandefjord).exclude(pk=shown.pk).update(changed_at=timezone.now() + dt.timedelta(days=1))
    schedule_changed(sandefjord.pk)
    assert {ending: client.get(address(ending)).content for ending in ENDINGS} == before


@pytest.mark.parametrize("ending", ENDINGS)
def test_an_empty_list_is_whole_and_dated_from_rows(client, sandefjord, ending):
    begun = sandefjord.created_at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert (told(client, ending), begun in client.get(address(ending)).content.decode()) == ([], True)


@pytest.mark.parametrize("ending", ENDINGS)
def test_one_event_that_cannot_be_read_does_not_take_the_list_from_everybody(
    client, sandefjord, ending, monkeypatch, caplog
):
    bad = listed(sandefjord, "uleselig")
    listed(sandefjord, "lesbar")

    def breaks(row, audience):
        if row.pk == bad.pk:
            raise ValueError(row.pk)
        return seen(row, audience)

    seen = facts.seen
    monkeypatch.setattr(facts, "seen", breaks)
    caplog.set_level("CRITICAL")
    assert told(client, ending) == ["lesbar"]


# --- HTTP ------------------------------------------------------------------------------------------------------------
MEDIA = {"json": "application/json", "atom": "application/atom+xml; charset=utf-8"}


@pytest.mark.parametrize("ending", ENDINGS)
def test_it_is_served_like_the_calendar(client, sandefjord, ending):
    listed(sandefjord, "dialog")
    response = client.get(address(ending))
    assert (response["Content-Type"], response["Content-Language"]) == (MEDIA[ending], "nb")
    assert (response["Cache-Control"], response["X-Robots-Tag"]) == ("public, no-cache", "noindex, nofollow")
    assert (dict(response.cookies), "Cookie" in response["Vary"]) == ({}, False)
    assert response["Content-Disposition"] == f'inline; filename="sandefjord.{ending}"'
    head = client.head(address(ending))
    assert (head.content, head["Content-Length"]) == (b"", str(len(response.content)))
    for name, unpack in (("gzip", gzip.decompress), ("br", brotli.decompress)):
        packed = client.get(address(ending), headers={"accept-encoding": name})
        assert (packed["Content-Encoding"], unpack(packed.content)) == (name, response.content)
        assert packed["ETag"] != response["ETag"]


@pytest.mark.parametrize("ending", ENDINGS)
def test_unchanged_it_is_304_and_costs_one_statement(client, sandefjord, ending, django_assert_num_queries):
    listed(sandefjord, "dialog")
    first = client.get(address(ending))
    for asked in (
        {"if-none-match": first["ETag"]},
        {"if-modified-since": http_date(timezone.now().timestamp())},
    ):
        with django_assert_num_queries(1):
            again = client.get(address(ending), headers=asked)
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    listed(sandefjord, "enda et")
    assert client.get(address(ending), headers={"if-none-match": first["ETag"]}).status_code == 200


def test_a_script_of_any_site_may_read_the_json_and_nothing_else(client, sandefjord):
    listed(sandefjord, "dialog")
    first = client.get(address("json"))
    asked = [first, client.get(address("json"), headers={"if-none-match": first["ETag"]})]
    asked += [client.get(address("json", "?kind=x")), client.get("/calendar/public/nobody.json")]
    assert [each.status_code for each in asked] == [200, 304, 400, 404]
    assert {each["Access-Control-Allow-Origin"] for each in asked} == {"*"}
    assert not any(each.has_header("Access-Control-Allow-Credentials") for each in asked)
    others = [client.get(path) for path in ("/", address("ics"), address("atom"), "/embed/sandefjord/")]
    assert not any(each.has_header("Access-Control-Allow-Origin") for each in others)


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_rebuild_asks_as_much_for_three_events_as_for_one(client, sandefjord, ending):
    def more():
        row = listed(sandefjord, "dialog")
        EventHost.objects.create(tenant=sandefjord, event=row, organisation=organisation(sandefjord))
        schedule_changed(sandefjord.pk)

    more()
    client.get(address(ending))
    more()
    two = queries_of(client, address(ending))
    more()
    more()
    assert (queries_of(client, address(ending)), len(told(client, ending))) == (two, 4)


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_locked_event_is_gone_at_the_next_request_and_back_after(client, sandefjord, ending):
    row, no_day = listed(sandefjord, "dialog"), vague(sandefjord, "uten dag")
    etag = client.get(address(ending))["ETag"]
    for each in (row, no_day):
        locking.lock(each, by=None)
    again = client.get(address(ending), headers={"if-none-match": etag})
    assert (again.status_code, told(client, ending)) == (200, [])
    for each in (row, no_day):
        locking.unlock(each, by=None)
    assert sorted(told(client, ending)) == ["dialog", "uten dag"]


def test_the_three_forms_keep_bodies_of_their_own(client, sandefjord):
    listed(sandefjord, "dialog")
    for ending in ("ics", *ENDINGS):
        for query in ("", "?all", "?kind=dialogue"):
            client.get(address(ending, query))
    assert StoredBody.objects.filter(key__startswith=f"{sandefjord.pk}:public:").count() == 9
