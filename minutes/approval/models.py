"""Approved minutes, frozen."""

from typing import Any, NoReturn

from django.db import models
from django.utils import timezone

from events.tenancy.models import User
from events.tenancy.scoping import TenantModel
from minutes.records.models import Minutes


class MinutesVersion(TenantModel):
    """The minutes as approved: canonical JSON (RFC 8785 order and spacing) and its SHA-256. Never changed (rule 9)."""

    minutes = models.ForeignKey(Minutes, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    canonical = models.TextField()
    sha256 = models.CharField(max_length=64)
    approved_at = models.DateTimeField(default=timezone.now)
    approved_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    approver_name = models.CharField(max_length=200)
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ("minutes", "-number")
        constraints = (models.UniqueConstraint(fields=("minutes", "number"), name="minutes_version_once"),)

    def __str__(self) -> str:
        return f"{self.minutes} v{self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("approved minutes never change; a correction is a new version")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("approved minutes never change; a correction is a new version")
