"""A plan follows another; what became of each measure shows on both, and the trail goes on."""

import pytest
from django.urls import reverse
from django.utils import translation

from events.audit import AuditEntry
from events.plans.editing import bodies
from events.plans.models import Measure, Plan
from events.plans.succession import services
from events.plans.succession.lineage import ancestors
from events.plans.succession.models import MeasureStep
from tests.factories import measure, measure_of_plan
from tests.queries import queries_of
from tests.reports.stage import approve, held, minutes_of


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def old(sandefjord):
    """Two measures of a plan, and what they are in the draft that follows."""
    return [measure(sandefjord, title=title) for title in ("Møter", "Kurs")]


@pytest.fixture
def new(old, kari):
    plan = services.succeed(old[0].plan, by=kari, title="Plan 2020")
    return list(plan.measures.order_by("number"))


def step(row):
    return [(each.fate, each.new and each.new.title) for each in row.steps_on.all()]


def test_the_new_plan_is_a_draft_with_all_measures_and_bodies_as_kept(sandefjord, old, new, kari):
    assert [(row.number, row.title) for row in new] == [(3, "Møter"), (4, "Kurs")]
    plan = new[0].plan
    assert (plan.state, plan.predecessor, plan.owner) == ("draft", old[0].plan, old[0].plan.owner)
    assert [row.lead.name_as_written for row in new] == ["Sandefjord kommune"] * 2
    assert [step(row) for row in old] == [[("kept", "Møter")], [("kept", "Kurs")]]
    assert services.succeed(old[0].plan, by=kari, title="Igjen") == plan
    assert Plan.objects.of(sandefjord).count() == 2


def test_the_old_plan_and_the_new_one_share_no_body(old, new):
    bodies.add_body(
        new[0], by=None, facts={"part": "with", "label": "U", "unit": "", "name_as_written": "NAV"}
    )
    assert (old[0].responsibilities.count(), new[0].responsibilities.count()) == (1, 2)


def say(row, fate, new=(), reason=""):
    return services.say_fate(row, by=None, fate=fate, new=new, reason=reason)


def test_each_fate_replaces_what_was_said_and_a_second_call_writes_nothing(sandefjord, old, new):
    assert [say(old[0], "renamed", [new[0]]) for _ in range(2)] == [True, False]
    assert say(old[1], "ended", reason="Ferdig")
    assert say(old[0], "split", new)
    assert step(old[0]) == [("split", "Møter"), ("split", "Kurs")]
    assert say(old[0], "kept", [new[0]])
    assert step(old[0]) == [("kept", "Møter")]
    assert step(old[1]) == [("ended", None)]
    assert AuditEntry.objects.of(sandefjord).filter(action__startswith="measure.fate").count() == 4


@pytest.mark.parametrize(
    ("fate", "chosen", "reason", "words"),
    [
        ("kept", [], "", "the one measure"),
        ("renamed", [0, 1], "", "the one measure"),
        ("split", [0], "", "two or more"),
        ("ended", [0], "Ferdig", "leads to no other"),
        ("ended", [], "", "Say why"),
        ("kept", [1], "", "merged with others"),
        ("merged", [1], "", "merged with others"),
    ],
)
def test_a_fate_that_does_not_fit_is_refused_in_words(old, new, fate, chosen, reason, words):
    with pytest.raises(services.NotPossible, match=words):
        say(old[0], fate, [new[place] for place in chosen], reason)
    assert step(old[0]) == [("kept", "Møter")]


def test_two_are_merged_when_it_is_said_of_both(old, new):
    say(old[1], "merged", [new[1]])
    say(old[0], "merged", [new[1]])
    assert [step(row) for row in old] == [[("merged", "Kurs")]] * 2


def test_only_the_plan_that_follows_can_be_chosen(sandefjord, old, new):
    stranger = measure_of_plan(sandefjord, key="stranger")
    with pytest.raises(services.NotPossible, match="plan that follows"):
        say(old[0], "kept", [stranger])
    with pytest.raises(services.NotPossible, match="plan that follows"):
        say(new[0], "kept", [old[0]])


def test_ancestors_are_found_over_any_number_of_plans_and_a_circle_ends(sandefjord, kari, old, new):
    third = services.succeed(new[0].plan, by=kari, title="Plan 2025").measures.get(number=3)
    assert [each.old for each in ancestors(third)] == [new[0], old[0]]
    MeasureStep.objects.create(tenant=sandefjord, old=third, new=old[0], fate="kept")
    assert [each.old for each in ancestors(third)] == [new[0], old[0]]


def page_of(client, row):
    return client.get(reverse("measure-detail", kwargs={"tenant": "sandefjord", "pk": row.pk}))


def test_the_trail_goes_on_and_each_measure_names_the_other(at_desk, kari, sandefjord, old, new):
    approve(minutes_of(held(sandefjord), updates=[old[0]]))
    shown = page_of(at_desk(kari), new[0])
    [earlier] = shown.context["page"].earlier
    assert (earlier.step.old, len(earlier.proofs)) == (old[0], 1)
    assert "Framdrift i 3." in shown.content.decode()
    assert [each.new for each in page_of(at_desk(kari), old[0]).context["page"].went_to] == [new[0]]


def test_who_writes_no_plans_hears_nothing_of_a_draft(at_desk, leif, sandefjord, old, new):
    client = at_desk(leif)
    assert page_of(client, new[0]).status_code == 404
    assert page_of(client, old[0]).context["page"].went_to == []
    at = {"tenant": "sandefjord"}
    draft, first = new[0].plan, old[0].plan
    for name, plan in (("plan-detail", draft), ("plan-recommendations", draft), ("plan-mapping", first)):
        assert client.get(reverse(name, kwargs={**at, "pk": plan.pk})).status_code == 404
    listed = client.get(reverse("plan-list", kwargs=at)).context["plans"]
    assert [row.plan for row in listed] == [first]
    assert (
        "Plan 2020" not in client.get(reverse("plan-detail", kwargs={**at, "pk": first.pk})).content.decode()
    )


def test_the_mapping_asks_as_much_for_one_measure_as_for_three(at_desk, kari, sandefjord):
    first = measure(sandefjord)
    client = at_desk(kari)
    services.succeed(first.plan, by=None, title="Ny")
    address = reverse("plan-mapping", kwargs={"tenant": "sandefjord", "pk": first.plan_id})
    queries_of(client, address)
    one = queries_of(client, address)
    for _ in range(2):
        row = measure(sandefjord)
        facts = {"plan": Plan.objects.of(sandefjord).get(title="Ny"), "number": row.number, "title": "X"}
        area = facts["plan"].focus_areas.get()
        copy = Measure.objects.create(tenant=sandefjord, focus_area=area, **facts)
        MeasureStep.objects.create(tenant=sandefjord, old=row, new=copy, fate="kept")
    assert queries_of(client, address) == one <= 6
