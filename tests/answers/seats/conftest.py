"""A small meeting with a waiting list, and short words for what people say."""

import pytest

from events.gatherings.models import Event
from invites.answers.services import answer
from invites.invitations.models import Invitation
from tests.factories import contact, event, invitation, organisation


def fresh(row: Invitation) -> Invitation:
    rows = Invitation.objects.of(row.tenant_id).select_related("event__tenant", "contact", "tenant")
    return rows.get(pk=row.pk)


def say(row, reply="accepted", **how):
    how = {"comment": "", "source": "web", **how}
    return answer(fresh(row), reply=reply, **how)


def change(meeting, **facts):
    Event.objects.of(meeting.tenant).filter(pk=meeting.pk).update(**facts)


def now(meeting) -> Event:
    return Event.objects.of(meeting.tenant).select_related("tenant").get(pk=meeting.pk)


def replies(*rows):
    return [fresh(row).reply for row in rows]


@pytest.fixture
def small(sandefjord):
    """One seat, and a waiting list whose free seats are offered."""
    return event(sandefjord, title="Ungdomsråd", capacity=1, waitlist="offer")


@pytest.fixture
def guest(small):
    """Makes invitees; `kind` is that of their organisation."""

    def make(kind="ngo", at=None, **facts):
        of = facts.pop("organisation", None) or organisation(small.tenant, kind=kind)
        return invitation(at or small, contact=contact(small.tenant, organisation=of), **facts)

    return make
