"""Kari brings the meetings into her own calendar, on a computer and on a telephone."""

import pytest

from tests.factories import event

pytestmark = pytest.mark.browser


def of_the_row(visitor, words):
    """Presses a button of the only feed; for a screen reader its name ends with the feed's."""
    visitor.table("Feeds that work").get_by_role("button", name=visitor.say(words)).click()
    visitor.look()


@pytest.mark.parametrize("phone", [False, True], ids=["wide", "phone"])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_a_feed_is_made_used_renewed_and_revoked(at_work, sandefjord, kari, phone, dark):
    event(sandefjord, title="Dialogmøte om trygghet")
    visitor = at_work(kari, phone=phone, dark=dark)
    visitor.go("/t/sandefjord/calendar/").reads("You have no feed yet")
    visitor.press("Make a feed").reads("Please correct this first")
    visitor.fill("Name of the feed", "Telefon").press("Make a feed")
    first = visitor.typed("Secret address")
    assert "Dialogmøte om trygghet" in visitor.page.request.get(first).text()
    visitor.follow("Back to your feeds").reads("Telefon")
    of_the_row(visitor, "New address")
    assert visitor.page.request.get(first).status == 404
    second = visitor.typed("Secret address")
    visitor.follow("Back to your feeds")
    of_the_row(visitor, "Revoke")
    assert visitor.page.request.get(second).status == 404
    visitor.reads("You have no feed yet")
