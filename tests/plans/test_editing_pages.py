"""The pages on which plans are written: nothing typed is lost, each refusal stands at its field."""

import pytest
from django.urls import reverse

from events.audit import AuditEntry
from events.plans.models import Measure, Plan, PossibleMeasure, Responsibility
from events.plans.recommending.models import Recommendation
from tests.factories import event, measure, measure_of_plan
from tests.plans.test_pages import SANDEFJORD, confirmation, upload
from tests.queries import queries_of
from tests.reports.stage import plan_for


def at(name, pk=None):
    return reverse(name, kwargs={"tenant": "sandefjord"} | ({"pk": pk} if pk else {}))


@pytest.fixture
def desk(at_desk, kari):
    kari.language = "en"
    kari.save()
    return at_desk(kari)


def test_a_plan_is_written_from_nothing_to_its_adoption(desk, sandefjord):
    facts = {
        "title": "Plan mot utenforskap",
        "owner": "Sandefjord kommune",
        "period_from": "2020",
        "period_to": "2023",
    }
    desk.post(at("plan-create"), {**facts, "goals": "Alle er med\nIngen faller utenfor\n"})
    plan = Plan.objects.of(sandefjord).get()
    assert (plan.state, plan.goals) == ("draft", ["Alle er med", "Ingen faller utenfor"])
    assert (plan.applies_from.words(), plan.applies_to.words()) == ("2020", "2023")
    desk.post(at("plan-area-create", plan.pk), {"number": 1, "title": "Dialog"})
    area = plan.focus_areas.get()
    sent = {
        "focus_area": area.pk,
        "number": 1,
        "title": "Møter",
        "recurrence": "standing",
        "deadline": "autumn 2021",
    }
    answer = desk.post(at("measure-create", plan.pk), {**sent, "aliases": "Dialogmøter\nDialogmøter"})
    row = Measure.objects.of(sandefjord).get()
    assert answer.url == at("measure-bodies", row.pk)
    assert (row.recurrence, row.aliases, row.deadline.words()) == ("standing", ["Dialogmøter"], "autumn 2021")
    refused = desk.post(
        at("plan-adopt", plan.pk), {"adopted_by": "kommunestyret", "adopted_on": "2020-01-30"}
    )
    assert "Nobody leads these measures yet: 1." in refused.content.decode()
    body = {"name_as_written": "Sandefjord politi", "part": "responsible", "label": "U"}
    desk.post(at("measure-bodies", row.pk), body)
    desk.post(at("plan-adopt", plan.pk), {"adopted_by": "kommunestyret", "adopted_on": "2020-01-30"})
    plan.refresh_from_db()
    assert (plan.state, str(plan.adopted_on)) == ("adopted", "2020-01-30")
    assert "Sandefjord politi" in desk.get(at("measure-detail", row.pk)).content.decode()


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"title": ""}, "title"),
        ({"owner": "–"}, "owner"),
        ({"period_from": "snart"}, "period_from"),
        ({"period_from": "2020", "period_to": "2019"}, "period_to"),
        ({"builds_on_link": "javascript:alert(1)"}, "builds_on_link"),
        ({"builds_on_link": "http://regjeringen.example/"}, "builds_on_link"),
        ({"predecessor": "9" * 30}, "predecessor"),
        ({"decided_on": "31.02.2020"}, "decided_on"),
        ({"goals": "x" * 1001}, "goals"),
        ({"title": "a\x00b"}, "title"),
    ],
    ids=str,
)
def test_wrong_input_is_told_at_its_field_and_everything_stays(desk, sandefjord, sent, field):
    answer = desk.post(
        at("plan-create"), {"title": "Plan", "owner": "Kommunen", "foreword": "Kjære alle", **sent}
    )
    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == [field]
    assert "Kjære alle" in answer.content.decode()
    assert Plan.objects.of(sandefjord).count() == 0


def test_a_title_as_adopted_asks_for_a_reason_beside_the_field(desk, sandefjord):
    row = measure(sandefjord)
    sent = {"focus_area": row.focus_area_id, "number": row.number, "title": "Nytt navn"}
    answer = desk.post(at("measure-edit", row.pk), sent)
    assert list(answer.context["form"].errors) == ["reason"]
    assert "Nytt navn" in answer.content.decode()
    assert desk.post(at("measure-edit", row.pk), {**sent, "reason": "Trykkfeil"}).status_code == 302
    row.refresh_from_db()
    assert row.title == "Nytt navn"


def test_a_form_sent_back_as_it_was_changes_nothing(desk, sandefjord):
    row = measure(sandefjord, deadline_from="2016-01-01", deadline_precision="year", aliases=["A", "B"])
    for name, pk in (("measure-edit", row.pk), ("plan-edit", row.plan_id)):
        form = desk.get(at(name, pk)).context["form"]
        sent = {each.name: each.value() for each in form if each.value() not in (None, False)}
        assert desk.post(at(name, pk), sent).status_code == 302
    before = row
    row = Measure.objects.of(sandefjord).get()
    assert (row.deadline.words(), row.aliases, row.title) == ("2016", ["A", "B"], before.title)
    assert AuditEntry.objects.of(sandefjord).count() == 0


def test_a_measure_about_individuals_warns_where_somebody_might_write_a_case(desk, sandefjord):
    row = measure(sandefjord, about_individuals=True)
    words = "nothing about any person’s case belongs here"
    for name in ("measure-detail", "measure-edit"):
        assert words in desk.get(at(name, row.pk)).content.decode()
    other = measure(sandefjord)
    assert words not in desk.get(at("measure-edit", other.pk)).content.decode()


def test_bodies_move_without_a_mouse_and_without_javascript(desk, sandefjord):
    row = measure(sandefjord)
    desk.post(at("measure-bodies", row.pk), {"name_as_written": "NAV", "part": "responsible", "label": "O"})
    nav = Responsibility.objects.of(sandefjord).get(name_as_written="NAV")
    answer = desk.post(at("measure-body-move", nav.pk), {"to": "1"}, follow=True)
    assert "“NAV” stands first and leads." in answer.content.decode()
    row = Measure.objects.of(sandefjord).get()
    assert (row.lead.name_as_written, row.lead.label) == ("NAV", "O")
    for nonsense in ("", "0", "-1", "x", "99999", "²"):
        assert desk.post(at("measure-body-move", nav.pk), {"to": nonsense}).status_code == 302
    assert Measure.objects.of(sandefjord).get().lead.name_as_written == "NAV"


def test_a_measure_that_something_hangs_on_says_what_and_stays(desk, sandefjord):
    row = measure(sandefjord)
    plan_for(event(sandefjord), row)
    page = desk.get(at("measure-remove", row.pk)).content.decode()
    assert "1 meeting is planned to advance it" in page
    desk.post(at("measure-remove", row.pk))
    assert Measure.objects.of(sandefjord).count() == 1


def test_a_possible_measure_becomes_one_of_the_plan(desk, sandefjord):
    row = measure(sandefjord)
    desk.post(at("plan-catalogue", row.plan_id), {"title": "Megling og forsoning"})
    entry = PossibleMeasure.objects.of(sandefjord).get()
    address = at("measure-create", row.plan_id) + f"?possible={entry.pk}"
    assert desk.get(address).context["form"]["title"].value() == "Megling og forsoning"
    desk.post(address, {"focus_area": row.focus_area_id, "number": 20, "title": "Megling"})
    entry.refresh_from_db()
    assert entry.taken_as.title == "Megling"


def test_a_rejected_recommendation_needs_a_reason_and_shows_at_its_measure(desk, sandefjord):
    row = measure(sandefjord)
    desk.post(at("plan-group-create", row.plan_id), {"name": "Ekspertgruppe", "set_up": "January 2015"})
    group = row.plan.expert_groups.get()
    sent = {"number": 1, "text": "Styrk samarbeidet", "verdict": "rejected", "measures": [row.pk]}
    answer = desk.post(at("plan-recommendation-create", group.pk), sent)
    assert list(answer.context["form"].errors) == ["reason"]
    desk.post(at("plan-recommendation-create", group.pk), {**sent, "verdict": "adopted"})
    assert Recommendation.objects.of(sandefjord).get().verdict == "adopted"
    assert "Styrk samarbeidet" in desk.get(at("measure-detail", row.pk)).content.decode()
    listed = desk.get(at("plan-recommendations", row.plan_id)).content.decode()
    assert ("Set up January 2015" in listed, row.title in listed) == (True, True)


def test_a_measure_of_another_plan_is_no_choice(desk, sandefjord):
    row, other = measure(sandefjord), measure_of_plan(sandefjord, key="other")
    sent = {"focus_area": other.focus_area_id, "number": 50, "title": "X"}
    assert list(desk.post(at("measure-create", row.plan_id), sent).context["form"].errors) == ["focus_area"]


@pytest.mark.parametrize(
    "name", ["plan-catalogue", "plan-recommendations", "plan-documents", "measure-bodies"]
)
def test_lists_ask_as_much_for_one_row_as_for_three(desk, sandefjord, name):
    row = measure(sandefjord)
    facts = {"tenant": sandefjord, "plan": row.plan}

    def grow(n):
        PossibleMeasure.objects.create(**facts, position=n, title=f"T{n}", taken_as=measure(sandefjord))
        group = row.plan.expert_groups.create(tenant=sandefjord, name=f"G{n}")
        advice = group.recommendations.create(tenant=sandefjord, number=n, text="A")
        advice.measure_links.create(tenant=sandefjord, measure=row)
        row.plan.documents.create(tenant=sandefjord, name=f"{n}.pdf", size=1, sha256="0" * 64, file=f"x{n}")
        row.responsibilities.create(
            tenant=sandefjord,
            part="with",
            order=n + 1,
            label="U",
            organisation=row.plan.owner,
            name_as_written=f"B{n}",
        )

    address = at(name, row.pk if name.startswith("measure") else row.plan_id)
    grow(1)
    queries_of(desk, address)
    one = queries_of(desk, address)
    for n in (2, 3):
        grow(n)
    assert queries_of(desk, address) == one <= 4


def test_an_import_that_corrects_what_is_adopted_asks_why_first(desk, sandefjord):
    page = at("plan-import")
    desk.post(page, confirmation(desk.post(page, upload(SANDEFJORD))))
    preview = desk.post(page, upload(SANDEFJORD.replace(b"ICDP-program", b"ICDP-kurs")))
    assert "Reason for the correction" in preview.content.decode()
    asked = desk.post(page, confirmation(preview))
    assert list(asked.context["confirm"].errors) == ["reason"]
    assert Measure.objects.of(sandefjord).get(number=7).title == "ICDP-program"
    assert desk.post(page, confirmation(preview, reason="Ny metode")).status_code == 302
    assert Measure.objects.of(sandefjord).get(number=7).title == "ICDP-kurs"


def test_an_import_is_done_as_it_was_seen_or_shown_again(desk, sandefjord):
    page = at("plan-import")
    sent = confirmation(desk.post(page, upload(SANDEFJORD)))
    measure(sandefjord)  # the directory has the municipality by now, so fewer organisations would be new
    answer = desk.post(page, sent)
    assert answer.status_code == 200
    assert "The plan has changed meanwhile" in answer.content.decode()
    assert Plan.objects.of(sandefjord).count() == 1


@pytest.mark.parametrize(
    "kept", ["", "{", "[" * 100_000, '{"plan": 1}', '{"plan": {"owner": "\\ud800"}}', "null"]
)
def test_a_page_changed_on_its_way_is_refused(desk, sandefjord, kept):
    answer = desk.post(at("plan-import"), {"kept": kept, "confirm": "1"})
    assert answer.status_code == 200
    assert "Nothing was imported" in answer.content.decode()
    assert Plan.objects.of(sandefjord).count() == 0


def test_a_list_goes_into_the_plan_that_is_chosen(desk, sandefjord):
    row = measure(sandefjord)
    head = "Innsatsområde nr;Innsatsområde;Nr;Tiltak;Ansvarlig;Frist"
    content = f"{head}\n1;Samordning;{row.number};{row.title};Sandefjord kommune;2027"
    page = at("plan-import")
    preview = desk.post(page, {**upload(content.encode(), "liste.csv"), "plan": row.plan_id})
    result = preview.context["result"]
    assert (result.errors, result.created, len(result.changed)) == ([], [], 2)  # a deadline is two fields
    desk.post(page, confirmation(preview))
    row.refresh_from_db()
    assert row.deadline.words() == "2027"
