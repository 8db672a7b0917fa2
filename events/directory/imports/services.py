"""Keeping an uploaded list between pages, and importing it: all of it in one transaction, or nothing."""

import datetime as dt
from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_q.models import Schedule

from events import audit
from events.directory.imports.columns import suggested
from events.directory.imports.matching import Plan, plan
from events.directory.imports.models import DRAFT_LIFE, ImportBatch, ImportDraft
from events.directory.imports.snapshot import directory_of
from events.directory.imports.tables import Table
from events.directory.imports.writing import Moved, write
from events.tenancy.models import Tenant, User

SWEEP = "events.directory.imports.tasks.sweep"
SWEPT_AFTER = DRAFT_LIFE + dt.timedelta(minutes=1)


class NotAsSeen(Exception):
    """The import would do something else than the person saw, because the directory changed meanwhile."""


class AlreadyDone(Exception):
    """The list was imported or put away already (a second press of the button)."""


@transaction.atomic
def keep(
    *, tenant: Tenant, user: User, source: str, table: Table, instead: ImportDraft | None = None
) -> ImportDraft:
    """Keeps a list for its next page, for a day at most. Puts away the person's earlier ones here.

    `instead` is the draft this one corrects: what was chosen for its columns holds for columns of the same name.
    """
    columns = table.columns or suggested(table.header, table.rows)
    if instead is not None:
        columns = _chosen_before(instead, table.header, columns)
    sweep()
    Schedule.objects.create(
        name="put old lists away",
        func=SWEEP,
        schedule_type=Schedule.ONCE,
        next_run=timezone.now() + SWEPT_AFTER,
    )
    ImportDraft.objects.of(tenant).filter(user=user).delete()
    return ImportDraft.objects.create(
        tenant=tenant,
        user=user,
        source=source[:200],
        table=table.kept(),
        columns=[str(column) for column in columns],
    )


def sweep() -> int:
    """Deletes every tenant's lists that are a day old; gives how many. The worker runs it a day after an upload."""
    stale = ImportDraft.objects.across_tenants("a day is a day everywhere").stale()
    return stale.delete()[1].get("events.ImportDraft", 0)


def choose(draft: ImportDraft, *, columns: Sequence[str]) -> None:
    """Sets what each column holds."""
    draft.columns = list(columns)
    draft.save(update_fields=["columns"])


def discard(draft: ImportDraft) -> None:
    """Puts the list away. A second call does nothing."""
    ImportDraft.objects.of(draft.tenant_id).filter(pk=draft.pk).delete()


def dry_run(*, tenant: Tenant, table: Table, columns: Sequence[str]) -> Plan:
    """What importing the list would do. Writes nothing."""
    return plan(table, columns, directory_of(tenant))


def dry_run_of(draft: ImportDraft) -> Plan:
    return dry_run(tenant=draft.tenant, table=Table.from_kept(draft.table), columns=draft.columns)


@transaction.atomic
def run(draft: ImportDraft, *, by: User, seen: str) -> ImportBatch:
    """Imports the draft and puts it away. `seen` is the fingerprint of the plan the person saw.

    Raises AlreadyDone on a second call, and NotAsSeen when the plan is another by now or holds errors; then nothing
    is written and the draft stays.
    """
    gone, _rows = ImportDraft.objects.of(draft.tenant_id).filter(pk=draft.pk).delete()
    if not gone:
        raise AlreadyDone
    table = Table.from_kept(draft.table)
    _found, batch = import_table(
        tenant=draft.tenant, by=by, source=draft.source, table=table, columns=draft.columns, seen=seen
    )
    if batch is None:
        raise NotAsSeen
    return batch


@transaction.atomic
def import_table(
    *,
    tenant: Tenant,
    by: User | None,
    source: str,
    table: Table,
    columns: Sequence[str],
    seen: str = "",
) -> tuple[Plan, ImportBatch | None]:
    """Imports a list. No batch comes back when the plan holds errors or changes nothing, as on a second run.

    Raises NotAsSeen when the directory changed since the plan was `seen`, or while it is written.
    """
    directory = directory_of(tenant)
    found = plan(table, columns, directory)
    if found.errors or not found.changes_anything:
        return found, None
    if seen and seen != found.fingerprint():
        raise NotAsSeen
    batch = ImportBatch.objects.create(
        tenant=tenant,
        by=by,
        source=source[:200],
        added=len(found.added),
        changed=len(found.changed),
        unchanged=found.unchanged,
        organisations=len(found.organisations),
    )
    try:
        with transaction.atomic():
            write(found, directory, batch)
    except (IntegrityError, Moved) as error:
        raise NotAsSeen from error
    audit.record("contacts.imported", batch, by=by, added=batch.added, changed=batch.changed)
    return found, batch


def _chosen_before(instead: ImportDraft, header: list[str], columns: list[str]) -> list[str]:
    """The earlier choices by heading; a column that is new keeps what is suggested, unless that is taken."""
    earlier = dict(zip(instead.table["header"], instead.columns, strict=True))
    taken = {earlier[heading] for heading in header if heading in earlier}
    return [
        earlier.get(heading, "" if column in taken else column)
        for heading, column in zip(header, columns, strict=True)
    ]


audit.register(
    {
        "contacts.imported": _("%(who)s imported contacts: %(added)s new, %(changed)s changed."),
        "contacts.exported": _("%(who)s exported contacts."),
        "contacts.import_undone": _(
            "%(who)s took an import of contacts back: %(removed)s removed, %(restored)s changed back, "
            "%(kept)s left as they are."
        ),
    }
)
