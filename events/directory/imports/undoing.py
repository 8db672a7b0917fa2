"""Taking an import back, as far as nobody built on it since."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, models, transaction
from django.utils import timezone

from events import audit
from events.directory.imports.models import ChangeKind, ImportBatch, ImportChange
from events.directory.imports.sealing import sealed
from events.directory.imports.writing import TOGETHER, updated
from events.directory.models import Contact, Organisation
from events.tenancy.models import User

DATES = ("valid_from", "valid_until")


@transaction.atomic
def undo(batch: ImportBatch, *, by: User | None) -> ImportBatch:
    """Removes what the batch added and puts back what it changed. A second call does nothing.

    What was used since (invited, say) or changed since stays as it is; `kept` of the batch then says which and why.
    """
    mine = ImportBatch.objects.of(batch.tenant_id).filter(pk=batch.pk)
    if mine.filter(undone_at__isnull=True).update(undone_at=timezone.now(), undone_by=by):
        undoing = _Undoing(batch)
        undoing.contacts()
        undoing.organisations()
        mine.update(kept=undoing.kept)
        counts = {"removed": undoing.removed, "restored": undoing.restored, "kept": len(undoing.kept)}
        audit.record("contacts.import_undone", batch, by=by, **counts)
    return mine.get()


class _Undoing:
    def __init__(self, batch: ImportBatch) -> None:
        self.batch = batch
        self.kept: list[dict[str, Any]] = []
        self.removed = self.restored = 0

    def contacts(self) -> None:
        added = self._untouched(ChangeKind.CONTACT_ADDED, "contact")
        used = _used(Contact, self.batch, ChangeKind.CONTACT_ADDED, "contact")
        free = [change for change in added if change.contact_id not in used]
        self._keep("used", [change for change in added if change.contact_id in used])
        self._remove(Contact, [change.contact_id for change in free])
        self._restore(self._untouched(ChangeKind.CONTACT_CHANGED, "contact"))

    def organisations(self) -> None:
        added = self._untouched(ChangeKind.ORGANISATION_ADDED, "organisation")
        used = _used(Organisation, self.batch, ChangeKind.ORGANISATION_ADDED, "organisation")
        self._keep("used", [change for change in added if change.organisation_id in used])
        self._remove(
            Organisation, [change.organisation_id for change in added if change.organisation_id not in used]
        )

    def _untouched(self, kind: ChangeKind, row: str) -> list[ImportChange]:
        """The changes whose row is as the import left it; the others are kept."""
        changes = list(self.batch.changes.filter(kind=kind).select_related(row))
        same = [change for change in changes if sealed(getattr(change, row)) == change.after]
        still = {change.pk for change in same}
        self._keep("changed", [change for change in changes if change.pk not in still])
        return same

    def _keep(self, why: str, changes: Iterable[ImportChange]) -> None:
        self.kept += [{"change": change.pk, "why": why} for change in changes]

    def _remove(self, model: type[Contact] | type[Organisation], ids: list[Any]) -> None:
        for start in range(0, len(ids), TOGETHER):
            model.objects.of(self.batch.tenant_id).filter(pk__in=ids[start : start + TOGETHER]).delete()
        self.removed += len(ids)

    def _restore(self, changes: list[ImportChange]) -> None:
        """All together; where an old name and address are taken by now, one by one, and those stay."""
        here = _existing_organisations(self.batch, changes)
        able = [change for change in changes if change.before.get("organisation") in here]
        self._keep("gone", [change for change in changes if change not in able])
        rows = [_as_before(change) for change in able]
        try:
            with transaction.atomic():
                updated(rows)
            self.restored += len(rows)
        except IntegrityError:
            for change, row in zip(able, rows, strict=True):
                self._restore_one(change, row)

    def _restore_one(self, change: ImportChange, row: Contact) -> None:
        try:
            with transaction.atomic():
                row.save()
            self.restored += 1
        except IntegrityError:
            self._keep("taken", [change])


def _as_before(change: ImportChange) -> Contact:
    contact = change.contact
    assert contact is not None  # noqa: S101 (the database's own constraint says so)
    for name, old in change.before.items():
        if name == "organisation":
            contact.organisation_id = old
        else:
            setattr(contact, name, dt.date.fromisoformat(old) if old and name in DATES else old)
    return contact


def _existing_organisations(batch: ImportBatch, changes: list[ImportChange]) -> set[int | None]:
    wanted = {change.before.get("organisation") for change in changes}
    ids = [pk for pk in wanted if pk is not None]
    found: set[int | None] = {None}
    for start in range(0, len(ids), TOGETHER):
        some = ids[start : start + TOGETHER]
        found |= set(
            Organisation.objects.of(batch.tenant_id).filter(pk__in=some).values_list("pk", flat=True)
        )
    return found


def _used(model: type[models.Model], batch: ImportBatch, kind: ChangeKind, row: str) -> set[int]:
    """Ids of the batch's added rows that any other row refers to, whatever room that row belongs to."""
    mine = ImportChange.objects.of(batch.tenant_id).filter(batch=batch, kind=kind).values(row)
    used: set[int] = set()
    for relation in model._meta.get_fields(include_hidden=True):
        if not (
            relation.auto_created and not relation.concrete and (relation.one_to_many or relation.one_to_one)
        ):
            continue
        other: Any = relation.related_model
        if other is ImportChange:
            continue
        rows = other.objects.of(batch.tenant_id) if hasattr(other.objects, "of") else other.objects
        name = relation.field.name  # type: ignore[union-attr]
        used |= set(rows.filter(**{f"{name}__in": mine}).values_list(name, flat=True))
    return used
