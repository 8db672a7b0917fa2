"""Kari follows a measure in figures and in milestones, with and without scripts."""

import os

import pytest

from tests.factories import measure

pytestmark = [pytest.mark.browser, pytest.mark.slow]
HOW = [{}, {"phone": True, "script": False, "dark": True}, {"language": "en"}]


def enter(desk, year, value):
    return desk.follow("Enter a value").fill("Year", str(year)).fill("Value", value).press("Save")


def picture(desk, name):
    """For eyes: only where SCREENSHOTS names a directory."""
    if directory := os.environ.get("SCREENSHOTS"):
        desk.page.screenshot(path=f"{directory}/{name}.png", full_page=True)


@pytest.mark.parametrize("how", HOW)
def test_copenhagens_figures_are_entered_and_the_share_says_where_it_goes(at_work, kari, sandefjord, how):
    kari.language = how.get("language", "")
    kari.save()
    row = measure(sandefjord)
    desk = at_work(kari, **how).go(f"/t/sandefjord/plans/{row.plan_id}/").follow("Indicators")
    desk.follow("New indicator").fill("Name", "Bekymringshenvendelser").press("Save")
    enter(desk, 2014, "mange")
    assert desk.error_at("Value") != ""
    assert (desk.typed("Year"), desk.typed("Value")) == ("2014", "mange")
    desk.fill("Value", "60").press("Save")
    enter(desk, 2015, "100")
    desk.go(f"/t/sandefjord/measures/{row.pk}/").follow("New indicator").fill("Name", "Indsats iværksat")
    desk.choose("Wished direction", "up")
    desk.choose("Part of", "Bekymringshenvendelser").fill("Goal", "50").fill("By when", "2018").press("Save")
    enter(desk, 2014, "22")
    enter(desk, 2015, "18").reads("2018")
    comma = "." if how.get("language") == "en" else ","
    wrong = desk.say("the wrong way: has gone down, should go up")
    desk.reads(f"36{comma}7\xa0%", f"18{comma}0\xa0%", wrong[0].upper() + wrong[1:])
    assert desk.page.get_by_role("img", name=desk.say("%(name)s by period", name="Indsats iværksat")).count()
    picture(desk, f"indicator-{HOW.index(how)}")
    desk.follow(desk.say("Change the value for %(period)s", period="2015"))
    desk.press("Delete the value").never_reads(f"18{comma}0\xa0%")


@pytest.mark.parametrize("how", HOW[:2])
def test_a_milestone_past_due_makes_the_measure_late_until_it_is_reached(at_work, kari, sandefjord, how):
    row = measure(sandefjord)
    desk = at_work(kari, **how).go(f"/t/sandefjord/measures/{row.pk}/").follow("New milestone")
    desk.fill("What is to be reached", "Avtale").fill("By when", "høsten 2016").press("Save")
    desk.reads("Forsinket, ikke nådd")
    picture(desk, f"measure-{HOW.index(how)}")
    desk.follow("Merk som nådd: Avtale")
    desk.press("Save").never_reads("Forsinket").reads("Nådd")
    desk.press("Likevel ikke nådd: Avtale").reads("Forsinket, ikke nådd")
