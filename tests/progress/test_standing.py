"""Where measures stand, and which nobody has touched."""

import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from events.plans.models import Plan
from minutes.progress.models import StatusNote
from minutes.progress.standing import Standing, months_ago, standings, untouched
from minutes.records.models import Minutes, Outcome, Phase
from tests.factories import event, measure


def ago(days):
    return timezone.now() - dt.timedelta(days=days)


def note(row, phase, days):
    return StatusNote.objects.create(tenant=row.tenant, measure=row, phase=phase, noted_at=ago(days))


def outcome(row, state, days):
    minutes = Minutes.objects.create(tenant=row.tenant, event=event(row.tenant))
    Outcome.objects.create(tenant=row.tenant, minutes=minutes, kind="decision", text="Vedtatt.", measure=row)
    if state == "approved":
        Minutes.objects.of(row.tenant).filter(pk=minutes.pk).update(state=state, approved_at=ago(days))


def numbers(tenant, **asked):
    return [row.number for row in untouched(tenant, **asked)]


def test_a_measure_without_notes_is_not_started_or_to_be_considered(sandefjord):
    plain, considered = measure(sandefjord), measure(sandefjord, to_be_considered=True)
    assert standings([plain, considered]) == {
        plain.pk: Standing(Phase.NOT_STARTED),
        considered.pk: Standing(Phase.TO_BE_CONSIDERED),
    }


def test_the_latest_note_counts_and_a_repeated_phase_keeps_its_beginning(sandefjord):
    row = measure(sandefjord)
    second, third = note(row, "under_way", 50), note(row, "under_way", 10)
    note(row, "planning", 90)
    assert standings([row]) == {row.pk: Standing(Phase.UNDER_WAY, second.noted_at, third.noted_at)}


def test_standings_take_one_query_for_any_number_of_measures(sandefjord):
    rows = [measure(sandefjord) for _ in range(3)]
    for row in rows:
        note(row, "planning", 5)
    for some in (rows[:1], rows):
        with CaptureQueriesContext(connection) as caught:
            standings(some)
        assert len(caught) == 1
    assert standings([]) == {}


def test_untouched_measures_have_neither_note_nor_proof_for_six_months(sandefjord, kristiansand):
    rows = [measure(sandefjord) for _ in range(6)]  # 3 to 8
    note(rows[0], "under_way", 300)
    note(rows[1], "under_way", 20)
    outcome(rows[2], "approved", 20)
    outcome(rows[3], "draft", 20)
    outcome(rows[4], "approved", 300)
    measure(kristiansand, number=99)
    assert sorted(numbers(sandefjord)) == [3, 6, 7, 8]
    assert numbers(sandefjord, months=12) == [6, 8]


@pytest.mark.parametrize(("phase", "expected"), [("completed", []), ("ended", []), ("standing", [3])])
def test_finished_measures_need_no_touch(sandefjord, phase, expected):
    row = measure(sandefjord)
    note(row, "under_way", 500)
    note(row, phase, 400)
    assert numbers(sandefjord) == expected


def test_a_reopened_measure_is_not_finished(sandefjord):
    row = measure(sandefjord)
    note(row, "completed", 500)
    note(row, "under_way", 400)
    assert numbers(sandefjord) == [3]


@pytest.mark.parametrize(("days", "expected"), [(30, []), (400, [3]), (None, [3])])
def test_a_young_plan_has_had_no_time_yet(sandefjord, days, expected):
    measure(sandefjord)
    adopted = ago(days).date() if days else None
    Plan.objects.of(sandefjord).update(adopted_on=adopted)
    assert numbers(sandefjord) == expected


@time_machine.travel("2026-08-31 12:00:00+00:00", tick=False)
def test_six_months_before_a_long_month_ends_is_the_short_months_last_day():
    assert months_ago(6).date() == dt.date(2026, 2, 28)
    assert months_ago(8).date() == dt.date(2025, 12, 31)


@pytest.mark.parametrize(
    "facts", [{"state": "draft"}, {"state": "ended", "ended_on": dt.date(2020, 1, 1)}], ids=str
)
def test_measures_of_drafts_and_of_plans_that_are_over_wait_for_nobody(sandefjord, facts):
    row = measure(sandefjord)
    assert list(untouched(sandefjord)) == [row]
    Plan.objects.of(sandefjord).update(**facts)
    assert list(untouched(sandefjord)) == []
