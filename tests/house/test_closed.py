"""The kill switch (ADR 0027): every page behind a token of a locked event answers one and the same page."""

import pytest
from django.test import Client
from django.urls import reverse

from events.gatherings import locking
from invites.post import letters, subjects
from tests.house.routes import TOKEN
from tests.house.stage import Stage, build

# Pages behind a token that leads to no single event: what they do when one is locked is tested in their rooms.
NOT_OF_AN_EVENT = frozenset(
    {"feed-secret", "own-address"} | {name for name in TOKEN if name.startswith("own-")}
) - {"own-start"}
# Kinds of mail that are about nobody who could ask, and about no event.
FREE_KINDS: frozenset[str] = frozenset()


@pytest.fixture
def stage(db) -> Stage:
    return build()


def answers(stage: Stage, name: str, method: str) -> tuple[int, bytes]:
    route = TOKEN[name]
    response = Client().generic(method, reverse(name, kwargs=route.filled(stage.rows)))
    return response.status_code, response.content


@pytest.mark.parametrize("name", sorted(set(TOKEN) - NOT_OF_AN_EVENT))
def test_every_page_behind_a_token_answers_closed_while_its_event_is_locked(name, stage):
    methods = [each for each in TOKEN[name].methods if each != "HEAD"]
    before = {method: answers(stage, name, method)[0] for method in methods}
    assert all(status in {200, 302, 400} for status in before.values())
    for event in ("event", "begun"):
        locking.lock(stage.rows[event], by=None)
    closed = answers(stage, "rsvp", "GET")
    assert closed[0] == 410
    assert {method: answers(stage, name, method) for method in methods} == dict.fromkeys(methods, closed)
    if "HEAD" in TOKEN[name].methods:
        assert answers(stage, name, "HEAD") == (410, b"")
    for event in ("event", "begun"):
        locking.unlock(stage.rows[event], by=None)
    assert answers(stage, name, methods[0])[0] == before[methods[0]]


def test_of_every_kind_of_mail_it_is_known_which_event_and_person_it_is_about():
    kinds = {kind for kind in letters.kinds() if not subjects.knows(kind)}
    assert kinds == FREE_KINDS
