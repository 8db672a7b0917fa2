"""A reader, the public and a stranger never meet a guest's name, address, answer or comment, whatever they open."""

import pytest
from django.test import Client
from django.urls import reverse

from events.gatherings.models import Event
from invites.answers import services as answers
from invites.invitations.models import Invitation
from minutes.approval import services as approval
from minutes.records import services as records
from tests import factories
from tests.house.routes import OPEN, STAFF, look_up
from tests.house.stage import Stage, build

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
SECRETS = ("Amina Gjest", "amina@gjest.example", "Gjestenes moské", "Kan ikke si det høyt", "92 00 00 01")


@pytest.fixture
def stage(db) -> Stage:
    """The route tests' stage; at its public event and its held one, Amina is invited and has answered."""
    stage = build()
    mosque = factories.organisation(stage.ours, name="Gjestenes moské", kind="faith")
    amina = factories.contact(
        stage.ours, name="Amina Gjest", email="amina@gjest.example", phone="92 00 00 01", organisation=mosque
    )
    asked = factories.invitation(stage.rows["event"], contact=amina)
    answers.answer(asked, reply="accepted", comment="Kan ikke si det høyt", source="web")
    stage.rows["held"] = _held_with(stage, amina)
    return stage


def _held_with(stage: Stage, guest):
    held, by = factories.event(stage.ours), stage.people["coordinator"]
    factories.invitation(held, contact=guest)
    row = Invitation.objects.of(stage.ours).select_related("event", "contact", "tenant").get(event=held)
    answers.answer(row, reply="accepted", comment="Kan ikke si det høyt", source="staff", by=by)
    Event.objects.of(stage.ours).filter(pk=held.pk).update(state="held", held_at=held.starts_at)
    held.refresh_from_db()
    minutes = records.open_minutes(held, by=by)
    approval.submit(minutes, by=by)
    approval.approve(minutes, by=by)
    return held


def told(page) -> list[str]:
    text = b"".join(page) if page.streaming else page.content
    whole = text.decode(errors="replace") + repr(sorted(page.headers.items()))
    return [secret for secret in SECRETS if secret in whole]


def of(stage: Stage, name: str) -> str:
    rows = {key: look_up(stage.rows, row) for key, row in STAFF[name].arguments.items()}
    return reverse(
        name, kwargs={"tenant": stage.ours.slug, **{k: getattr(v, "pk", v) for k, v in rows.items()}}
    )


def test_there_is_something_to_hide(stage):
    client = Client()
    client.force_login(stage.people["minute_taker"], backend=BACKEND)
    assert told(client.get(of(stage, "invitation-list"))) == [SECRETS[0], *SECRETS[2:4]]
    assert told(client.get(of(stage, "minutes-detail"))) == ["Amina Gjest", "Gjestenes moské"]


def test_no_page_of_a_reader_tells_of_a_guest(stage):
    client = Client()
    client.force_login(stage.people["reader"], backend=BACKEND)
    pages = {name: client.get(of(stage, name)) for name in STAFF if "GET" in STAFF[name].methods}
    assert {name: told(page) for name, page in pages.items() if told(page)} == {}
    assert pages["minutes-version"].status_code == pages["event-detail"].status_code == 200


def test_no_open_page_tells_of_a_guest_or_of_the_exact_place(stage):
    event, client = stage.rows["event"], Client()
    for name, route in OPEN.items():
        page = client.get(reverse(name, kwargs=route.filled(stage.rows)))
        text = page.content.decode(errors="replace")
        assert (name, told(page)) == (name, [])
        assert (name, [place for place in (event.address, event.venue, event.room) if place in text]) == (
            name,
            [],
        )


def test_the_audit_trail_names_no_guest(stage):
    client = Client()
    client.force_login(stage.people["administrator"], backend=BACKEND)
    assert told(client.get(of(stage, "audit-list"))) == []
