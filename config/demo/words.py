"""The demo's types, tags, groups and networks. What is there already stays as people left it."""

from collections.abc import Iterable
from typing import Any

from config.demo.facts import Facts
from events.dates import parse
from events.directory import services as directory
from events.directory.groups.models import ContactGroup
from events.directory.groups.rules import Rule
from events.directory.groups.services import add_group, choose_into
from events.directory.labels.models import OrganisationType, Tag
from events.directory.labels.services import add_type, tag_contact
from events.directory.models import Contact, Organisation
from events.directory.networks.models import NetworkMember
from events.directory.networks.services import join_network
from events.directory.searching import fold
from events.tenancy.models import Tenant, User


def words_of(tenant: Tenant, facts: Facts, *, by: User, contacts: dict[str, Contact]) -> None:
    """Adds the types, tags, networks and groups that are missing; `contacts` are the tenant's by address."""
    for row in _missing(OrganisationType, tenant, facts.get("types", ())):
        _type(tenant, row, by)
    for row in _missing(Tag, tenant, facts.get("tags", ())):
        for address in row["contacts"]:
            _tag(contacts[address], row["name"])
    for row in facts.get("networks", ()):
        _join(tenant, row, by)
    for row in _missing(ContactGroup, tenant, facts.get("groups", ())):
        _group(tenant, row, by, contacts)


def _missing(model: Any, tenant: Tenant, rows: Iterable[Facts]) -> list[Facts]:
    known = set(model.objects.of(tenant).values_list("search", flat=True)) if rows else set()
    return [row for row in rows if fold(row["name"]) not in known]


def _type(tenant: Tenant, row: Facts, by: User) -> None:
    own = add_type(tenant=tenant, by=by, name=row["name"], kind=row["kind"])
    for organisation in Organisation.objects.of(tenant).filter(name__in=row["organisations"]):
        aliases = [alias.name for alias in organisation.aliases.all()]
        directory.change_organisation(organisation, by=by, facts={"type": own}, aliases=aliases)


def _tag(contact: Contact, name: str) -> None:
    tag_contact(contact, [*(tag.name for tag in contact.tags.all()), name])


def _join(tenant: Tenant, row: Facts, by: User) -> None:
    named = Organisation.objects.of(tenant).named
    network, member = named(row["network"]), named(row["member"])
    if not network or not member:
        raise ValueError(f"the demo's directory lacks a part of {row}")
    if not NetworkMember.objects.of(tenant).filter(network=network, member=member).exists():
        joined = parse(str(row["joined"])) if "joined" in row else None
        join_network(network=network, member=member, by=by, joined=joined)


def _group(tenant: Tenant, row: Facts, by: User, contacts: dict[str, Contact]) -> None:
    group = add_group(tenant=tenant, by=by, name=row["name"], rule=_rule(tenant, row.get("rule")))
    if "members" in row:
        choose_into(group, [contacts[address] for address in row["members"]], by=by)


def _rule(tenant: Tenant, asked: Facts | None) -> Rule | None:
    """The rule as the file says it, with tags by name."""
    if asked is None:
        return None
    names = [fold(name) for name in asked.get("tags", ())]
    tags = list(Tag.objects.of(tenant).filter(search__in=names).values_list("pk", flat=True))
    return Rule.read({**asked, "tags": tags})
