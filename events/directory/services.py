"""Changes to the directory. Contacts may become invitees, so the audit trail never names one."""

from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from events import audit
from events.directory.bodies import kind_of, known, usual_name
from events.directory.models import Contact, Organisation, OrganisationAlias
from events.directory.searching import fold
from events.tenancy.models import Tenant, User


class NameTaken(Exception):
    """Another organisation has this name or alias, or the contact is there already (two people saved at once)."""


@transaction.atomic
def add_organisation(
    *, tenant: Tenant, by: User | None, facts: dict[str, Any], aliases: Iterable[str] = ()
) -> Organisation:
    """`facts` are field names of Organisation. Raises NameTaken."""
    organisation = Organisation(tenant=tenant, **facts)
    _save_with_aliases(organisation, aliases)
    audit.record("organisation.added", organisation, by=by, name=organisation.name)
    return organisation


@transaction.atomic
def change_organisation(
    organisation: Organisation, *, by: User | None, facts: dict[str, Any], aliases: Iterable[str]
) -> Organisation:
    """Sets `facts` and replaces the aliases; writes nothing when all is as it was. Raises NameTaken."""
    aliases = tuple(aliases)
    if _is_same(organisation, facts) and sorted(aliases) == sorted(
        a.name for a in organisation.aliases.all()
    ):
        return organisation
    _set(organisation, facts)
    _save_with_aliases(organisation, aliases)
    audit.record("organisation.changed", organisation, by=by, name=organisation.name)
    return organisation


@transaction.atomic
def add_contact(*, tenant: Tenant, by: User | None, facts: dict[str, Any]) -> Contact:
    """`facts` are field names of Contact. Raises NameTaken when name and address are there already."""
    contact = Contact(tenant=tenant, **facts)
    _save_contact(contact)
    _note("added", contact, by)
    return contact


@transaction.atomic
def change_contact(contact: Contact, *, by: User | None, facts: dict[str, Any]) -> Contact:
    """Sets `facts`; writes nothing when all is as it was. Raises NameTaken."""
    if _is_same(contact, facts):
        return contact
    _set(contact, facts)
    _save_contact(contact)
    _note("changed", contact, by)
    return contact


@transaction.atomic
def bodies_named(names: Iterable[str], *, tenant: Tenant) -> tuple[dict[str, Organisation], list[str]]:
    """Finds each body by name or alias, and adds the ones nobody knows with a type that fits the name.

    What is known of a body added here (its other names, its successor) is added too; what the directory holds is left
    as it is. Returns the organisations by the name asked for, and the names of those added. A second call adds nothing.
    """
    register = _Register(tenant)
    found = {name: register.body(name) for name in names}
    return found, register.added


class _Register:
    """The tenant's organisations by folded name and alias, in two queries."""

    def __init__(self, tenant: Tenant) -> None:
        self.tenant = tenant
        self.added: list[str] = []
        self.by_name = {row.search: row for row in Organisation.objects.of(tenant)}
        aliases = OrganisationAlias.objects.of(tenant).select_related("organisation")
        self.by_name |= {row.search: row.organisation for row in aliases if row.search not in self.by_name}

    def body(self, written: str) -> Organisation:
        return self.by_name.get(fold(written)) or self._added(usual_name(written))

    def _added(self, name: str) -> Organisation:
        if existing := self.by_name.get(fold(name)):
            return existing
        row = Organisation(tenant=self.tenant, name=name, kind=kind_of(name))
        row.save()
        self.by_name[row.search] = row
        self.added.append(name)
        self._add_what_is_known(row)
        return row

    def _add_what_is_known(self, row: Organisation) -> None:
        facts = known(row.name)
        for other in facts.also:
            if fold(other) not in self.by_name:
                alias = OrganisationAlias.objects.create(tenant=self.tenant, organisation=row, name=other)
                self.by_name[alias.search] = row
        if facts.successor:
            row.successor = self.body(facts.successor)
            row.save(update_fields=["successor"])


def _save_with_aliases(organisation: Organisation, aliases: Iterable[str]) -> None:
    wanted = {fold(name): name for name in aliases}
    try:
        with transaction.atomic():
            organisation.save()
            organisation.aliases.exclude(name__in=wanted.values()).delete()
            kept = set(organisation.aliases.values_list("search", flat=True))
            for folded, name in wanted.items():
                if folded not in kept:
                    OrganisationAlias.objects.create(
                        tenant=organisation.tenant, organisation=organisation, name=name
                    )
    except IntegrityError as error:
        raise NameTaken(organisation.name) from error


def _save_contact(contact: Contact) -> None:
    try:
        with transaction.atomic():
            contact.save()
    except IntegrityError as error:
        raise NameTaken(contact.name) from error


def _is_same(row: Organisation | Contact, facts: dict[str, Any]) -> bool:
    return all(getattr(row, field) == value for field, value in facts.items())


def _set(row: Organisation | Contact, facts: dict[str, Any]) -> None:
    for field, value in facts.items():
        setattr(row, field, value)


def _note(change: str, contact: Contact, by: User | None) -> None:
    if contact.organisation:
        audit.record(f"contact.{change}", contact, by=by, place=contact.organisation.name)
    else:
        audit.record(f"contact.{change}_alone", contact, by=by)


audit.register(
    {
        "organisation.added": _("%(who)s added the organisation “%(name)s”."),
        "organisation.changed": _("%(who)s changed the organisation “%(name)s”."),
        "contact.added": _("%(who)s added a contact (%(place)s)."),
        "contact.changed": _("%(who)s changed a contact (%(place)s)."),
        "contact.added_alone": _("%(who)s added a contact without an organisation."),
        "contact.changed_alone": _("%(who)s changed a contact without an organisation."),
    }
)
