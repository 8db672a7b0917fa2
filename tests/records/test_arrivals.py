"""What was ticked at the door stands in the attendance when the minutes are opened."""

import uuid

import pytest

from invites.answers.door import services as door
from invites.answers.people import Person
from invites.answers.services import answer
from invites.invitations.models import Invitation
from invites.post import outbox
from minutes.records import services
from minutes.records.content import Content
from tests.factories import contact, event, invitation, organisation
from tests.records.scene import answered, held


@pytest.fixture(autouse=True)
def still_post(monkeypatch):
    monkeypatch.setattr(outbox, "wake", lambda *args, **kwargs: None)


@pytest.fixture
def meeting(sandefjord):
    return held(sandefjord)


def came(row, *positions):
    for position in positions or (0,):
        door.tick(row.event, key=f"{row.pk}-{position}", here=True)


def walked_in(to, name, body=""):
    door.walk_in(to, key=uuid.uuid4(), name=name, organisation=body)


def people(minutes):
    return sorted((p.name, p.organisation, p.status) for p in minutes.attendance.all())


def statuses(minutes):
    return {p.name: p.status for p in minutes.attendance.all()}


def test_who_was_ticked_is_present_and_who_said_yes_and_was_not_is_absent(meeting, mina):
    came(answered(meeting, "accepted", name="Kari Kom"))
    answered(meeting, "accepted", name="Uteble Uten Ord")
    answered(meeting, "declined", name="Dag Declined")
    answered(meeting, "tentative", name="Tone Tentative")
    assert statuses(services.open_minutes(meeting, by=mina)) == {
        "Kari Kom": "present",
        "Uteble Uten Ord": "absent",
        "Dag Declined": "excused",
        "Tone Tentative": "absent",
    }


def test_the_door_says_nothing_of_who_takes_part_online(meeting, mina):
    came(answered(meeting, "accepted", name="Kari Kom"))
    online = answered(meeting, "accepted", name="Nina Nett")
    Invitation.objects.of(meeting.tenant).filter(pk=online.pk).update(mode="online")
    assert statuses(services.open_minutes(meeting, by=mina))["Nina Nett"] == "present"


def test_without_a_tick_that_stands_the_answers_are_taken(meeting, mina):
    kari = answered(meeting, "accepted", name="Kari Kom")
    answered(meeting, "accepted", name="Per Sin Plass")
    came(kari)
    door.tick(meeting, key=f"{kari.pk}-0", here=False)
    walked_in(meeting, "Ida Innom")
    assert statuses(services.open_minutes(meeting, by=mina)) == {
        "Kari Kom": "present",
        "Per Sin Plass": "present",
        "Ida Innom": "present",
    }


def test_who_came_and_then_took_back_the_yes_is_present(meeting, mina):
    kari = answered(meeting, "accepted", name="Kari Kom")
    came(kari)
    Invitation.objects.of(meeting.tenant).filter(pk=kari.pk).update(reply="declined")
    assert statuses(services.open_minutes(meeting, by=mina)) == {"Kari Kom": "present"}


def test_a_walk_in_is_a_row_without_an_invitation_and_knows_its_organisation(meeting, mina, sandefjord):
    organisation(sandefjord, name="Politiet", kind="police")
    walked_in(meeting, "Ida Innom", "Politiet")
    undone = uuid.uuid4()
    door.walk_in(meeting, key=undone, name="Feil Navn")
    door.tick_walk_in(meeting, key=f"w{undone.hex}", here=False)
    row = services.open_minutes(meeting, by=mina).attendance.get()
    assert (row.invitation, row.name, row.organisation, row.organisation_kind, row.status) == (
        None,
        "Ida Innom",
        "Politiet",
        "police",
        "present",
    )


def test_guests_nobody_named_are_listed_when_they_came_and_named_ones_in_any_case(sandefjord, mina):
    meeting = event(sandefjord, companions=3, language="nb")
    amina = contact(sandefjord, name="Amina Noor", organisation=None)
    row = invitation(meeting, contact=amina, quota=4)
    say(row, "Bashir", "Carla")
    Invitation.objects.of(sandefjord).filter(pk=row.pk).update(party=4)
    row.refresh_from_db()
    came(row, 0, 1, 3)
    assert people(services.open_minutes(row.event, by=mina)) == [
        ("Amina Noor", "", "present"),
        ("Bashir", "", "present"),
        ("Carla", "", "absent"),
        ("Gjest av Amina Noor", "", "present"),
    ]


@pytest.mark.parametrize(
    ("arrived", "listed"),
    [
        ((1,), [("Gjest av Sentrum moské", "Sentrum moské", "present")]),
        ((), [("Amina Noor", "Sentrum moské", "absent")]),
    ],
)
def test_an_organisation_that_named_nobody_is_listed_by_who_came_for_it(sandefjord, mina, arrived, listed):
    meeting = event(sandefjord, language="nb")
    mosque = organisation(sandefjord, name="Sentrum moské", kind="faith")
    amina = contact(sandefjord, name="Amina Noor", organisation=mosque)
    row = invitation(meeting, contact=amina, for_organisation=True, quota=3)
    say(row)
    row.refresh_from_db()
    came(answered(meeting, "accepted", name="Kari Kom", organisation=None))
    if arrived:
        came(row, *arrived)
    found = people(services.open_minutes(meeting, by=mina))
    assert [one for one in found if one[0] != "Kari Kom"] == listed


def test_opening_again_lists_nobody_twice_and_after_a_save_adds_only_who_came_since(meeting, mina):
    came(answered(meeting, "accepted", name="Kari Kom"))
    walked_in(meeting, "Ida Innom", "Politiet")
    minutes = services.open_minutes(meeting, by=mina)
    services.open_minutes(meeting, by=mina)
    assert [name for name, *_rest in people(minutes)] == ["Ida Innom", "Kari Kom"]

    services.save(minutes, by=mina, revision=0, content=Content())
    late = answered(meeting, "accepted", name="Lars Sent")
    came(late)
    walked_in(meeting, "Odd Enda Senere")
    for _time in range(2):
        services.open_minutes(meeting, by=mina)
        assert [name for name, *_rest in people(minutes)] == [
            "Ida Innom",
            "Kari Kom",
            "Lars Sent",
            "Odd Enda Senere",
        ]


def test_a_walk_in_taken_out_or_renamed_in_saved_minutes_does_not_come_back(meeting, mina):
    for name in ("Ida Innom", "Feil Person", "Rett Person"):
        walked_in(meeting, name)
    minutes = services.open_minutes(meeting, by=mina)
    ida, wrong = (minutes.attendance.get(name=name) for name in ("Ida Innom", "Feil Person"))
    content = Content(
        walkins=[
            {"id": ida.pk, "remove": False, "name": "Ida Innom Hansen", "organisation": "Politiet"},
            {"id": wrong.pk, "remove": True, "name": wrong.name, "organisation": ""},
        ]
    )
    services.save(minutes, by=mina, revision=0, content=content)
    assert minutes.walk_ins_taken_in, "saving forgets nothing"
    walked_in(meeting, "Odd Enda Senere")
    for _time in range(2):
        services.open_minutes(meeting, by=mina)
        assert people(minutes) == [
            ("Ida Innom Hansen", "Politiet", "present"),
            ("Odd Enda Senere", "", "present"),
            ("Rett Person", "", "present"),
        ]


def test_before_the_first_save_a_walk_in_undone_at_the_door_goes_and_may_come_back(meeting, mina):
    key = uuid.uuid4()
    door.walk_in(meeting, key=key, name="Ida Innom")
    for here in (True, False, True):
        door.tick_walk_in(meeting, key=f"w{key.hex}", here=here)
        assert len(people(services.open_minutes(meeting, by=mina))) == here


def test_the_door_of_another_meeting_says_nothing_here(meeting, mina):
    answered(meeting, "accepted", name="Kari Kom")
    other = held(meeting.tenant)
    came(answered(other, "accepted", name="Per Annetsteds"))
    walked_in(other, "Ida Innom")
    assert statuses(services.open_minutes(meeting, by=mina)) == {"Kari Kom": "present"}


def say(row, *names):
    rows = Invitation.objects.of(row.tenant_id).select_related("event", "contact", "tenant")
    answer(rows.get(pk=row.pk), reply="accepted", comment="", source="web", people=[Person(n) for n in names])
