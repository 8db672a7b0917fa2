"""What is measured of a plan or of one measure: an indicator, and its value in each year or month."""

from django.db import models
from django.db.models import Q
from django.utils import formats
from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _

from events.constraints import all_or_none, one_of
from events.dates import Precision, VagueDate
from events.plans.models import Measure, Plan
from events.tenancy.scoping import TenantModel

FIRST_YEAR, LAST_YEAR = 1900, 2200
DIGITS, PLACES = 14, 2  # up to 999 999 999 999.99


class Rhythm(models.TextChoices):
    YEARLY = "yearly", _("every year")
    MONTHLY = "monthly", _("every month")


class Direction(models.TextChoices):
    """Which way the figure should go."""

    UP = "up", _("up")
    DOWN = "down", _("down")
    NONE = "none", _("neither, it is only followed")


class Indicator(TenantModel):
    """What is measured, how, and by whom. A `measure` is of the same plan; without one the indicator is of the plan.

    With a `whole` it is a part of that other indicator, and what is shown, judged and aimed at is the share in percent.
    """

    Rhythm = Rhythm
    Direction = Direction

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="indicators")
    measure = models.ForeignKey(
        Measure, null=True, blank=True, on_delete=models.CASCADE, related_name="indicators"
    )
    name = models.CharField(_("name"), max_length=200)
    definition = models.TextField(_("definition"), blank=True)
    unit = models.CharField(_("unit"), max_length=60, blank=True)
    source = models.CharField(_("source"), max_length=300, blank=True)
    rhythm = models.CharField(_("how often"), max_length=10, choices=Rhythm, default=Rhythm.YEARLY)
    direction = models.CharField(
        _("wished direction"), max_length=10, choices=Direction, default=Direction.NONE
    )
    whole = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="parts",
        verbose_name=_("part of"),
    )
    goal = models.DecimalField(_("goal"), max_digits=DIGITS, decimal_places=PLACES, null=True, blank=True)
    goal_from = models.DateField(_("goal by"), null=True, blank=True)
    goal_precision = models.CharField(max_length=10, choices=Precision, null=True, blank=True)  # noqa: DJ001

    class Meta:
        ordering = ("plan", "name", "pk")
        constraints = (
            models.UniqueConstraint(fields=("plan", "name"), name="indicator_name_once"),
            one_of("indicator_rhythm_known", "rhythm", Rhythm),
            one_of("indicator_direction_known", "direction", Direction),
            all_or_none("indicator_goal_day_with_precision", "goal_from", "goal_precision"),
            models.CheckConstraint(
                name="indicator_goal_day_with_goal",
                condition=Q(goal_from__isnull=True) | Q(goal__isnull=False),
            ),
            models.CheckConstraint(
                name="indicator_goal_not_negative", condition=Q(goal__isnull=True) | Q(goal__gte=0)
            ),
            models.CheckConstraint(name="indicator_not_its_own_whole", condition=~Q(whole=models.F("id"))),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def goal_by(self) -> VagueDate | None:
        return VagueDate(self.goal_from, self.goal_precision or Precision.DAY) if self.goal_from else None

    @property
    def is_monthly(self) -> bool:
        return self.rhythm == Rhythm.MONTHLY


class IndicatorValue(TenantModel):
    """The figure of one year (`month` is 0) or of one month. Never negative: what is counted here cannot be."""

    indicator = models.ForeignKey(Indicator, on_delete=models.CASCADE, related_name="figures")
    year = models.PositiveSmallIntegerField(_("year"))
    month = models.PositiveSmallIntegerField(_("month"), default=0)
    value = models.DecimalField(_("value"), max_digits=DIGITS, decimal_places=PLACES)

    class Meta:
        ordering = ("indicator", "year", "month")
        constraints = (
            models.UniqueConstraint(fields=("indicator", "year", "month"), name="indicator_period_once"),
            models.CheckConstraint(name="indicator_value_not_negative", condition=Q(value__gte=0)),
            models.CheckConstraint(name="indicator_month_of_a_year", condition=Q(month__lte=12)),
            models.CheckConstraint(
                name="indicator_year_of_our_time", condition=Q(year__gte=FIRST_YEAR, year__lte=LAST_YEAR)
            ),
        )

    def __str__(self) -> str:
        return f"{period_words(self.year, self.month)}: {formats.localize(self.value)}"

    @property
    def period(self) -> tuple[int, int]:
        return self.year, self.month


def period_words(year: int, month: int) -> str:
    """ "2014", or "oktober 2014" in the active language."""
    return f"{MONTHS[month]} {year}" if month else str(year)
