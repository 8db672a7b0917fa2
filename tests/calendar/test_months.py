"""A month and an agenda of meetings: every event on its own days, in words, for whoever may see it."""

import calendar
import datetime as dt
import re

import pytest
import time_machine
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from events.calendar.months import grid
from events.calendar.months.entries import time_on
from events.dates import Precision, VagueDate
from events.gatherings import locking
from events.gatherings.days import DAY
from events.gatherings.models import Event, EventHost, EventMeasure
from events.tenancy.models import Membership
from tests.factories import OSLO, draft, event, measure, on_days, organisation, staff
from tests.queries import queries_of

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
MONTH, AGENDA = "/t/sandefjord/calendar/month/", "/t/sandefjord/calendar/agenda/"
PUBLIC = "/calendar/public/sandefjord/month/"
UNDATED = {"starts_at": None, "ends_at": None, "answer_by": None}


@pytest.fixture(autouse=True)
def october():
    with time_machine.travel(dt.datetime(2026, 10, 14, 12, tzinfo=OSLO), tick=False):
        yield


@pytest.fixture
def desk(client, sandefjord, kari):
    client.force_login(kari, backend=BACKEND)
    return client


def at(day, hour=17, hours=2, zone=OSLO):
    starts = dt.datetime(2026, 10, day, hour, tzinfo=zone)
    return {"starts_at": starts, "ends_at": starts + dt.timedelta(hours=hours), "answer_by": None}


def vague(year, month, precision):
    return {**UNDATED, "vague_from": dt.date(year, month, 1), "vague_precision": precision}


def on(response):
    """What stands on which day of the month: {7: ["17:00–19:00 Dialogmøte"]}."""
    return {
        shown.day.day: [f"{entry.time} {entry.title}" for entry in shown.entries]
        for shown in response.context["days"]
    }


def apart(response):
    return [f"{entry.time}: {entry.title}" for entry in response.context["vague"]]


def cells(response):
    """The same, read from the table of the page."""
    found = {}
    for cell in re.findall(r"<td[^>]*>(.*?)</td>", response.content.decode(), re.DOTALL):
        day, links = (
            re.search(r'class="date">(\d+)', cell),
            re.findall(r"<a [^>]*>(.*?)</a>", cell, re.DOTALL),
        )
        if day and links:
            found[int(day[1])] = [re.sub(r"<[^>]*>", "", link) for link in links]
    return found


# --- The month ------------------------------------------------------------------------------------------------------
@given(st.dates(dt.date(2000, 1, 1), dt.date(2099, 12, 31)))
def test_a_month_is_whole_weeks_from_monday_with_iso_numbers(day):
    month = grid.month_of(day)
    weeks = list(month.weeks())
    assert [week for _number, week in weeks] == calendar.Calendar(0).monthdatescalendar(day.year, day.month)
    assert [number for number, week in weeks] == [week[3].isocalendar().week for _number, week in weeks]
    assert grid.read(month.key) == month
    assert month.holds(day)
    for neighbour, back in ((month.before, "after"), (month.after, "before")):
        assert neighbour is None or getattr(neighbour, back) == month


@pytest.mark.parametrize(
    "asked",
    [
        "2026-13",
        "2026-00",
        "26-10",
        "2026-1",
        "1999-12",
        "2100-01",
        "9999-99",
        "x",
        "2026-10-07",
        "٢٠٢٦-١٠",
        "2" * 999,
    ],
)
@pytest.mark.parametrize("address", [MONTH, PUBLIC])
def test_a_month_that_is_none_is_said_plainly(desk, asked, address):
    response = desk.get(address, {"m": asked})
    assert response.status_code == 400
    assert response.context["month"].key == "2026-10"
    assert "Adressen" in response.content.decode()


@pytest.mark.parametrize(("asked", "links"), [("2000-01", ["", "2000-02"]), ("2099-12", ["2099-11", ""])])
def test_the_first_and_the_last_month_lead_no_further(desk, asked, links):
    page = desk.get(MONTH, {"m": asked}).content.decode()
    assert re.findall(r'rel="(?:prev|next)" href="\?m=([\d-]+)"', page) == [link for link in links if link]


def test_each_event_stands_on_its_own_days_at_its_own_time(desk, sandefjord):
    event(sandefjord, title="Dialogmøte", **at(7))
    event(sandefjord, title="Besøk", **at(12, 10, 77))
    event(
        sandefjord,
        title="Fagdager",
        **{**on_days(dt.date(2026, 9, 29), dt.date(2026, 10, 2)), "answer_by": None},
    )
    event(sandefjord, title="Til midnatt", **at(20, 18, 6))
    event(sandefjord, title="I november", **on_days(dt.date(2026, 11, 1)))
    with translation.override("nb"):
        response = desk.get(MONTH)
    expected = {
        1: ["hele dagen Fagdager"],
        2: ["hele dagen Fagdager"],
        7: ["17:00–19:00 Dialogmøte"],
        12: ["fra 10:00 Besøk"],
        13: ["hele dagen Besøk"],
        14: ["hele dagen Besøk"],
        15: ["til 15:00 Besøk"],
        20: ["18:00–00:00 Til midnatt"],
    }
    assert on(response) == cells(response) == expected


def test_the_day_is_that_of_the_events_own_clock_and_a_strange_time_names_its_zone(desk, sandefjord):
    starts = dt.datetime(
        2026, 10, 31, 23, 30, tzinfo=dt.UTC
    )  # 1 November in Oslo and in Nairobi, not yet in Nuuk
    facts = {"starts_at": starts, "ends_at": starts + dt.timedelta(hours=1), "answer_by": None}
    for zone in ("Europe/Oslo", "Africa/Nairobi", "America/Nuuk"):
        event(sandefjord, title=zone, time_zone=zone, **facts)
    assert on(desk.get(MONTH)) == {31: ["21:30–22:30 (lokal tid i Nuuk) America/Nuuk"]}
    assert on(desk.get(MONTH, {"m": "2026-11"})) == {
        1: ["00:30–01:30 Europe/Oslo", "02:30–03:30 (lokal tid i Nairobi) Africa/Nairobi"]
    }


def test_a_vague_date_stands_apart_in_each_month_it_may_mean_and_on_no_day(desk, sandefjord):
    draft(sandefjord, title="i måneden", **vague(2026, 10, Precision.MONTH))
    draft(sandefjord, title="i høst", **vague(2026, 9, Precision.SEASON))
    draft(sandefjord, title="i kvartalet", **vague(2026, 10, Precision.QUARTER))
    draft(sandefjord, title="i året", **vague(2026, 1, Precision.YEAR))
    draft(sandefjord, title="i våres", **vague(2026, 3, Precision.SEASON))
    draft(sandefjord, title="i fjor", **vague(2025, 1, Precision.YEAR))
    response = desk.get(MONTH)
    assert (on(response), cells(response)) == ({}, {})
    assert apart(response) == [
        "2026: i året",
        "høsten 2026: i høst",
        "oktober 2026: i måneden",
        "fjerde kvartal 2026: i kvartalet",
    ]
    assert "Uten dag ennå" in response.content.decode()
    assert apart(desk.get(MONTH, {"m": "2026-12"}))[-1] == "fjerde kvartal 2026: i kvartalet"


def test_a_date_that_is_vague_only_about_the_hour_stands_on_its_day(desk, sandefjord):
    facts = {**UNDATED, "vague_from": dt.date(2026, 10, 7), "vague_precision": Precision.DAY}
    draft(sandefjord, title="Signering", **facts)
    assert on(desk.get(MONTH)) == {7: ["uten klokkeslett Signering"]}


@pytest.mark.parametrize(
    ("month", "precision", "last"),
    [
        (2, Precision.MONTH, dt.date(2026, 2, 28)),
        (12, Precision.MONTH, dt.date(2026, 12, 31)),
        (10, Precision.QUARTER, dt.date(2026, 12, 31)),
        (1, Precision.SEASON, dt.date(2026, 2, 28)),
        (9, Precision.SEASON, dt.date(2026, 12, 31)),
        (1, Precision.YEAR, dt.date(2026, 12, 31)),
        (7, Precision.DAY, dt.date(2026, 7, 1)),
    ],
)
def test_a_vague_date_ends_with_its_period(month, precision, last):
    assert VagueDate(dt.date(2026, month, 1), precision).last == last


def test_what_is_draft_cancelled_or_locked_says_so_in_words(desk, sandefjord):
    draft(sandefjord, title="utkast", **at(5))
    event(sandefjord, title="avlyst", state=Event.State.CANCELLED, **at(6))
    locking.lock(event(sandefjord, title="låst", **at(7)), by=None)
    event(sandefjord, title="vanlig", **at(8))
    marks = {
        entry.title: [word for word, _colour in entry.marks]
        for shown in desk.get(MONTH).context["days"]
        for entry in shown.entries
    }
    assert marks == {"utkast": ["utkast"], "avlyst": ["avlyst"], "låst": ["låst"], "vanlig": []}


def test_today_is_said_in_words_in_the_table_and_in_the_list(desk, sandefjord):
    event(sandefjord, **at(14))
    page = desk.get(MONTH).content.decode()
    assert re.search(r'class="date">14 <span>i dag</span>', page)
    assert re.search(r"14\. oktober 2026 <span[^>]*>\(i dag\)", page)
    assert "i dag" not in desk.get(MONTH, {"m": "2026-11"}).content.decode()


def test_the_week_numbers_of_january_are_those_of_the_standard(desk):
    page = desk.get(MONTH, {"m": "2027-01"}).content.decode()
    assert re.findall(r'<th scope="row">.*?(\d+)</th>', page, re.DOTALL) == ["53", "1", "2", "3", "4"]


def test_nobody_sees_a_neighbours_month(client, sandefjord, kristiansand, kari):
    event(kristiansand, title="Naboens", is_public=True, **at(7))
    client.force_login(kari, backend=BACKEND)
    assert on(client.get(MONTH)) == on(client.get(PUBLIC)) == {}
    for way in ("month", "agenda"):
        assert client.get(f"/t/kristiansand/calendar/{way}/").status_code == 404


# --- The agenda -----------------------------------------------------------------------------------------------------
def in_agenda(response):
    return {
        f"{shown.day:%m-%d}": [entry.title for entry in shown.entries] for shown in response.context["days"]
    }


def test_the_agenda_begins_today_and_is_read_four_weeks_at_a_time(desk, sandefjord):
    event(sandefjord, title="i går", **at(13))
    event(sandefjord, title="i dag", **at(14))
    event(sandefjord, title="varer ennå", **on_days(dt.date(2026, 10, 12), dt.date(2026, 10, 15)))
    event(sandefjord, title="sist", **on_days(dt.date(2026, 11, 10)))
    event(sandefjord, title="for sent", **on_days(dt.date(2026, 11, 11)))
    first = desk.get(AGENDA)
    assert in_agenda(first) == {"10-14": ["varer ennå", "i dag"], "10-15": ["varer ennå"], "11-10": ["sist"]}
    later = re.search(r'rel="next" href="([^"]+)"', first.content.decode())
    assert later
    assert in_agenda(desk.get(AGENDA + later[1])) == {"11-11": ["for sent"]}
    assert in_agenda(desk.get(AGENDA, {"day": "2026-09-16"})) == {
        "10-12": ["varer ennå"],
        "10-13": ["varer ennå", "i går"],
    }


def test_the_agenda_is_narrowed_by_kind_town_measure_and_whose_it_is(desk, sandefjord, kari):
    mine = Membership.objects.of(sandefjord).get(user=kari)
    other = Membership.objects.of(sandefjord).get(user=staff(sandefjord, "coordinator"))
    advanced = measure(sandefjord)
    event(sandefjord, title="a", kind="course", city="Larvik", responsible=mine, **at(20))
    planned = event(sandefjord, title="b", responsible=other, **at(20))
    EventMeasure.objects.create(tenant=sandefjord, event=planned, measure=advanced)

    def found(**asked):
        return sorted(in_agenda(desk.get(AGENDA, asked)).get("10-20", []))

    assert found() == ["a", "b"]
    assert found(kind="course") == found(city="Larvik") == found(mine="on") == ["a"]
    assert found(measure=advanced.pk) == ["b"]
    assert found(measure=advanced.pk, mine="on") == []
    page = desk.get(AGENDA, {"city": "Larvik", "day": "2026-10-19"}).content.decode()
    assert 'href="?city=Larvik&amp;day=2026-11-16"' in page  # the filter goes along


@pytest.mark.parametrize(
    "asked",
    [
        {"day": "i morgen"},
        {"day": "0001-01-01"},
        {"day": "9999-12-31"},
        {"kind": "party"},
        {"city": "Atlantis"},
        {"measure": "9" * 30},
        {"measure": "x"},
    ],
)
def test_a_filter_that_means_nothing_is_said_at_its_field_and_no_list_shown(desk, sandefjord, asked):
    event(sandefjord, title="Skal ikke vises", **at(20))
    response = desk.get(AGENDA, asked)
    assert response.status_code == 400
    assert set(response.context["form"].errors) == set(asked)
    assert "Skal ikke vises" not in response.content.decode()


@pytest.mark.parametrize("day", ["2000-01-01", "2099-12-31"])
def test_the_agenda_ends_with_the_years_meetings_can_be_in(desk, day):
    page = desk.get(AGENDA, {"day": day}).content.decode()
    assert (('rel="prev"' in page), ('rel="next"' in page)) == (day > "2001", day < "2001")


# --- How much it costs ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("address", "most"), [(MONTH, 1), (AGENDA, 3), (PUBLIC, 3)])
def test_more_meetings_ask_the_database_no_more(desk, sandefjord, address, most):
    host = organisation(sandefjord)

    def one_more():
        row = event(sandefjord, is_public=True, **at(20))
        EventHost.objects.create(tenant=sandefjord, event=row, organisation=host)
        draft(sandefjord, is_public=True, **vague(2026, 10, Precision.MONTH))
        EventMeasure.objects.create(tenant=sandefjord, event=row, measure=measure(sandefjord))

    one_more()
    asked = queries_of(desk, address)
    one_more()
    one_more()
    assert queries_of(desk, address) == asked <= most


# --- The public -----------------------------------------------------------------------------------------------------
def test_the_public_sees_listed_meetings_of_one_tenant_and_nothing_else(client, sandefjord):
    event(sandefjord, title="åpent", is_public=True, chair="Grete Ordstyrer", **at(7))
    event(sandefjord, title="lukket", **at(7))
    draft(sandefjord, title="utkast", is_public=True, **at(7))
    event(sandefjord, title="avlyst", is_public=True, state=Event.State.CANCELLED, **at(7))
    locked = event(sandefjord, title="låst", is_public=True, **at(7))
    before = client.get(PUBLIC)
    assert on(before) == cells(before) == {7: ["17:00–19:00 låst", "17:00–19:00 åpent"][::-1]}
    locking.lock(locked, by=None)
    response = client.get(PUBLIC)
    page = response.content.decode()
    assert on(response) == {7: ["17:00–19:00 åpent"]}
    for hidden in ("lukket", "utkast", "avlyst", "låst", "Grete", "Rådhusgata", "Møterom", "/t/"):
        assert hidden not in page
    assert response["Cache-Control"] == "public, no-cache"
    assert not response.cookies


def test_the_towns_of_public_meetings_are_told_no_further_than_allowed(client, sandefjord):
    event(sandefjord, title="hemmelig sted", is_public=True, place_for_public=0, **at(7))
    page = client.get(PUBLIC).content.decode()
    assert "hemmelig sted" in page
    assert page.count("Sandefjord") == page.count("Sandefjord kommune")


def test_there_is_no_month_of_nobody(client, db):
    assert client.get("/calendar/public/nowhere/month/").status_code == 404


@pytest.mark.parametrize("language", ["nb", "nn", "da", "sv", "en", "ar", "so", "pl", "uk", "ur"])
def test_the_public_month_is_read_in_ten_languages(client, sandefjord, language):
    event(sandefjord, title="x", is_public=True, **on_days(dt.date(2026, 10, 14), dt.date(2026, 10, 15)))
    facts = {"state": Event.State.HELD, "is_public": True, **vague(2026, 10, Precision.MONTH)}
    event(sandefjord, **facts)
    response = client.get(PUBLIC, HTTP_ACCEPT_LANGUAGE=language)
    page = response.content.decode()
    said = re.sub(r"<[^>]*>", " ", page)
    assert f'<html lang="{language}"' in page
    assert response["Content-Language"] == language
    for text in (
        "all day",
        "today",
        "This month",
        "Next:",
        "Public meetings of",
        "Without a day yet",
    ):
        assert (text in said) is (language == "en"), text
    other = client.get(PUBLIC, {"lang": language}).content.decode()
    assert f"lang={language}&amp;m=2026-11" in other  # the language goes along


def test_the_pages_lead_to_each_other(desk, sandefjord):
    event(sandefjord, is_public=True, **at(20))
    ways = ("/t/sandefjord/events/", MONTH, AGENDA, "/t/sandefjord/calendar/")
    for address in ways:
        page = desk.get(address).content.decode()
        assert all(f'href="{way}"' in page for way in ways)
    desk.logout()
    assert f'href="{PUBLIC}"' in desk.get("/").content.decode()


def test_a_day_between_is_all_of_it(sandefjord):
    row = event(sandefjord, **at(12, 10, 77))
    with translation.override("en"):
        said = [time_on(row, dt.date(2026, 10, 12) + n * DAY, "Europe/Oslo") for n in range(4)]
    assert said == ["from 10:00", "all day", "all day", "until 15:00"]
