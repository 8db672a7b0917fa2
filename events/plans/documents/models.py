"""The plan's own document, as it was adopted: a file beside what is entered of it."""

import secrets

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.plans.models import Plan
from events.tenancy.models import User
from events.tenancy.scoping import TenantModel


def document_path(document: "PlanDocument", _name: str) -> str:
    """A random place in the media store: nothing that a person typed becomes a path."""
    return f"plans/{document.tenant_id}/{secrets.token_hex(16)}"


class PlanDocument(TenantModel):
    """A file of a plan. `sha256` is of the bytes as they were uploaded; a download is checked against it."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="documents")
    name = models.CharField(_("file name"), max_length=120)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    file = models.FileField(upload_to=document_path, max_length=120)
    added_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("plan", "added_at", "pk")
        constraints = (models.UniqueConstraint(fields=("plan", "name"), name="plan_document_name_once"),)

    def __str__(self) -> str:
        return self.name
