"""What became of a plan's measures in the plan that follows it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from events.constraints import one_of
from events.plans.models import Measure
from events.tenancy.scoping import TenantModel


class Fate(models.TextChoices):
    """How a measure goes on. Kept and renamed are one to one, merged many to one, split one to many."""

    KEPT = "kept", _("kept")
    RENAMED = "renamed", _("renamed")
    MERGED = "merged", _("merged with others")
    SPLIT = "split", _("split")
    ENDED = "ended", _("ended")


class MeasureStep(TenantModel):
    """One step from an old measure to a new one; an ended measure has no new one, and a reason."""

    Fate = Fate

    old = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="steps_on")
    new = models.ForeignKey(
        Measure, null=True, blank=True, on_delete=models.CASCADE, related_name="steps_from"
    )
    fate = models.CharField(_("what became of it"), max_length=10, choices=Fate)
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta:
        ordering = ("old", "new__number", "pk")
        constraints = (
            one_of("measure_step_fate_known", "fate", Fate),
            models.CheckConstraint(
                name="ended_measure_leads_nowhere",
                condition=Q(fate="ended", new__isnull=True) | (~Q(fate="ended") & Q(new__isnull=False)),
            ),
            models.CheckConstraint(
                name="ended_measure_with_a_reason", condition=~Q(fate="ended") | ~Q(reason="")
            ),
            models.CheckConstraint(name="measure_step_goes_on", condition=~Q(old=models.F("new"))),
            models.UniqueConstraint(fields=("old", "new"), name="measure_step_once"),
            models.UniqueConstraint(
                fields=("old",), condition=~Q(fate="split"), name="measure_goes_on_once_unless_split"
            ),
            models.UniqueConstraint(
                fields=("new",),
                condition=Q(fate__in=("kept", "renamed", "split")),
                name="measure_has_one_origin_unless_merged",
            ),
        )

    def __str__(self) -> str:
        return f"{self.old_id} -> {self.new_id}: {self.fate}"
