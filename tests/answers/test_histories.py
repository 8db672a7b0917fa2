"""Histories of web and mail answers end in one state whatever order they come in; `make fuzz` runs 10,000 of them."""

import pytest

from invites.answers.saying import Said
from tools import histories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still_post")]


def test_histories_end_in_one_state_through_the_services_and_the_database():
    assert histories.run(0, 50) == []


def test_a_seed_shows_the_same_history_again():
    assert histories.history(7) == histories.history(7)
    assert histories.mixed(histories.history(7), 8) == histories.mixed(histories.history(7), 8)


def test_without_the_rule_of_order_the_run_finds_a_difference(monkeypatch):
    monkeypatch.setattr(Said, "is_late", lambda said, invitation: False)
    assert histories.run(0, 8)


def test_without_the_memory_of_repeats_the_run_finds_a_difference(monkeypatch):
    monkeypatch.setattr("invites.answers.saying.unwritten", lambda invitation, history: ())
    assert histories.run(0, 8)
