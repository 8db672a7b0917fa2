"""Changing plans by hand: what is allowed, what is refused, what is written down."""

import datetime as dt

import pytest
import time_machine
from django.utils import timezone, translation

from events.audit import AuditEntry
from events.directory.models import Organisation
from events.plans.editing import bodies, catalogue, measures, services
from events.plans.editing.uses import uses_of
from events.plans.models import Measure, Plan, PlanState, PossibleMeasure
from events.plans.predecessors import WrongOrder
from events.plans.recommending import services as recommending
from events.plans.succession import services as succession
from minutes.progress.services import note
from tests.factories import event, measure, measure_of_plan
from tests.reports.stage import minutes_of, plan_for

DAY = dt.date(2020, 6, 1)


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def actions(tenant):
    return list(AuditEntry.objects.of(tenant).order_by("pk").values_list("action", flat=True))


def add(tenant, by=None, **facts):
    return services.add_plan(
        tenant=tenant, by=by, owner="Sandefjord kommune", facts={"title": "Plan 2020", **facts}
    )


@pytest.mark.parametrize("state", PlanState)
def test_each_state_moves_only_to_its_successors(sandefjord, state):
    row = measure_of_plan(sandefjord)
    ended = {"ended_on": DAY} if state in ("superseded", "ended") else {}
    Plan.objects.of(sandefjord).filter(pk=row.plan_id).update(state=state, **ended)
    plan = Plan.objects.of(sandefjord).get(pk=row.plan_id)
    adopted = services.adopt(plan, by=None, adopted_by="kommunestyret", adopted_on=DAY)
    assert adopted == (state == "draft")
    Plan.objects.of(sandefjord).filter(pk=row.plan_id).update(state=state, **(ended or {"ended_on": None}))
    plan.refresh_from_db()
    assert services.end(plan, by=None, ended_on=DAY, reason="Nok") == (state == "adopted")


def test_a_plan_is_adopted_once_and_supersedes_the_one_before(sandefjord, kari):
    row = measure_of_plan(sandefjord, key="old")
    new = succession.succeed(row.plan, by=kari, title="Ny plan")
    said = {"by": kari, "adopted_by": "kommunestyret", "adopted_on": DAY}
    assert [services.adopt(new, **said) for _ in range(2)] == [True, False]
    old = Plan.objects.of(sandefjord).get(key="old")
    assert (old.state, old.ended_on) == ("superseded", DAY)
    assert actions(sandefjord) == ["plan.succeeded", "plan.adopted", "plan.superseded"]


def test_a_plan_with_a_measure_nobody_leads_is_not_adopted(sandefjord):
    plan = add(sandefjord)
    with pytest.raises(services.NotReady) as none:
        services.adopt(plan, by=None, adopted_by="K", adopted_on=DAY)
    assert none.value.without_lead == []
    area = measures.add_area(plan, by=None, facts={"number": 1, "title": "Dialog"})
    measures.add_measure(plan, by=None, facts={"number": 7, "title": "Møter", "focus_area": area})
    with pytest.raises(services.NotReady) as bare:
        services.adopt(plan, by=None, adopted_by="K", adopted_on=DAY)
    assert bare.value.without_lead == [7]
    assert Plan.objects.of(sandefjord).get().state == "draft"


def test_what_is_adopted_changes_its_title_only_with_a_reason(sandefjord, kari):
    row = measure(sandefjord)
    for facts in ({"title": "Ny"}, {"number": 99}):
        with pytest.raises(services.ReasonNeeded):
            measures.change_measure(row, by=kari, facts={**facts, "focus_area": row.focus_area})
        row.refresh_from_db()
    assert measures.change_measure(row, by=kari, facts={"note": "N", "focus_area": row.focus_area})
    facts = {"title": "Ny", "focus_area": row.focus_area}
    assert [measures.change_measure(row, by=kari, facts=facts, reason="Trykkfeil") for _ in range(2)] == [
        True,
        False,
    ]
    last = AuditEntry.objects.of(sandefjord).latest("pk")
    assert (last.action, last.facts["new"], last.facts["reason"]) == (
        "measure.corrected",
        "3. Ny",
        "Trykkfeil",
    )
    assert "Trykkfeil" in last.words()
    assert actions(sandefjord) == ["measure.changed", "measure.corrected"]


def test_a_draft_changes_freely(sandefjord):
    row = measure_of_plan(sandefjord, state="draft")
    assert measures.change_measure(row, by=None, facts={"title": "Ny", "focus_area": row.focus_area})
    assert actions(sandefjord) == ["measure.changed"]


def test_a_number_that_is_taken_is_refused(sandefjord):
    first, second = measure(sandefjord), measure(sandefjord)
    with pytest.raises(services.Taken):
        measures.change_measure(
            second, by=None, facts={"number": first.number, "focus_area": first.focus_area}, reason="R"
        )


def test_plans_follow_each_other_without_a_circle_and_in_time(sandefjord):
    first = add(sandefjord, title="A", decided_on=dt.date(2015, 1, 1))
    second = add(sandefjord, title="B", decided_on=dt.date(2020, 1, 1), predecessor=first)
    third = add(sandefjord, title="C", predecessor=second)
    with pytest.raises(WrongOrder, match="itself"):
        services.change_plan(first, by=None, owner="Sandefjord kommune", facts={"predecessor": third})
    lonely = add(sandefjord, title="L", decided_on=dt.date(2018, 1, 1))
    with pytest.raises(WrongOrder, match="begins later"):
        add(sandefjord, title="D", decided_on=dt.date(2010, 1, 1), predecessor=lonely)
    with pytest.raises(WrongOrder, match="already"):
        add(sandefjord, title="E", predecessor=first)


def names(row):
    return [
        (each.position, each.order, each.part, each.name_as_written) for each in row.responsibilities.all()
    ]


def body(row, name, part="responsible", **facts):
    facts = {"part": part, "label": "U", "unit": "", "name_as_written": name, **facts}
    return bodies.add_body(row, by=None, facts=facts)


def test_bodies_keep_their_order_and_whoever_stands_first_leads(sandefjord, kari):
    row = measure(sandefjord)
    body(row, "NAV", "with")
    police = body(row, "Sandefjord politi")
    assert names(row) == [
        (1, 1, "responsible", "Sandefjord kommune"),
        (2, 2, "responsible", "Sandefjord politi"),
        (None, 3, "with", "NAV"),
    ]
    police.refresh_from_db()
    assert [bodies.move_body(police, by=kari, to=1) for _ in range(2)] == [True, False]
    assert [name for _, _, _, name in names(row)] == ["Sandefjord politi", "Sandefjord kommune", "NAV"]
    assert AuditEntry.objects.of(sandefjord).latest("pk").action == "measure.led"
    assert [bodies.move_body(police, by=kari, to=to) for to in (0, 3, 99)] == [False, False, False]
    assert bodies.remove_body(police, by=kari)
    assert not bodies.remove_body(police, by=kari)
    assert names(row) == [(1, 1, "responsible", "Sandefjord kommune"), (None, 2, "with", "NAV")]


def test_an_adopted_measure_never_loses_its_only_lead(sandefjord):
    row = measure(sandefjord)
    only = row.responsibilities.get()
    with pytest.raises(bodies.LeadNeeded):
        bodies.remove_body(only, by=None)
    facts = {"part": "with", "label": "U", "unit": "", "name_as_written": "Sandefjord kommune"}
    with pytest.raises(bodies.LeadNeeded):
        bodies.change_body(only, by=None, facts=facts)
    with pytest.raises(bodies.ThereAlready):
        body(row, "Sandefjord kommune")
    assert names(row) == [(1, 1, "responsible", "Sandefjord kommune")]


def test_a_body_that_becomes_a_helper_makes_room(sandefjord):
    row = measure_of_plan(sandefjord)
    body(row, "NAV")
    first = row.responsibilities.get(position=1)
    facts = {"part": "cooperation", "label": "U", "unit": "", "name_as_written": first.name_as_written}
    assert bodies.change_body(first, by=None, facts=facts)
    assert names(row) == [(1, 1, "responsible", "NAV"), (None, 2, "cooperation", "Sandefjord kommune")]
    assert not bodies.change_body(row.responsibilities.get(order=2), by=None, facts=facts)


def test_a_body_under_another_name_is_the_same_organisation(sandefjord):
    row = measure(sandefjord)
    one, two = body(row, "Sandefjord politidistrikt"), body(row, "Sandefjord politi")
    assert one.organisation == two.organisation
    assert two.name_as_written == "Sandefjord politi"
    others = body(row, "andre relevante aktører", "others")
    assert others.organisation is None
    assert not Organisation.objects.of(sandefjord).filter(name__startswith="andre").exists()


def test_a_measure_with_history_is_not_removed_and_says_why(sandefjord):
    row = measure(sandefjord)
    plan_for(event(sandefjord), row)
    minutes_of(event(sandefjord), updates=[row])
    note(row, phase="planning", text="", outcome=None, at=timezone.now())
    with pytest.raises(measures.InUse) as held:
        measures.remove_measure(row, by=None)
    assert len(held.value.uses) == 3
    assert held.value.uses == uses_of(row)
    assert Measure.objects.of(sandefjord).filter(pk=row.pk).exists()


def test_a_measure_without_history_goes_once_with_its_bodies(sandefjord):
    row = measure(sandefjord)
    gone = Measure.objects.of(sandefjord).get(pk=row.pk)
    measures.remove_measure(row, by=None)
    measures.remove_measure(gone, by=None)
    assert Measure.objects.of(sandefjord).count() == 0
    assert actions(sandefjord) == ["measure.removed"]


def test_an_area_with_measures_stays(sandefjord):
    row = measure(sandefjord)
    with pytest.raises(measures.InUse):
        measures.remove_area(row.focus_area, by=None)


def test_a_possible_measure_is_taken_into_the_plan_and_remembers_as_what(sandefjord):
    row = measure(sandefjord)
    entry = catalogue.add_possible(row.plan, by=None, title="Megling")
    with pytest.raises(services.Taken):
        catalogue.add_possible(row.plan, by=None, title="Megling")
    facts = {"number": 40, "title": "Megling og forsoning", "focus_area": row.focus_area}
    made = measures.add_measure(row.plan, by=None, facts=facts, possible=entry)
    assert PossibleMeasure.objects.of(sandefjord).get().taken_as == made
    assert [catalogue.remove_possible(entry, by=None) for _ in range(2)] == [True, False]
    assert Measure.objects.of(sandefjord).filter(pk=made.pk).exists()


@pytest.mark.parametrize("before", ["open", "adopted", "rejected"])
@pytest.mark.parametrize("after", ["open", "adopted", "rejected"])
def test_a_verdict_may_be_corrected_to_any_other(sandefjord, before, after):
    row = measure(sandefjord)
    group = recommending.add_group(row.plan, by=None, facts={"name": "Gruppe"})
    facts = {"number": 1, "text": "A", "reason": "For dyrt"}
    advice = recommending.add_recommendation(group, by=None, facts={**facts, "verdict": before}, measures=[])
    changed = recommending.change_recommendation(
        advice, by=None, facts={**facts, "verdict": after}, measures=[]
    )
    assert changed == (before != after)
    assert (f"recommendation.{after}" in actions(sandefjord)) == (before != after)


def test_a_recommendation_is_linked_only_to_measures_of_its_plan(sandefjord):
    row, other = measure(sandefjord), measure_of_plan(sandefjord, key="other")
    group = recommending.add_group(row.plan, by=None, facts={"name": "Gruppe"})
    facts = {"number": 1, "text": "A"}
    advice = recommending.add_recommendation(group, by=None, facts=facts, measures=[row])
    assert list(row.recommendations.all()) == [advice]
    with pytest.raises(ValueError, match="another plan"):
        recommending.change_recommendation(advice, by=None, facts=facts, measures=[other])


@time_machine.travel("2026-03-01")
def test_a_double_click_makes_one_plan(sandefjord):
    add(sandefjord)
    with pytest.raises(services.Taken):
        add(sandefjord)
