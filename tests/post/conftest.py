import datetime as dt

import pytest

from invites.post import lanes, letters, outbox
from tests.post import kit


@pytest.fixture(autouse=True)
def plain_kind(monkeypatch):
    """The kind "plain", so that the outbox is tried without any room above it."""
    monkeypatch.setattr(letters, "_composers", {**letters._composers, "plain": kit.compose_plain})


@pytest.fixture(autouse=True)
def long_pauses(monkeypatch):
    """No test waits for a lane to open: a pause is longer than a round."""
    monkeypatch.setattr(lanes, "FIRST_PAUSE", dt.timedelta(minutes=2))


@pytest.fixture
def transport(monkeypatch):
    """`transport(outcome, …)` puts a scripted transport in place of the real one."""

    def put(*script):
        scripted = kit.Scripted(*script)
        monkeypatch.setattr(outbox, "current_transport", lambda: scripted)
        return scripted

    return put


@pytest.fixture
def wakes(monkeypatch):
    """Collects the wake-ups instead of running them."""
    calls = []
    monkeypatch.setattr(outbox, "async_task", lambda function, **options: calls.append(function))
    return calls
