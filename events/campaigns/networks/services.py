"""Puts events of ours into a network. The network's calendar feed follows."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from events import audit
from events.campaigns.networks.models import EventNetwork
from events.directory.models import Organisation, OrganisationKind
from events.gatherings.models import Event
from events.gatherings.schedule import schedule_changed
from events.tenancy.models import User


@transaction.atomic
def put_into(event: Event, network: Organisation, *, by: User | None, taking_part: str = "") -> EventNetwork:
    """The event is held in the network; called again it changes who takes part, and nothing when that is the same.

    Raises ValueError for another tenant's network, and for an organisation that is none.
    """
    if network.tenant_id != event.tenant_id or network.kind != OrganisationKind.NETWORK:
        raise ValueError("not a network of this tenant")
    row, new = EventNetwork.objects.of(event.tenant_id).get_or_create(
        event=event, network=network, defaults={"tenant_id": event.tenant_id, "taking_part": taking_part}
    )
    if new:
        schedule_changed(event.tenant_id)
    elif row.taking_part == taking_part:
        return row
    else:
        row.taking_part = taking_part
        row.save(update_fields=["taking_part"])
    _note("put_into_network" if new else "network_changed", row, by)
    return row


@transaction.atomic
def take_out(row: EventNetwork, *, by: User | None) -> None:
    """The event itself stays as it is."""
    _note("taken_out_of_network", row, by)
    row.delete()
    schedule_changed(row.tenant_id)


def _note(action: str, row: EventNetwork, by: User | None) -> None:
    audit.record(f"event.{action}", row.event, by=by, title=row.event.title, name=row.network.name)


audit.register(
    {
        "event.put_into_network": _("%(who)s put “%(title)s” into the network %(name)s."),
        "event.network_changed": _("%(who)s changed who takes part in “%(title)s” in the network %(name)s."),
        "event.taken_out_of_network": _("%(who)s took “%(title)s” out of the network %(name)s."),
    }
)
