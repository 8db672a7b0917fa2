"""The pages of plans and measures."""

from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from events.plans.importing import import_plan
from events.plans.loading import load
from events.plans.models import Measure
from tests.factories import contact, event, invitation, measure
from tests.reports.stage import approve, held, minutes_of, plan_for

SANDEFJORD = Path(settings.BASE_DIR) / "config/demo/data/sandefjord-plan.yaml"


def at(name, **kwargs):
    return reverse(name, kwargs={"tenant": "sandefjord", **kwargs})


@pytest.fixture
def plan(sandefjord):
    return import_plan(load(SANDEFJORD.read_bytes()), tenant=sandefjord).plan


def third(plan):
    return Measure.objects.of(plan.tenant).get(number=3)


def queries(client, url):
    client.get(url)
    with CaptureQueriesContext(connection) as caught:
        assert client.get(url).status_code == 200
    return len(caught)


def moved(row):
    meeting = plan_for(held(row.tenant), row)
    facts = {"updates": [row], "decisions": ["Møtes igjen."], "actions": [("Lage liste", "Ada Gjest")]}
    approve(minutes_of(meeting, **facts))
    return meeting


def test_the_plan_shows_each_measure_with_lead_status_meetings_and_deadline(at_desk, kari, plan):
    meeting = moved(third(plan))
    coming = plan_for(event(plan.tenant), third(plan))
    shown = at_desk(kari).get(at("plan-detail", pk=plan.pk))
    rows = {row.measure.number: row for group in shown.context["areas"] for row in group.rows}
    assert sorted(rows) == list(range(1, 19))
    assert rows[10].measure.lead.name_as_written == "Sandefjord politidistrikt"
    assert [rows[n].standing.phase for n in (3, 4, 15)] == ["under_way", "not_started", "to_be_considered"]
    assert [proof.event for proof in rows[3].meetings.advanced_by] == [meeting]
    assert rows[3].meetings.planned == [coming]
    assert rows[3].standing.last_moved_at is not None
    page = shown.content.decode()
    assert (meeting.title in page, coming.title in page, "2016" in page) == (True, True, True)


def test_the_measure_shows_its_trail_down_to_the_version(at_desk, kari, plan):
    meeting = moved(third(plan))
    page = at_desk(kari).get(at("measure-detail", pk=third(plan).pk)).content.decode()
    for words in ("Møtes igjen.", "Lage liste", "Ada Gjest", "Framdrift i 3.", meeting.title):
        assert words in page
    assert at("event-detail", pk=meeting.pk) in page
    assert at("minutes-detail", pk=meeting.pk) in page


def test_a_reader_sees_the_proof_and_never_a_guest(at_desk, leif, plan):
    meeting = moved(third(plan))
    guest = invitation(meeting, contact=contact(plan.tenant, name="Gjest Gjestesen")).contact
    page = at_desk(leif).get(at("measure-detail", pk=third(plan).pk)).content.decode()
    assert "Møtes igjen." in page
    assert ("Ada Gjest" in page, guest.name in page, guest.email in page) == (False, False, False)


def test_a_measure_shows_bodies_in_order_with_label_unit_and_name_as_written(at_desk, kari, plan):
    measure = Measure.objects.of(plan.tenant).get(number=12)
    shown = at_desk(kari).get(at("measure-detail", pk=measure.pk))
    page = shown.content.decode()
    assert [(b.position, b.name_as_written, b.unit) for b in shown.context["page"].responsible] == [
        (1, "Sandefjord kommune", "folkehelse"),
        (2, "Sandefjord politi", ""),
    ]
    assert "Sandefjord politidistrikt" in page
    assert "Sør-Øst politidistrikt" in page


def test_helpers_stand_apart(at_desk, kari, plan):
    measure = Measure.objects.of(plan.tenant).get(number=9)
    page = at_desk(kari).get(at("measure-detail", pk=measure.pk)).context["page"]
    assert [b.name_as_written for b in page.responsible] == ["Sandefjord kommune"]
    assert [(b.part, b.name_as_written) for b in page.helpers] == [
        ("cooperation", "Vestfold fylkeskommune"),
        ("cooperation", "RVTS"),
        ("others", "andre relevante aktører"),
    ]


def test_measures_about_individuals_say_that_no_case_belongs_there(at_desk, kari, plan):
    client, with_notice = at_desk(kari), []
    for row in Measure.objects.of(plan.tenant):
        page = client.get(at("measure-detail", pk=row.pk)).content.decode()
        if 'class="ds-alert"' in page:
            with_notice.append(row.number)
    assert with_notice == [13, 14, 15]


def test_the_list_counts_measures_by_phase(at_desk, kari, plan):
    moved(third(plan))
    [row] = at_desk(kari).get(at("plan-list")).context["plans"]
    assert (row.measures, [number for _, _, number in row.phases]) == (18, [16, 1, 1])


def test_pages_ask_as_much_for_one_measure_as_for_three(at_desk, kari, sandefjord):
    client = at_desk(kari)
    first = measure(sandefjord)
    moved(first)
    pages = [at("plan-list"), at("plan-detail", pk=first.plan_id), at("measure-detail", pk=first.pk)]
    one = [queries(client, page) for page in pages]
    for _ in range(2):
        moved(measure(sandefjord))
        moved(first)
        plan_for(event(sandefjord), first)
    assert [queries(client, page) for page in pages] == one
    assert one[0] <= 3 + 4  # session, user, membership; then the content


def test_another_tenants_plans_do_not_exist(at_desk, nils, plan, kristiansand):
    client = at_desk(nils)
    for name, pk in (("plan-detail", plan.pk), ("measure-detail", third(plan).pk)):
        assert client.get(at(name, pk=pk)).status_code == 404
        own = reverse(name, kwargs={"tenant": "kristiansand", "pk": pk})
        assert client.get(own).status_code == 404
    mine = client.get(reverse("plan-list", kwargs={"tenant": "kristiansand"}))
    assert mine.context["plans"] == []
