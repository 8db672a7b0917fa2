"""Changes to the tenant's own words, and to which rows carry them."""

from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import RestrictedError
from django.utils.translation import gettext_lazy as _

from events import audit
from events.directory.groups.services import replace_tag_in_rules
from events.directory.labels.models import ContactTag, OrganisationTag, OrganisationType, Tag, Word
from events.directory.models import Contact, Organisation
from events.directory.reindexing import reindex_contacts, reindex_organisations
from events.directory.searching import fold
from events.tenancy.models import Tenant, User


class WordTaken(Exception):
    """The tenant has this word already, perhaps written otherwise."""


class TypeInUse(Exception):
    """Organisations are of this type (`count`), so it cannot be removed."""

    def __init__(self, count: int) -> None:
        super().__init__(count)
        self.count = count


@transaction.atomic
def add_type(*, tenant: Tenant, by: User | None, name: str, kind: str) -> OrganisationType:
    """A new type of organisation under the base kind. Raises WordTaken."""
    row = OrganisationType(tenant=tenant, name=name, kind=kind)
    _save(row)
    audit.record("type.added", row, by=by, name=name)
    return row


@transaction.atomic
def change_type(row: OrganisationType, *, by: User | None, name: str, kind: str) -> None:
    """Renames the type, or moves it under another kind together with its organisations. Raises WordTaken."""
    if (row.name, row.kind) == (name, kind):
        return
    row.name, row.kind = name, kind
    _save(row)
    Organisation.objects.of(row.tenant_id).filter(type=row).exclude(kind=kind).update(kind=kind)
    audit.record("type.changed", row, by=by, name=name)


@transaction.atomic
def remove_type(row: OrganisationType, *, by: User | None) -> None:
    """Raises TypeInUse while an organisation is of this type. A rule that asks for it matches nobody by it."""
    if count := row.organisations.count():
        raise TypeInUse(count)
    audit.record("type.removed", row, by=by, name=row.name)
    try:
        row.delete()
    except RestrictedError as error:  # somebody chose it just now
        raise TypeInUse(len(error.restricted_objects)) from error


def tag_contact(contact: Contact, names: Iterable[str]) -> bool:
    """Gives the contact exactly the tags `names`; says whether that changed anything. Call it in a transaction."""
    return _tag(contact, ContactTag, "contact", names)


def tag_organisation(organisation: Organisation, names: Iterable[str]) -> bool:
    """The same for an organisation."""
    return _tag(organisation, OrganisationTag, "organisation", names)


@transaction.atomic
def rename_tag(tag: Tag, *, by: User | None, name: str) -> None:
    """Raises WordTaken when another tag has this name: then `merge_tags` makes one of them."""
    if tag.name == name:
        return
    tag.name = name
    _save(tag)
    _reindex(_carriers(tag))
    audit.record("tag.renamed", tag, by=by, name=name)


@transaction.atomic
def merge_tags(tag: Tag, *, into: Tag, by: User | None) -> None:
    """Everything tagged `tag` is tagged `into` instead, rules of groups ask for `into`, and `tag` is gone."""
    carriers = _carriers(tag)
    for model, field in ((ContactTag, "contact_id"), (OrganisationTag, "organisation_id")):
        links: Any = model.objects.of(tag.tenant_id)
        have = list(links.filter(tag=into).values_list(field, flat=True))
        links.filter(tag=tag).exclude(**{f"{field}__in": have}).update(tag=into)
    replace_tag_in_rules(tag, into)
    audit.record("tag.merged", into, by=by, name=tag.name, into=into.name)
    tag.delete()
    _reindex(carriers)


@transaction.atomic
def remove_tag(tag: Tag, *, by: User | None) -> None:
    """Takes the tag off everything that carries it, and removes it."""
    carriers = _carriers(tag)
    audit.record("tag.removed", tag, by=by, name=tag.name)
    tag.delete()
    _reindex(carriers)


def _tag(row: Contact | Organisation, links: Any, field: str, names: Iterable[str]) -> bool:
    wanted = {fold(name): name for name in names}
    have = {tag.search: tag for tag in row.tags.all()}
    if wanted.keys() == have.keys():
        return False
    gone = [tag.pk for search, tag in have.items() if search not in wanted]
    links.objects.of(row.tenant_id).filter(**{field: row}, tag__in=gone).delete()
    for search, name in wanted.items():
        if search not in have:
            tag, _new = Tag.objects.of(row.tenant_id).get_or_create(
                tenant_id=row.tenant_id, search=search, defaults={"name": name}
            )
            links.objects.of(row.tenant_id).get_or_create(tenant_id=row.tenant_id, tag=tag, **{field: row})
    _reindex(([row], []) if isinstance(row, Contact) else ([], [row]))
    return True


def _carriers(tag: Tag) -> tuple[list[Contact], list[Organisation]]:
    return list(tag.contacts.all()), list(tag.organisations.all())


def _reindex(carriers: tuple[list[Contact], list[Organisation]]) -> None:
    reindex_contacts(carriers[0])
    reindex_organisations(carriers[1])


def _save(row: Word) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise WordTaken(row.name) from error


audit.register(
    {
        "type.added": _("%(who)s added the organisation type “%(name)s”."),
        "type.changed": _("%(who)s changed the organisation type “%(name)s”."),
        "type.removed": _("%(who)s removed the organisation type “%(name)s”."),
        "tag.renamed": _("%(who)s renamed a tag to “%(name)s”."),
        "tag.merged": _("%(who)s made the tag “%(name)s” part of “%(into)s”."),
        "tag.removed": _("%(who)s removed the tag “%(name)s”."),
    }
)
