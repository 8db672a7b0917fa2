"""What an event's page tells of its campaigns and networks, and a network's page of our meetings in it."""

from typing import Any

from events.campaigns.models import CampaignEvent
from events.campaigns.networks.models import EventNetwork
from events.campaigns.states import ParticipationState
from events.directory.models import Organisation
from events.directory.networks import beside
from events.gatherings import overview
from events.gatherings.models import Event
from events.tenancy.models import Membership
from events.tenancy.permissions import Permission

SHOWN = 50


@overview.register
def of_event(event: Event, membership: Membership) -> dict[str, Any]:
    """Two statements, for staff of the event's own tenant."""
    facts: dict[str, Any] = {}
    if membership.may(Permission.SEE_CAMPAIGNS):
        links = CampaignEvent.objects.of(event.tenant_id).filter(event=event)
        links = links.exclude(participation__state=ParticipationState.WITHDRAWN)
        facts["campaign_links"] = links.select_related("participation__campaign")
    facts["network_links"] = (
        EventNetwork.objects.of(event.tenant_id).filter(event=event).select_related("network")
    )
    return facts


@beside.register
def of_network(network: Organisation, membership: Membership) -> dict[str, Any]:
    """Our newest meetings in the network. One statement."""
    links = EventNetwork.objects.of(network.tenant_id).filter(network=network)
    return {"network_meetings": links.select_related("event").order_by("-event__sort_on", "-pk")[:SHOWN]}
