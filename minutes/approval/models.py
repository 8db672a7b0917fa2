"""Approved minutes, frozen; and the numbers that decisions get with the approval."""

from typing import Any, NoReturn

from django.db import models
from django.utils import timezone

from events.tenancy.models import User
from events.tenancy.scoping import TenantModel
from minutes.records.models import Minutes, Outcome


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


class DecisionCounter(TenantModel):
    """The last number given to a decision of a body in a year; held by who numbers, until that is committed."""

    series = models.BigIntegerField()  # the host body's id when it was numbered; 0: the tenant itself
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("series", "year")
        constraints = (
            models.UniqueConstraint(fields=("tenant", "series", "year"), name="decision_counter_once"),
        )

    def __str__(self) -> str:
        return f"{self.last}/{self.year}"


class DecisionNumber(TenantModel):
    """The number of an approved decision: per body and year, without gaps. A correction keeps it.

    `series` is no foreign key: a body that is merged into another keeps the numbers it gave.
    """

    outcome = models.OneToOneField(Outcome, on_delete=models.PROTECT, related_name="decision_number")
    series = models.BigIntegerField()
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()

    class Meta:
        ordering = ("series", "year", "number")
        constraints = (
            models.UniqueConstraint(
                fields=("tenant", "series", "year", "number"), name="decision_number_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.number}/{self.year}"
