"""What was decided: plans, their focus areas and measures, and who is responsible. What moved: minutes/progress."""

import datetime as dt

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.constraints import all_or_none, one_of
from events.dates import Precision, VagueDate
from events.directory.models import Organisation
from events.tenancy.scoping import TenantModel


class PlanState(models.TextChoices):
    DRAFT = "draft", _("draft")
    ADOPTED = "adopted", _("adopted")
    SUPERSEDED = "superseded", _("superseded")  # its successor was adopted
    ENDED = "ended", _("ended")  # without a successor


# What a plan may become. An end is a fact of the past: nothing follows it.
SUCCESSORS: dict[PlanState, tuple[PlanState, ...]] = {
    PlanState.DRAFT: (PlanState.ADOPTED,),
    PlanState.ADOPTED: (PlanState.SUPERSEDED, PlanState.ENDED),
    PlanState.SUPERSEDED: (),
    PlanState.ENDED: (),
}
OVER = (PlanState.SUPERSEDED, PlanState.ENDED)
PLAN_RULES = (
    models.UniqueConstraint(fields=("tenant", "key"), name="plan_key_once"),
    models.UniqueConstraint(fields=("predecessor",), name="plan_one_successor"),
    one_of("plan_state_known", "state", PlanState),
    all_or_none("plan_period_from_with_precision", "period_from", "period_from_precision"),
    all_or_none("plan_period_to_with_precision", "period_to", "period_to_precision"),
    models.CheckConstraint(
        name="plan_period_in_order",
        condition=Q(period_from__isnull=True)
        | Q(period_to__isnull=True)
        | Q(period_to__gte=models.F("period_from")),
    ),
    models.CheckConstraint(name="plan_not_its_own_predecessor", condition=~Q(predecessor=models.F("id"))),
    models.CheckConstraint(
        name="plan_in_force_says_since_when",
        condition=Q(state="draft") | Q(adopted_on__isnull=False) | Q(decided_on__isnull=False),
    ),
    models.CheckConstraint(
        name="plan_ended_on_a_day",
        condition=Q(state__in=OVER, ended_on__isnull=False) | (~Q(state__in=OVER) & Q(ended_on__isnull=True)),
    ),
)


class Plan(TenantModel):
    """An action plan as adopted. `key` names it in imports, so that a second run finds it."""

    State = PlanState

    key = models.SlugField(_("key"), max_length=80)
    title = models.CharField(_("title"), max_length=300)
    owner = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="plans_owned", verbose_name=_("owner")
    )
    state = models.CharField(_("state"), max_length=12, choices=PlanState, default=PlanState.DRAFT)
    made_with = models.CharField(_("made with"), max_length=200, blank=True)
    adopted_by = models.CharField(_("adopted by"), max_length=200, blank=True)
    adopted_on = models.DateField(_("adopted on"), null=True, blank=True)
    decided_by = models.CharField(_("background decided by"), max_length=200, blank=True)
    decided_on = models.DateField(_("decided on"), null=True, blank=True)
    period_from = models.DateField(_("applies from"), null=True, blank=True)
    period_from_precision = models.CharField(max_length=10, choices=Precision, null=True, blank=True)  # noqa: DJ001
    period_to = models.DateField(_("applies until"), null=True, blank=True)
    period_to_precision = models.CharField(max_length=10, choices=Precision, null=True, blank=True)  # noqa: DJ001
    builds_on = models.CharField(_("builds on"), max_length=300, blank=True)
    builds_on_link = models.URLField(_("address of that plan"), max_length=500, blank=True)
    foreword = models.TextField(_("foreword"), blank=True)
    foreword_by = models.CharField(_("foreword signed by"), max_length=300, blank=True)
    goals = models.JSONField(_("goals"), default=list, blank=True)  # texts, in order
    rule = models.CharField(_("rule for who leads"), max_length=300, blank=True)
    predecessor = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("succeeds")
    )
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    ended_because = models.CharField(_("reason for the end"), max_length=300, blank=True)
    imported_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = (
            Coalesce("adopted_on", "decided_on", "period_from").desc(nulls_first=True),
            "title",
            "pk",
        )
        constraints = PLAN_RULES

    def __str__(self) -> str:
        return self.title

    @property
    def is_draft(self) -> bool:
        return self.state == PlanState.DRAFT

    @property
    def begins(self) -> dt.date | None:
        """The first day known of it, to put plans in order."""
        return self.period_from or self.adopted_on or self.decided_on

    @property
    def applies_from(self) -> VagueDate | None:
        return _vague(self.period_from, self.period_from_precision)

    @property
    def applies_to(self) -> VagueDate | None:
        return _vague(self.period_to, self.period_to_precision)


class FocusArea(TenantModel):
    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="focus_areas")
    number = models.PositiveSmallIntegerField(_("number"))
    title = models.CharField(_("title"), max_length=300)

    class Meta:
        ordering = ("plan", "number")
        constraints = (models.UniqueConstraint(fields=("plan", "number"), name="focus_area_number_once"),)

    def __str__(self) -> str:
        return f"{self.number}. {self.title}"


class Recurrence(models.TextChoices):
    """Whether a measure goes on or is done once; empty where the plan does not say."""

    UNSAID = "", _("the plan does not say")
    STANDING = "standing", _("standing")
    ONE_OFF = "one_off", _("one-off")


class Measure(TenantModel):
    """One measure ("tiltak") with its title as adopted."""

    Recurrence = Recurrence

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="measures")
    focus_area = models.ForeignKey(FocusArea, on_delete=models.PROTECT, related_name="measures")
    number = models.PositiveSmallIntegerField(_("number"))
    title = models.CharField(_("title"), max_length=300)
    aliases = models.JSONField(_("also called"), default=list, blank=True)  # other names, in order
    description = models.TextField(_("description"), blank=True)
    recurrence = models.CharField(
        _("standing or one-off"),
        max_length=10,
        choices=Recurrence,
        default=Recurrence.UNSAID,
        blank=True,
    )
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
            one_of("measure_recurrence_known", "recurrence", Recurrence),
        )

    def __str__(self) -> str:
        return f"{self.number}. {self.title}"

    @property
    def deadline(self) -> VagueDate | None:
        return _vague(self.deadline_from, self.deadline_precision)

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
                condition=Q(part="responsible", position__isnull=False, position__gte=1)
                | (~Q(part="responsible") & Q(position__isnull=True)),
            ),
            models.CheckConstraint(  # so the bodies at the head of the list are the responsible ones, the first leads
                name="responsible_bodies_stand_first",
                condition=~Q(part="responsible") | Q(position=models.F("order")),
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


class PossibleMeasure(TenantModel):
    """A measure that the plan mentions as possible (its catalogue), and what it became when it was taken in."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="possible_measures")
    position = models.PositiveSmallIntegerField()
    title = models.CharField(_("title"), max_length=300)
    taken_as = models.OneToOneField(
        Measure, null=True, blank=True, on_delete=models.SET_NULL, related_name="taken_from"
    )

    class Meta:
        ordering = ("plan", "position", "pk")
        constraints = (models.UniqueConstraint(fields=("plan", "title"), name="possible_measure_once"),)

    def __str__(self) -> str:
        return self.title


def _vague(first: dt.date | None, precision: str | None) -> VagueDate | None:
    return None if first is None else VagueDate(first, precision or Precision.DAY)
