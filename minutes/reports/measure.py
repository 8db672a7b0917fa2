"""All there is to tell about one measure on its page. Reads only."""

from dataclasses import dataclass

from events.plans.models import Measure, Responsibility, ResponsibilityPart
from events.plans.recommending.models import Recommendation
from events.plans.succession.lineage import ancestors
from events.plans.succession.models import MeasureStep
from events.plans.succession.services import steps_of
from minutes.progress.indicators.showing import ShownIndicator, of_measure
from minutes.progress.milestones import showing as milestones
from minutes.progress.models import StatusNote
from minutes.reports.overview import MeasureRow, measure_rows
from minutes.reports.trail import Proof, meetings_of


@dataclass(frozen=True)
class Earlier:
    """What the measure was in an earlier plan, and what moved it then."""

    step: MeasureStep
    proofs: list[Proof]


@dataclass(frozen=True)
class MeasurePage:
    row: MeasureRow
    responsible: list[Responsibility]
    helpers: list[Responsibility]
    history: list[StatusNote]
    recommendations: list[Recommendation]
    came_from: list[MeasureStep]
    went_to: list[MeasureStep]
    earlier: list[Earlier]
    indicators: list[ShownIndicator]
    milestones: list[milestones.ShownMilestone]


def measure_page(measure: Measure, *, drafts: bool = True, names: bool = True) -> MeasurePage:
    """Constant queries, however many meetings, notes and earlier plans there are. Drafts, and
    people’s names, only where asked for.
    """
    bodies = list(measure.responsibilities.select_related("organisation__successor"))
    history = StatusNote.objects.of(measure.tenant).filter(measure=measure).latest_first()
    before = ancestors(measure)
    meetings = meetings_of([measure, *(step.old for step in before)])
    came_from, went_to = steps_of(measure)
    advice = Recommendation.objects.of(measure.tenant).filter(measures=measure).select_related("group")
    return MeasurePage(
        row=measure_rows([measure], measure.plan, meetings)[0],
        responsible=[body for body in bodies if body.part == ResponsibilityPart.RESPONSIBLE],
        helpers=[body for body in bodies if body.part != ResponsibilityPart.RESPONSIBLE],
        history=list(history.select_related("outcome__minutes__event")),
        recommendations=list(advice),
        came_from=came_from,
        went_to=[step for step in went_to if drafts or step.new is None or not step.new.plan.is_draft],
        earlier=[Earlier(step, meetings[step.old_id].advanced_by) for step in before],
        indicators=of_measure(measure),
        milestones=milestones.of_measure(measure, names=names),
    )
