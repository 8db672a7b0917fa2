"""The buttons and the approver's page."""

import pytest
from django.urls import reverse

from minutes.approval import services
from minutes.approval.models import MinutesVersion
from minutes.records.models import Minutes
from tests.factories import event, measure
from tests.records.scene import address, opened, written


@pytest.fixture
def waiting(sandefjord, mina):
    return services.submit(written(sandefjord, mina, measure=measure(sandefjord)), by=mina)


def state(at):
    return Minutes.objects.of(at).get().state


def test_a_minute_taker_submits(at_desk, mina, sandefjord):
    minutes = written(sandefjord, mina)
    response = at_desk(mina).post(address("minutes-submit", minutes))
    assert (response.status_code, response["Location"]) == (302, address("minutes-detail", minutes))
    assert state(sandefjord) == "submitted"


def test_submitting_too_early_is_refused_in_words(at_desk, mina, sandefjord):
    from minutes.records import services as records

    minutes = records.open_minutes(event(sandefjord), by=mina)
    response = at_desk(mina).post(address("minutes-submit", minutes), follow=True)
    assert [message.level_tag for message in response.context["messages"]] == ["error"]
    assert state(sandefjord) == "draft"


def test_the_approver_sees_what_is_frozen_and_which_measures_move(at_desk, kari, waiting):
    page = at_desk(kari).get(address("minutes-approve", waiting)).content.decode()
    notice = page[page.index('class="ds-alert"') : page.index('class="ds-details"')]
    assert "Samarbeid mellom kommune, politi og trossamfunn" in notice
    assert "Forumet møtes hvert kvartal." in page
    assert "Amina Accepted" in page


def test_looking_at_the_approvers_page_approves_nothing(at_desk, kari, waiting, sandefjord):
    at_desk(kari).get(address("minutes-approve", waiting))
    assert (state(sandefjord), MinutesVersion.objects.of(sandefjord).count()) == ("submitted", 0)


def test_the_approver_approves_and_a_second_click_is_harmless(at_desk, kari, waiting, sandefjord):
    desk, facts = at_desk(kari), {"revision": str(waiting.revision)}
    for _click in range(2):
        response = desk.post(address("minutes-approve", waiting), facts)
        assert (response.status_code, response["Location"]) == (302, address("minutes-detail", waiting))
    assert (state(sandefjord), MinutesVersion.objects.of(sandefjord).count()) == ("approved", 1)


@pytest.mark.parametrize("read", [{"revision": "0"}, {}, {"revision": "siste"}])
def test_a_page_that_showed_another_text_or_none_approves_nothing(at_desk, kari, waiting, sandefjord, read):
    response = at_desk(kari).post(address("minutes-approve", waiting), read, follow=True)
    assert [message.level_tag for message in response.context["messages"]] == ["error"]
    assert state(sandefjord) == "submitted"


def test_sending_back_needs_a_reason(at_desk, kari, waiting, sandefjord):
    page = at_desk(kari).post(address("minutes-send-back", waiting), {"reason": " "})
    assert (page.status_code, list(page.context["form"].errors), state(sandefjord)) == (
        200,
        ["reason"],
        "submitted",
    )


def test_sending_back_tells_the_minute_taker_why(at_desk, kari, mina, waiting, sandefjord):
    at_desk(kari).post(address("minutes-send-back", waiting), {"reason": "Mangler tall fra skolen"})
    assert state(sandefjord) == "draft"
    for name in ("minutes-detail", "minutes-edit"):
        assert "Mangler tall fra skolen" in at_desk(mina).get(address(name, waiting)).content.decode()


def test_the_approvers_page_of_a_draft_leads_to_reading_it(at_desk, kari, sandefjord):
    minutes = opened(sandefjord)
    response = at_desk(kari).get(address("minutes-approve", minutes))
    assert (response.status_code, response["Location"]) == (302, address("minutes-detail", minutes))


@pytest.mark.parametrize("name", ["minutes-approve", "minutes-send-back"])
def test_a_minute_taker_may_not_approve_or_send_back(at_desk, mina, waiting, name):
    assert at_desk(mina).post(address(name, waiting), {"reason": "x"}).status_code == 403


@pytest.mark.parametrize("name", ["minutes-approve", "minutes-send-back", "minutes-submit"])
def test_a_stranger_finds_nothing(at_desk, nils, waiting, kristiansand, name):
    url = reverse(name, kwargs={"tenant": kristiansand.slug, "pk": waiting.event_id})
    assert at_desk(nils).post(url).status_code == 404
    assert at_desk(nils).post(address(name, waiting)).status_code == 404


@pytest.mark.parametrize("name", ["minutes-send-back", "minutes-submit"])
def test_looking_at_an_address_that_changes_things_changes_nothing(at_desk, kari, waiting, name):
    assert at_desk(kari).get(address(name, waiting)).status_code == 405
