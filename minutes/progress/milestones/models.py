"""The steps of a measure that somebody wants to see reached."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from events.constraints import all_or_none
from events.dates import Precision, VagueDate
from events.directory.models import Contact, Organisation
from events.plans.models import Measure
from events.tenancy.scoping import TenantModel, TenantQuerySet


class MilestoneQuerySet(TenantQuerySet["Milestone"]):
    def open(self) -> Self:
        return self.filter(reached_on__isnull=True)


class Milestone(TenantModel):
    """`owner` is the name as written; at most one of the links says who that is. Who may not see guests reads bodies
    only, never a person's name.
    """

    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="milestones")
    title = models.CharField(_("title"), max_length=300)
    owner = models.CharField(_("who"), max_length=200, blank=True)
    owner_organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    owner_contact = models.ForeignKey(
        Contact, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    due_from = models.DateField(_("by when"), null=True, blank=True)
    due_precision = models.CharField(max_length=10, choices=Precision, null=True, blank=True)  # noqa: DJ001
    reached_on = models.DateField(_("reached on"), null=True, blank=True)

    objects = MilestoneQuerySet.as_manager()

    class Meta:
        ordering = (models.F("due_from").asc(nulls_last=True), "pk")
        constraints = (
            all_or_none("milestone_due_with_precision", "due_from", "due_precision"),
            models.CheckConstraint(
                name="milestone_one_owner",
                condition=Q(owner_organisation__isnull=True) | Q(owner_contact__isnull=True),
            ),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def due(self) -> VagueDate | None:
        return VagueDate(self.due_from, self.due_precision or Precision.DAY) if self.due_from else None

    @property
    def is_reached(self) -> bool:
        return self.reached_on is not None

    def owner_for(self, *, names: bool) -> str:
        """The owner as somebody may read it who sees `names` of people, or bodies only."""
        return self.owner if names or self.owner_organisation_id else ""
