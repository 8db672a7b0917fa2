"""Alive and ready, as a monitor sees it."""

import datetime as dt

import pytest
from django.db import DatabaseError
from django.utils import timezone

from invites.post.models import OutgoingMail
from tests.factories import number


def due(at, minutes, **facts):
    return OutgoingMail.objects.create(
        tenant=at,
        kind="invitation",
        subject_id=next(number),
        to_address="imam@moske.example",
        due_at=timezone.now() - dt.timedelta(minutes=minutes),
        **facts,
    )


def test_alive_asks_nothing_of_the_database(client):
    response = client.get("/healthz")  # no `db` fixture: a query would fail
    assert (response.status_code, response.json(), dict(response.cookies)) == (200, {"alive": True}, {})


def test_ready_when_the_database_answers_and_no_mail_waits(client, db):
    response = client.get("/readyz")
    assert (response.status_code, response.json()) == (
        200,
        {"ready": True, "database": True, "migrated": True, "oldest_due_mail_seconds": 0},
    )
    assert dict(response.cookies) == {}


@pytest.mark.parametrize(("minutes", "status"), [(14, 200), (16, 503)])
def test_not_ready_when_a_due_mail_has_waited_over_a_quarter(client, sandefjord, minutes, status):
    due(sandefjord, minutes)
    response = client.get("/readyz")
    told = response.json()
    assert (response.status_code, told["ready"]) == (status, status == 200)
    assert minutes * 60 <= told["oldest_due_mail_seconds"] < minutes * 60 + 30


def test_mails_that_are_settled_or_not_yet_due_do_not_count(client, sandefjord):
    due(sandefjord, 60, state=OutgoingMail.State.ACCEPTED)
    due(sandefjord, -60)
    assert client.get("/readyz").json()["oldest_due_mail_seconds"] == 0


def test_not_ready_before_the_migrations_are_applied(client, db, monkeypatch):
    monkeypatch.setattr("config.health._is_migrated", lambda: False)
    response = client.get("/readyz")
    assert (response.status_code, response.json()) == (
        503,
        {"ready": False, "database": True, "migrated": False},
    )


def test_not_ready_when_the_database_does_not_answer(client, db, monkeypatch):
    def refuse():
        raise DatabaseError("could not connect as moteplass:secret@10.0.0.1")

    monkeypatch.setattr("config.health._is_migrated", refuse)
    response = client.get("/readyz")
    assert (response.status_code, response.json()) == (503, {"ready": False, "database": False})
