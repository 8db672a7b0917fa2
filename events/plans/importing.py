"""Brings a plan from a file into a tenant's plans: all of it or nothing, and the second time nothing changes."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events import audit
from events.directory.models import Organisation
from events.directory.services import bodies_named
from events.plans.models import FocusArea, Measure, Plan, Responsibility, ResponsibilityPart
from events.plans.reading import MeasureFacts, PlanFacts, read
from events.tenancy.models import Tenant, User
from events.tenancy.scoping import TenantModel

Row = TypeVar("Row", bound=TenantModel)
RELATION = gettext_lazy("%(what)s: %(field)s: “%(old)s” → “%(new)s”")


@dataclass
class ImportResult:
    """What an import did, or would do in a dry run: lines in words, and how many rows were as in the file."""

    created: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: int = 0
    errors: list[str] = field(default_factory=list)
    plan: Plan | None = None


def import_plan(
    data: object, *, tenant: Tenant, dry_run: bool = False, by: User | None = None
) -> ImportResult:
    """Imports the plan in `data` (as `loading.load` gives it). With errors nothing is written and all are returned.

    A plan is found again by its key, measures by their number, bodies by name or alias. A measure or focus area that
    the file no longer holds is an error: its history would hang in the air. A dry run writes nothing. Writes one audit
    row, unless nothing changed.
    """
    reading = read(data)
    if reading.plan is None:
        return ImportResult(errors=list(reading.errors))
    with transaction.atomic():
        # Two imports at once would each add the same bodies; on SQLite the transaction itself waits.
        Tenant.objects.select_for_update().get(pk=tenant.pk)
        result = _Import(tenant, reading.plan).run()
        if dry_run or result.errors:
            transaction.set_rollback(True)
        elif result.plan and (result.created or result.changed):
            counts = {"created": len(result.created), "changed": len(result.changed)}
            audit.record("plan.imported", result.plan, by=by, title=result.plan.title, **counts)
    return result


class _Import:
    def __init__(self, tenant: Tenant, facts: PlanFacts) -> None:
        self.tenant, self.facts = tenant, facts
        self.result = ImportResult()

    def run(self) -> ImportResult:
        self.bodies, added = bodies_named(self._names(), tenant=self.tenant)
        self.result.created += [_("organisation: %(name)s") % {"name": name} for name in added]
        plans = {row.key: row for row in Plan.objects.of(self.tenant).filter(key=self.facts.key)}
        wanted = {"key": self.facts.key, "owner": self.bodies[self.facts.owner], **self.facts.facts}
        self.plan = self.result.plan = self._kept(Plan, plans.get(self.facts.key), wanted, _("plan"))
        self._areas()
        self._measures()
        return self.result

    def _names(self) -> Iterator[str]:
        """The owner first, then the bodies in the order of the plan."""
        yield self.facts.owner
        for measure in self.facts.measures:
            yield from (body.name for body in measure.bodies if body.part != ResponsibilityPart.OTHERS)

    def _areas(self) -> None:
        there = {row.number: row for row in self.plan.focus_areas.all()}
        self.areas: dict[int, FocusArea] = {}
        for area in self.facts.areas:
            wanted = {"plan": self.plan, "number": area.number, "title": area.title}
            what = _("focus area %(n)d") % {"n": area.number}
            row = self._kept(FocusArea, there.pop(area.number, None), wanted, what)
            self.areas |= dict.fromkeys(area.measures, row)
        for number in there:
            self._gone(_("focus area %(n)d") % {"n": number})

    def _measures(self) -> None:
        rows = self.plan.measures.select_related("focus_area").prefetch_related("responsibilities")
        there = {row.number: row for row in rows}
        for measure in self.facts.measures:
            what = _("measure %(n)d") % {"n": measure.number}
            before = there.pop(measure.number, None)
            row = self._kept(Measure, before, self._wanted(measure), what)
            self._responsibilities(
                row, measure, what, there=list(before.responsibilities.all()) if before else []
            )
        for number in there:
            self._gone(_("measure %(n)d") % {"n": number})

    def _wanted(self, measure: MeasureFacts) -> dict[str, Any]:
        deadline = measure.deadline
        wanted = {
            "plan": self.plan,
            "focus_area": self.areas[measure.number],
            "number": measure.number,
            "title": measure.title,
            "deadline_from": deadline.first if deadline else None,
            "deadline_precision": deadline.precision if deadline else None,
            "national_measure": measure.national_measure,
            "to_be_considered": measure.to_be_considered,
            "note": measure.note,
        }
        said = measure.about_individuals
        return wanted if said is None else {**wanted, "about_individuals": said}

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
            label=measure.label,
            organisation=None if is_open else self.bodies[body.name],
            unit=body.unit,
            name_as_written=body.name,
        )

    def _kept(self, model: type[Row], row: Row | None, wanted: dict[str, Any], what: str) -> Row:
        """The row with the wanted facts: made, changed, or as it was; noted in the result."""
        if row is None:
            row = model(tenant=self.tenant, **wanted)
            row.save(force_insert=True)
            self.result.created.append(f"{what}: {wanted['title']}")
            return row
        lines = [
            _difference(row, name, value, what)
            for name, value in wanted.items()
            if getattr(row, name) != value
        ]
        if lines:
            for name, value in wanted.items():
                setattr(row, name, value)
            row.save()
        self.result.changed += lines
        self.result.unchanged += not lines
        return row

    def _gone(self, what: str) -> None:
        self.result.errors.append(
            _("%(what)s is in the plan but not in the file; an import never removes one.") % {"what": what}
        )


def _compared(row: Responsibility) -> tuple[Any, ...]:
    organisation = row.organisation_id
    return row.part, row.position, row.order, row.label, organisation, row.unit, row.name_as_written


def _as_read(row: Responsibility) -> str:
    return f"{row.name_as_written} ({row.unit})" if row.unit else row.name_as_written


def _difference(row: models.Model, name: str, value: object, what: str) -> str:
    label = row._meta.get_field(name).verbose_name  # type: ignore[union-attr]
    old, new = (_shown(item) for item in (getattr(row, name), value))
    return RELATION % {"what": what, "field": label, "old": old, "new": new}


def _shown(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return "–" if value in (None, "") else str(value.name if isinstance(value, Organisation) else value)


audit.register(
    {
        "plan.imported": gettext_lazy(
            "%(who)s imported the plan “%(title)s” (%(created)s new, %(changed)s changed)."
        )
    }
)
