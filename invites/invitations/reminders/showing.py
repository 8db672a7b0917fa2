"""The plan in words, and those who have not answered: what the pages of the reminders show."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from events.gatherings.models import Event
from events.tenancy.models import Tenant
from invites.invitations import words
from invites.invitations.models import Invitation
from invites.invitations.reminders import people
from invites.invitations.reminders.models import ReminderKind, ReminderPlan, ReminderRun, plan_of
from invites.invitations.reminders.steps import Step, due_at, steps


@dataclass(frozen=True)
class ShownStep:
    """A step in words. `state` is one of "done", "next", "ahead" and "past" (its time passed without it)."""

    title: str
    when: str
    state: str
    number: int


@dataclass(frozen=True)
class Coming:
    """The next step of one event's plan."""

    event: Event
    at: dt.datetime
    title: str


@dataclass(frozen=True)
class Silent:
    """Somebody who got the invitation and has not answered. `why_not` says why nobody can ask now; "" when one can."""

    row: Any
    why_not: str


def plan(event: Event) -> dict[str, Any]:
    """For the page of the plan: its steps with the dates they mean now, and who would get the next one."""
    now, own = timezone.now(), plan_of(event)
    every = steps(event, own)
    following = next((step for step in every if step.is_ahead(now)), None)
    runs = ReminderRun.objects.of(event.tenant_id).filter(event=event)
    done = {(run.kind, run.step_on): run for run in runs if run.step_on}
    return {
        "plan": own,
        "steps": [_shown(event, step, done.get((step.kind, step.on)), following, now) for step in every],
        "by_hand": [run for run in runs if run.step_on is None],
        "next": following,
        "next_people": _next_people(event, own, following) if following else (),
        "can_chase": not event.answers_closed,
    }


def coming(tenant: Tenant, most: int) -> list[Coming]:
    """The next step of each of the next `most` meetings that somebody is invited to; one query."""
    now = timezone.now()
    asked = Invitation.objects.of(tenant).valid().filter(event=OuterRef("pk")).order_by()
    events = Event.objects.of(tenant).upcoming().filter(Exists(asked))
    found = []
    for event in events.select_related("tenant", "reminder_plan")[:most]:
        ahead = next((step for step in steps(event, plan_of(event)) if step.is_ahead(now)), None)
        if ahead and (at := due_at(ahead, event, ahead.moment)):
            found.append(Coming(event, at, _title(ahead)))
    return found


def silent(event: Event) -> list[Silent]:
    """Those to ask by hand."""
    most, today = plan_of(event).most, event.local(timezone.now()).date()
    return [Silent(row, _why_not(row, most, today)) for row in people.silent(event)]


def _why_not(row: Any, most: int, today: dt.date) -> str:
    if row.chased >= most:
        asked = ngettext(
            "was asked %(n)d time, as often as the plan allows",
            "was asked %(n)d times, as often as the plan allows",
            row.chased,
        )
        return asked % {"n": row.chased}
    return _("is asked today already") if row.chased_on >= today.toordinal() else ""


def _next_people(event: Event, own: ReminderPlan, step: Step) -> list[Any]:
    return list(people.of_step(event, step.kind, most=own.most, moment=step.moment))


def _shown(
    event: Event, step: Step, run: ReminderRun | None, following: Step | None, now: dt.datetime
) -> ShownStep:
    state = "ahead" if step.is_ahead(now) else "past"
    if run:
        state = "done"
    elif step is following:
        state = "next"
    sent_at = due_at(step, event, step.moment) or step.moment
    return ShownStep(_title(step), words.moment(event.local(sent_at)), state, run.number if run else 0)


def _title(step: Step) -> str:
    if step.kind == ReminderKind.CHASE:
        if not step.days:
            return _("On the day of the deadline, to those who have not answered")
        text = ngettext(
            "%(n)d day before the deadline, to those who have not answered",
            "%(n)d days before the deadline, to those who have not answered",
            step.days,
        )
    elif step.kind == ReminderKind.SETTLE:
        if not step.days:
            return _("On the day of the deadline, to those who said maybe")
        text = ngettext(
            "%(n)d day before the deadline, to those who said maybe",
            "%(n)d days before the deadline, to those who said maybe",
            step.days,
        )
    elif not step.days:
        return _("On the day of the meeting, to those who come")
    else:
        text = ngettext(
            "%(n)d day before the meeting, to those who come",
            "%(n)d days before the meeting, to those who come",
            step.days,
        )
    return text % {"n": step.days}
