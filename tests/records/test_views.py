"""The list of minutes and opening them."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from minutes.records import services
from minutes.records.models import Minutes
from tests.factories import draft
from tests.records.scene import address, forum, held, opened


def minutes_in(state, at, **facts):
    minutes = services.open_minutes(held(at, **facts), by=None)
    more = {"approved_at": timezone.now()} if state == "approved" else {}
    Minutes.objects.of(at).filter(pk=minutes.pk).update(state=state, **more)
    return minutes


def listed(response):
    return [minutes.event.title for minutes in response.context["page_obj"]]


@pytest.fixture
def three(sandefjord):
    for state in ("approved", "draft", "submitted"):
        minutes_in(state, sandefjord, title=state)


def test_waiting_minutes_stand_first_then_drafts_then_approved(at_desk, mina, three, sandefjord):
    page = at_desk(mina).get(reverse("minutes-list", kwargs={"tenant": sandefjord.slug}))
    assert listed(page) == ["submitted", "draft", "approved"]


def test_a_reader_sees_only_approved_minutes(at_desk, leif, three, sandefjord):
    page = at_desk(leif).get(reverse("minutes-list", kwargs={"tenant": sandefjord.slug}))
    assert listed(page) == ["approved"]


def test_minutes_of_another_tenant_are_not_listed(at_desk, nils, three, kristiansand):
    minutes_in("approved", kristiansand, title="deres")
    page = at_desk(nils).get(reverse("minutes-list", kwargs={"tenant": kristiansand.slug}))
    assert listed(page) == ["deres"]


def test_an_empty_list_says_what_to_do(at_desk, mina, sandefjord):
    page = at_desk(mina).get(reverse("minutes-list", kwargs={"tenant": sandefjord.slug}))
    assert (page.status_code, listed(page), 'class="ds-card empty"' in page.content.decode()) == (
        200,
        [],
        True,
    )


def test_the_list_takes_as_many_queries_with_three_rows_as_with_one(at_desk, mina, sandefjord):
    desk, url = at_desk(mina), reverse("minutes-list", kwargs={"tenant": sandefjord.slug})
    minutes_in("draft", sandefjord)
    desk.get(url)
    with CaptureQueriesContext(connection) as one:
        desk.get(url)
    minutes_in("draft", sandefjord)
    minutes_in("approved", sandefjord)
    with CaptureQueriesContext(connection) as many:
        desk.get(url)
    content = [query for query in many.captured_queries if "minutes_" in query["sql"]]
    assert (len(one), len(content)) == (len(many), 2)


def test_waiting_minutes_are_asked_for_by_name_longest_first(sandefjord, three):
    late = minutes_in("submitted", sandefjord, title="senere")
    Minutes.objects.of(sandefjord).filter(pk=late.pk).update(submitted_at=timezone.now())
    early = Minutes.objects.of(sandefjord).get(event__title="submitted")
    Minutes.objects.of(sandefjord).filter(pk=early.pk).update(
        submitted_at=timezone.now() - dt.timedelta(days=1)
    )
    assert [m.event.title for m in Minutes.objects.of(sandefjord).waiting()] == ["submitted", "senere"]


def test_opening_leads_to_the_page_they_are_written_on(at_desk, mina, sandefjord):
    meeting = forum(sandefjord)
    response = at_desk(mina).post(address("minutes-open", meeting))
    assert (response.status_code, response["Location"]) == (302, address("minutes-edit", meeting))
    assert Minutes.objects.of(sandefjord).get().author == mina


def test_looking_at_the_address_of_opening_opens_nothing(at_desk, mina, sandefjord):
    assert at_desk(mina).get(address("minutes-open", forum(sandefjord))).status_code == 405
    assert not Minutes.objects.of(sandefjord).exists()


def test_opening_the_minutes_of_a_draft_is_refused_in_words(at_desk, mina, sandefjord):
    response = at_desk(mina).post(address("minutes-open", draft(sandefjord)), follow=True)
    assert [message.level_tag for message in response.context["messages"]] == ["error"]
    assert not Minutes.objects.of(sandefjord).exists()


@pytest.mark.parametrize("name", ["minutes-open", "minutes-edit"])
def test_a_reader_may_not_write(at_desk, leif, sandefjord, name):
    assert at_desk(leif).post(address(name, opened(sandefjord))).status_code == 403


@pytest.mark.parametrize("name", ["minutes-open", "minutes-edit"])
def test_a_stranger_finds_nothing(at_desk, nils, sandefjord, kristiansand, name):
    minutes = opened(sandefjord)
    url = reverse(name, kwargs={"tenant": kristiansand.slug, "pk": minutes.event_id})
    assert at_desk(nils).post(url).status_code == 404
    assert at_desk(nils).post(address(name, minutes)).status_code == 404
