"""A coordinator keeps standing items, fetches them into a draft, and says what an item is about: no scripts."""

import datetime as dt

import pytest

from events.gatherings.programme import set_hosts
from tests.factories import OSLO, draft, measure, organisation
from tests.records.scene import address

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NARROW = {"width": 320, "height": 740}


def test_standing_items_and_what_an_item_is_about(at_work, kari, sandefjord):
    council = organisation(sandefjord, name="Politirådet", kind="municipal")
    aim = measure(sandefjord)
    starts = dt.datetime(2027, 3, 9, 17, tzinfo=OSLO)
    row = draft(sandefjord, starts_at=starts, ends_at=starts + dt.timedelta(hours=2), answer_by=None)
    set_hosts(row, [council])
    visitor = at_work(kari, script=False)
    visitor.page.set_viewport_size(NARROW)

    visitor.go(address("organisation-detail", council)).follow("Standing items of its meetings")
    visitor.fill("What", "Velkommen").fill("Length in minutes", "10")
    visitor.press("Save changes").reads("De faste sakene for «Politirådet» er lagret.")

    visitor.go(address("event-detail", row)).press("Fetch standing items")
    visitor.reads("Velkommen")
    assert visitor.button("Fetch standing items").count() == 0

    visitor.go(address("event-edit", row))
    first = visitor.page.locator("fieldset.item").first
    first.locator("summary", has_text=visitor.say("Measures the item is about")).press("Enter")
    box = first.get_by_role("checkbox", name=str(aim))
    box.press("Space")
    visitor.look()
    assert visitor.page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    visitor.press("Save changes").reads(f"Tiltak {aim}")
    [item] = row.programme.all()
    assert [link.measure for link in item.measure_links.all()] == [aim]
    assert (item.title, item.starts) == ("Velkommen", dt.time(17))
