"""An open action point is shown in every later meeting of the same body, until it is closed."""

import pytest

from minutes.records.actions import services
from minutes.records.actions.following import followed_up
from tests.actions.scene import DAY, coming, decided, draft, met, today
from tests.factories import organisation
from tests.records.scene import address


@pytest.fixture
def council(sandefjord):
    return organisation(sandefjord, name="Politirådet", kind="municipal")


def test_it_follows_into_later_meetings_of_the_body_until_it_is_closed(sandefjord, kari, council):
    action = decided(sandefjord, kari, meeting=met(sandefjord, hosts=[council], days_ago=40))
    soon, later = coming(sandefjord, hosts=[council]), coming(sandefjord, hosts=[council], days=90)
    assert [list(followed_up(one)) for one in (soon, later)] == [[action], [action]]
    services.move(action, by=kari, to="done")
    assert [list(followed_up(one)) for one in (soon, later)] == [[], []]
    services.move(action, by=kari, to="open")
    assert list(followed_up(soon)) == [action]


def test_what_was_closed_in_or_after_a_meeting_is_still_seen_there(sandefjord, kari, council):
    action = decided(sandefjord, kari, meeting=met(sandefjord, hosts=[council], days_ago=40))
    between = met(sandefjord, hosts=[council], days_ago=2)
    services.move(action, by=kari, to="done")
    assert list(followed_up(between)) == [action]
    assert list(followed_up(coming(sandefjord, hosts=[council]))) == []


def test_other_bodies_kinds_tenants_and_earlier_meetings_do_not_see_it(
    sandefjord, kristiansand, kari, council
):
    decided(sandefjord, kari, meeting=met(sandefjord, hosts=[council], days_ago=40))
    other = organisation(sandefjord, name="Et annet råd", kind="municipal")
    strangers = [
        coming(sandefjord, hosts=[other]),
        coming(sandefjord),
        coming(sandefjord, hosts=[council], kind="course"),
        met(sandefjord, hosts=[council], days_ago=80),
        coming(kristiansand),
    ]
    assert [list(followed_up(one)) for one in strangers] == [[]] * 5


def test_one_host_in_common_is_the_same_body_and_meetings_without_hosts_follow_each_other(
    sandefjord, kari, council
):
    other = organisation(sandefjord, name="Et annet råd", kind="municipal")
    hosted = decided(sandefjord, kari, meeting=met(sandefjord, hosts=[council, other], days_ago=40))
    bare = decided(sandefjord, kari, meeting=met(sandefjord, days_ago=40))
    assert list(followed_up(coming(sandefjord, hosts=[other]))) == [hosted]
    assert list(followed_up(coming(sandefjord))) == [bare]


def test_not_before_keeps_it_out_until_that_day(sandefjord, kari, council):
    later = today() + 30 * DAY
    action = decided(sandefjord, kari, meeting=met(sandefjord, hosts=[council]), not_before=later)
    assert list(followed_up(coming(sandefjord, hosts=[council], days=14))) == []
    assert list(followed_up(coming(sandefjord, hosts=[council], days=60))) == [action]


def test_the_action_of_a_draft_is_in_no_later_meeting_or_list(sandefjord, kari, council, at_desk):
    draft(met(sandefjord, hosts=[council]), kari, text="Hemmelig utkast")
    later = coming(sandefjord, hosts=[council])
    desk = at_desk(kari)
    for page in (address("event-detail", later), "/t/sandefjord/actions/", "/t/sandefjord/"):
        assert "Hemmelig utkast" not in desk.get(page).content.decode()


def test_the_agenda_and_the_minutes_form_show_it_and_names_to_those_who_see_guests(
    sandefjord, kari, leif, council, at_desk
):
    decided(sandefjord, kari, meeting=met(sandefjord, hosts=[council], days_ago=40))
    later = met(sandefjord, hosts=[council], days_ago=1)
    desk = at_desk(kari)
    desk.post(address("minutes-open", later))
    for page in ("event-detail", "minutes-edit"):
        shown = desk.get(address(page, later)).content.decode()
        assert "Saker til oppfølging" in shown
        assert "Ringe skolene" in shown
        assert "Amina Noor" in shown
    shown = at_desk(leif).get(address("event-detail", later)).content.decode()
    assert "Ringe skolene" in shown
    assert "Amina Noor" not in shown
