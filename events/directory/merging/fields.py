"""The facts of a contact or organisation one by one: which can be chosen, and what they say in words."""

import datetime as dt
from typing import Any

from django.db.models import Field, ForeignKey, QuerySet
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from events.directory.merging.models import Merger, Row, Subject
from events.directory.models import Contact, Organisation
from events.tenancy.models import Tenant

OWN = frozenset({"tenant", "created_at"})  # not facts about the body or person
MODELS: dict[str, type[Contact] | type[Organisation]] = {
    Subject.CONTACT: Contact,
    Subject.ORGANISATION: Organisation,
}


def rows_of(subject: Subject, tenant: Tenant | int) -> "QuerySet[Any]":
    """The tenant's contacts or organisations, with the organisations they point at."""
    if subject == Subject.CONTACT:
        return Contact.objects.of(tenant).select_related("organisation")
    return Organisation.objects.of(tenant).select_related("umbrella", "successor", "type")


def fields_of(model: type[Contact] | type[Organisation]) -> list["Field[Any, Any]"]:
    """The columns that people fill in."""
    columns = model._meta.concrete_fields
    return [field for field in columns if field.editable and not field.primary_key and field.name not in OWN]


def label(field: "Field[Any, Any]") -> str:
    return capfirst(str(field.verbose_name))


def differing(kept: Row, gone: Row) -> list["Field[Any, Any]"]:
    return [field for field in fields_of(type(kept)) if value(kept, field) != value(gone, field)]


def same(kept: Row, gone: Row) -> list[tuple[str, str]]:
    """(label, words) of what both say alike."""
    both = [field for field in fields_of(type(kept)) if value(kept, field) == value(gone, field)]
    return [(label(field), words(kept, field)) for field in both if value(kept, field)]


def value(row: Row, field: "Field[Any, Any]") -> Any:
    return getattr(row, field.attname)


def words(row: Row, field: "Field[Any, Any]") -> str:
    """The value as people read it; "" where there is none."""
    found = getattr(row, field.name)
    if found is None or found == "":
        return ""
    if isinstance(found, bool):
        return _("yes") if found else _("no")
    if isinstance(found, dt.date):
        return str(date_format(found))
    return _choice(field, str(found))


def recorded(row: Row) -> dict[str, str]:
    """All that `row` holds, for the record: what it points at by name, everything else as the database keeps it."""
    found = {}
    for field in fields_of(type(row)):
        held = getattr(row, field.name) if isinstance(field, ForeignKey) else field.value_to_string(row)
        if held not in (None, "", "None", "False"):
            found[field.name] = str(held)
    return found


def told(merger: Merger) -> list[tuple[str, str]]:
    """(label, words) of what the gone row held. A column that is no more shows its name."""
    columns = {field.name: field for field in fields_of(MODELS[merger.subject])}
    found = []
    for name, held in merger.facts.items():
        field = columns.get(name)
        found.append((label(field), _choice(field, held)) if field else (capfirst(name), held))
    return found


def _choice(field: "Field[Any, Any]", held: str) -> str:
    choices = dict(field.flatchoices) or {"True": _("yes")}
    return capfirst(str(choices[held])) if held in choices else held
