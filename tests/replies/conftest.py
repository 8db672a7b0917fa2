import pytest

from invites.post import outbox
from tests import factories


@pytest.fixture(autouse=True)
def _still_post(monkeypatch):
    """Wake-ups are collected by nobody: the suite has no worker."""
    monkeypatch.setattr(outbox, "async_task", lambda function, **options: None)


@pytest.fixture
def meeting(sandefjord):
    return factories.event(sandefjord)
