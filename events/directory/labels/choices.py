"""One choice of a base kind or of an own type: "faith", or "t12" for the tenant's type 12."""

from collections.abc import Iterable
from typing import Any

from django.utils.text import capfirst

from events.directory.labels.models import OrganisationType
from events.directory.models import OrganisationKind
from events.tenancy.models import Tenant

Choice = tuple[str, Any]


def types_of(tenant: Tenant) -> list[OrganisationType]:
    return list(OrganisationType.objects.of(tenant))


def choices(types: Iterable[OrganisationType]) -> list[Choice]:
    """Each base kind; one that has own types under it is a heading with itself as the first option."""
    under: dict[str, list[Choice]] = {}
    for row in types:
        under.setdefault(row.kind, []).append((key(row), row.name))
    found: list[Choice] = []
    for value, label in OrganisationKind.choices:
        own = under.get(value)
        found.append((capfirst(str(label)), [(value, label), *own]) if own else (value, label))
    return found


def key(row: OrganisationType) -> str:
    return f"t{row.pk}"


def read(chosen: str, types: Iterable[OrganisationType]) -> tuple[str, OrganisationType | None]:
    """The kind and own type that a choice means; both empty when it means neither."""
    for row in types:
        if chosen == key(row):
            return row.kind, row
    return (chosen, None) if chosen in OrganisationKind.values else ("", None)
