"""A plan as one page: each measure with where it stands and the meetings that moved it. Reads only."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Prefetch
from django.utils import timezone

from events.plans.models import OVER, FocusArea, Measure, Plan, Responsibility
from events.tenancy.models import Tenant
from minutes.progress import timeliness
from minutes.progress.milestones.showing import open_dues
from minutes.progress.standing import Standing, standings
from minutes.progress.timeliness import Timeliness
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
    timeliness: Timeliness | None  # None in a plan that is over: nothing is due any more

    @property
    def colour(self) -> str:
        return COLOURS[self.standing.phase]

    @property
    def timely_colour(self) -> str:
        return timeliness.COLOURS[self.timeliness] if self.timeliness else ""


@dataclass(frozen=True)
class AreaRows:
    area: FocusArea
    rows: list[MeasureRow]


# How a plan's state is coloured.
STATES = {
    Plan.State.DRAFT: "warning",
    Plan.State.ADOPTED: "success",
    Plan.State.SUPERSEDED: "neutral",
    Plan.State.ENDED: "neutral",
}


@dataclass(frozen=True)
class PlanRow:
    """A plan in the list: how many measures stand in which phase, in the order of the phases."""

    plan: Plan
    measures: int
    phases: list[tuple[str, str, int]]  # words, colour, how many

    @property
    def colour(self) -> str:
        return STATES[Plan.State(self.plan.state)]


def plan_rows(tenant: Tenant, *, drafts: bool = True) -> list[PlanRow]:
    """The plans of `tenant`, the latest first; drafts only where asked for. Three queries."""
    plans = Plan.objects.of(tenant).select_related("owner").prefetch_related("measures")
    rows = list(plans if drafts else plans.exclude(state=Plan.State.DRAFT))
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
    rows = {row.measure.pk: row for row in measure_rows(measures, plan, meetings_of(measures))}
    return [AreaRows(area, [rows[measure.pk] for measure in area.measures.all()]) for area in areas]


def measure_rows(measures: list[Measure], plan: Plan, meetings: dict[int, Meetings]) -> list[MeasureRow]:
    """`measures` of `plan` with where they stand, and whether they keep their dates. Two queries."""
    stand, dues, today = standings(measures), open_dues(measures), timezone.localdate()
    is_over = plan.state in OVER
    return [
        MeasureRow(
            one,
            stand[one.pk],
            meetings[one.pk],
            None
            if is_over
            else timeliness.of_measure(
                stand[one.pk].phase, one.deadline, today=today, milestones=dues[one.pk]
            ),
        )
        for one in measures
    ]
