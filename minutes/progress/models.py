"""What moved: status notes on measures. The latest note is where a measure stands."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.constraints import one_of
from events.plans.models import Measure
from events.tenancy.scoping import TenantModel, TenantQuerySet
from minutes.records.models import Outcome, Phase


class StatusNoteQuerySet(TenantQuerySet["StatusNote"]):
    def latest_first(self) -> "StatusNoteQuerySet":
        return self.order_by("-noted_at", "-pk")


class StatusNote(TenantModel):
    """A measure's phase from `noted_at` on, and what was done. Written when minutes are approved."""

    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="status_notes")
    phase = models.CharField(_("status"), max_length=20, choices=Phase)
    text = models.TextField(_("what was done"), blank=True)
    noted_at = models.DateTimeField(default=timezone.now)
    outcome = models.OneToOneField(Outcome, null=True, on_delete=models.PROTECT, related_name="status_note")

    objects = StatusNoteQuerySet.as_manager()

    class Meta:
        ordering = ("-noted_at", "-pk")
        indexes = (models.Index(fields=("measure", "-noted_at")),)
        constraints = (one_of("status_note_phase_known", "phase", Phase),)

    def __str__(self) -> str:
        return self.get_phase_display()
