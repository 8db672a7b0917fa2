"""Makes a row of any model, so that a foreign key somebody adds tomorrow is tested without being named here."""

import uuid
from datetime import date
from itertools import count

from django.apps import apps
from django.db import models
from django.utils import timezone

from events.calendar.models import Feed
from events.directory.imports.models import ImportChange
from events.directory.models import Contact, Organisation
from events.gatherings.models import Event
from events.plans.models import Measure
from events.tenancy.models import Tenant, User
from tests import factories

number = count(1000)  # above what the factories use
# What the database's own checks ask of a model beyond its columns.
ALSO = {
    "events.responsibility": {"part": "with", "position": None, "label": "U"},
    "invites.invitation": {"reply": "", "replied_at": None},
    "minutes.outcome": {"kind": "decision"},
}


def links_to(model):
    """(model, field) of every foreign key to `model`, looked up apart from the code that merges."""
    found = []
    for each in apps.get_models(include_auto_created=True):
        for field in each._meta.get_fields(include_hidden=True):
            if isinstance(field, models.ForeignKey) and field.remote_field.model is model:
                found.append((each, field))
    return found


def a_row(model, tenant, **given):
    """A saved row of `model`; `given` are its foreign keys."""
    facts = {**ALSO.get(model._meta.label_lower, {}), **given}
    if model is ImportChange:
        facts["kind"] = "organisation_added" if given.get("organisation") else "contact_added"
    if model is Feed:  # about an organisation, or held by a role
        facts |= {"scope": "body"} if given.get("organisation") else {"role": "reader"}
    for field in model._meta.concrete_fields:
        if field.name not in facts and needed(field):
            facts[field.name] = value(field, tenant)
    if model in (Contact, Organisation):
        return (
            factories.contact(tenant, **given)
            if model is Contact
            else factories.organisation(tenant, **given)
        )
    row = model(**facts)
    if hasattr(row, "seal"):
        row.seal()
    row.save()
    return row


def needed(field):
    return not (
        field.primary_key
        or field.null
        or field.has_default()
        or (field.blank and field.empty_strings_allowed)
    )


def value(field, tenant):
    if isinstance(field, models.ForeignKey):
        return pointed_at(field.remote_field.model, tenant)
    if field.choices:
        return field.flatchoices[0][0]
    return plain(field)


def pointed_at(model, tenant):
    if model is Tenant:
        return tenant
    made = {Event: factories.event, Measure: factories.measure, Contact: factories.contact}
    if model is User:
        return factories.staff(tenant, "reader")
    return made[model](tenant) if model in made else a_row(model, tenant)


def plain(field):
    n = next(number)
    if isinstance(field, models.DateTimeField):
        return timezone.now()
    if isinstance(field, models.DateField):
        return date(2026, 1, 1)
    if isinstance(field, models.UUIDField):
        return uuid.uuid4()
    if isinstance(field, models.IntegerField):
        return n
    if isinstance(field, models.JSONField):
        return {}
    return f"x{n}"[: getattr(field, "max_length", None) or 20]
