"""The public's pages: what is listed, in which order, and what is never told."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from django.utils.html import strip_tags

from events.dates import Precision
from events.gatherings.models import Event, PlaceLevel
from tests.factories import draft, event, organisation, programme
from tests.queries import queries_of

HELD = Event.State.HELD


def titles(response):
    return [notice.event.title for notice in response.context["page"]]


def listed(at, title, **facts):
    return event(at, title=title, is_public=True, **facts)


def test_the_front_page_lists_coming_meetings_of_every_tenant_soonest_first_then_past_ones_latest_first(
    client, sandefjord, kristiansand
):
    now = timezone.now()
    two_hours = dt.timedelta(hours=2)
    for days, title, at in (
        (30, "later", sandefjord),
        (3, "sooner", kristiansand),
        (-400, "long ago", sandefjord),
    ):
        starts = now + dt.timedelta(days=days)
        listed(at, title, starts_at=starts, ends_at=starts + two_hours, answer_by=None)
    listed(
        kristiansand,
        "vague",
        state=HELD,
        starts_at=None,
        ends_at=None,
        answer_by=None,
        vague_from=now.date() - dt.timedelta(days=90),
        vague_precision=Precision.MONTH,
    )
    assert titles(client.get("/")) == ["sooner", "later", "vague", "long ago"]


def test_only_published_and_held_events_marked_as_public_are_listed(client, sandefjord):
    listed(sandefjord, "shown")
    event(sandefjord, title="not marked")
    draft(sandefjord, title="draft", is_public=True)
    event(sandefjord, title="cancelled", is_public=True, state=Event.State.CANCELLED)
    assert titles(client.get("/")) == ["shown"]


def test_a_vague_date_is_told_in_words_and_never_as_a_day(client, sandefjord):
    facts = {"starts_at": None, "ends_at": None, "answer_by": None, "vague_from": dt.date(2014, 10, 1)}
    held = listed(sandefjord, "Toppmøte", state=HELD, vague_precision=Precision.MONTH, **facts)
    for address in ("/", f"/events/{held.uid}/"):
        page = client.get(address, headers={"accept-language": "nb"}).content.decode()
        assert ("Oktober 2014" in page, "1. oktober 2014" in page) == (True, False)


def test_a_time_is_told_on_the_clock_of_the_place(client, sandefjord):
    nairobi = ZoneInfo("Africa/Nairobi")
    starts = timezone.now().astimezone(nairobi).replace(hour=9, minute=30) + dt.timedelta(days=3)
    shown = listed(
        sandefjord,
        "Mombasa",
        starts_at=starts,
        ends_at=starts + dt.timedelta(hours=1),
        time_zone="Africa/Nairobi",
    )
    page = client.get(f"/events/{shown.uid}/", headers={"accept-language": "en"}).content.decode()
    assert "09:30–10:30 (local time, Africa/Nairobi)" in " ".join(strip_tags(page).split())


SECRETS = {
    "room": "Møterom 3",
    "address": "Rådhusgata 1",
    "district": "Sentrum",
    "chair": "Mona Møteleder",
    "contact_name": "Kari Koordinator",
    "contact_email": "kari@sandefjord.example",
    "contact_phone": "33 00 00 00",
    "online_url": "https://video.example/secret",
}


def test_the_public_sees_the_town_and_none_of_what_is_for_invitees(client, sandefjord):
    shown = listed(sandefjord, "Dialogmøte", place_for_public=PlaceLevel.CITY, city="Sandefjord", **SECRETS)
    programme(shown, "Innledning ved ordføreren")
    page = client.get(f"/events/{shown.uid}/").content.decode()
    assert "Sandefjord" in page
    hidden = [*SECRETS.values(), "Innledning ved ordføreren", "Sandefjord rådhus"]
    assert [words for words in hidden if words in page] == []


def test_a_cancelled_meeting_says_so_to_whoever_kept_the_link(client, sandefjord):
    gone = listed(sandefjord, "Avlyst", state=Event.State.CANCELLED, published_at=timezone.now())
    page = client.get(f"/events/{gone.uid}/", headers={"accept-language": "en"})
    assert (page.status_code, "This meeting is cancelled." in page.content.decode()) == (200, True)


@pytest.mark.parametrize(
    "facts",
    [
        {"is_public": False},
        {"is_public": True, "state": Event.State.DRAFT},
        {"is_public": True, "state": Event.State.CANCELLED, "published_at": None},
    ],
    ids=["not public", "draft", "cancelled before it was published"],
)
def test_an_event_the_public_may_not_know_of_is_not_found(client, sandefjord, facts):
    assert client.get(f"/events/{event(sandefjord, **facts).uid}/").status_code == 404


def test_the_front_page_asks_three_questions_however_many_events(client, sandefjord, kristiansand):
    def more(at):
        host = organisation(at)
        shown = listed(at, "Dialogmøte")
        shown.host_links.create(tenant=at, organisation=host)

    more(sandefjord)
    one = queries_of(client, "/")
    more(kristiansand)
    more(sandefjord)
    assert (one, queries_of(client, "/")) == (3, 3)


def test_the_front_page_comes_in_pages(client, sandefjord):
    for number in range(21):
        listed(sandefjord, f"Møte {number}")
    assert (len(titles(client.get("/"))), len(titles(client.get("/?page=2")))) == (20, 1)
    assert titles(client.get("/?page=nonsense")) == titles(client.get("/"))


def test_an_empty_front_page_explains_itself(client, db):
    page = client.get("/", headers={"accept-language": "en"}).content.decode()
    assert "No meetings are listed now" in page
