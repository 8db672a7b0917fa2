"""Meetings served over HTTP, and a list of what each client asked and got."""

from collections.abc import Iterator
from typing import Any

import pytest

from events.calendar import serving
from events.calendar.models import Feed
from events.calendar.services import create
from events.tenancy.models import Membership
from events.tokens import new_nonce
from tests.calendar.clients import agenda


@pytest.fixture
def told(live_server, settings, sandefjord) -> list[agenda.Told]:
    settings.BASE_URL = live_server.url
    return agenda.fill(sandefjord)


@pytest.fixture
def public(told, live_server) -> str:
    """The address of the public feed."""
    return f"{live_server.url}/calendar/public/sandefjord.ics"


@pytest.fixture
def secret(told, live_server, kari) -> tuple[Feed, str]:
    """Kari's own feed, and its address."""
    membership = Membership.objects.across_tenants("a test").get(user=kari)
    feed, token = create(membership=membership, name="Telefon", nonce=new_nonce())
    return feed, f"{live_server.url}/calendar/{token}.ics"


@pytest.fixture
def polls(monkeypatch) -> Iterator[list[tuple[str, int]]]:
    """(the If-None-Match, the status) of each request for a feed, as they come in."""
    found: list[tuple[str, int]] = []
    usual = serving.answer

    def noted(request: Any, find: Any, **how: Any) -> Any:
        response = usual(request, find, **how)
        found.append((request.headers.get("If-None-Match", ""), response.status_code))
        return response

    monkeypatch.setattr(serving, "answer", noted)
    return found
