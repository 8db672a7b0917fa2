"""An invitee brings her own meetings into her calendar, without an account and without JavaScript."""

import pytest

from invites.answers.feeds.models import OwnFeed
from tests.stories.test_own_page import amina, newest, shot, still_post  # noqa: F401 - fixtures of that story

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
HERE = "Your meetings in your own calendar"


def shown(visitor, address):
    """What a calendar program gets there."""
    answer = visitor.page.request.get(address)
    return answer.text().replace("\r\n ", "") if answer.status == 200 else str(answer.status)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_she_subscribes_answers_and_changes_the_address(meet, amina, settings, dark):  # noqa: F811
    visitor = meet(language="nb", phone=True, script=False, dark=dark)
    invitation = newest(settings, r"/rsvp/[a-z2-7]{32}/")
    visitor.go(invitation).follow("What is held about you, and your rights").press("Send me a link")
    visitor.go(newest(settings, r"/me/[a-z2-7]{32}/")).follow(HERE)
    mine = visitor.page.url
    shot(visitor, "own-feed-list")
    visitor.press("Make an address").reads("Please correct this first")
    visitor.fill("Name of the feed", "Telefon").choose("Reminder before the meeting", "1 hour")
    visitor.press("Make an address").reads("Copy it now: it is shown only this once")
    shot(visitor, "own-feed-address")
    first = visitor.typed("Secret address")
    assert "SUMMARY:Ikke besvart: Samarbeidsforum" in shown(visitor, first)
    assert "Rådhusgata" not in shown(visitor, first)

    visitor.go(invitation).tick("Yes, I will come").press("Send answer")
    assert "SUMMARY:Samarbeidsforum" in shown(visitor, first)
    assert "Rådhusgata" in shown(visitor, first)

    visitor.go(mine).reads("Telefon")
    with visitor.page.expect_navigation():
        visitor.page.get_by_role("button", name=visitor.say("New address")).click()
    visitor.look()
    second = visitor.typed("Secret address")
    assert (shown(visitor, first), "Samarbeidsforum" in shown(visitor, second)) == ("404", True)
    visitor.follow("Back")
    shot(visitor, "own-feed-one")
    with visitor.page.expect_navigation():
        visitor.page.get_by_role("button", name=visitor.say("End")).click()
    visitor.look().reads("The address does not work any more.")
    assert shown(visitor, second) == "404"


def test_by_keyboard_alone_on_a_wide_screen(meet, amina, settings):  # noqa: F811
    visitor = meet(language="nb")
    visitor.go(newest(settings, r"/rsvp/[a-z2-7]{32}/")).follow("What is held about you, and your rights")
    visitor.press("Send me a link").go(newest(settings, r"/me/[a-z2-7]{32}/"))
    visitor.tab_to(visitor.link(HERE)).enter()
    visitor.tab_to(visitor.field("Name of the feed")).type("Jobb").tab_to(
        visitor.button("Make an address")
    ).enter()
    visitor.reads("Google", "Thunderbird", "iPhone")
    shot(visitor, "own-feed-address")
    visitor.tab_to(visitor.link("Back")).enter()
    visitor.tab_to(visitor.page.get_by_role("button", name=visitor.say("End"))).enter()
    assert not OwnFeed.objects.of(amina.tenant).alive().exists()
