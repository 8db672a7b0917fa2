"""The page minutes are written on."""

import datetime as dt

import pytest

from minutes.records import services
from minutes.records.content import Content
from minutes.records.models import Minutes
from tests.factories import contact, measure
from tests.records.scene import address, answered, fields_of, forum, held, new, opened, written


@pytest.fixture
def desk(at_desk, mina):
    return at_desk(mina)


def test_what_is_typed_is_stored(desk, sandefjord, mina):
    three = measure(sandefjord)
    meeting = forum(sandefjord)
    meeting.measure_links.create(tenant=sandefjord, measure=three)
    minutes = services.open_minutes(meeting, by=mina)
    fields = fields_of(desk.get(address("minutes-edit", minutes)))
    dag = minutes.attendance.get(name="Dag Declined")
    mark = next(
        name for name, value in fields.items() if name.startswith("attendance-") and value == str(dag.pk)
    )
    fields |= {
        mark.replace("-id", "-status"): "present",
        "walkins-0-name": "Ida Innom",
        "headcounts-0-organisation": "Skoleklasse",
        "headcounts-0-count": "22",
        "items-1-notes": "linje en\r\n\r\nlinje to",
        "decisions-0-text": "Vi møtes igjen.",
        "decisions-0-item": str(minutes.items.all()[1].pk),
        "actions-0-text": "Ring",
        "actions-0-owner": "Amina Accepted",
        "actions-0-due": "15.1.2027",
        "updates-0-phase": "under_way",
        "updates-0-text": "Forumet er i gang.",
    }
    response = desk.post(address("minutes-edit", minutes), fields)
    assert (response.status_code, response["Location"]) == (302, address("minutes-edit", minutes))
    assert [(p.name, p.status) for p in minutes.attendance.filter(status="present").order_by("name")] == [
        ("Amina Accepted", "present"),
        ("Dag Declined", "present"),
        ("Ida Innom", "present"),
    ]
    assert [(h.organisation, h.count) for h in minutes.headcounts.all()] == [("Skoleklasse", 22)]
    assert [item.notes for item in minutes.items.all()] == ["", "linje en\n\nlinje to"]
    assert [(o.kind, o.text, o.item_id, o.measure_id, o.phase) for o in minutes.outcomes.all()] == [
        ("decision", "Vi møtes igjen.", minutes.items.all()[1].pk, None, ""),
        ("action", "Ring", None, None, ""),
        ("measure_update", "Forumet er i gang.", None, three.pk, "under_way"),
    ]
    assert minutes.outcomes.get(kind="action").due_from == dt.date(2027, 1, 15)


def test_saving_the_page_untouched_changes_nothing(desk, sandefjord, mina):
    minutes = written(sandefjord, mina, measure=measure(sandefjord))

    def everything():
        return [
            list(rows.values())
            for rows in (minutes.items, minutes.attendance, minutes.headcounts, minutes.outcomes)
        ]

    before = everything()
    fields = fields_of(desk.get(address("minutes-edit", minutes)))
    assert desk.post(address("minutes-edit", minutes), fields).status_code == 302
    assert everything() == before


def test_a_planned_measure_that_did_not_move_leaves_no_update(desk, sandefjord, mina):
    meeting = forum(sandefjord)
    meeting.measure_links.create(tenant=sandefjord, measure=measure(sandefjord))
    minutes = services.open_minutes(meeting, by=mina)
    fields = fields_of(desk.get(address("minutes-edit", minutes)))
    assert fields["updates-0-measure"] != ""
    desk.post(address("minutes-edit", minutes), fields)
    assert not minutes.outcomes.exists()


def test_planned_measures_stand_first(desk, sandefjord, mina):
    first, second = measure(sandefjord), measure(sandefjord)
    meeting = forum(sandefjord)
    meeting.measure_links.create(tenant=sandefjord, measure=second)
    minutes = services.open_minutes(meeting, by=mina)
    page = desk.get(address("minutes-edit", minutes))
    groups = page.context["parts"].sections["updates"].forms[0].fields["measure"].choices[1:]
    assert [[pk for pk, _label in rows] for _group, rows in groups] == [[second.pk], [first.pk]]


@pytest.mark.parametrize("section", ["walkins", "headcounts", "items", "decisions", "actions", "updates"])
def test_adding_a_row_keeps_everything_typed_and_stores_nothing(desk, sandefjord, mina, section):
    measure(sandefjord)
    minutes = opened(sandefjord, mina)
    fields = fields_of(desk.get(address("minutes-edit", minutes)))
    typed = {
        "items-0-notes": "Halvferdig",
        "headcounts-0-count": "mange",
        "actions-0-owner": "Uten tekst",
        "actions-0-due": "i morgen",
    }
    before = int(fields[f"{section}-TOTAL_FORMS"])
    page = desk.post(address("minutes-edit", minutes), {**fields, **typed, "add": section})
    after = fields_of(page)
    assert {name: after[name] for name in typed if "0-due" not in name} == {
        name: value for name, value in typed.items() if "0-due" not in name
    }
    assert int(after[f"{section}-TOTAL_FORMS"]) == before + 1
    assert (page.status_code, "ds-validation-message" in page.content.decode()) == (200, False)
    assert Minutes.objects.of(sandefjord).get().revision == 0


def test_adding_a_row_does_not_hide_that_somebody_else_has_saved(desk, sandefjord, mina, kari):
    minutes = opened(sandefjord, mina)
    fields = fields_of(desk.get(address("minutes-edit", minutes)))
    services.save(minutes, by=kari, revision=0, content=Content(decisions=[new(text="Karis")]))
    after = fields_of(desk.post(address("minutes-edit", minutes), {**fields, "add": "actions"}))
    assert after["revision"] == "0"
    assert desk.post(address("minutes-edit", minutes), after).status_code == 409


def test_errors_stand_beside_their_field_and_nothing_typed_is_lost(desk, sandefjord, mina):
    minutes = opened(sandefjord, mina)
    fields = fields_of(desk.get(address("minutes-edit", minutes)))
    typed = {
        "decisions-0-text": "En god beslutning",
        "actions-0-text": "Uten eier",
        "actions-0-due": "2027-02-30",
        "headcounts-0-organisation": "Klassen",
        "headcounts-0-count": "-3",
    }
    page = desk.post(address("minutes-edit", minutes), {**fields, **typed})
    forms = page.context["parts"].sections
    assert {name: list(form.errors) for name, of in forms.items() for form in of if form.errors} == {
        "headcounts": ["count"],
        "actions": ["due", "owner"],
    }
    assert {name: fields_of(page)[name] for name in typed} == typed
    assert 'href="#id_actions-0-owner"' in page.content.decode()
    assert not minutes.outcomes.exists()


@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("items-0-notes", {}),
        ("decisions-0-text", {}),
        ("actions-0-owner", {"actions-0-text": "Ring"}),
        ("walkins-0-name", {}),
        ("walkins-0-organisation", {"walkins-0-name": "Ola"}),
        ("headcounts-0-organisation", {"headcounts-0-count": "3"}),
    ],
)
def test_a_national_identity_number_is_refused_beside_its_field(desk, sandefjord, mina, name, more):
    minutes = opened(sandefjord, mina)
    fields = fields_of(desk.get(address("minutes-edit", minutes)))
    page = desk.post(address("minutes-edit", minutes), {**fields, **more, name: "Det gjelder 010190 12480"})
    section, _index, field = name.split("-")
    errors = {
        of: list(form.errors)
        for of, rows in page.context["parts"].sections.items()
        for form in rows
        if form.errors
    }
    assert errors == {section: [field]}
    assert fields_of(page)[name] == "Det gjelder 010190 12480"
    assert Minutes.objects.of(sandefjord).get().revision == 0


def test_one_measure_is_updated_once_a_meeting(desk, sandefjord, mina):
    three = measure(sandefjord)
    minutes = written(sandefjord, mina, measure=three)
    fields = fields_of(desk.get(address("minutes-edit", minutes)))
    twice = {"updates-1-measure": str(three.pk), "updates-1-phase": "standing", "updates-1-text": "Igjen"}
    page = desk.post(address("minutes-edit", minutes), {**fields, **twice})
    assert [list(form.errors) for form in page.context["parts"].sections["updates"]] == [[], ["measure"]]


def test_an_older_form_is_told_so_and_both_texts_stand_on_the_page(at_desk, sandefjord, mina, kari):
    minutes = opened(sandefjord, mina)
    first, second = minutes.items.all()
    fields = fields_of(at_desk(mina).get(address("minutes-edit", minutes)))
    theirs = Content(
        items=[
            {"id": first.pk, "remove": False, "title": first.title, "notes": "Karis tekst"},
            {"id": second.pk, "remove": False, "title": second.title, "notes": "Bare Kari"},
        ],
        decisions=[new(text="Karis beslutning")],
    )
    services.save(minutes, by=kari, revision=0, content=theirs)
    mine = {"items-0-notes": "Minas tekst", "decisions-0-text": "Minas beslutning"}
    page = at_desk(mina).post(address("minutes-edit", minutes), {**fields, **mine})
    assert (page.status_code, page.context["other"].actor_name) == (409, "Kari Koordinator")
    rows = page.context["parts"].sections["items"].forms
    assert [row.stored_beside for row in rows] == [[(str(rows[0].fields["notes"].label), "Karis tekst")], []]
    shown = fields_of(page)
    assert (shown["items-0-notes"], shown["items-1-notes"]) == ("Minas tekst", "Bare Kari")
    assert [shown["decisions-0-text"], shown["decisions-1-text"]] == ["Karis beslutning", "Minas beslutning"]
    assert [item.notes for item in minutes.items.all()] == ["Karis tekst", "Bare Kari"]
    assert at_desk(mina).post(address("minutes-edit", minutes), shown).status_code == 302
    assert [item.notes for item in minutes.items.all()] == ["Minas tekst", "Bare Kari"]
    assert [o.text for o in minutes.outcomes.all()] == ["Karis beslutning", "Minas beslutning"]


def test_a_form_posted_after_submission_is_refused_and_keeps_the_text(desk, sandefjord, mina):
    minutes = opened(sandefjord, mina)
    fields = fields_of(desk.get(address("minutes-edit", minutes)))
    Minutes.objects.of(sandefjord).update(state="submitted")
    page = desk.post(address("minutes-edit", minutes), {**fields, "items-0-notes": "For sent"})
    assert (page.status_code, fields_of(page)["items-0-notes"]) == (403, "For sent")
    assert page.context["refusal"] != ""
    assert minutes.items.all()[0].notes == ""


@pytest.mark.parametrize("state", ["submitted", "approved"])
def test_the_page_of_minutes_that_are_not_a_draft_leads_to_reading_them(desk, sandefjord, mina, state):
    from django.utils import timezone

    minutes = opened(sandefjord, mina)
    approved_at = timezone.now() if state == "approved" else None
    Minutes.objects.of(sandefjord).update(state=state, approved_at=approved_at)
    response = desk.get(address("minutes-edit", minutes))
    assert (response.status_code, response["Location"]) == (302, address("minutes-detail", minutes))


def test_a_vanished_row_or_a_broken_form_is_no_error_500(desk, sandefjord, mina):
    minutes = written(sandefjord, mina, measure=measure(sandefjord))
    fields = fields_of(desk.get(address("minutes-edit", minutes)))
    for name, value in [
        ("revision", "x"),
        ("attendance-0-id", "9999999"),
        ("attendance-0-id", "x"),
        ("attendance-0-status", "kanskje"),
        ("decisions-0-id", "99999999"),
        ("decisions-0-item", "99999999"),
        ("updates-0-measure", "99999999"),
        ("updates-0-base", "{"),
        ("items-TOTAL_FORMS", "x"),
        ("items-TOTAL_FORMS", "100000"),
        ("add", "everything"),
    ]:
        response = desk.post(address("minutes-edit", minutes), {**fields, name: value})
        assert response.status_code in (200, 302, 409), name
    assert desk.post(address("minutes-edit", minutes), {}).status_code == 200


def test_control_characters_are_dropped_and_line_ends_are_one_kind(desk, sandefjord, mina):
    minutes = opened(sandefjord, mina)
    fields = fields_of(desk.get(address("minutes-edit", minutes)))
    desk.post(address("minutes-edit", minutes), {**fields, "items-0-notes": "a\x00\x07b\r\nc\rd"})
    assert minutes.items.all()[0].notes == "ab\nc\nd"


def test_names_of_other_tenants_are_not_suggested(desk, sandefjord, kristiansand, mina):
    contact(sandefjord, name="Vår Kontakt", organisation=None)
    contact(kristiansand, name="Deres Kontakt", organisation=None)
    minutes = services.open_minutes(held(sandefjord), by=mina)
    page = desk.get(address("minutes-edit", minutes)).content.decode()
    assert ("Vår Kontakt" in page, "Deres Kontakt" in page) == (True, False)


def test_the_page_takes_as_many_queries_with_three_people_as_with_one(
    desk, sandefjord, mina, django_assert_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    meeting = held(sandefjord)
    answered(meeting, "accepted")
    minutes = services.open_minutes(meeting, by=mina)
    desk.get(address("minutes-edit", minutes))
    with CaptureQueriesContext(connection) as one:
        desk.get(address("minutes-edit", minutes))
    answered(meeting, "accepted")
    answered(meeting, "declined")
    services.open_minutes(meeting, by=mina)
    with django_assert_num_queries(len(one)):
        desk.get(address("minutes-edit", minutes))
