"""The coordinator's board tells how far each has come, and nothing of people but numbers of five and more."""

import pytest

from events.campaigns import services
from events.campaigns.board import board
from events.campaigns.models import Participation
from events.campaigns.taking_part import services as taking_part
from events.gatherings import locking
from events.gatherings.models import Appearance
from minutes.approval import services as approval
from minutes.records import services as records
from tests import factories
from tests.campaigns.conftest import at, text_of
from tests.queries import queries_of


def guests(meeting, *, answered, silent):
    for n in range(answered + silent):
        reply = {"reply": "accepted", "replied_at": meeting.published_at} if n < answered else {}
        factories.invitation(meeting, **reply)


def row_of(campaign, name):
    return next(row for row in board(campaign).rows if row.name == name)


def people(campaign, name):
    row = row_of(campaign, name)
    return row.invited, row.answered


def reported(meeting, by):
    minutes = records.open_minutes(meeting, by=by)
    approval.submit(minutes, by=by)
    approval.approve(minutes, by=by)


def test_meetings_are_counted_by_how_far_they_are(campaign, joined, kari):
    held = [factories.event(joined.tenant, state="held") for _ in range(2)]
    reported(held[0], kari)
    approval.submit(records.open_minutes(held[1], by=kari), by=kari)  # waits for approval: not reported yet
    vague = {"starts_at": None, "ends_at": None, "answer_by": None, "vague_from": "2015-01-01"}
    draft = factories.draft(joined.tenant, vague_precision="quarter", **vague)
    for meeting in (
        *held,
        draft,
        factories.event(joined.tenant),
        factories.event(joined.tenant, state="cancelled"),
    ):
        factories.campaign_event(joined, meeting)
    row = row_of(campaign, "Sandefjord kommune")
    assert (row.planned, row.held, row.cancelled, row.reported) == (2, 2, 1, 1)
    assert board(campaign).totals == {"planned": 2, "held": 2, "reported": 1}


def test_a_meeting_planned_before_the_letter_belongs_to_it_and_is_marked(campaign, ministry, at_desk, siv):
    listed = factories.participation(campaign, "Sarpsborg kommune")
    meeting = factories.event(ministry, title="Forebygging er alles ansvar", state="held")
    factories.campaign_event(listed, meeting, before_letter=True)
    page = text_of(at_desk(siv).get(at("campaign-board", ministry, pk=campaign.pk)))
    assert "Forebygging er alles ansvar" in page
    assert row_of(campaign, "Sarpsborg kommune").meetings[0].before_letter


@pytest.mark.parametrize(
    ("answered", "silent", "told"),
    [
        (0, 4, (None, None)),
        (3, 1, (None, None)),
        (5, 0, (5, 5)),
        (4, 1, (5, None)),
        (9, 1, (10, None)),
        (5, 5, (10, 5)),
        (0, 9, (9, None)),
    ],
)
def test_numbers_below_five_are_told_neither_as_such_nor_as_a_difference(
    campaign, joined, answered, silent, told
):
    meeting = factories.event(joined.tenant)
    guests(meeting, answered=answered, silent=silent)
    factories.campaign_event(joined, meeting)
    assert people(campaign, "Sandefjord kommune") == told


def test_a_small_number_is_not_the_total_without_the_others(campaign, joined, kristiansand, ministry):
    """9 of 12 are told, and then that the third has 3: so the 9 are not told either."""
    numbers = {"Oslo kommune": 40, "Haugesund kommune": 9}
    for name, number in numbers.items():
        meeting = factories.event(ministry)
        guests(meeting, answered=0, silent=number)
        factories.campaign_event(factories.participation(campaign, name), meeting)
    few = factories.event(joined.tenant)
    guests(few, answered=0, silent=3)
    factories.campaign_event(joined, few)
    assert [people(campaign, name)[0] for name in (*numbers, "Sandefjord kommune")] == [40, None, None]
    assert board(campaign).invited == 52


def test_what_is_not_shared_is_counted_and_nothing_else_is_told(campaign, joined, at_desk, siv, ministry):
    meeting = factories.event(joined.tenant, title="Stille samtale", city="Larvik")
    link = factories.campaign_event(joined, meeting, shared=False, audience="menigheter", note="Merknad")
    page = text_of(at_desk(siv).get(at("campaign-board", ministry, pk=campaign.pk)))
    assert [word for word in ("Stille samtale", "Larvik", "menigheter", "Merknad") if word in page] == []
    assert (
        row_of(campaign, "Sandefjord kommune").planned,
        row_of(campaign, "Sandefjord kommune").hidden,
    ) == (1, 1)
    taking_part.change_link(link, by=None, told={"shared": True})
    page = text_of(at_desk(siv).get(at("campaign-board", ministry, pk=campaign.pk)))
    assert [word for word in ("Stille samtale", "Larvik", "menigheter", "Merknad") if word not in page] == []


def test_the_town_is_told_only_where_the_public_is_told_it(campaign, joined):
    factories.campaign_event(joined, factories.event(joined.tenant, place_for_public=0))
    assert row_of(campaign, "Sandefjord kommune").meetings[0].event.city == ""


def test_speakers_are_told_only_where_the_programme_is_public(campaign, joined):
    meeting = factories.event(joined.tenant)
    (item,) = factories.programme(meeting, "Åpning")
    Appearance.objects.create(tenant=joined.tenant, item=item, name="Laila Bokhari", office="statssekretær")
    link = factories.campaign_event(joined, meeting)
    assert row_of(campaign, "Sandefjord kommune").meetings[0].speakers == ()
    taking_part.change_link(link, by=None, told={"programme_is_public": True})
    (told,) = row_of(campaign, "Sandefjord kommune").meetings
    assert (told.items, told.speakers) == (("Åpning",), ("Laila Bokhari, statssekretær",))


def test_a_locked_meeting_is_not_even_counted(campaign, joined):
    link = factories.campaign_event(joined)
    locking.lock(link.event, by=None)
    row = row_of(campaign, "Sandefjord kommune")
    assert (row.planned, row.meetings) == (0, [])


def test_who_left_tells_nothing_any_more(campaign, joined):
    factories.campaign_event(joined)
    taking_part.leave(joined, by=None)
    row = row_of(campaign, "Sandefjord kommune")
    assert (row.takes_part, row.planned, row.meetings) == (False, 0, [])
    assert services.withdraw(campaign, joined, by=None) is False


@pytest.mark.parametrize("number", [1, 3])
def test_the_board_asks_four_questions_however_many_take_part(campaign, ministry, at_desk, siv, number):
    for n in range(number):
        who = factories.participation(campaign, factories.tenant(name=f"Kommune {n}"))
        for _ in range(number):
            meeting = factories.event(who.tenant)
            guests(meeting, answered=1, silent=1)
            (item,) = factories.programme(meeting, "Åpning")
            Appearance.objects.create(tenant=who.tenant, item=item, name="Laila Bokhari")
            factories.campaign_event(who, meeting, programme_is_public=True)
    assert queries_of(at_desk(siv), at("campaign-board", ministry, pk=campaign.pk)) == 4


def test_a_board_without_floors_above_counts_no_people(campaign, joined, monkeypatch):
    from events.campaigns import counting

    monkeypatch.setattr(counting, "_counters", {})
    factories.campaign_event(joined)
    assert people(campaign, "Sandefjord kommune") == (None, None)
    assert Participation.objects.of(joined.tenant).taking_part().count() == 1
