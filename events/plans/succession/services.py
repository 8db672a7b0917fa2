"""A plan that follows another: made with its measures, and what became of each of them."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events import audit
from events.plans.editing.services import key_for, saved
from events.plans.models import FocusArea, Measure, Plan, Responsibility
from events.plans.predecessors import refuse_wrong_order, successor_of
from events.plans.succession.models import Fate, MeasureStep
from events.tenancy.models import User

ONE_TO_ONE = (Fate.KEPT, Fate.RENAMED)
COPIED = ("number", "title", "aliases", "description", "recurrence", "national_measure", "to_be_considered")


class NotPossible(Exception):
    """A step that does not fit the others; `str()` says why, in the active language."""


@transaction.atomic
def succeed(plan: Plan, *, by: User | None, title: str) -> Plan:
    """A draft with the focus areas, measures and bodies of `plan`, each measure as kept. Deadlines are not copied.

    A second call returns the draft that is there. Raises Taken when a plan of another line has the title.
    """
    Plan.objects.of(plan.tenant_id).select_for_update().get(pk=plan.pk)
    if there := successor_of(plan):
        return there
    refuse_wrong_order(None, plan)
    facts = {"owner": plan.owner, "made_with": plan.made_with, "rule": plan.rule, "goals": plan.goals}
    new = Plan(tenant_id=plan.tenant_id, key=_free_key(plan, title), title=title, predecessor=plan, **facts)
    saved(new)
    areas = {area.pk: _copy_area(area, new) for area in plan.focus_areas.all()}
    for measure in plan.measures.prefetch_related("responsibilities"):
        _copy_measure(measure, new, areas[measure.focus_area_id])
    audit.record("plan.succeeded", new, by=by, title=title, old=plan.title)
    return new


@transaction.atomic
def say_fate(
    old: Measure, *, by: User | None, fate: str, new: Iterable[Measure] = (), reason: str = ""
) -> bool:
    """Says what became of `old` in the plan that follows, instead of what was said before.

    False, and writes nothing, when that was said already. Raises NotPossible.
    """
    Measure.objects.of(old.tenant_id).select_for_update().get(pk=old.pk)
    wanted = {measure.pk: measure for measure in new}
    _refuse(old, fate, list(wanted.values()), reason)
    steps = MeasureStep.objects.of(old.tenant_id).filter(old=old)
    said = {(step.fate, step.new_id, step.reason) for step in steps}
    asked = {(fate, pk, reason) for pk in wanted or (None,)}
    if said == asked:
        return False
    steps.delete()
    MeasureStep.objects.bulk_create(
        MeasureStep(tenant_id=old.tenant_id, old=old, new_id=pk, fate=fate, reason=reason)
        for pk in wanted or (None,)
    )
    audit.record(f"measure.fate_{fate}", old, by=by, title=str(old))
    return True


def _free_key(plan: Plan, title: str) -> str:
    """A key of its own also for a plan that is called like the one it follows."""
    taken = set(Plan.objects.of(plan.tenant_id).values_list("key", flat=True))
    key = key_for(title)
    return next(each for each in (key, *(f"{key[:75]}-{n}" for n in range(2, 1000))) if each not in taken)


def _refuse(old: Measure, fate: str, new: list[Measure], reason: str) -> None:
    later = successor_of(old.plan)
    if later is None or any(measure.plan_id != later.pk for measure in new):
        raise NotPossible(_("Only measures of the plan that follows can be chosen."))
    needed = {Fate.ENDED: (0, 0), Fate.SPLIT: (2, 1000)}.get(Fate(fate), (1, 1))
    if not needed[0] <= len(new) <= needed[1]:
        raise NotPossible(_how_many(fate))
    if fate == Fate.ENDED and not reason:
        raise NotPossible(_("Say why the measure ended."))
    _refuse_shared(old, fate, new)


def _refuse_shared(old: Measure, fate: str, new: list[Measure]) -> None:
    """Two measures lead to one only when both are merged into it."""
    others = MeasureStep.objects.of(old.tenant_id).filter(new__in=new).exclude(old=old)
    if fate == Fate.MERGED:
        others = others.exclude(fate=Fate.MERGED)
    if other := others.select_related("old", "new").first():
        raise NotPossible(
            _("Measure %(old)d leads to measure %(new)d already. Say “merged with others” of both.")
            % {"old": other.old.number, "new": other.new.number if other.new else 0}
        )


def _how_many(fate: str) -> str:
    if fate == Fate.ENDED:
        return _("A measure that ended leads to no other one.")
    if fate == Fate.SPLIT:
        return _("Choose the measures it was split into, two or more.")
    return _("Choose the one measure it goes on in.")


def _copy_area(area: FocusArea, plan: Plan) -> FocusArea:
    return FocusArea.objects.create(tenant_id=plan.tenant_id, plan=plan, number=area.number, title=area.title)


def _copy_measure(old: Measure, plan: Plan, area: FocusArea) -> None:
    facts: dict[str, Any] = {name: getattr(old, name) for name in (*COPIED, "note", "about_individuals")}
    new = Measure.objects.create(tenant_id=plan.tenant_id, plan=plan, focus_area=area, **facts)
    names = ("part", "position", "order", "label", "organisation_id", "unit", "name_as_written")
    Responsibility.objects.bulk_create(
        Responsibility(tenant_id=plan.tenant_id, measure=new, **{name: getattr(body, name) for name in names})
        for body in old.responsibilities.all()
    )
    MeasureStep.objects.create(tenant_id=plan.tenant_id, old=old, new=new, fate=Fate.KEPT)


def steps_of(measure: Measure) -> tuple[list[MeasureStep], list[MeasureStep]]:
    """Where the measure came from, and where it went, in one query."""
    rows = MeasureStep.objects.of(measure.tenant_id).filter(Q(old=measure) | Q(new=measure))
    steps = list(rows.select_related("old__plan", "new__plan").order_by("old__number", "new__number", "pk"))
    return (
        [step for step in steps if step.new_id == measure.pk],
        [step for step in steps if step.old_id == measure.pk],
    )


audit.register(
    {
        "plan.succeeded": gettext_lazy("%(who)s made the plan “%(title)s”, which follows “%(old)s”."),
        "measure.fate_kept": gettext_lazy("%(who)s entered that “%(title)s” is kept in the next plan."),
        "measure.fate_renamed": gettext_lazy("%(who)s entered that “%(title)s” is renamed in the next plan."),
        "measure.fate_merged": gettext_lazy(
            "%(who)s entered that “%(title)s” is merged with others in the next plan."
        ),
        "measure.fate_split": gettext_lazy("%(who)s entered that “%(title)s” is split in the next plan."),
        "measure.fate_ended": gettext_lazy("%(who)s entered that “%(title)s” ends with the plan."),
    }
)
