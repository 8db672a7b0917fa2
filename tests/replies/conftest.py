import pytest

from invites.post import outbox
from tests import factories
from tests.replies import kit
from tests.replies.kit import DOMAIN, SECRET


@pytest.fixture(autouse=True)
def _still_post(monkeypatch):
    """Wake-ups are collected by nobody: the suite has no worker."""
    monkeypatch.setattr(outbox, "async_task", lambda function, **options: None)


@pytest.fixture
def inbound(settings):
    """The hook is open, and mail to our domain is ours."""
    settings.INBOUND_SECRET, settings.REPLY_DOMAIN = SECRET, DOMAIN


@pytest.fixture
def ola(meeting, inbound):
    """Ola is invited, and has had the mail for two days."""
    person = factories.contact(meeting.tenant, name="Ola Nordmann", email="ola@forening.example")
    row = factories.invitation(meeting, contact=person)
    kit.sent(row)
    return row


@pytest.fixture
def deliver(client, inbound):
    """`deliver(raw)` hands a message over through the provider's hook and returns its row."""

    def hand_over(raw, **fields):
        return kit.by_hook(client, raw, **fields)

    return hand_over


@pytest.fixture
def meeting(sandefjord):
    return factories.event(sandefjord)
