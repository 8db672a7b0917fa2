import datetime as dt

import pytest
from django.utils import timezone

from invites.answers.door import services
from tests.factories import contact, event, invitation, organisation

HOUR = dt.timedelta(hours=1)


@pytest.fixture
def tonight(sandefjord):
    """A meeting that begins in two hours."""
    starts = timezone.now() + 2 * HOUR
    return event(sandefjord, starts_at=starts, ends_at=starts + 2 * HOUR, answer_by=None)


@pytest.fixture
def amina(tonight):
    mosque = organisation(tonight.tenant, name="Sentrum moské")
    person = contact(tonight.tenant, name="Amina Noor", email="amina@moske.example", organisation=mosque)
    return coming(tonight, person)


@pytest.fixture
def link(tonight):
    _row, token = services.make_link(tonight, by=None, name="Resepsjonen")
    return f"/door/{token}/"


def coming(to, person, **facts):
    return invitation(to, contact=person, reply="accepted", replied_at=timezone.now(), **facts)
