import datetime as dt

import pytest
from django.utils import timezone

from events.gatherings.models import Event
from tests.factories import contact, event, invitation, organisation
from tests.requests.scene import fresh


@pytest.fixture(autouse=True)
def still_post(monkeypatch):
    from invites.post import outbox

    monkeypatch.setattr(outbox, "wake", lambda *args, **kwargs: None)


@pytest.fixture
def meeting(sandefjord):
    """Two seats, a room that only those who come know of, a substitute needs the organiser's yes."""
    return event(sandefjord, title="Samarbeidsforum", capacity=2, online_url="https://video.example/forum")


@pytest.fixture
def amina(sandefjord, meeting):
    mosque = organisation(sandefjord, name="Sentrum moské", kind="faith")
    person = contact(sandefjord, name="Amina Noor", email="amina@moske.example", organisation=mosque)
    return invitation(meeting, contact=person)


@pytest.fixture
def automatic(meeting):
    Event.objects.of(meeting.tenant).filter(pk=meeting.pk).update(substitutes="automatic")


@pytest.fixture
def late(meeting):
    """The deadline was an hour ago, the meeting is still ahead."""
    passed = timezone.now() - dt.timedelta(hours=1)
    Event.objects.of(meeting.tenant).filter(pk=meeting.pk).update(answer_by=passed)


@pytest.fixture
def link(amina):
    return f"/rsvp/{fresh(amina).token}/somebody-else/"
