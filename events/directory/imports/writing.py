"""Writes what a plan says, and beside it what was there before. For `services`, inside its transaction."""

import datetime as dt
import json
from typing import Any

from django.db import connection

from events.directory.bodies import known as known_body
from events.directory.imports.matching import Change, NewOrganisation, Plan
from events.directory.imports.models import ChangeKind, ImportBatch, ImportChange
from events.directory.imports.sealing import sealed
from events.directory.imports.snapshot import Directory
from events.directory.imports.values import FACTS
from events.directory.models import Contact, Organisation
from events.directory.searching import fold
from events.directory.services import bodies_named, with_channel
from events.tenancy.models import Tenant

# What an ImportChange says: kind, contact, organisation, the values before as JSON, a digest of the row after.
Remembered = tuple[str, int | None, int | None, str, str]
TOGETHER = 500
UPDATED = ("organisation", *FACTS, "search")


class Moved(Exception):
    """Somebody changed a contact between the plan and the writing."""


def write(plan: Plan, directory: Directory, batch: ImportBatch) -> None:
    """Does everything in `plan`. Raises Moved, or IntegrityError when two people add the same contact at once."""
    ids = {folded: body.pk for folded, body in directory.organisations.items()}
    changes = _organisations(plan, batch, ids)
    changes += _added(plan, batch, ids)
    changes += _changed(plan, batch, ids)
    _remember(batch, changes)


def _remember(batch: ImportBatch, changes: list[Remembered]) -> None:
    """Adds the ImportChange rows past the ORM, which needs a third of the whole import for them (`make bench`)."""
    quote = connection.ops.quote_name
    names = ("tenant_id", "batch_id", "kind", "contact_id", "organisation_id", "before", "after")
    columns = ", ".join(quote(name) for name in names)
    table, gaps = quote(ImportChange._meta.db_table), ", ".join(["%s"] * len(names))
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {table} ({columns}) VALUES ({gaps})",  # noqa: S608 (our own table and columns)
            [(batch.tenant_id, batch.pk, *change) for change in changes],
        )


def _organisations(plan: Plan, batch: ImportBatch, ids: dict[str, int]) -> list[Remembered]:
    """Adds the new ones, and puts their ids into `ids`. A body with known other names comes with them."""
    tenant, rows = batch.tenant, []
    renowned = [new for new in plan.organisations.values() if known_body(new.name).successor]
    for name, row in bodies_named([new.name for new in renowned], tenant=tenant)[0].items():
        ids[fold(name)] = row.pk
        rows.append(row)
    rest = [new for new in plan.organisations.values() if new not in renowned]
    rows += Organisation.objects.bulk_create([_organisation(new, tenant) for new in rest])
    ids |= {row.search: row.pk for row in rows}
    return [(ChangeKind.ORGANISATION_ADDED.value, None, row.pk, "{}", sealed(row)) for row in rows]


def _organisation(new: NewOrganisation, tenant: Tenant) -> Organisation:
    kind, own = new.kind.base, new.kind.own
    return Organisation(tenant=tenant, name=new.name, kind=kind, type_id=own, city=new.town)


def _added(plan: Plan, batch: ImportBatch, ids: dict[str, int]) -> list[Remembered]:
    tenant_id, usual = batch.tenant_id, {"language": batch.tenant.language}
    rows = [
        Contact(
            tenant_id=tenant_id,
            organisation_id=ids[entry.organisation_key] if entry.organisation_key else None,
            **with_channel(usual | entry.facts),
        )
        for entry in plan.added
    ]
    Contact.objects.bulk_create(rows)
    return [(ChangeKind.CONTACT_ADDED.value, row.pk, None, "{}", sealed(row)) for row in rows]


def _changed(plan: Plan, batch: ImportBatch, ids: dict[str, int]) -> list[Remembered]:
    made: list[Remembered] = []
    for start in range(0, len(plan.changed), TOGETHER):
        made += _changed_together(plan.changed[start : start + TOGETHER], batch, ids)
    return made


def _changed_together(some: list[Change], batch: ImportBatch, ids: dict[str, int]) -> list[Remembered]:
    wanted = Contact.objects.of(batch.tenant).filter(pk__in=[change.contact.pk for change in some])
    # PostgreSQL holds the rows until they are written; SQLite let nobody else begin to write (BEGIN IMMEDIATE).
    rows = {row.pk: row for row in wanted.select_for_update()}
    made: list[Remembered] = []
    for change in some:
        row = rows.get(change.contact.pk)
        if row is None or any(getattr(row, name) != change.contact.facts[name] for name in FACTS):
            raise Moved
        before = _set(row, change, ids)
        made.append(
            (ChangeKind.CONTACT_CHANGED.value, row.pk, None, json.dumps(before), sealed(row.folded()))
        )
    updated(list(rows.values()))
    return made


def _set(row: Contact, change: Change, ids: dict[str, int]) -> dict[str, Any]:
    """Sets what differs; gives the values that were there, as JSON keeps them."""
    before: dict[str, Any] = {}
    for name, (old, new) in change.differences.items():
        if name == "organisation":
            before[name] = row.organisation_id
            row.organisation_id = ids[change.organisation_key]
        else:
            before[name] = old.isoformat() if isinstance(old, dt.date) else old
            setattr(row, name, new)
    return before


def updated(rows: list[Contact]) -> None:
    """Writes contacts that exist, in one statement for many: a bulk upsert by their id."""
    Contact.objects.bulk_create(rows, update_conflicts=True, unique_fields=["id"], update_fields=UPDATED)
