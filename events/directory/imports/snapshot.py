"""The directory of a tenant as an import compares a list with it: read once, in four queries."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from events.directory.imports.tables import clean, one_line
from events.directory.imports.values import FACTS
from events.directory.labels.models import OrganisationType
from events.directory.models import Contact, Organisation, OrganisationAlias
from events.directory.searching import fold
from events.tenancy.models import Tenant


@dataclass(slots=True)
class Known:
    """A contact of the directory; `organisation` is the folded name of its organisation, or ""."""

    pk: int
    facts: dict[str, Any]
    organisation: str
    folded: str
    email: str

    def cleaned(self, name: str) -> Any:
        """The fact as a list would give it back: an old row may hold what no list can, such as two spaces."""
        value = self.facts[name]
        if not isinstance(value, str):
            return value
        if name == "email":
            return one_line(value).lower()
        return clean(value).replace("\n", ", " if name == "address" else " ")


@dataclass(slots=True)
class Body:
    pk: int
    name: str
    folded: str
    kind: "Kind"


class Kind(NamedTuple):
    """What an organisation is: a base kind and, where the tenant has a word of its own, that type's id."""

    base: str
    own: int | None = None
    label: str = ""


@dataclass
class Directory:
    contacts: list[Known] = field(default_factory=list)
    organisations: dict[str, Body] = field(default_factory=dict)  # by folded name and by folded alias
    by_pk: dict[int, Known] = field(default_factory=dict)
    by_email: dict[str, list[Known]] = field(default_factory=lambda: defaultdict(list))
    by_name: dict[tuple[str, str], list[Known]] = field(default_factory=lambda: defaultdict(list))
    types: dict[str, Kind] = field(default_factory=dict)  # the tenant's own, by folded name
    other_kinds: dict[str, list[int]] = field(default_factory=dict)

    def name_of(self, folded: str) -> str:
        return self.organisations[folded].name if folded else ""


def directory_of(tenant: Tenant) -> Directory:
    found = Directory()
    names: dict[int, str] = {}
    for own in OrganisationType.objects.of(tenant):
        found.types[own.search] = Kind(own.kind, own.pk, own.name)
    rows = Organisation.objects.of(tenant).values_list("pk", "name", "search", "kind", "type_id")
    for pk, name, folded, kind, own_type in rows:
        names[pk] = folded
        found.organisations[folded] = Body(pk, name, folded, Kind(kind, own_type))
    for alias, folded in OrganisationAlias.objects.of(tenant).values_list("search", "organisation__search"):
        found.organisations.setdefault(alias, found.organisations[folded])
    contacts = Contact.objects.of(tenant).order_by("pk").values_list("pk", "organisation_id", *FACTS)
    for pk, organisation, *values in contacts:
        facts = dict(zip(FACTS, values, strict=True))
        known = Known(
            pk, facts, names.get(organisation, ""), fold(one_line(facts["name"])), facts["email"].lower()
        )
        _enter(found, known)
    return found


def _enter(found: Directory, known: Known) -> None:
    found.contacts.append(known)
    found.by_pk[known.pk] = known
    if known.email:
        found.by_email[known.email].append(known)
    found.by_name[known.folded, known.organisation].append(known)
