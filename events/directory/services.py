"""Changes to the directory. Contacts may become invitees, so the audit trail never names one."""

from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from events import audit
from events.directory.bodies import kind_of, known, usual_name
from events.directory.labels.services import tag_contact, tag_organisation
from events.directory.models import Channel, Contact, Organisation, OrganisationAlias
from events.directory.reindexing import reindex_organisations
from events.directory.renaming import renamed
from events.directory.searching import fold
from events.tenancy.models import Tenant, User


class NameTaken(Exception):
    """Another organisation has this name or alias, or the contact is there already (two people saved at once)."""


@transaction.atomic
def add_organisation(
    *,
    tenant: Tenant,
    by: User | None,
    facts: dict[str, Any],
    aliases: Iterable[str] = (),
    tags: Iterable[str] = (),
) -> Organisation:
    """`facts` are field names of Organisation; an own type decides the kind. Raises NameTaken."""
    organisation = Organisation(tenant=tenant, **_of_one_kind(facts))
    _save_with_aliases(organisation, aliases)
    tag_organisation(organisation, tags)
    audit.record("organisation.added", organisation, by=by, name=organisation.name)
    return organisation


@transaction.atomic
def change_organisation(
    organisation: Organisation,
    *,
    by: User | None,
    facts: dict[str, Any],
    aliases: Iterable[str],
    tags: Iterable[str] | None = None,
) -> Organisation:
    """Sets `facts`, replaces the aliases, and the tags where they are given; writes nothing when all is as it was.

    An own type decides the kind; a kind of another sort takes the own type away. Raises NameTaken.
    """
    aliases, facts = tuple(aliases), _of_one_kind(facts, organisation)
    written, name = sorted(alias.name for alias in organisation.aliases.all()), organisation.name
    changed = not _is_same(organisation, facts) or sorted(aliases) != written
    if changed:
        _set(organisation, facts)
        _save_with_aliases(organisation, aliases)
    if organisation.name != name:
        renamed(organisation)
    if tags is not None:
        changed |= tag_organisation(organisation, tags)
    if changed:
        audit.record("organisation.changed", organisation, by=by, name=organisation.name)
    return organisation


@transaction.atomic
def add_contact(
    *, tenant: Tenant, by: User | None, facts: dict[str, Any], tags: Iterable[str] = ()
) -> Contact:
    """`facts` are field names of Contact; a channel that is not given is the first one that is entered.

    Raises NameTaken when name and address are there already.
    """
    contact = Contact(tenant=tenant, **with_channel(facts))
    _save_contact(contact)
    tag_contact(contact, tags)
    _note("added", contact, by)
    return contact


@transaction.atomic
def change_contact(
    contact: Contact, *, by: User | None, facts: dict[str, Any], tags: Iterable[str] | None = None
) -> Contact:
    """Sets `facts`, and the tags where they are given; writes nothing when all is as it was. Raises NameTaken.

    An empty channel among `facts` means the first one that is entered.
    """
    if "channel" in facts:
        facts = with_channel(facts, contact)
    changed = not _is_same(contact, facts)
    if changed:
        _set(contact, facts)
        _save_contact(contact)
    if tags is not None:
        changed |= tag_contact(contact, tags)
    if changed:
        _note("changed", contact, by)
    return contact


def with_channel(facts: dict[str, Any], contact: Contact | None = None) -> dict[str, Any]:
    """`facts` with a channel that fits what is entered, where none is given or the given one is e-mail without one."""
    entered = {name: facts.get(name, getattr(contact, name, "")) for name in ("email", "phone", "address")}
    given = facts.get("channel") or ""
    if given and not (given == Channel.EMAIL and not entered["email"]):
        return facts
    return {**facts, "channel": Channel.fitting(**entered)}


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
        if facts.also:
            reindex_organisations([row])
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
            reindex_organisations([organisation])
    except IntegrityError as error:
        raise NameTaken(organisation.name) from error


def _save_contact(contact: Contact) -> None:
    try:
        with transaction.atomic():
            contact.save()
    except IntegrityError as error:
        raise NameTaken(contact.name) from error


def _of_one_kind(facts: dict[str, Any], before: Organisation | None = None) -> dict[str, Any]:
    """`facts` in which kind and own type agree."""
    if facts.get("type"):
        return {**facts, "kind": facts["type"].kind}
    own = before.type if before else None
    if own and "type" not in facts and facts.get("kind", own.kind) != own.kind:
        return {**facts, "type": None}
    return facts


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
        "contact.succeeded": _("%(who)s entered a new person in a role (%(place)s)."),
        "contact.succeeded_alone": _("%(who)s entered a new person in a role without an organisation."),
        "contact.changed_alone": _("%(who)s changed a contact without an organisation."),
    }
)
