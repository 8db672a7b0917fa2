"""Milestones as the measure's page shows them. Reads only."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from events.dates import VagueDate
from events.plans.models import Measure
from minutes.progress.milestones.models import Milestone
from minutes.progress.timeliness import COLOURS, Timeliness, of_date


@dataclass(frozen=True)
class ShownMilestone:
    pk: int
    title: str
    owner: str
    due: str
    state: str
    colour: str
    is_reached: bool


def of_measure(measure: Measure, *, names: bool) -> list[ShownMilestone]:
    """In the order they are due, without a date last. `names`: whether people's names may be read. One query."""
    today = timezone.localdate()
    rows = Milestone.objects.of(measure.tenant_id).filter(measure=measure)
    return [_shown(row, today, names) for row in rows]


def open_dues(measures: Iterable[Measure]) -> dict[int, list[VagueDate]]:
    """When the open milestones of each measure are due, by its id. One query; all must belong to one tenant."""
    found: dict[int, list[VagueDate]] = {measure.pk: [] for measure in measures}
    for tenant in {measure.tenant_id for measure in measures}:
        for row in Milestone.objects.of(tenant).open().filter(measure__in=found):
            if row.due:
                found[row.measure_id].append(row.due)
    return found


def _shown(row: Milestone, today: dt.date, names: bool) -> ShownMilestone:
    if row.reached_on:
        day = formats.date_format(row.reached_on, "DATE_FORMAT")
        state, colour = _("reached on %(day)s") % {"day": day}, "success"
    else:
        timely = of_date(row.due, today=today)
        state, colour = _state(timely), COLOURS[timely]
    due = row.due.words() if row.due else "–"
    return ShownMilestone(row.pk, row.title, row.owner_for(names=names), due, state, colour, row.is_reached)


def _state(timely: Timeliness) -> str:
    return {
        Timeliness.LATE: _("late, not reached"),
        Timeliness.DUE_SOON: _("due soon, not reached yet"),
    }.get(timely, _("not reached yet"))
