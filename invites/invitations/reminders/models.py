"""When the silent are asked again, and those who come are reminded. Computed, not scheduled (ADR 0013)."""

import datetime as dt
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.constraints import one_of
from events.gatherings.models import Event
from events.tenancy.models import User
from events.tenancy.scoping import TenantModel

AT = dt.time(9)
MOST = 3
FARTHEST = 60  # days ahead of the deadline or the meeting
MOST_STEPS = 5


def chase_days() -> list[int]:
    return [7, 2]


def settle_days() -> list[int]:
    return [3]


def remind_days() -> list[int]:
    return [1]


class ReminderPlan(TenantModel):
    """The plan of one event, when it is not the usual one. Days are whole days before, on the event's own clock."""

    event = models.OneToOneField(Event, on_delete=models.CASCADE, related_name="reminder_plan")
    is_on = models.BooleanField(default=True)
    chase_days = models.JSONField(_("days before the answer deadline"), default=chase_days)
    settle_days = models.JSONField(
        _("days before the answer deadline for those who said maybe"), default=settle_days
    )
    remind_days = models.JSONField(_("days before the meeting"), default=remind_days)
    at_hour = models.TimeField(_("time of day"), default=AT)
    most = models.PositiveSmallIntegerField(
        _("how often an invitee is asked to answer at most"),
        default=MOST,
        validators=[MinValueValidator(1), MaxValueValidator(5)],
    )

    class Meta:
        constraints = (
            models.CheckConstraint(name="reminders_at_most", condition=Q(most__gte=1, most__lte=5)),
        )

    def __str__(self) -> str:
        return f"{self.event_id}: {self.chase_days}, {self.settle_days}, {self.remind_days}"


def plan_of(event: Event) -> ReminderPlan:
    """The event's plan, or the usual one (not saved). No query when `reminder_plan` was selected with the event."""
    try:
        return event.reminder_plan
    except ReminderPlan.DoesNotExist:
        return ReminderPlan(tenant_id=event.tenant_id, event=event)


class ReminderKind(models.TextChoices):
    CHASE = "chase", _("to those who have not answered")
    SETTLE = "settle", _("to those who said maybe")
    REMINDER = "reminder", _("to those who come")


class ReminderRun(TenantModel):
    """A step that was carried out, or a round that somebody sent by hand (then `by`, `chosen` and maybe a message)."""

    Kind = ReminderKind

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="reminder_runs")
    kind = models.CharField(max_length=10, choices=ReminderKind)
    step_on = models.DateField(null=True)  # the day of the step; None for a round by hand
    sent_on = models.DateField()  # the day its mails are meant for, on the event's own clock
    at = models.DateTimeField(default=timezone.now)
    number = models.PositiveIntegerField(default=0)
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    chosen: Any = models.JSONField(default=list)  # the invitations' ids of a round by hand
    message = models.TextField(max_length=1000, blank=True)

    class Meta:
        ordering = ("event", "at", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("event", "kind", "step_on"),
                condition=Q(step_on__isnull=False),
                name="reminder_step_once",
            ),
            one_of("reminder_kind_known", "kind", ReminderKind),
        )

    def __str__(self) -> str:
        return f"{self.event_id}: {self.kind}, {self.sent_on}"
