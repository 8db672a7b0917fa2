"""Where an organisation named its people, the minutes list them, one attendance each."""

import pytest
from django.db import IntegrityError, transaction

from invites.answers.people import Person
from invites.answers.services import answer
from invites.invitations.models import Invitation
from invites.post import outbox
from minutes.records import services
from minutes.records.content import Content
from minutes.records.models import Attendance
from tests.factories import contact, event, invitation, organisation


@pytest.fixture(autouse=True)
def still_post(monkeypatch):
    monkeypatch.setattr(outbox, "wake", lambda *args, **kwargs: None)


@pytest.fixture
def asked(sandefjord):
    mosque = organisation(sandefjord, name="Sentrum moské", kind="faith")
    amina = contact(sandefjord, name="Amina Noor", organisation=mosque)
    return invitation(event(sandefjord), contact=amina, for_organisation=True, quota=3)


def say(row, reply, *names):
    rows = Invitation.objects.of(row.tenant_id).select_related("event", "contact", "tenant")
    people = [Person(name) for name in names]
    answer(rows.get(pk=row.pk), reply=reply, comment="", source="web", people=people)


def attendance(minutes):
    rows = Attendance.objects.of(minutes.tenant_id).filter(minutes=minutes).order_by("position")
    return list(rows.values_list("name", "organisation", "status"))


def test_those_named_are_present_and_the_one_who_was_asked_for_them_is_not_listed(asked, mina):
    say(asked, "accepted", "Bashir", "Carla")
    minutes = services.open_minutes(asked.event, by=mina)
    assert attendance(minutes) == [
        ("Bashir", "Sentrum moské", "present"),
        ("Carla", "Sentrum moské", "present"),
    ]


def test_without_names_the_one_who_was_asked_stands_for_the_organisation(asked, mina):
    say(asked, "accepted")
    minutes = services.open_minutes(asked.event, by=mina)
    assert attendance(minutes) == [("Amina Noor", "Sentrum moské", "present")]


def test_renaming_is_followed_until_somebody_saved_and_only_added_to_after_that(asked, mina):
    say(asked, "accepted", "Bashir")
    services.open_minutes(asked.event, by=mina)
    say(asked, "accepted", "Dina")
    minutes = services.open_minutes(asked.event, by=mina)
    assert [name for name, *_rest in attendance(minutes)] == ["Dina"]

    services.save(minutes, by=mina, revision=0, content=Content())
    say(asked, "accepted", "Emil", "Fatima")
    for _time in range(2):
        minutes = services.open_minutes(asked.event, by=mina)
        assert [name for name, *_rest in attendance(minutes)] == ["Dina", "Fatima"]


def test_the_database_lists_each_of_them_once(asked, mina):
    say(asked, "accepted", "Bashir")
    minutes = services.open_minutes(asked.event, by=mina)
    row = Attendance.objects.of(minutes.tenant_id).get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Attendance.objects.create(
            tenant_id=row.tenant_id, minutes=minutes, invitation=row.invitation, position=1, name="Bashir"
        )
