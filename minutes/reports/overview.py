"""A plan as one page: each measure with where it stands and the meetings that moved it. Reads only."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Prefetch

from events.plans.models import FocusArea, Measure, Plan, Responsibility, ResponsibilityPart
from events.tenancy.models import Tenant
from minutes.progress.models import StatusNote
from minutes.progress.standing import Standing, standings
from minutes.records.models import Phase
from minutes.reports.trail import Meetings, meetings_of

# The words carry the meaning; the colour only repeats it.
COLOURS = {
    Phase.NOT_STARTED: "neutral",
    Phase.PLANNING: "info",
    Phase.UNDER_WAY: "info",
    Phase.STANDING: "success",
    Phase.COMPLETED: "success",
    Phase.POSTPONED: "warning",
    Phase.ENDED: "neutral",
    Phase.TO_BE_CONSIDERED: "warning",
}


@dataclass(frozen=True)
class MeasureRow:
    measure: Measure
    standing: Standing
    meetings: Meetings

    @property
    def colour(self) -> str:
        return COLOURS[self.standing.phase]


@dataclass(frozen=True)
class AreaRows:
    area: FocusArea
    rows: list[MeasureRow]


@dataclass(frozen=True)
class PlanRow:
    """A plan in the list: how many measures stand in which phase, in the order of the phases."""

    plan: Plan
    measures: int
    phases: list[tuple[str, str, int]]  # words, colour, how many


def plan_rows(tenant: Tenant) -> list[PlanRow]:
    """All plans of `tenant`, the latest first. Three queries."""
    plans = Plan.objects.of(tenant).select_related("owner").prefetch_related("measures")
    rows = list(plans)
    stand = standings(measure for plan in rows for measure in plan.measures.all())
    return [_plan_row(plan, stand) for plan in rows]


def _plan_row(plan: Plan, stand: dict[int, Standing]) -> PlanRow:
    measures = plan.measures.all()
    counted = Counter(stand[measure.pk].phase for measure in measures)
    phases = [(str(phase.label), COLOURS[phase], counted[phase]) for phase in Phase if counted[phase]]
    return PlanRow(plan, len(measures), phases)


def measures_with_bodies(tenant: Tenant) -> "Prefetch[str]":
    """The measures of plans with their responsible bodies, for `prefetch_related`."""
    bodies = Responsibility.objects.of(tenant).select_related("organisation")
    measures = Measure.objects.of(tenant).prefetch_related(Prefetch("responsibilities", bodies))
    return Prefetch("measures", measures)


def area_rows(plan: Plan) -> list[AreaRows]:
    """The measures of `plan` by focus area. Constant queries."""
    areas = plan.focus_areas.prefetch_related(measures_with_bodies(plan.tenant))
    measures = [measure for area in areas for measure in area.measures.all()]
    stand, meetings = standings(measures), meetings_of(measures)
    return [
        AreaRows(area, [MeasureRow(m, stand[m.pk], meetings[m.pk]) for m in area.measures.all()])
        for area in areas
    ]


@dataclass(frozen=True)
class MeasurePage:
    row: MeasureRow
    responsible: list[Responsibility]
    helpers: list[Responsibility]
    history: list[StatusNote]


def measure_page(measure: Measure) -> MeasurePage:
    """All there is to tell about one measure. Constant queries."""
    bodies = list(measure.responsibilities.select_related("organisation__successor"))
    history = StatusNote.objects.of(measure.tenant).filter(measure=measure).latest_first()
    return MeasurePage(
        row=MeasureRow(measure, standings([measure])[measure.pk], meetings_of([measure])[measure.pk]),
        responsible=[body for body in bodies if body.part == ResponsibilityPart.RESPONSIBLE],
        helpers=[body for body in bodies if body.part != ResponsibilityPart.RESPONSIBLE],
        history=list(history.select_related("outcome__minutes__event")),
    )
