"""Writes what was read of a plan, row by row, and notes what is new, what changed and what stays."""

from collections.abc import Iterator
from typing import Any, TypeVar

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events.directory.models import Organisation
from events.directory.services import bodies_named
from events.plans.facts import MeasureFacts, PlanFacts
from events.plans.models import (
    FocusArea,
    Measure,
    Plan,
    PossibleMeasure,
    Responsibility,
    ResponsibilityPart,
)
from events.plans.predecessors import WrongOrder, refuse_wrong_order
from events.plans.recommending.writing import write_groups
from events.plans.results import Correction, ImportResult
from events.tenancy.models import Tenant
from events.tenancy.scoping import TenantModel

Row = TypeVar("Row", bound=TenantModel)
RELATION = gettext_lazy("%(what)s: %(field)s: “%(old)s” → “%(new)s”")


class Keeper:
    """Makes, changes or leaves rows, and notes which in `result`."""

    def __init__(self, tenant: Tenant, result: ImportResult) -> None:
        self.tenant, self.result = tenant, result
        self.is_adopted = False

    def kept(self, model: type[Row], row: Row | None, wanted: dict[str, Any], what: str) -> Row:
        """The row with the wanted facts: made, changed, or as it was; noted in the result."""
        if row is None:
            row = model(tenant=self.tenant, **wanted)
            row.save(force_insert=True)
            self.result.created.append(f"{what}: {wanted.get('title', row)}")
            return row
        other = {name: value for name, value in wanted.items() if getattr(row, name) != value}
        if "title" in other and self.is_adopted and model in (Measure, FocusArea, Plan):
            self.result.corrections.append(Correction(row, getattr(row, "title", ""), other["title"]))
        if other:
            self.result.changed += [_difference(row, name, value, what) for name, value in other.items()]
            for name, value in other.items():
                setattr(row, name, value)
            row.save()
        self.result.unchanged += not other
        return row

    def stays(self, what: str) -> None:
        self.result.kept.append(
            _("%(what)s is in the plan but not in the file; it stays as it is.") % {"what": what}
        )


class Writing(Keeper):
    """One import. `run` once."""

    def __init__(self, tenant: Tenant, facts: PlanFacts, result: ImportResult) -> None:
        super().__init__(tenant, result)
        self.facts = facts

    def run(self) -> None:
        self.bodies, added = bodies_named(self._names(), tenant=self.tenant)
        self.result.created += [_("organisation: %(name)s") % {"name": name} for name in added]
        self.plan = self.result.plan = self._plan()
        self._areas()
        self._measures()
        self._possible()
        write_groups(self, self.plan, self.facts.groups)

    def _names(self) -> Iterator[str]:
        """The owner first, then the bodies in the order of the plan."""
        yield self.facts.owner
        for measure in self.facts.measures:
            yield from (body.name for body in measure.bodies if body.part != ResponsibilityPart.OTHERS)

    def _plan(self) -> Plan:
        before = Plan.objects.of(self.tenant).filter(key=self.facts.key).select_related("owner").first()
        wanted = {"owner": self.bodies[self.facts.owner], **self.facts.facts}
        if before is None:
            since = wanted.get("adopted_on") or wanted.get("decided_on")
            state = Plan.State.ADOPTED if since else Plan.State.DRAFT
            title = _("Action plan for %(owner)s") % {"owner": self.facts.owner}
            wanted = {"title": title, "state": state, "key": self.facts.key, **wanted}
        self.is_adopted = before is not None and not before.is_draft
        self._succeeds(before, wanted)
        if self.result.errors:
            return before or Plan(tenant=self.tenant, **wanted)
        return self.kept(Plan, before, wanted, _("plan"))

    def _succeeds(self, before: Plan | None, wanted: dict[str, Any]) -> None:
        if not self.facts.predecessor:
            return
        earlier = Plan.objects.of(self.tenant).filter(key=self.facts.predecessor).first()
        if earlier is None:
            self.result.errors.append(
                _("There is no plan with the key “%(key)s” to succeed.") % {"key": self.facts.predecessor}
            )
            return
        begins = wanted.get("period_from") or wanted.get("adopted_on") or wanted.get("decided_on")
        try:
            refuse_wrong_order(before, earlier, begins=begins)
        except WrongOrder as error:
            self.result.errors.append(str(error))
        else:
            wanted["predecessor"] = earlier

    def _areas(self) -> None:
        if self.result.errors:
            return
        there = {row.number: row for row in self.plan.focus_areas.all()}
        self.areas: dict[int, FocusArea] = {}
        for area in self.facts.areas:
            wanted = {"plan": self.plan, "number": area.number, "title": area.title}
            what = _("focus area %(n)d") % {"n": area.number}
            row = self.kept(FocusArea, there.pop(area.number, None), wanted, what)
            self.areas |= dict.fromkeys(area.measures, row)
        for number in there:
            self.stays(_("focus area %(n)d") % {"n": number})

    def _measures(self) -> None:
        if self.result.errors:
            return
        rows = self.plan.measures.select_related("focus_area").prefetch_related("responsibilities")
        there = {row.number: row for row in rows}
        for measure in self.facts.measures:
            what = _("measure %(n)d") % {"n": measure.number}
            before = there.pop(measure.number, None)
            wanted = {
                "plan": self.plan,
                "focus_area": self.areas[measure.number],
                "number": measure.number,
                "title": measure.title,
                **measure.said,
            }
            row = self.kept(Measure, before, wanted, what)
            listed = list(before.responsibilities.all()) if before else []
            self._responsibilities(row, measure, what, there=listed)
        for number in there:
            self.stays(_("measure %(n)d") % {"n": number})

    def _responsibilities(
        self, row: Measure, measure: MeasureFacts, what: str, *, there: list[Responsibility]
    ) -> None:
        """Replaced as a whole when anything differs: they are an ordered list, and nothing points at them."""
        wanted = [self._responsibility(row, measure, order) for order in range(len(measure.bodies))]
        if [_compared(r) for r in there] == [_compared(r) for r in wanted]:
            return
        if there:
            old, new = (", ".join(map(_as_read, rows)) for rows in (there, wanted))
            self.result.changed.append(
                RELATION % {"what": what, "field": _("responsible"), "old": old, "new": new}
            )
            row.responsibilities.all().delete()
        Responsibility.objects.bulk_create(wanted)

    def _responsibility(self, row: Measure, measure: MeasureFacts, order: int) -> Responsibility:
        body = measure.bodies[order]
        is_open = body.part == ResponsibilityPart.OTHERS
        return Responsibility(
            tenant=self.tenant,
            measure=row,
            part=body.part,
            position=order + 1 if body.part == ResponsibilityPart.RESPONSIBLE else None,
            order=order + 1,
            label=body.label or measure.label,
            organisation=None if is_open else self.bodies[body.name],
            unit=body.unit,
            name_as_written=body.name,
        )

    def _possible(self) -> None:
        if self.result.errors:
            return
        there = {row.title: row for row in self.plan.possible_measures.all()}
        last = max((row.position for row in there.values()), default=0)
        for title in self.facts.possible:
            if title not in there:
                last += 1
                wanted = {"plan": self.plan, "position": last, "title": title}
                self.kept(PossibleMeasure, None, wanted, _("possible measure"))


def _compared(row: Responsibility) -> tuple[Any, ...]:
    organisation = row.organisation_id
    return row.part, row.position, row.order, row.label, organisation, row.unit, row.name_as_written


def _as_read(row: Responsibility) -> str:
    name = f"{row.name_as_written} ({row.unit})" if row.unit else row.name_as_written
    label = Responsibility.Label(row.label).label
    return f"{name}, {label}" if row.part == ResponsibilityPart.RESPONSIBLE else name


def _difference(row: models.Model, name: str, value: object, what: str) -> str:
    label = row._meta.get_field(name).verbose_name  # type: ignore[union-attr]
    old, new = (_shown(item) for item in (getattr(row, name), value))
    return RELATION % {"what": what, "field": label, "old": old, "new": new}


def _shown(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "–"
    return "–" if value in (None, "") else str(value.name if isinstance(value, Organisation) else value)
