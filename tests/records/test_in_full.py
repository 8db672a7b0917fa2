"""Attendance and outcomes in full (issue 6, point 4): observers, substitutes, information, referrals."""

import json

import pytest
from django.utils import timezone

from minutes.records import services
from minutes.records.content import Content
from minutes.records.document import document
from minutes.records.refusals import IdentityNumber
from minutes.records.writing import read
from tests.actions.scene import approved, coming, decided, hosted, met
from tests.factories import contact, invitation, organisation
from tests.records.scene import address, fields_of, new, opened, written

NUMBER = "13097248022"


def test_a_substitute_is_prefilled_with_whom_they_stand_in_for(sandefjord, kari):
    meeting = met(sandefjord)
    amina = invitation(
        meeting,
        contact=contact(sandefjord, name="Amina Noor", email="a@x.example"),
        reply="declined",
        replied_at=timezone.now(),
    )
    bo = contact(sandefjord, name="Bo Berg", email="b@x.example")
    invitation(meeting, contact=bo, reply="accepted", replied_at=timezone.now(), stands_in_for=amina)
    minutes = services.open_minutes(meeting, by=kari)
    rows = {(one.name, one.substitute_for) for one in minutes.attendance.all()}
    assert rows == {("Amina Noor", ""), ("Bo Berg", "Amina Noor")}


def test_an_observer_is_counted_among_those_who_were_there(sandefjord, kari):
    minutes = opened(sandefjord, kari)
    content = read(minutes)
    content.attendance[0]["status"] = "observer"
    content.walkins.append(new(name="Ida Innom", organisation="", status="observer", substitute_for="Ola"))
    services.save(minutes, by=kari, revision=0, content=content)
    whole = document(minutes)
    there = {(one["name"], one["status"], one["substitute_for"]) for one in whole["attendance"]["people"]}
    assert ("Ida Innom", "observer", "Ola") in there
    assert sum(one["count"] for one in whole["attendance"]["present"]) == 3


def test_information_and_referrals_are_written_read_and_frozen(sandefjord, kari, leif, at_desk):
    minutes = opened(sandefjord, kari)
    rows = Content(
        information=[new(text="Ny leder i rådet")],
        referrals=[new(text="Lys ved skolen", owner="Moskeen i byen")],
    )
    services.save(minutes, by=kari, revision=0, content=rows)
    frozen = json.loads(approved(minutes, kari).canonical)
    assert frozen["information"] == [{"item": "", "level": "", "text": "Ny leder i rådet"}]
    assert frozen["referrals"] == [
        {"item": "", "level": "", "text": "Lys ved skolen", "to": "Moskeen i byen"}
    ]
    seen = at_desk(kari).get(address("minutes-detail", minutes)).content.decode()
    assert all(words in seen for words in ("Ny leder i rådet", "Lys ved skolen", "Moskeen i byen"))
    seen = at_desk(leif).get(address("minutes-detail", minutes)).content.decode()
    assert "Lys ved skolen" in seen
    assert "Moskeen i byen" not in seen


def test_the_form_takes_every_field_and_shows_it_again(sandefjord, kari, at_desk):
    minutes = opened(sandefjord, kari)
    desk, page = at_desk(kari), address("minutes-edit", minutes)
    for section in ("information", "referrals"):
        typed = fields_of(desk.post(page, {**fields_of(desk.get(page)), "add": section}))
    typed.pop("add", None)
    typed = fields_of(desk.post(page, {**fields_of(desk.get(page)), "add": "information"}))
    typed = fields_of(desk.post(page, {**typed, "add": "referrals"}))
    wanted = {
        "attendance-0-substitute_for": "Ola Nordmann",
        "walkins-0-name": "Ida",
        "walkins-0-status": "observer",
        "walkins-0-substitute_for": "Per",
        "information-0-text": "Til orientering",
        "decisions-0-text": "Nytt lys",
        "decisions-0-basis": "Rapporten",
        "decisions-0-dissent": "En stemte imot",
        "actions-0-text": "Ringe",
        "actions-0-owner": "Kari",
        "actions-0-due": "mars 2027",
        "actions-0-not_before": "2027-02-01",
        "referrals-0-text": "Lys",
        "referrals-0-owner": "Politiet",
    }
    assert desk.post(page, {**typed, **wanted}).status_code == 302
    again = fields_of(desk.get(page))
    assert {name: again[name] for name in wanted} == wanted


@pytest.mark.parametrize(
    ("section", "field"),
    [("attendance", "substitute_for"), ("walkins", "substitute_for"), ("information", "text"), ("decisions", "basis"),
     ("decisions", "dissent"), ("referrals", "text"), ("referrals", "owner")],
)  # fmt: skip
def test_no_new_field_takes_a_national_identity_number(sandefjord, kari, section, field):
    minutes = opened(sandefjord, kari)
    content = read(minutes)
    rows = getattr(content, section)
    if section != "attendance":
        rows.append(new(text="t", owner="o", name="n", organisation="", status="present"))
    rows[-1][field] = f"gjelder {NUMBER}"
    with pytest.raises(IdentityNumber) as refused:
        services.save(minutes, by=kari, revision=0, content=content)
    assert (refused.value.section, refused.value.field) == (section, field)


def test_minutes_say_what_became_of_earlier_action_points(sandefjord, kari, leif, at_desk):
    council = organisation(sandefjord, name="Politirådet", kind="municipal")
    decided(sandefjord, kari, meeting=met(sandefjord, hosts=[council], days_ago=40))
    later = met(sandefjord, hosts=[council], days_ago=1)
    minutes = services.open_minutes(later, by=kari)
    frozen = json.loads(approved(minutes, kari).canonical)
    assert [(one["text"], one["owner"], one["status"]) for one in frozen["followed_up"]] == [
        ("Ringe skolene", "Amina Noor", "open")
    ]
    seen = at_desk(leif).get(address("minutes-detail", minutes)).content.decode()
    assert "Ringe skolene" in seen
    assert "Amina Noor" not in seen
    hosted(coming(sandefjord), [council])


def test_what_older_versions_lack_is_read_as_empty(sandefjord, kari):
    from events.gatherings.visibility import Audience
    from minutes.records.document import without_names
    from minutes.records.sheet import sheet

    whole = document(written(sandefjord, kari))
    for key in ("information", "referrals", "followed_up"):
        del whole[key]
    for decision in whole["decisions"]:
        del decision["number"], decision["basis"], decision["dissent"]
    for action in whole["actions"]:
        del action["due_precision"]
    for person in whole["attendance"]["people"]:
        del person["substitute_for"]
    assert sheet(whole, language="nb")["sections"]
    assert sheet(without_names(whole, Audience.PUBLIC), language="nb")["sections"]
