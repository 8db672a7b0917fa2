"""Changes to who is a member of which network."""

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from events import audit
from events.dates import VagueDate
from events.directory.models import Organisation, OrganisationKind
from events.directory.networks.models import NetworkMember
from events.tenancy.models import User


class NotANetwork(Exception):
    """Only an organisation of the kind network has members."""


class MemberAlready(Exception):
    """The organisation is a member of this network already, and the membership has not ended."""


@transaction.atomic
def join_network(
    *,
    network: Organisation,
    member: Organisation,
    by: User | None,
    joined: VagueDate | None = None,
    left_on: dt.date | None = None,
) -> NetworkMember:
    """`joined` None means nobody knows when. Raises NotANetwork, MemberAlready."""
    if network.kind != OrganisationKind.NETWORK:
        raise NotANetwork(network.name)
    row = NetworkMember(tenant_id=network.tenant_id, network=network, member=member)
    _set(row, joined, left_on)
    _note("joined", row, by)
    return row


@transaction.atomic
def change_membership(
    row: NetworkMember, *, by: User | None, joined: VagueDate | None, left_on: dt.date | None
) -> None:
    """Corrects when the member joined, or ends the membership by `left_on`. Writes nothing when all is as it was."""
    if (row.joined, row.left_on) == (joined, left_on):
        return
    _set(row, joined, left_on)
    _note("changed", row, by)


@transaction.atomic
def remove_membership(row: NetworkMember, *, by: User | None) -> None:
    """For one entered by mistake; a membership that ended gets its last day instead."""
    _note("removed", row, by)
    row.delete()


def _set(row: NetworkMember, joined: VagueDate | None, left_on: dt.date | None) -> None:
    row.joined_from = joined.first if joined else None
    row.joined_precision = joined.precision if joined else None
    row.left_on = left_on
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise MemberAlready(row.member.name) from error


def _note(change: str, row: NetworkMember, by: User | None) -> None:
    audit.record(f"network.{change}", row.network, by=by, name=row.network.name, member=row.member.name)


audit.register(
    {
        "network.joined": _("%(who)s entered %(member)s as a member of %(name)s."),
        "network.changed": _("%(who)s changed the membership of %(member)s in %(name)s."),
        "network.removed": _("%(who)s removed the membership of %(member)s in %(name)s."),
    }
)
