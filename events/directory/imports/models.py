"""What an import did, so that it can be seen and taken back, and what waits between two of its pages."""

import datetime as dt
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.constraints import one_of
from events.directory.models import Contact, Organisation
from events.tenancy.models import User
from events.tenancy.scoping import TenantModel, TenantQuerySet

DRAFT_LIFE = dt.timedelta(days=1)


class ImportDraftQuerySet(TenantQuerySet["ImportDraft"]):
    def fresh(self) -> Self:
        return self.filter(created_at__gt=timezone.now() - DRAFT_LIFE)

    def stale(self) -> Self:
        return self.filter(created_at__lte=timezone.now() - DRAFT_LIFE)


class ImportDraft(TenantModel):
    """A list somebody uploaded and has not imported yet. Theirs alone, and gone after a day."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    source = models.CharField(max_length=200)
    table = models.JSONField()
    columns = models.JSONField()
    created_at = models.DateTimeField(default=timezone.now, db_index=True)

    objects = ImportDraftQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at", "-pk")

    def __str__(self) -> str:
        return self.source


class ImportBatch(TenantModel):
    """One import: who, when, from what, and how many contacts and organisations it added and changed."""

    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    source = models.CharField(_("from"), max_length=200)
    created_at = models.DateTimeField(default=timezone.now)
    added = models.PositiveIntegerField()
    changed = models.PositiveIntegerField()
    unchanged = models.PositiveIntegerField()
    organisations = models.PositiveIntegerField(default=0)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    kept = models.JSONField(default=list)  # ids of the changes that an undo left as they were, and why

    class Meta:
        ordering = ("-created_at", "-pk")
        indexes = (models.Index(fields=("tenant", "-created_at")),)
        constraints = (
            models.CheckConstraint(
                name="import_undone_by_only_when_undone",
                condition=Q(undone_by__isnull=True) | Q(undone_at__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return self.source


class ChangeKind(models.TextChoices):
    CONTACT_ADDED = "contact_added", _("contact added")
    CONTACT_CHANGED = "contact_changed", _("contact changed")
    ORGANISATION_ADDED = "organisation_added", _("organisation added")


class ImportChange(TenantModel):
    """One contact or organisation that a batch added or changed. Goes with its row, so that no erased fact stays."""

    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="changes")
    kind = models.CharField(max_length=20, choices=ChangeKind)
    contact = models.ForeignKey(Contact, null=True, on_delete=models.CASCADE, related_name="+")
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.CASCADE, related_name="+")
    before = models.JSONField(default=dict)  # the values it replaced, by field
    after = models.CharField(max_length=40)  # a digest of the row as the import left it

    class Meta:
        ordering = ("pk",)
        constraints = (
            one_of("import_change_kind_known", "kind", ChangeKind),
            models.CheckConstraint(
                name="import_change_of_one_row",
                condition=Q(kind="organisation_added", organisation__isnull=False, contact__isnull=True)
                | Q(
                    kind__in=("contact_added", "contact_changed"),
                    contact__isnull=False,
                    organisation__isnull=True,
                ),
            ),
        )

    def __str__(self) -> str:
        return str(self.get_kind_display())
