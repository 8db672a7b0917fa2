"""The pages of the real plan tell every fact of its file; Copenhagen's expert group finds its place."""

import html
import re

import pytest
from django.urls import reverse

from events.plans.importing import import_plan
from events.plans.models import Measure, Plan, PossibleMeasure
from events.plans.recommending.models import ExpertGroup
from tests.plans.kit import LABELS, sandefjord_data

LABEL_WORDS = {key: words.lower() for key, words in LABELS.items()}


@pytest.fixture
def data():
    return sandefjord_data()


@pytest.fixture
def plan(data, sandefjord):
    result = import_plan(data, tenant=sandefjord)
    assert result.errors == []
    return result.plan


def words_of(response):
    text = re.sub(r"<[^>]+>", " ", response.content.decode().split("<main", 1)[1].split("</main>")[0])
    return re.sub(r" ([,)])", r"\1", " ".join(html.unescape(text).split()))


def page(client, name, pk):
    return words_of(client.get(reverse(name, kwargs={"tenant": "sandefjord", "pk": pk})))


def test_the_plan_s_page_tells_every_fact_of_the_plan(at_desk, leif, plan, data):
    shown, top = page(at_desk(leif), "plan-detail", plan.pk), data["plan"]
    based, decided = top["builds_on"], top["decision_background"]
    expected = [
        *(top["owner"], f"laget sammen med {top['with']}", f"{decided['body']}, 14. april 2015", top["rule"]),
        *(based["title"], f"({based['issuer']}, {based['year']})", *top["signed_foreword_by"]),
        *top["possible_measures"],
        *(f"{area['no']}. {area['title']}" for area in top["focus_areas"]),
        *(f"{row['no']}. {row['title']}" for row in top["measures"]),
    ]
    assert [fact for fact in expected if fact not in shown] == []
    order = [shown.index(f" {row['no']}. {row['title']} ") for row in top["measures"]]
    assert order == sorted(order)


def name_of(each):
    return f"{each['body']} ({each['unit']})" if isinstance(each, dict) else each


def facts_of(row):
    """What a measure's page must say, as the file has it."""
    for place, each in enumerate(row["responsible"]):
        lead = " – hovedansvarlig" if place == 0 else ""
        yield f"{name_of(each)}{lead}, {LABEL_WORDS[row['label']]}"
    for key, part in (("with", "med"), ("in_cooperation_with", "i samarbeid med")):
        yield from (f"{name_of(each)}, {part}" for each in row.get(key, ()))
    yield from (f"{each}, samarbeidspartner nevnt i teksten" for each in row.get("partners_in_text", ()))
    if "others" in row:
        yield row["others"]
    if "deadline" in row:
        yield f"Frist {row['deadline']['value']}"
    if "national_measure" in row:
        yield f"Nasjonalt tiltak {row['national_measure']}"
    if row.get("note") == "to be considered":
        yield "Skal vurderes"


def test_each_measure_s_page_tells_every_fact_of_it(at_desk, leif, plan, data):
    client, missing = at_desk(leif), []
    areas = {
        n: f"{area['no']}. {area['title']}" for area in data["plan"]["focus_areas"] for n in area["measures"]
    }
    for row in data["plan"]["measures"]:
        shown = page(client, "measure-detail", Measure.objects.of(plan.tenant).get(number=row["no"]).pk)
        expected = [f"{row['no']}. {row['title']}", areas[row["no"]], *facts_of(row)]
        missing += [(row["no"], fact) for fact in expected if fact not in shown]
        at = [shown.index(name_of(each)) for each in row["responsible"]]
        assert at == sorted(at)
    assert missing == []


COPENHAGEN = {
    "name": "Ekspertgruppen",
    "set_up": "2015-01",
    "task": "recommendations to strengthen the effort and reduce the number of radicalised young people",
    "result": "recommendations formed the basis of a joint strategy and action plan",
    "recommendations": [
        {"no": 1, "text": "Styrk rådgivningen", "decision": "adopted", "measures": [3, 17]},
        {"no": 2, "text": "Opret en hotline", "decision": "rejected", "reason": "Findes allerede"},
        {"no": 3, "text": "Mål effekten"},
    ],
}


def test_an_expert_group_as_in_copenhagen_is_held_imported_and_shown(at_desk, leif, plan, data, sandefjord):
    data["plan"]["expert_groups"] = [COPENHAGEN]
    assert import_plan(data, tenant=sandefjord).errors == []
    again = import_plan(data, tenant=sandefjord)
    assert (again.created, again.changed, again.kept) == ([], [], [])
    group = ExpertGroup.objects.of(sandefjord).get()
    assert (group.set_up.precision, group.task) == ("month", COPENHAGEN["task"])
    shown = page(at_desk(leif), "plan-recommendations", plan.pk)
    for fact in ("Opprettet januar 2015", group.result, "Findes allerede", "17. Kurs og opplæring", "Avvist"):
        assert fact in shown


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"decision": "rejected"}, "begrunnelse"),
        ({"decision": "maybe"}, "maybe"),
        ({"measures": [99]}, "99"),
        ({"no": 2}, "2"),
    ],
    ids=str,
)
def test_a_recommendation_that_cannot_be_is_told_and_nothing_is_written(
    plan, data, sandefjord, change, words
):
    advice = [{**COPENHAGEN["recommendations"][0], **change}, *COPENHAGEN["recommendations"][1:]]
    data["plan"]["expert_groups"] = [{**COPENHAGEN, "recommendations": advice}]
    errors = import_plan(data, tenant=sandefjord).errors
    assert any(words in error for error in errors)
    assert ExpertGroup.objects.of(sandefjord).count() == 0


def test_what_the_file_has_more_than_the_plan_is_held_too(data, sandefjord, plan):
    top = data["plan"]
    top |= {
        "adopted": {"body": "kommunestyret", "date": "2015-05-20"},
        "period": {"from": "2015", "to": "autumn 2018"},
        "foreword": "Kjære leser.\nDette er planen.",
        "goals": ["Alle er trygge"],
        "possible_measures": [*top["possible_measures"], "Nytt mulig tiltak"],
    }
    top["measures"][2] |= {
        "aliases": ["Dialogmøtene"],
        "description": "Faste møter.",
        "recurrence": "standing",
    }
    assert import_plan(data, tenant=sandefjord).errors == []
    held = Plan.objects.of(sandefjord).get()
    third = Measure.objects.of(sandefjord).get(number=3)
    assert (held.adopted_by, held.applies_to.precision, held.goals) == (
        "kommunestyret",
        "season",
        ["Alle er trygge"],
    )
    assert (held.foreword, third.recurrence) == ("Kjære leser.\nDette er planen.", "standing")
    assert (third.aliases, third.description) == (["Dialogmøtene"], "Faste møter.")
    assert PossibleMeasure.objects.of(sandefjord).count() == 10
    assert import_plan(data, tenant=sandefjord).changed == []
