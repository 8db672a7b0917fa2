"""A ministry starts a campaign, Kristiansand takes part with a meeting, and both see what they may see of it."""

import os
from pathlib import Path

import pytest
from django.utils import timezone

from events.gatherings.models import Event
from tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SHOTS = os.environ.get("SHOTS", "")  # a folder, to look at the pages oneself


@pytest.fixture(autouse=True)
def still_post(monkeypatch):
    monkeypatch.setattr("invites.post.outbox.wake", lambda *args, **kwargs: None)


@pytest.fixture
def ministry(db):
    return factories.tenant("ministry", name="Justisdepartementet", kind="ministry")


@pytest.fixture
def siv(ministry):
    return factories.staff(ministry, "coordinator", name="Siv Samordner")


@pytest.fixture
def meeting(kristiansand):
    row = factories.event(kristiansand, title="Samtale om trygghet", city="Kristiansand")
    for n in range(7):
        person = factories.contact(
            kristiansand, name=f"Hemmelig Gjest {n}", email=f"gjest{n}@hemmelig.example"
        )
        factories.invitation(row, contact=person, reply="accepted", replied_at=timezone.now())
    return row


def shot(visitor, name: str) -> None:
    if SHOTS:
        for width in (1280, 360):
            visitor.page.set_viewport_size({"width": width, "height": 900})
            visitor.page.screenshot(path=Path(SHOTS) / f"{name}-{width}.png", full_page=True)


def feed(visitor, tenant: str) -> str:
    """The address of a new feed of the campaign."""
    visitor.go(f"/t/{tenant}/calendar/").fill("Name of the feed", "Kampanjen")
    visitor.tick("meetings of all who take part in a campaign")
    visitor.page.get_by_label(visitor.say("Campaign"), exact=False).last.select_option(
        label="Dialogmøter høsten 2014"
    )
    visitor.press("Make a feed")
    return visitor.typed("Secret address")


def test_a_campaign_from_the_letter_to_the_feed(at_work, client, ministry, siv, kristiansand, nils, meeting):
    desk = at_work(siv)
    desk.go("/t/ministry/campaigns/").reads("You coordinate no campaign").follow("New campaign")
    desk.press("Save").jump("Write a title.", to="Title")
    desk.fill("Title", "Dialogmøter høsten 2014").fill("what set it off", "brev")
    desk.fill("When it was sent", "en gang").press("Save")
    assert "2016" in desk.error_at("When it was sent")
    desk.fill("When it was sent", "oktober 2014").fill("Programme to begin from", "17:00 Velkommen")
    shot(desk, "form")
    desk.press("Save").reads("Brev, oktober 2014", "Velkommen").press("Open the campaign")
    desk.follow("Ask others").press("Ask").reads("Choose or write somebody.")
    desk.tick("Kristiansand kommune").fill("Others, by name", "Haugesund kommune").press("Ask")
    desk.reads("asked, no answer yet", "listed by name")
    shot(desk, "detail")

    client.cookies.clear()  # another person signs in, and Siv stays
    theirs = at_work(nils, phone=True)
    theirs.go("/t/kristiansand/campaigns/").follow("Dialogmøter høsten 2014")
    in_another_window = at_work(nils).go(theirs.page.url)
    theirs.press("Take part").reads("You take part. Now link your first meeting.")
    in_another_window.press("Take part").reads("You take part in this campaign already.")
    theirs.follow("Link a meeting").press("Link the meeting")
    theirs.jump("Choose a meeting above, or write the title of a new one.", to="Title of a new meeting")
    shot(theirs, "link")
    option = theirs.page.locator("option", has_text="Samtale om trygghet").get_attribute("value")
    theirs.page.locator("select[name=event]").select_option(value=option)
    theirs.fill("Who the meeting is for", "trossamfunn\nungdom").press("Link the meeting")
    theirs.reads("Samtale om trygghet", "Tittel, tid og by deles")
    shot(theirs, "joined")
    theirs.follow("Write what was learned").fill("What worked", "Små bord").press("Save").reads("Små bord")

    desk.follow("The board: how far each has come").reads("Samtale om trygghet", "trossamfunn, ungdom")
    row = desk.row("Kristiansand kommune")
    assert [cell.strip() for cell in row.locator("td").all_inner_texts()] == [
        "Deltar",
        "1",
        "0",
        "0",
        "7",
        "7",
    ]
    desk.never_reads("Hemmelig", "hemmelig.example", "rådhus")
    shot(desk, "board")
    desk.go("/t/ministry/campaigns/").follow("Dialogmøter høsten 2014").reads("Små bord")

    addresses = [feed(desk, "ministry"), feed(theirs, "kristiansand")]
    shot(desk, "feed")
    for address in addresses:
        body = desk.page.request.get(address).text()
        assert ("Samtale om trygghet" in body, "emmelig" in body) == (True, False)
    theirs.go(f"/t/kristiansand/events/{meeting.pk}/").follow("Lock this event").press("Lock this event")
    for address in addresses:
        answer = desk.page.request.get(address)
        assert (answer.status, "Samtale om trygghet" in answer.text()) == (200, False)
    desk.go("/t/ministry/campaigns/").follow("Dialogmøter høsten 2014").follow(
        "The board: how far each has come"
    )
    desk.never_reads("Samtale om trygghet")
    theirs.go("/t/kristiansand/campaigns/").follow("Dialogmøter høsten 2014").follow("Leave the campaign")
    theirs.press("Leave the campaign").reads(
        "You have left the campaign. The others no longer see your meetings."
    )
    assert [desk.page.request.get(address).status for address in addresses] == [200, 404]


def test_by_keyboard_alone_a_meeting_is_put_into_a_network(at_work, sandefjord, kari):
    network = factories.network(sandefjord, name="Nordic Safe Cities")
    meeting = factories.event(sandefjord, title="Nettverksmøte")
    desk = at_work(kari)
    desk.go(f"/t/sandefjord/events/{meeting.pk}/")
    desk.tab_to(desk.link("Put it into a network")).enter()
    desk.tab_to(desk.field("Network"))
    desk.page.keyboard.press("ArrowDown")
    desk.tab_to(desk.field("Who of us takes part")).type("Kari, 99 00 00 00")
    desk.tab_to(desk.button("Save")).enter().reads("Nordic Safe Cities", "Kari, 99 00 00 00")
    shot(desk, "event")
    desk.follow("Nordic Safe Cities").reads("Our meetings in the network", "Nettverksmøte")
    assert Event.objects.of(sandefjord).filter(network_links__network=network).get() == meeting
