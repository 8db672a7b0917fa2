"""Changes to focus areas and measures, by hand."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy

from events import audit
from events.plans.editing.services import changed_facts, note_change, refuse_without_reason, saved
from events.plans.editing.uses import uses_of
from events.plans.models import FocusArea, Measure, Plan, PossibleMeasure
from events.tenancy.models import User


class InUse(Exception):
    """It cannot be removed; `uses` says in words what hangs on it."""

    def __init__(self, uses: list[str]) -> None:
        super().__init__(uses)
        self.uses = uses


@transaction.atomic
def add_area(plan: Plan, *, by: User | None, facts: dict[str, Any]) -> FocusArea:
    """Raises Taken when the number is."""
    row = FocusArea(tenant_id=plan.tenant_id, plan=plan, **facts)
    saved(row)
    audit.record("area.added", row, by=by, title=str(row))
    return row


@transaction.atomic
def change_area(area: FocusArea, *, by: User | None, facts: dict[str, Any], reason: str = "") -> bool:
    """False, and writes nothing, when all is as it was. Raises Taken, ReasonNeeded."""
    return _change("area", area, by=by, facts=facts, reason=reason)


@transaction.atomic
def remove_area(area: FocusArea, *, by: User | None) -> None:
    """Raises InUse while measures stand in it."""
    numbers = [str(measure) for measure in area.measures.all()]
    if numbers:
        raise InUse(numbers)
    audit.record("area.removed", area, by=by, title=str(area))
    area.delete()


@transaction.atomic
def add_measure(
    plan: Plan, *, by: User | None, facts: dict[str, Any], possible: PossibleMeasure | None = None
) -> Measure:
    """`possible` is the entry of the catalogue it was taken from. Raises Taken; ValueError for another plan's area."""
    _refuse_strangers(plan, facts)
    row = Measure(tenant_id=plan.tenant_id, plan=plan, **facts)
    saved(row)
    if possible is not None:
        entries = PossibleMeasure.objects.of(plan.tenant_id).filter(pk=possible.pk, plan=plan)
        entries.filter(taken_as__isnull=True).update(taken_as=row)
    audit.record("measure.added", row, by=by, title=str(row))
    return row


@transaction.atomic
def change_measure(measure: Measure, *, by: User | None, facts: dict[str, Any], reason: str = "") -> bool:
    """False, and writes nothing, when all is as it was. Raises Taken, ReasonNeeded."""
    _refuse_strangers(measure.plan, facts)
    return _change("measure", measure, by=by, facts=facts, reason=reason)


@transaction.atomic
def remove_measure(measure: Measure, *, by: User | None) -> None:
    """Takes a measure out that nothing hangs on. Raises InUse. A second call does nothing."""
    rows = Measure.objects.of(measure.tenant_id).select_for_update().filter(pk=measure.pk)
    if rows.first() is None:
        return
    if uses := uses_of(measure):
        raise InUse(uses)
    audit.record("measure.removed", measure, by=by, title=str(measure))
    measure.delete()


def _change(what: str, row: Any, *, by: User | None, facts: dict[str, Any], reason: str) -> bool:
    other = changed_facts(row, facts)
    if not other:
        return False
    old = str(row)
    refuse_without_reason(row.plan, other, reason)
    for name, value in other.items():
        setattr(row, name, value)
    saved(row)
    note_change(what, row, by=by, other=other, old=old, reason=reason)
    return True


def _refuse_strangers(plan: Plan, facts: dict[str, Any]) -> None:
    if facts["focus_area"].plan_id != plan.pk:
        raise ValueError("a focus area of another plan")


audit.register(
    {
        "area.added": gettext_lazy("%(who)s added the focus area “%(title)s”."),
        "area.changed": gettext_lazy("%(who)s changed the focus area “%(title)s”."),
        "area.removed": gettext_lazy("%(who)s removed the focus area “%(title)s”."),
        "measure.added": gettext_lazy("%(who)s added the measure “%(title)s”."),
        "measure.changed": gettext_lazy("%(who)s changed the measure “%(title)s”."),
        "measure.removed": gettext_lazy("%(who)s removed the measure “%(title)s”."),
    }
)
