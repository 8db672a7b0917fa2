"""Changes to who is responsible for a measure. The order is the plan's; whoever stands first leads."""

from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy

from events import audit
from events.directory.models import Organisation
from events.directory.services import bodies_named
from events.plans.models import Measure, Responsibility, ResponsibilityPart
from events.tenancy.models import User

ASIDE = 10_000  # where rows wait while they change places, so that no two ever have one place


class LeadNeeded(Exception):
    """The measure of an adopted plan would be left without anybody who leads it."""


class ThereAlready(Exception):
    """The same body has this part already."""


@transaction.atomic
def add_body(measure: Measure, *, by: User | None, facts: dict[str, Any]) -> Responsibility:
    """`facts`: part, label, unit, name_as_written. The last of its kind in the list. Raises ThereAlready."""
    rows = _locked(measure)
    _refuse_twice(rows, facts)
    row = Responsibility(
        tenant_id=measure.tenant_id,
        measure=measure,
        order=ASIDE + 1 + max((each.order for each in rows), default=0),
        organisation=_organisation(measure, facts),
        **facts,
    )
    if row.part == ResponsibilityPart.RESPONSIBLE:
        row.position = row.order
    row.save()
    _put(measure, [*rows, row])
    audit.record("measure.bodies", measure, by=by, title=str(measure))
    return row


@transaction.atomic
def change_body(row: Responsibility, *, by: User | None, facts: dict[str, Any]) -> bool:
    """Name, unit, label or part. False, and writes nothing, when all is as it was. Raises LeadNeeded, ThereAlready."""
    rows = _locked(row.measure)
    if all(getattr(row, name) == value for name, value in facts.items()):
        return False
    others = [each for each in rows if each.pk != row.pk]
    _refuse_twice(others, facts)
    is_responsible = facts["part"] == ResponsibilityPart.RESPONSIBLE
    if not is_responsible:
        _refuse_no_lead(row.measure, others)
    for name, value in {**facts, "organisation": _organisation(row.measure, facts)}.items():
        setattr(row, name, value)
    row.order = ASIDE + row.order
    row.position = row.order if is_responsible else None
    row.save()
    _put(row.measure, sorted([*others, row], key=lambda each: each.order % ASIDE))
    audit.record("measure.bodies", row.measure, by=by, title=str(row.measure))
    return True


@transaction.atomic
def move_body(row: Responsibility, *, by: User | None, to: int) -> bool:
    """Puts a responsible body at place `to` (from 1). A second call finds it there, and writes nothing: False."""
    rows = _locked(row.measure)
    leading = [each for each in rows if each.part == ResponsibilityPart.RESPONSIBLE]
    here = next((each for each in leading if each.pk == row.pk), None)
    if here is None or not 1 <= to <= len(leading) or here.position == to:
        return False
    before = leading[0].name_as_written
    leading.remove(here)
    leading.insert(to - 1, here)
    _put(row.measure, leading + [each for each in rows if each not in leading])
    facts = {"title": str(row.measure), "old": before, "new": leading[0].name_as_written}
    if facts["old"] != facts["new"]:
        audit.record("measure.led", row.measure, by=by, **facts)
    else:
        audit.record("measure.bodies", row.measure, by=by, title=facts["title"])
    return True


@transaction.atomic
def remove_body(row: Responsibility, *, by: User | None) -> bool:
    """False when it is gone already. Raises LeadNeeded."""
    rows = _locked(row.measure)
    left = [each for each in rows if each.pk != row.pk]
    if len(left) == len(rows):
        return False
    if row.part == ResponsibilityPart.RESPONSIBLE:
        _refuse_no_lead(row.measure, left)
    Responsibility.objects.of(row.tenant_id).filter(pk=row.pk).delete()
    _put(row.measure, left)
    audit.record("measure.bodies", row.measure, by=by, title=str(row.measure))
    return True


def _locked(measure: Measure) -> list[Responsibility]:
    """The bodies in order; nobody else changes them meanwhile."""
    Measure.objects.of(measure.tenant_id).select_for_update().get(pk=measure.pk)
    return list(measure.responsibilities.order_by("order"))


def _put(measure: Measure, rows: list[Responsibility]) -> None:
    """Numbers the rows anew: the responsible ones first, as they stand, then the helpers."""
    ordered = [row for row in rows if row.part == ResponsibilityPart.RESPONSIBLE]
    ordered += [row for row in rows if row.part != ResponsibilityPart.RESPONSIBLE]
    there = Responsibility.objects.of(measure.tenant_id).filter(measure=measure)
    there.filter(position__isnull=False, order__lt=ASIDE).update(
        order=F("order") + ASIDE, position=F("position") + ASIDE
    )
    there.filter(order__lt=ASIDE).update(order=F("order") + ASIDE)
    for place, row in enumerate(ordered, start=1):
        position = place if row.part == ResponsibilityPart.RESPONSIBLE else None
        there.filter(pk=row.pk).update(order=place, position=position)


def _organisation(measure: Measure, facts: dict[str, Any]) -> Organisation | None:
    """The body in the directory, found by name or alias, or added. Open-ended others have none."""
    if facts["part"] == ResponsibilityPart.OTHERS:
        return None
    name = facts["name_as_written"]
    bodies, _added = bodies_named([name], tenant=measure.tenant)
    return bodies[name]


def _refuse_twice(rows: list[Responsibility], facts: dict[str, Any]) -> None:
    same = ("part", "name_as_written", "unit")
    if any(all(getattr(row, name) == facts[name] for name in same) for row in rows):
        raise ThereAlready(facts["name_as_written"])


def _refuse_no_lead(measure: Measure, left: list[Responsibility]) -> None:
    if not measure.plan.is_draft and not any(each.part == ResponsibilityPart.RESPONSIBLE for each in left):
        raise LeadNeeded


audit.register(
    {
        "measure.bodies": gettext_lazy("%(who)s changed who is responsible for “%(title)s”."),
        "measure.led": gettext_lazy("%(who)s changed the lead of “%(title)s” from %(old)s to %(new)s."),
    }
)
