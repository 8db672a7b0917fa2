"""Whether a measure keeps its dates. Pure: what is known and a day go in, a word comes out."""

import datetime as dt
from collections.abc import Iterable

from django.db import models
from django.utils.translation import gettext_lazy as _

from events.dates import VagueDate
from minutes.records.models import Phase

SOON = dt.timedelta(days=60)


class Timeliness(models.TextChoices):
    FINISHED = "finished", _("finished")
    ON_TIME = "on_time", _("on time")
    DUE_SOON = "due_soon", _("due soon")
    LATE = "late", _("late")
    NO_DEADLINE = "no_deadline", _("no deadline")


# The words carry the meaning; the colour only repeats it.
COLOURS = {
    Timeliness.FINISHED: "neutral",
    Timeliness.ON_TIME: "success",
    Timeliness.DUE_SOON: "warning",
    Timeliness.LATE: "danger",
    Timeliness.NO_DEADLINE: "neutral",
}


def of_date(due: VagueDate | None, *, today: dt.date) -> Timeliness:
    """Of something open: late only after the last day that `due` may mean, due soon in the SOON days before."""
    if due is None:
        return Timeliness.NO_DEADLINE
    if due.last < today:
        return Timeliness.LATE
    return Timeliness.DUE_SOON if due.last - today <= SOON else Timeliness.ON_TIME


def of_measure(
    phase: str, deadline: VagueDate | None, *, today: dt.date, milestones: Iterable[VagueDate] = ()
) -> Timeliness:
    """The worst of the deadline and the `milestones` that are not reached; a completed or ended measure is finished."""
    if phase in (Phase.COMPLETED, Phase.ENDED):
        return Timeliness.FINISHED
    found = {of_date(due, today=today) for due in (deadline, *milestones)}
    worst_first = (Timeliness.LATE, Timeliness.DUE_SOON, Timeliness.ON_TIME)
    return next((one for one in worst_first if one in found), Timeliness.NO_DEADLINE)
