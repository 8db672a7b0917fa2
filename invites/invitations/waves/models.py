"""Waves: who is asked together, and when. A planned wave holds people; invitations are made when it is due."""

import datetime as dt
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.constraints import all_or_none, one_of
from events.directory.models import Contact
from events.gatherings.models import Event
from events.tenancy.models import User
from events.tenancy.scoping import TenantModel, TenantQuerySet

TRY_AGAIN = dt.timedelta(minutes=10)  # after a wave was held back


class WaveState(models.TextChoices):
    PLANNED = "planned", _("planned")
    SENT = "sent", _("sent")
    CALLED_OFF = "called_off", _("called off")
    STOPPED = "stopped", _("not sent")


class WaveQuerySet(TenantQuerySet["Wave"]):
    def planned(self) -> Self:
        return self.filter(state=WaveState.PLANNED)

    def due(self) -> Self:
        """Planned waves whose time has come, the first one first; one that was held back is tried again later, one of
        a locked event waits.
        """
        now = timezone.now()
        rested = Q(held_at__isnull=True) | Q(held_at__lte=now - TRY_AGAIN)
        waiting = self.planned().filter(rested, due_at__lte=now, event__locked_at__isnull=True)
        return waiting.order_by("due_at", "pk")


class Wave(TenantModel):
    """One round of invitations. `after` and `after_days` say that it follows another one; `due_at` is kept in step."""

    State = WaveState

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="waves")
    number = models.PositiveSmallIntegerField(_("number"))
    name = models.CharField(_("name"), max_length=100, blank=True)
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.PLANNED)
    due_at = models.DateTimeField(_("goes out"))
    in_quiet_hours = models.BooleanField(default=False)  # somebody chose to send it in the quiet hours too
    after = models.ForeignKey("self", null=True, on_delete=models.CASCADE, related_name="followers")
    after_days = models.PositiveSmallIntegerField(null=True)
    note = models.CharField(_("personal note"), max_length=1000, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    held_at = models.DateTimeField(null=True)  # when it was due and its words would not do (see `checks`)
    settled_at = models.DateTimeField(null=True)  # when it was sent, called off or stopped

    objects = WaveQuerySet.as_manager()

    class Meta:
        ordering = ("event", "number")
        indexes = (models.Index(fields=("due_at",), condition=Q(state="planned"), name="wave_due"),)
        constraints = (
            models.UniqueConstraint(fields=("event", "number"), name="wave_number_once"),
            one_of("wave_state_known", "state", WaveState),
            all_or_none("wave_after_with_days", "after", "after_days"),
            models.CheckConstraint(
                name="wave_settled_with_its_time",
                condition=Q(state="planned", settled_at__isnull=True)
                | (~Q(state="planned") & Q(settled_at__isnull=False)),
            ),
        )

    def __str__(self) -> str:
        title = _("Wave %(number)s") % {"number": self.number}
        return f"{title}: {self.name}" if self.name else title


# A wave leaves `planned` once. `stopped` is the product's own: the meeting began or was cancelled first.
SUCCESSORS: dict[str, frozenset[str]] = {
    Wave.State.PLANNED: frozenset({Wave.State.SENT, Wave.State.CALLED_OFF, Wave.State.STOPPED}),
    Wave.State.SENT: frozenset(),
    Wave.State.CALLED_OFF: frozenset(),
    Wave.State.STOPPED: frozenset(),
}


class WaveMember(TenantModel):
    """Somebody a planned wave will ask. `quota` is how many people the organisation names itself; 0 asks the person."""

    wave = models.ForeignKey(Wave, on_delete=models.CASCADE, related_name="members")
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="+")
    quota = models.PositiveSmallIntegerField(default=0)
    note = models.CharField(_("personal note"), max_length=1000, blank=True)

    class Meta:
        ordering = ("wave", "contact__name", "pk")
        constraints = (models.UniqueConstraint(fields=("wave", "contact"), name="wave_member_once"),)

    def __str__(self) -> str:
        return str(self.contact)
