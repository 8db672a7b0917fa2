"""Importing a plan: once, again, changed, and never by halves."""

import copy
from pathlib import Path

import pytest
from django.conf import settings

from events.audit import AuditEntry
from events.directory.models import Organisation, OrganisationAlias
from events.plans.importing import import_plan
from events.plans.loading import load
from events.plans.models import Measure, Plan, Responsibility
from tests.factories import organisation

SANDEFJORD = Path(settings.BASE_DIR) / "config/demo/data/sandefjord-plan.yaml"


@pytest.fixture
def data():
    return load(SANDEFJORD.read_bytes())


@pytest.fixture
def imported(data, sandefjord, kari):
    result = import_plan(data, tenant=sandefjord, by=kari)
    assert result.errors == []
    return result.plan


def snapshot(tenant):
    return [
        sorted(map(str, model.objects.of(tenant).values_list()))
        for model in (Plan, Measure, Responsibility, Organisation, OrganisationAlias, AuditEntry)
    ]


def measure(tenant, number):
    return Measure.objects.of(tenant).get(number=number)


def test_the_plan_is_held_with_areas_measures_and_ordered_bodies(imported, sandefjord):
    assert [(area.number, area.measures.count()) for area in imported.focus_areas.all()] == [
        (1, 7),
        (2, 4),
        (3, 4),
        (4, 3),
    ]
    parts = [
        (row.position, row.part, row.label, row.name_as_written, row.unit)
        for row in measure(sandefjord, 9).responsibilities.all()
    ]
    assert parts == [
        (1, "responsible", "U", "Sandefjord kommune", ""),
        (None, "cooperation", "U", "Vestfold fylkeskommune", ""),
        (None, "cooperation", "U", "RVTS", ""),
        (None, "others", "U", "andre relevante aktører", ""),
    ]
    assert measure(sandefjord, 9).responsibilities.last().organisation is None


def test_one_body_under_two_names_is_one_organisation(imported, sandefjord):
    named = measure(sandefjord, 12).responsibilities.get(position=2)
    assert (named.name_as_written, named.organisation.name) == (
        "Sandefjord politi",
        "Sandefjord politidistrikt",
    )
    successors = {
        row.name: str(row.successor)
        for row in Organisation.objects.of(sandefjord).exclude(successor=None).select_related("successor")
    }
    assert successors == {
        "Sandefjord politidistrikt": "Sør-Øst politidistrikt",
        "Vestfold politidistrikt": "Sør-Øst politidistrikt",
    }


def test_the_police_lead_three_measures(imported, sandefjord):
    first = Responsibility.objects.of(sandefjord).filter(position=1)
    leads = dict(first.values_list("measure__number", "organisation__kind"))
    assert sorted(number for number, kind in leads.items() if kind == "police") == [2, 10, 13]
    assert sum(kind == "municipal" for kind in leads.values()) == 15


def test_the_second_import_changes_nothing(imported, data, sandefjord, kari):
    before = snapshot(sandefjord)
    result = import_plan(data, tenant=sandefjord, by=kari)
    assert (result.created, result.changed, result.errors) == ([], [], [])
    assert result.unchanged == 1 + 4 + 18
    assert snapshot(sandefjord) == before


def test_a_dry_run_tells_the_same_and_writes_nothing(data, sandefjord):
    dry = import_plan(data, tenant=sandefjord, dry_run=True)
    assert Plan.objects.of(sandefjord).count() == 0
    assert Organisation.objects.of(sandefjord).count() == 0
    assert dry.created == import_plan(data, tenant=sandefjord).created


def test_a_changed_file_changes_just_that(imported, data, sandefjord):
    data["plan"]["measures"][2]["title"] = "Samarbeid mellom kommune, politi og tros- og livssynssamfunn"
    data["plan"]["measures"][3]["responsible"].reverse()
    data["plan"]["measures"][4]["deadline"] = {"precision": "season", "value": "autumn 2027"}
    result = import_plan(data, tenant=sandefjord, reason="Skrivefeil")
    assert len(result.changed) == 4  # a deadline is two fields
    assert result.created == []
    assert measure(sandefjord, 3).title.endswith("livssynssamfunn")
    assert measure(sandefjord, 4).lead.name_as_written == "Sandefjord politidistrikt"
    assert measure(sandefjord, 5).deadline.precision == "season"


def test_what_the_file_does_not_say_stays(imported, data, sandefjord):
    bare = copy.deepcopy(data)
    for row in bare["plan"]["measures"]:
        row.pop("about_individuals", None)
    assert import_plan(bare, tenant=sandefjord).changed == []
    assert measure(sandefjord, 13).about_individuals


def test_a_measure_that_is_gone_from_the_file_stays_and_is_told(imported, data, sandefjord):
    plan = data["plan"]
    plan["measures"].pop()
    plan["focus_areas"][3]["measures"].remove(18)
    plan["counts"] = {}
    before = snapshot(sandefjord)
    result = import_plan(data, tenant=sandefjord)
    assert (result.errors, result.changed, len(result.kept)) == ([], [], 1)
    assert "18" in result.kept[0]
    assert snapshot(sandefjord) == before


def test_a_title_of_an_adopted_plan_changes_only_with_a_reason(imported, data, sandefjord, kari):
    data["plan"]["measures"][0]["title"] = "Noe annet"
    before = snapshot(sandefjord)
    assert len(import_plan(data, tenant=sandefjord).errors) == 1
    assert snapshot(sandefjord) == before
    assert import_plan(data, tenant=sandefjord, by=kari, reason="Trykkfeil").errors == []
    [entry] = AuditEntry.objects.of(sandefjord).filter(action="measure.corrected")
    assert (entry.facts["new"], entry.facts["reason"]) == ("Noe annet", "Trykkfeil")
    assert "oppfølging" in entry.facts["old"]


def test_a_title_of_a_draft_changes_without_a_reason(data, sandefjord):
    data["plan"].pop("decision_background")
    import_plan(data, tenant=sandefjord)
    data["plan"]["measures"][0]["title"] = "Noe annet"
    result = import_plan(data, tenant=sandefjord)
    assert (result.errors, len(result.changed)) == ([], 1)
    assert Plan.objects.of(sandefjord).get().state == "draft"


def test_a_file_with_errors_writes_nothing(data, sandefjord):
    data["plan"]["counts"]["measures"] = 19
    result = import_plan(data, tenant=sandefjord)
    assert len(result.errors) == 1
    assert Organisation.objects.of(sandefjord).count() == 0


def test_bodies_of_the_directory_are_used_and_left_as_they_are(data, sandefjord):
    mine = organisation(sandefjord, name="Politiet i Sandefjord", kind="police", city="Sandefjord")
    OrganisationAlias.objects.create(tenant=sandefjord, organisation=mine, name="sandefjord politidistrikt")
    import_plan(data, tenant=sandefjord)
    mine.refresh_from_db()
    assert (mine.name, mine.successor) == ("Politiet i Sandefjord", None)
    assert measure(sandefjord, 13).lead.organisation == mine


def test_the_same_plan_in_two_tenants_shares_no_row(data, sandefjord, kristiansand):
    import_plan(data, tenant=sandefjord)
    import_plan(data, tenant=kristiansand)
    for tenant in (sandefjord, kristiansand):
        bodies = Responsibility.objects.of(tenant).exclude(organisation=None)
        assert set(bodies.values_list("organisation__tenant", flat=True)) == {tenant.pk}


def test_an_import_is_one_audit_row_in_words(imported, sandefjord):
    [entry] = AuditEntry.objects.of(sandefjord)
    assert entry.action == "plan.imported"
    assert imported.title in entry.words()
