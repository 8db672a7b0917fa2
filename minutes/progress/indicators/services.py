"""Changes to indicators and their values, each with an audit entry."""

from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from events import audit
from events.plans.models import Measure, Plan
from events.tenancy.models import User
from minutes.progress.indicators.models import Indicator, IndicatorValue


class NameTaken(Exception):
    """The plan has an indicator of this name already."""


class PeriodTaken(Exception):
    """The indicator has a value for this period already; it is changed on its own page."""


class InUse(Exception):
    """Values or other indicators hang on it."""


@transaction.atomic
def add_indicator(
    plan: Plan, *, by: User | None, facts: dict[str, Any], measure: Measure | None = None
) -> Indicator:
    """`facts` are fields of the model. Raises NameTaken; ValueError for a measure or a whole of another plan."""
    row = Indicator(tenant_id=plan.tenant_id, plan=plan, measure=measure, **facts)
    if measure is not None and measure.plan_id != plan.pk:
        raise ValueError("a measure of another plan")
    _save(row)
    audit.record("indicator.added", row, by=by, title=row.name)
    return row


@transaction.atomic
def change_indicator(indicator: Indicator, *, by: User | None, facts: dict[str, Any]) -> bool:
    """False, and writes nothing, when all is as it was. Raises NameTaken; InUse when values or parts fix the rhythm."""
    row = _locked(indicator)
    other = {name: value for name, value in facts.items() if getattr(row, name) != value}
    if not other:
        return False
    if "rhythm" in other and (row.figures.exists() or row.parts.exists()):
        raise InUse
    for name, value in other.items():
        setattr(row, name, value)
    _save(row)
    audit.record("indicator.changed", row, by=by, title=row.name)
    return True


@transaction.atomic
def remove_indicator(indicator: Indicator, *, by: User | None) -> None:
    """Takes one away that was made by mistake. Raises InUse when it has values or parts. A second call does nothing."""
    rows = Indicator.objects.of(indicator.tenant_id).select_for_update().filter(pk=indicator.pk)
    row = rows.first()
    if row is None:
        return
    if row.figures.exists() or row.parts.exists():
        raise InUse
    audit.record("indicator.removed", row, by=by, title=row.name)
    row.delete()


@transaction.atomic
def add_value(
    indicator: Indicator, *, by: User | None, year: int, month: int, value: Decimal
) -> IndicatorValue:
    """The figure of a year (`month` 0) or of a month. Raises PeriodTaken, also for the second of two calls at once;
    ValueError for a month of a yearly indicator, or a year of a monthly one.
    """
    row = _locked(indicator)
    if row.is_monthly != bool(month):
        raise ValueError("a period of another length")
    try:
        with transaction.atomic():
            figure = IndicatorValue.objects.create(
                tenant_id=row.tenant_id, indicator=row, year=year, month=month, value=value
            )
    except IntegrityError as error:
        if not row.figures.filter(year=year, month=month).exists():
            raise  # not the period: a value that the database refuses for another reason
        raise PeriodTaken from error
    audit.record("indicator.value_added", row, by=by, title=row.name, period=iso(figure), new=str(value))
    return figure


@transaction.atomic
def change_value(figure: IndicatorValue, *, by: User | None, value: Decimal) -> bool:
    """False, and writes nothing, when it is the same, or when the value is gone."""
    rows = IndicatorValue.objects.of(figure.tenant_id).select_for_update(of=("self",))
    row = rows.select_related("indicator").filter(pk=figure.pk).first()
    if row is None or row.value == value:
        return False
    facts = {"title": row.indicator.name, "period": iso(row), "old": str(row.value), "new": str(value)}
    row.value = value
    row.save()
    audit.record("indicator.value_changed", row.indicator, by=by, **facts)
    return True


@transaction.atomic
def remove_value(figure: IndicatorValue, *, by: User | None) -> bool:
    """False when it is gone already. What it was stands in the audit trail."""
    rows = IndicatorValue.objects.of(figure.tenant_id).select_for_update(of=("self",))
    row = rows.select_related("indicator").filter(pk=figure.pk).first()
    if row is None:
        return False
    facts = {"title": row.indicator.name, "period": iso(row), "old": str(row.value)}
    audit.record("indicator.value_removed", row.indicator, by=by, **facts)
    row.delete()
    return True


def iso(figure: IndicatorValue) -> str:
    return f"{figure.year}-{figure.month:02}" if figure.month else str(figure.year)


def _locked(indicator: Indicator) -> Indicator:
    return Indicator.objects.of(indicator.tenant_id).select_for_update().get(pk=indicator.pk)


def _save(row: Indicator) -> None:
    whole = row.whole
    if whole is not None and (whole.plan_id != row.plan_id or whole.rhythm != row.rhythm):
        raise ValueError("the whole is of another plan, or of another rhythm")
    if whole is not None and (whole.whole_id or (row.pk and row.parts.exists())):
        raise ValueError("a part has no parts of its own")
    same = Indicator.objects.of(row.tenant_id).filter(plan=row.plan_id, name=row.name).exclude(pk=row.pk)
    if same.exists():
        raise NameTaken
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:  # two people saved at once
        if not same.exists():
            raise
        raise NameTaken from error


audit.register(
    {
        "indicator.added": _("%(who)s added the indicator “%(title)s”."),
        "indicator.changed": _("%(who)s changed the indicator “%(title)s”."),
        "indicator.removed": _("%(who)s removed the indicator “%(title)s”."),
        "indicator.value_added": _("%(who)s entered %(new)s for %(period)s in “%(title)s”."),
        "indicator.value_changed": _(
            "%(who)s changed the value for %(period)s in “%(title)s” from %(old)s to %(new)s."
        ),
        "indicator.value_removed": _("%(who)s deleted the value %(old)s for %(period)s in “%(title)s”."),
    }
)
