"""What the database refuses of plans, whatever a service forgets."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from events.plans.models import (
    SUCCESSORS,
    FocusArea,
    Measure,
    Plan,
    PlanState,
    PossibleMeasure,
    Responsibility,
)
from events.plans.recommending.models import SUCCESSORS as VERDICTS
from events.plans.recommending.models import ExpertGroup, Recommendation, Verdict
from events.plans.succession.models import MeasureStep
from tests.factories import measure, measure_of_plan, organisation

DAY = dt.date(2020, 1, 1)


def refused(make):
    with pytest.raises(IntegrityError), transaction.atomic():
        make()


def plan_of(tenant, **facts):
    facts = {"title": "Plan", "owner": organisation(tenant), "state": "draft", **facts}
    return Plan.objects.create(tenant=tenant, **facts)


@pytest.mark.parametrize(
    "facts",
    [
        {"key": "a"},
        {"state": "nonsense"},
        {"state": "adopted"},
        {"state": "ended", "adopted_on": DAY},
        {"ended_on": DAY},
        {"period_from": DAY},
        {"period_to": DAY, "period_to_precision": None},
        {
            "period_from": DAY,
            "period_from_precision": "year",
            "period_to": dt.date(2019, 1, 1),
            "period_to_precision": "year",
        },
    ],
    ids=str,
)
def test_a_plan_that_cannot_be_is_refused(sandefjord, facts):
    plan_of(sandefjord, key="a")
    refused(lambda: plan_of(sandefjord, **{"key": "b", **facts}))


def test_a_plan_neither_succeeds_itself_nor_has_two_successors(sandefjord):
    first = plan_of(sandefjord, key="a")
    plan_of(sandefjord, key="b", predecessor=first)
    refused(lambda: plan_of(sandefjord, key="c", predecessor=first))
    refused(lambda: Plan.objects.of(sandefjord).filter(pk=first.pk).update(predecessor=first))


def test_every_state_of_a_plan_has_its_successors_and_over_is_over():
    assert set(SUCCESSORS) == set(PlanState)
    assert [SUCCESSORS[state] for state in (PlanState.ENDED, PlanState.SUPERSEDED)] == [(), ()]
    assert set(VERDICTS) == set(Verdict)


def body(of, **facts):
    facts = {"part": "responsible", "label": "U", "name_as_written": "NAV", **facts}
    facts.setdefault("organisation", of.plan.owner)
    return Responsibility.objects.create(tenant=of.tenant, measure=of, **facts)


@pytest.mark.parametrize(
    "facts",
    [
        {"position": 1, "order": 2},  # a second lead
        {"position": 2, "order": 3},  # a responsible body behind a helper's place
        {"position": None, "order": 2},
        {"position": 0, "order": 0},
        {"part": "with", "position": 2, "order": 2},
        {"part": "with", "position": None, "order": 1},
        {"part": "chief", "position": None, "order": 2},
        {"label": "X", "position": 2, "order": 2},
        {"part": "with", "position": None, "order": 2, "organisation": None},
    ],
    ids=str,
)
def test_a_measure_has_one_lead_who_stands_first(sandefjord, facts):
    row = measure(sandefjord)
    refused(lambda: body(row, **facts))


def test_open_ended_others_need_no_organisation(sandefjord):
    row = measure(sandefjord)
    assert body(row, part="others", position=None, order=2, organisation=None).pk


def test_numbers_and_titles_stand_once_in_a_plan(sandefjord):
    row = measure(sandefjord)
    common = {"tenant": sandefjord, "plan": row.plan}
    refused(lambda: Measure.objects.create(**common, focus_area=row.focus_area, number=row.number, title="X"))
    refused(lambda: FocusArea.objects.create(**common, number=1, title="X"))
    PossibleMeasure.objects.create(**common, position=1, title="Megling")
    refused(lambda: PossibleMeasure.objects.create(**common, position=2, title="Megling"))
    refused(lambda: Measure.objects.of(sandefjord).filter(pk=row.pk).update(recurrence="daily"))
    refused(lambda: Measure.objects.of(sandefjord).filter(pk=row.pk).update(deadline_from=DAY))


@pytest.mark.parametrize("facts", [{"verdict": "rejected"}, {"verdict": "maybe"}, {"number": 1}], ids=str)
def test_a_recommendation_that_cannot_be_is_refused(sandefjord, facts):
    group = ExpertGroup.objects.create(tenant=sandefjord, plan=measure(sandefjord).plan, name="Gruppe")
    Recommendation.objects.create(tenant=sandefjord, group=group, number=1, text="A")
    facts = {"number": 2, "text": "B", **facts}
    refused(lambda: Recommendation.objects.create(tenant=sandefjord, group=group, **facts))


@pytest.fixture
def line(sandefjord):
    """Two measures of an old plan and two of a new one."""
    old = [measure_of_plan(sandefjord, key="old") for _ in range(2)]
    new = [measure_of_plan(sandefjord, key="new") for _ in range(2)]
    return old, new


def step(old, new, fate, reason=""):
    return MeasureStep.objects.create(tenant=old.tenant, old=old, new=new, fate=fate, reason=reason)


def test_steps_between_plans_are_one_to_one_unless_merged_or_split(line):
    (a, b), (c, d) = line
    step(a, c, "kept")
    refused(lambda: step(a, d, "kept"))  # goes on twice
    refused(lambda: step(b, c, "renamed"))  # a second origin
    refused(lambda: step(b, None, "ended"))  # without a reason
    refused(lambda: step(b, d, "ended", "Ferdig"))
    refused(lambda: step(b, None, "kept"))
    refused(lambda: step(b, b, "kept"))
    refused(lambda: step(b, d, "lost"))
    assert step(b, d, "split").pk


def test_many_may_merge_into_one_and_one_may_split_into_many(line):
    (a, b), (c, d) = line
    step(a, c, "merged")
    step(b, c, "merged")
    MeasureStep.objects.of(a.tenant).delete()
    step(a, c, "split")
    step(a, d, "split")
