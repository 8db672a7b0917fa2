"""What an expert group recommended for a plan, and what the plan made of it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from events.constraints import all_or_none, one_of
from events.dates import Precision, VagueDate
from events.plans.models import Measure, Plan
from events.tenancy.scoping import TenantModel


class ExpertGroup(TenantModel):
    """A group that was asked for recommendations. Its members are not entered here."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="expert_groups")
    name = models.CharField(_("name"), max_length=200)
    set_up_from = models.DateField(_("set up"), null=True, blank=True)
    set_up_precision = models.CharField(max_length=10, choices=Precision, null=True, blank=True)  # noqa: DJ001
    task = models.TextField(_("task"), blank=True)
    result = models.TextField(_("what came of it"), blank=True)

    class Meta:
        ordering = ("plan", "name", "pk")
        constraints = (
            models.UniqueConstraint(fields=("plan", "name"), name="expert_group_once"),
            all_or_none("expert_group_set_up_with_precision", "set_up_from", "set_up_precision"),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def set_up(self) -> VagueDate | None:
        if self.set_up_from is None:
            return None
        return VagueDate(self.set_up_from, self.set_up_precision or Precision.DAY)


class Verdict(models.TextChoices):
    OPEN = "open", _("not decided")
    ADOPTED = "adopted", _("adopted")
    REJECTED = "rejected", _("rejected")


COLOURS = {Verdict.OPEN: "warning", Verdict.ADOPTED: "success", Verdict.REJECTED: "neutral"}
# A verdict may be corrected, so each may follow each; only a rejection needs a reason.
SUCCESSORS: dict[Verdict, tuple[Verdict, ...]] = {
    verdict: tuple(other for other in Verdict if other != verdict) for verdict in Verdict
}


class Recommendation(TenantModel):
    """One recommendation; an adopted one may be linked to the measures that follow it."""

    Verdict = Verdict

    group = models.ForeignKey(ExpertGroup, on_delete=models.CASCADE, related_name="recommendations")
    number = models.PositiveSmallIntegerField(_("number"))
    text = models.TextField(_("recommendation"))
    verdict = models.CharField(_("what was decided"), max_length=10, choices=Verdict, default=Verdict.OPEN)
    reason = models.TextField(_("reason"), blank=True)
    measures = models.ManyToManyField(
        Measure, through="RecommendationMeasure", related_name="recommendations", blank=True
    )

    class Meta:
        ordering = ("group", "number")
        constraints = (
            models.UniqueConstraint(fields=("group", "number"), name="recommendation_number_once"),
            one_of("recommendation_verdict_known", "verdict", Verdict),
            models.CheckConstraint(
                name="rejected_with_a_reason", condition=~Q(verdict="rejected") | ~Q(reason="")
            ),
        )

    def __str__(self) -> str:
        return f"{self.number}. {self.text}"

    @property
    def colour(self) -> str:
        """The words carry the meaning; the colour only repeats it."""
        return COLOURS[Verdict(self.verdict)]


class RecommendationMeasure(TenantModel):
    """A measure that follows a recommendation."""

    recommendation = models.ForeignKey(Recommendation, on_delete=models.CASCADE, related_name="measure_links")
    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="recommendation_links")

    class Meta:
        ordering = ("recommendation", "measure__number")
        constraints = (
            models.UniqueConstraint(fields=("recommendation", "measure"), name="recommendation_measure_once"),
        )

    def __str__(self) -> str:
        return f"{self.recommendation_id} -> {self.measure_id}"
