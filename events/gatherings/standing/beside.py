"""What an event's page offers: the standing items of its hosts that are not on the agenda yet."""

from typing import Any

from events.gatherings import overview
from events.gatherings.models import Event
from events.gatherings.standing.services import lacking
from events.tenancy.models import Membership
from events.tenancy.permissions import Permission


@overview.register
def standing_beside(event: Event, membership: Membership) -> dict[str, Any]:
    if event.state != Event.State.DRAFT or not membership.may(Permission.MANAGE_EVENTS):
        return {}
    return {"standing": lacking(event)}
