"""What proves that a measure moved, and what does not."""

import datetime as dt

import pytest
from django.utils import timezone

from events.gatherings.models import ProgrammeItem
from minutes.progress.models import StatusNote
from minutes.records.models import Minutes, MinutesItem, Outcome
from minutes.reports.trail import meetings_of, trail
from tests.factories import draft, event, measure, programme
from tests.reports.stage import approve, held, minutes_of, plan_for


@pytest.fixture
def third(sandefjord):
    return measure(sandefjord)


def texts(rows):
    return [row.text for row in rows]


def test_approved_minutes_tell_from_the_meeting_to_the_version(sandefjord, third):
    meeting = held(sandefjord)
    row = minutes_of(
        meeting,
        updates=[third],
        items=["Videre arbeid"],
        decisions=["Møtes igjen til høsten."],
        actions=[("Lage liste", "Ada")],
    )
    version = approve(row).versions.get()
    [proof] = trail(third)
    assert (proof.event, proof.version) == (meeting, version)
    assert texts(proof.decisions) == ["Møtes igjen til høsten."]
    assert [(a.text, a.owner) for a in proof.actions] == [("Lage liste", "Ada")]
    assert texts(proof.updates) == ["Framdrift i 3."]


def test_minutes_that_are_not_approved_prove_nothing(sandefjord, third):
    meeting = plan_for(held(sandefjord), third)
    minutes_of(meeting, updates=[third], decisions=["Vedtatt"])
    assert trail(third) == []
    assert meetings_of([third])[third.pk].held == [meeting]


def test_minutes_with_a_version_that_are_being_corrected_prove_nothing_meanwhile(sandefjord, third):
    row = approve(minutes_of(plan_for(held(sandefjord), third), decisions=["Vedtatt"]))
    Minutes.objects.of(sandefjord).filter(pk=row.pk).update(state="draft", approved_at=None)
    assert trail(third) == []


def test_decisions_count_when_the_meeting_was_planned_to_advance_the_measure(sandefjord, third):
    approve(minutes_of(plan_for(held(sandefjord), third), decisions=["Vedtatt"], actions=[("Ringe", "Bo")]))
    [proof] = trail(third)
    assert (texts(proof.decisions), texts(proof.actions), proof.updates) == (["Vedtatt"], ["Ringe"], ())


def test_decisions_of_a_meeting_about_something_else_do_not_count(sandefjord, third):
    other = measure(sandefjord)
    approve(minutes_of(held(sandefjord), updates=[other], items=["Sak"], decisions=["Vedtatt"]))
    assert trail(third) == []
    assert texts(trail(other)[0].decisions) == ["Vedtatt"]


def test_decisions_of_another_item_do_not_count_for_an_update_alone(sandefjord, third):
    row = minutes_of(held(sandefjord), updates=[third], decisions=["Uten sak"])
    approve(row)
    assert trail(third)[0].decisions == ()


def test_a_planned_meeting_whose_minutes_hold_nothing_proves_nothing(sandefjord, third):
    meeting = plan_for(held(sandefjord), third)
    approve(minutes_of(meeting))
    found = meetings_of([third])[third.pk]
    assert (found.advanced_by, found.held) == ([], [meeting])


def test_the_latest_meeting_stands_first_also_with_a_vague_date(sandefjord, third):
    old = held(
        sandefjord, starts_at=None, ends_at=None, vague_from=dt.date(2014, 9, 1), vague_precision="season"
    )
    new = held(sandefjord)
    for meeting in (old, new):
        approve(minutes_of(plan_for(meeting, third), decisions=["Vedtatt"]))
    assert [proof.event for proof in trail(third)] == [new, old]


def test_planned_meetings_are_the_published_ones_ahead_soonest_first(sandefjord, third):
    def meeting(days, **facts):
        at = timezone.now() + dt.timedelta(days=days)
        times = {"starts_at": at, "ends_at": at + dt.timedelta(hours=1), "answer_by": None}
        return plan_for(event(sandefjord, **{**times, **facts}), third)

    later, sooner, over = meeting(20), meeting(5), meeting(-5)
    meeting(6, state="cancelled")
    plan_for(draft(sandefjord), third)
    found = meetings_of([third])[third.pk]
    assert (found.planned, found.held) == ([sooner, later], [over])


def test_any_number_of_measures_and_meetings_takes_the_same_queries(
    sandefjord, third, django_assert_num_queries
):
    rows = [third, measure(sandefjord), measure(sandefjord)]
    for n in range(3):
        approve(minutes_of(plan_for(held(sandefjord), *rows[: n + 1]), decisions=["A"], actions=[("B", "C")]))
        plan_for(event(sandefjord), *rows)
        with django_assert_num_queries(5):
            found = meetings_of(rows)
            assert [p.event.title for p in found[third.pk].advanced_by]
            assert found[third.pk].advanced_by[0].actions[0].owner == "C"


def about(meeting, row, *measures, **facts):
    """The item that minutes `row` begin with is one of the agenda, and about `measures`."""
    [item] = programme(meeting, "Sak")
    ProgrammeItem.objects.of(meeting.tenant).filter(pk=item.pk).update(**facts)
    for one in measures:
        item.measure_links.create(tenant=meeting.tenant, measure=one)
    MinutesItem.objects.of(meeting.tenant).filter(minutes=row, position=1).update(programme_item=item)
    return row


def test_what_is_decided_under_an_item_counts_for_the_measures_it_is_about(sandefjord, third):
    other, meeting = measure(sandefjord), held(sandefjord)
    row = minutes_of(meeting, items=["Sak"], decisions=["Vedtatt"], actions=[("Ringe", "Bo")])
    approve(about(meeting, row, third))
    [proof] = trail(third)
    assert (texts(proof.decisions), texts(proof.actions), proof.updates) == (["Vedtatt"], ["Ringe"], ())
    assert trail(other) == []


def test_an_item_of_another_meeting_lends_its_measures_to_none(sandefjord, third):
    first, second = held(sandefjord), held(sandefjord)
    about(first, minutes_of(first, items=["Sak"], decisions=["Ikke godkjent"]), third)
    approve(minutes_of(second, items=["Sak"], decisions=["Noe annet"]))
    assert trail(third) == []


def test_what_a_restricted_item_led_to_is_no_readers_business(sandefjord, third):
    meeting = plan_for(held(sandefjord), third)
    row = minutes_of(meeting, items=["Sak"], decisions=["Hemmelig vedtak"], actions=[("Hemmelig", "Bo")])
    approve(about(meeting, row, third, level="restricted"))
    assert trail(third) == []


@pytest.mark.parametrize(("level", "words"), [("restricted", ""), ("internal", "Framdrift i 3.")])
def test_that_a_measure_moved_under_a_restricted_item_is_told_without_its_words(
    sandefjord, third, level, words
):
    meeting = plan_for(held(sandefjord), third)
    row = minutes_of(meeting, updates=[third], items=["Sak"])
    about(meeting, row, third, level=level)
    item = MinutesItem.objects.of(sandefjord).get(minutes=row, position=1)
    Outcome.objects.of(sandefjord).filter(minutes=row).update(item=item)
    approve(row)
    [proof] = trail(third)
    assert texts(proof.updates) == [words]
    note = StatusNote.objects.of(sandefjord).get(measure=third)
    assert (note.phase, note.text) == ("under_way", words)
