"""The steps of a plan as moments: computed from the dates as they are now, so a moved meeting moves them. Pure."""

import datetime as dt
from dataclasses import dataclass

from events.gatherings.models import Event
from events.tenancy.quiet import earliest
from invites.invitations.reminders.models import ReminderKind, ReminderPlan

LATE = dt.timedelta(hours=24)  # a step so long past is left out, not sent late


@dataclass(frozen=True)
class Step:
    """One day of the plan. `moment` is when it is due; after `ends` it is of no use."""

    kind: str
    days: int
    on: dt.date
    moment: dt.datetime
    ends: dt.datetime

    def is_due(self, now: dt.datetime) -> bool:
        return self.moment <= now < min(self.moment + LATE, self.ends)

    def is_ahead(self, now: dt.datetime) -> bool:
        return now < self.moment


def deadline(event: Event) -> dt.datetime | None:
    """Until when answers are taken: the deadline, and never after the start."""
    if event.starts_at is None:
        return None
    return min(event.answer_by or event.starts_at, event.starts_at)


def steps(event: Event, plan: ReminderPlan) -> list[Step]:
    """All of the plan, the earliest first; those that would come after their end are left out."""
    until = deadline(event)
    if not plan.is_on or until is None or event.starts_at is None:
        return []
    found = [
        *(_step(event, plan, ReminderKind.CHASE, days, until) for days in plan.chase_days),
        *(_step(event, plan, ReminderKind.SETTLE, days, until) for days in plan.settle_days),
        *(_step(event, plan, ReminderKind.REMINDER, days, event.starts_at) for days in plan.remind_days),
    ]
    return sorted((step for step in found if step.moment < step.ends), key=lambda step: step.moment)


def due_at(step: Step, event: Event, now: dt.datetime) -> dt.datetime | None:
    """When its mails go out, quiet hours respected; None when that would be too late. Needs `event.tenant`."""
    when = earliest(now, event.tenant)
    return when if when < step.ends else None


def _step(event: Event, plan: ReminderPlan, kind: str, days: int, before: dt.datetime) -> Step:
    on = event.local(before).date() - dt.timedelta(days=days)
    # An hour that the clock skips is read with the offset from before the gap: an hour later on the wall, never none.
    moment = dt.datetime.combine(on, plan.at_hour, event.zone).astimezone(dt.UTC)
    return Step(kind, days, on, moment, before)
