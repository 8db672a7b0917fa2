"""Who is meant by a name, and where a reminder reaches them."""

from collections.abc import Iterable
from dataclasses import dataclass

from events.directory.models import Contact, Organisation
from events.directory.searching import fold
from events.tenancy.models import Membership
from minutes.records.actions.models import ActionItem


@dataclass(frozen=True)
class Reached:
    """Where a mail goes, and in which language it is written."""

    email: str
    language: str


def links_of(tenant_id: int, names: Iterable[str]) -> dict[str, dict[str, int | None]]:
    """name as written -> the columns that say who it is. Three queries.

    A colleague of that name, else the contact, else the organisation; a name that two share is nobody's.
    """
    wanted = {name for name in names if name}
    if not wanted:
        return {}
    staff = Membership.objects.of(tenant_id).current().values_list("user__name", "pk")
    people = Contact.objects.of(tenant_id).current().filter(name__in=wanted).values_list("name", "pk")
    folded = {fold(name) for name in wanted}
    bodies = Organisation.objects.of(tenant_id).filter(search__in=folded).values_list("search", "pk")
    members, contacts, organisations = _once(staff), _once(people), dict(bodies)
    return {name: _links(name.casefold(), fold(name), members, contacts, organisations) for name in wanted}


def reached(row: ActionItem) -> Reached | None:
    """Where the owner is written to; None where nothing is entered, or where that person is gone or wants no mail."""
    if member := row.owner_membership:
        works_here = member.ended_at is None and member.user.is_active
        language = member.user.language or row.tenant.language
        return Reached(member.user.email, language) if works_here else None
    if contact := row.owner_contact:
        silent = contact.erased_at or contact.opted_out_at or contact.has_ended or not contact.email
        return None if silent else Reached(contact.email, contact.language)
    if body := row.owner_organisation:
        return Reached(body.email, row.tenant.language) if body.email else None
    return None


def _links(
    name: str,
    folded: str,
    members: dict[str, int | None],
    contacts: dict[str, int | None],
    organisations: dict[str, int],
) -> dict[str, int | None]:
    found: dict[str, int | None] = dict.fromkeys(
        ("owner_membership_id", "owner_contact_id", "owner_organisation_id")
    )
    if name in members:
        found["owner_membership_id"] = members[name]
    elif name in contacts:
        found["owner_contact_id"] = contacts[name]
    else:
        found["owner_organisation_id"] = organisations.get(folded)
    return found


def _once(pairs: Iterable[tuple[str, int]]) -> dict[str, int | None]:
    found: dict[str, int | None] = {}
    for name, pk in pairs:
        known = name.casefold()
        found[known] = None if known in found else pk
    return found
