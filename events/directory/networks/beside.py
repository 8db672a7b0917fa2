"""What rooms above show on a network's page."""

from collections.abc import Callable
from typing import Any

from events.directory.models import Organisation, OrganisationKind
from events.tenancy.models import Membership

Beside = Callable[[Organisation, Membership], dict[str, Any]]
_beside: list[Beside] = []


def register(beside: Beside) -> Beside:
    """Facts for the room's own template, by what the member may see."""
    _beside.append(beside)
    return beside


def facts_beside(organisation: Organisation, membership: Membership) -> dict[str, Any]:
    """Nothing for an organisation that is no network."""
    if organisation.kind != OrganisationKind.NETWORK:
        return {}
    return {name: fact for beside in _beside for name, fact in beside(organisation, membership).items()}
