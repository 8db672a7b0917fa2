"""What was decided: plans, their focus areas and measures, and who is responsible. What moved: minutes/progress."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.constraints import all_or_none, one_of
from events.dates import Precision, VagueDate
from events.directory.models import Organisation
from events.tenancy.scoping import TenantModel


class Plan(TenantModel):
    """An action plan as adopted. `key` names it in imports, so that a second run finds it."""

    key = models.SlugField(_("key"), max_length=80)
    title = models.CharField(_("title"), max_length=300)
    owner = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="plans_owned", verbose_name=_("owner")
    )
    made_with = models.CharField(_("made with"), max_length=200, blank=True)
    adopted_by = models.CharField(_("background decided by"), max_length=200, blank=True)
    adopted_on = models.DateField(_("decided on"), null=True, blank=True)
    builds_on = models.CharField(_("builds on"), max_length=300, blank=True)
    foreword_by = models.CharField(_("foreword signed by"), max_length=300, blank=True)
    rule = models.CharField(_("rule for who leads"), max_length=300, blank=True)
    possible_measures = models.JSONField(_("possible measures"), default=list)
    imported_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-adopted_on", "title", "pk")
        constraints = (models.UniqueConstraint(fields=("tenant", "key"), name="plan_key_once"),)

    def __str__(self) -> str:
        return self.title


class FocusArea(TenantModel):
    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="focus_areas")
    number = models.PositiveSmallIntegerField(_("number"))
    title = models.CharField(_("title"), max_length=300)

    class Meta:
        ordering = ("plan", "number")
        constraints = (models.UniqueConstraint(fields=("plan", "number"), name="focus_area_number_once"),)

    def __str__(self) -> str:
        return f"{self.number}. {self.title}"


class Measure(TenantModel):
    """One measure ("tiltak") with its title as adopted."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="measures")
    focus_area = models.ForeignKey(FocusArea, on_delete=models.PROTECT, related_name="measures")
    number = models.PositiveSmallIntegerField(_("number"))
    title = models.CharField(_("title"), max_length=300)
    deadline_from = models.DateField(_("deadline"), null=True, blank=True)
    deadline_precision = models.CharField(max_length=10, choices=Precision, null=True, blank=True)  # noqa: DJ001
    national_measure = models.PositiveSmallIntegerField(_("national measure"), null=True, blank=True)
    to_be_considered = models.BooleanField(_("to be considered"), default=False)
    note = models.CharField(_("note"), max_length=300, blank=True)
    about_individuals = models.BooleanField(  # trap 9: the product holds the measure, never a person's case
        _("about individuals"), default=False
    )

    class Meta:
        ordering = ("plan", "number")
        constraints = (
            models.UniqueConstraint(fields=("plan", "number"), name="measure_number_once"),
            all_or_none("measure_deadline_with_precision", "deadline_from", "deadline_precision"),
        )

    def __str__(self) -> str:
        return f"{self.number}. {self.title}"

    @property
    def deadline(self) -> VagueDate | None:
        if self.deadline_from is None:
            return None
        return VagueDate(self.deadline_from, self.deadline_precision or Precision.DAY)

    @property
    def lead(self) -> "Responsibility | None":
        """The first listed responsible body leads (the plan's own rule). Prefetch `responsibilities` for lists."""
        return next((r for r in self.responsibilities.all() if r.position == 1), None)


class ResponsibilityPart(models.TextChoices):
    RESPONSIBLE = "responsible", _("responsible")
    WITH = "with", _("with")
    COOPERATION = "cooperation", _("in cooperation with")
    IN_TEXT = "in_text", _("partner named in the text")
    OTHERS = "others", _("others, open-ended")


class ResponsibilityLabel(models.TextChoices):
    EXECUTION = "U", _("responsible for execution")
    FOLLOW_UP = "O", _("responsible for follow-up")
    FOLLOWS = "F", _("follow-up")


class Responsibility(TenantModel):
    """A body's part in a measure, in the order of the plan; position 1 is the lead.

    "med" and "i samarbeid med" mark helpers, which have no position (traps 2-4 of the demo data).
    """

    Part = ResponsibilityPart
    Label = ResponsibilityLabel

    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="responsibilities")
    part = models.CharField(_("part"), max_length=20, choices=Part)
    position = models.PositiveSmallIntegerField(_("position"), null=True, blank=True)
    order = models.PositiveSmallIntegerField(_("order"))
    label = models.CharField(_("label"), max_length=1, choices=Label)
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="responsibilities"
    )
    unit = models.CharField(_("unit"), max_length=200, blank=True)
    name_as_written = models.CharField(_("name as written"), max_length=200)

    class Meta:
        ordering = ("measure", "order")
        verbose_name_plural = "responsibilities"
        constraints = (
            models.UniqueConstraint(fields=("measure", "order"), name="responsibility_order_once"),
            models.UniqueConstraint(fields=("measure", "position"), name="responsibility_one_lead"),
            models.CheckConstraint(
                name="only_responsible_bodies_have_a_position",
                condition=Q(part="responsible", position__gte=1)
                | (~Q(part="responsible") & Q(position__isnull=True)),
            ),
            models.CheckConstraint(
                name="only_others_lack_an_organisation",
                condition=Q(part="others") | Q(organisation__isnull=False),
            ),
            one_of("responsibility_part_known", "part", ResponsibilityPart),
            one_of("responsibility_label_known", "label", ResponsibilityLabel),
        )

    def __str__(self) -> str:
        return self.name_as_written
