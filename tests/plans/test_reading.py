"""Reading a plan: all ten traps of the real one, and every error with its place."""

import copy
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation

from events.plans.loading import load
from events.plans.reading import read

SANDEFJORD = Path(settings.BASE_DIR) / "config/demo/data/sandefjord-plan.yaml"


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def data():
    return load(SANDEFJORD.read_bytes())


@pytest.fixture
def plan(data):
    reading = read(data)
    assert reading.errors == ()
    return reading.plan


def measure(plan, number):
    return next(row for row in plan.measures if row.number == number)


def bodies(plan, number):
    return [(body.part, body.name, body.unit) for body in measure(plan, number).bodies]


def test_the_real_plan_has_its_areas_and_measures(plan):
    assert [(area.number, len(area.measures)) for area in plan.areas] == [(1, 7), (2, 4), (3, 4), (4, 3)]
    assert [row.number for row in plan.measures] == list(range(1, 19))
    assert plan.key == "sandefjord-kommune-2015"
    assert plan.facts["builds_on"] == (
        "Handlingsplan mot radikalisering og voldelig ekstremisme (regjeringen, 2014)"
    )


def test_names_stay_as_written(plan):
    assert bodies(plan, 12)[1] == ("responsible", "Sandefjord politi", "")
    assert [name for _, name, _ in bodies(plan, 2)] == [
        "Sør-Øst politidistrikt",
        "Sandefjord politidistrikt",
        "Sandefjord kommune",
    ]


def test_the_three_labels_are_kept_apart(plan):
    labels = {label: [m.number for m in plan.measures if m.label == label] for label in "UOF"}
    assert labels["O"] == [4, 5, 8]
    assert labels["F"] == [17, 18]
    assert len(labels["U"]) == 13


def test_the_police_lead_three_measures_and_the_municipality_the_rest(plan):
    leads = {row.number: row.bodies[0].name for row in plan.measures}
    assert sorted(n for n, name in leads.items() if "politi" in name) == [2, 10, 13]
    assert sum(name == "Sandefjord kommune" for name in leads.values()) == 15


def test_helpers_are_not_responsible(plan):
    assert bodies(plan, 7) == [
        ("responsible", "Sandefjord kommune", "folkehelse og skole/barnehagekontoret"),
        ("with", "NAV integrering", ""),
    ]
    assert bodies(plan, 9) == [
        ("responsible", "Sandefjord kommune", ""),
        ("cooperation", "Vestfold fylkeskommune", ""),
        ("cooperation", "RVTS", ""),
        ("others", "andre relevante aktører", ""),
    ]
    assert [part for part, _, _ in bodies(plan, 16)] == ["responsible", "responsible", "in_text", "in_text"]


def test_a_vague_deadline_keeps_its_precision(plan):
    deadline = measure(plan, 9).deadline
    assert (deadline.first.isoformat(), deadline.precision) == ("2016-01-01", "year")
    assert [m.number for m in plan.measures if m.deadline] == [9]


def test_what_is_to_be_considered_and_what_concerns_individuals_is_marked(plan):
    assert [m.number for m in plan.measures if m.to_be_considered] == [15]
    assert [m.number for m in plan.measures if m.about_individuals] == [13, 14, 15]
    assert measure(plan, 7).national_measure == 19


@pytest.mark.parametrize("other", [None, [], "text", {}, {"plan": None}, {"plan": []}, {"campaign": {}}])
def test_another_file_is_no_plan(other):
    reading = read(other)
    assert reading.plan is None
    assert len(reading.errors) == 1


def changed(data, change):
    data = copy.deepcopy(data)
    change(data["plan"])
    return read(data)


MISTAKES = {
    "a number twice": (
        lambda p: p["measures"][4].update(no=4),
        ["measure 4 stands", "measure 5, which is not"],
    ),
    "in no area": (lambda p: p["focus_areas"][0]["measures"].remove(5), ["measure 5 is in no", "per_area"]),
    "in two areas": (
        lambda p: p["focus_areas"][1]["measures"].append(5),
        ["measure 5 is in more", "per_area"],
    ),
    "an area twice": (lambda p: p["focus_areas"][1].update(no=1), ["focus area 1 stands"]),
    "wrong count": (lambda p: p["counts"].update(measures=17), ["says 17, but the file holds 18"]),
    "no title": (lambda p: p["measures"][2].pop("title"), ["line 22, measure 3: “title” is missing"]),
    "no owner": (lambda p: p.pop("owner"), ["“owner” is missing"]),
    "no lead": (
        lambda p: p["measures"][2].update(responsible=[]),
        ["measure 3: “responsible” must be a list"],
    ),
    "unknown label": (lambda p: p["measures"][2].update(label="X"), ["must be U, O or F, not “X”"]),
    "misspelt key": (lambda p: p["measures"][2].update(responsable=[]), ["“responsable” is not a key"]),
    "invented day": (
        lambda p: p["measures"][8].update(deadline={"precision": "day", "value": 2016}),
        ["the deadline “2016” has the precision “year”, not “day”"],
    ),
    "no date": (
        lambda p: p["measures"][8].update(deadline={"precision": "day", "value": "2016-02-30"}),
        ["“2016-02-30” is no date"],
    ),
    "a text too long": (lambda p: p["measures"][2].update(title="x" * 301), ["longer than 300"]),
    "a number as text": (lambda p: p["measures"][2].update(no="three"), ["whole number", "", ""]),
    "a body twice": (
        lambda p: p["measures"][2]["responsible"].append("Sandefjord kommune"),
        ["stands twice"],
    ),
    "a list for a text": (lambda p: p["measures"][2].update(title=["a"]), ["“title” must be text"]),
    "measures no list": (lambda p: p.update(measures={"no": 1}), ["“measures” must be a list"]),
    "a measure no mapping": (lambda p: p["measures"].append("one more"), ["“measures”, number 19"]),
    "a flag that is none": (lambda p: p["measures"][2].update(about_individuals="ja"), ["true or false"]),
    "a control character": (lambda p: p["measures"][2].update(title="a\x00b"), ["no text"]),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_told_with_its_place_and_nothing_is_read(data, mistake):
    change, expected = MISTAKES[mistake]
    reading = changed(data, change)
    assert reading.plan is None
    for words in expected:
        assert any(words in error for error in reading.errors), reading.errors


def test_all_mistakes_are_told_at_once(data):
    def spoil(plan):
        plan["measures"][2].pop("title")
        plan["measures"][5]["label"] = "X"
        plan["counts"]["focus_areas"] = 5

    assert len(changed(data, spoil).errors) == 3
