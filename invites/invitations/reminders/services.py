"""Carrying out the plan each minute, changing it, and asking by hand."""

import datetime as dt
import logging
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events import audit
from events.gatherings.models import Event
from events.tenancy.models import User
from invites.invitations import checks
from invites.invitations.drafting.models import MailKind
from invites.invitations.models import Invitation
from invites.invitations.reminders import people
from invites.invitations.reminders.models import ReminderKind, ReminderPlan, ReminderRun, plan_of
from invites.invitations.reminders.steps import Step, deadline, due_at, steps
from invites.post import outbox

log = logging.getLogger(__name__)
SAID = {
    ReminderKind.CHASE.value: "event.chased",
    ReminderKind.SETTLE.value: "event.settled",
    ReminderKind.REMINDER.value: "event.reminded",
}


class NotChasable(Exception):
    """Answers are not taken any more: the deadline passed, the meeting began or is off."""


class AskedEnough(Exception):
    """Some of those chosen were asked as often as the plan allows, or today already. Nothing was sent.

    `often` and `today` are their invitations.
    """

    def __init__(self, often: Sequence[Invitation], today: Sequence[Invitation]) -> None:
        super().__init__(len(often), len(today))
        self.often, self.today = often, today


def tick(now: dt.datetime | None = None) -> int:
    """Carries out all steps of all plans that are due now; returns how many mails that queued.

    Steps are computed from the dates as they are; each is carried out once, so ticks may come twice, late or at once.
    What is wrong with one event is logged and holds up no other.
    """
    now, queued = now or timezone.now(), 0
    for event in _with_invitees(now):
        for step in steps(event, plan_of(event)):
            if step.is_due(now):
                try:
                    queued += carry_out(event, step, now)
                except Exception:
                    log.exception("a reminder of event %s could not be queued", event.pk)
    return queued


@transaction.atomic
def carry_out(event: Event, step: Step, now: dt.datetime) -> int:
    """Queues the mails of one step, out of quiet hours, and notes that it is done. Needs `event.tenant`.

    A second call, also at the same time, queues nothing. A step whose mails would come too late is left out.
    """
    when = due_at(step, event, now)
    done = ReminderRun.objects.of(event.tenant_id).filter(event=event, kind=step.kind, step_on=step.on)
    if when is None or done.exists():
        return 0
    day = event.local(when).date()
    run, is_new = done.get_or_create(
        defaults={"tenant_id": event.tenant_id, "sent_on": day},
        event=event,
        kind=step.kind,
        step_on=step.on,
    )
    if not is_new:
        return 0
    rows = people.of_step(event, step.kind, most=plan_of(event).most, moment=step.moment)
    run.number = _queue(event, step.kind, rows, day=day, when=when, ends=step.ends)
    run.save(update_fields=["number"])
    if run.number:
        audit.record(SAID[step.kind], event, by=None, title=event.title, number=run.number)
    return run.number


@transaction.atomic
def set_plan(event: Event, *, by: User | None, facts: dict[str, Any]) -> ReminderPlan:
    """Writes the event's plan; `facts` are fields of ReminderPlan. A second call with the same ones changes nothing."""
    plan = plan_of(event)
    if all(getattr(plan, name) == value for name, value in facts.items()):
        return plan
    row, _made = ReminderPlan.objects.of(event.tenant_id).update_or_create(
        event=event, defaults={"tenant_id": event.tenant_id, **facts}
    )
    action = "reminders.changed"
    if "is_on" in facts and facts["is_on"] != plan.is_on:
        action = "reminders.switched_on" if facts["is_on"] else "reminders.switched_off"
    audit.record(action, event, by=by, title=event.title)
    return row


@transaction.atomic
def chase(event: Event, *, by: User | None, chosen: Iterable[int], message: str = "") -> int:
    """Asks those of `chosen` (invitations' ids) who got the invitation and have not answered; returns how many.

    It counts towards what the plan allows. Whoever has answered meanwhile is left out. Raises AskedEnough when anybody
    was asked often enough, or today (as after a second click): nothing is sent then. Raises NotChasable, and Refused
    for words that tell the place (see `refusals`).
    """
    current = Event.objects.of(event.tenant_id).select_related("tenant", "reminder_plan").get(pk=event.pk)
    until, now = deadline(current), timezone.now()
    if current.answers_closed or until is None:
        raise NotChasable
    today, most = current.local(now).date(), plan_of(current).most
    rows: list[Any] = list(people.silent(current).filter(pk__in=list(chosen)))
    often = [row for row in rows if row.chased >= most]
    asked_today = [row for row in rows if row.chased < most and row.chased_on >= today.toordinal()]
    if often or asked_today:
        raise AskedEnough(often, asked_today)
    checks.refuse_if(_refusals(current, rows, message))
    run = ReminderRun.objects.create(
        tenant_id=current.tenant_id,
        event=current,
        kind=ReminderKind.CHASE,
        sent_on=today,
        by=by,
        chosen=[row.pk for row in rows],
        message=message,
    )
    run.number = _queue(current, ReminderKind.CHASE, rows, day=today, when=now, ends=until)
    run.save(update_fields=["number"])
    audit.record("event.chased", current, by=by, title=current.title, number=run.number)
    return run.number


def refusals(event: Event, *, chosen: Iterable[int], message: str) -> list[checks.Refusal]:
    """Why the mails would not do: what their words tell of the place. Needs `event.tenant`."""
    return _refusals(event, people.silent(event).filter(pk__in=list(chosen)), message)


def _refusals(event: Event, rows: Iterable[Invitation], message: str) -> list[checks.Refusal]:
    languages = {row.language for row in rows}
    if not languages:
        return []
    return checks.of_notice(event, checks.notice_words(event, MailKind.CHASE, languages), message)


def _queue(
    event: Event, kind: str, rows: Iterable[Invitation], *, day: dt.date, when: dt.datetime, ends: dt.datetime
) -> int:
    items = [(row.pk, row.contact.email) for row in rows]
    return outbox.enqueue(
        kind, tenant=event.tenant, items=items, revision=day.toordinal(), due_at=when, give_up_at=ends
    )


def _with_invitees(now: dt.datetime) -> "Iterable[Event]":
    """Published events ahead that somebody is invited to; none that is locked."""
    invited = Invitation.objects.across_tenants("the minute's job serves all tenants").valid()
    events = Event.objects.across_tenants("the minute's job serves all tenants").filter(
        Exists(invited.filter(event=OuterRef("pk"))),
        state=Event.State.PUBLISHED,
        starts_at__gt=now,
        locked_at__isnull=True,
    )
    return events.select_related("tenant", "reminder_plan").order_by("pk")


audit.register(
    {
        "event.chased": _("%(who)s asked %(number)s invitees once more to answer about “%(title)s”."),
        "event.settled": _("%(who)s asked %(number)s invitees of “%(title)s” who said maybe for yes or no."),
        "event.reminded": _("%(who)s reminded %(number)s invitees of “%(title)s”."),
        "reminders.changed": _("%(who)s changed the reminders of “%(title)s”."),
        "reminders.switched_on": _("%(who)s switched the reminders of “%(title)s” on."),
        "reminders.switched_off": _("%(who)s switched the reminders of “%(title)s” off."),
    }
)
