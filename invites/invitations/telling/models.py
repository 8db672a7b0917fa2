"""What was decided about telling those invited of a change or a cancellation (ADR 0013)."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.constraints import one_of
from events.gatherings.models import Event
from events.tenancy.models import User
from events.tenancy.scoping import TenantModel


class Recipients(models.TextChoices):
    ALL = "all", _("Everybody who got the invitation")
    OPEN = "open", _("Those who have not said no")
    COMING = "coming", _("Those who said yes or maybe")
    CHOSEN = "chosen", _("Those I tick below")
    NOBODY = "nobody", _("Nobody")


class Telling(TenantModel):
    """One decision for one revision of time and place: who is told, with which message. "Nobody" is one, too."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="tellings")
    sequence = models.PositiveIntegerField()
    who = models.CharField(max_length=10, choices=Recipients)
    number = models.PositiveIntegerField(default=0)  # how many were told by mail
    asks_again = models.BooleanField(default=False)
    message = models.TextField(max_length=1000, blank=True)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ("event", "sequence")
        constraints = (
            models.UniqueConstraint(fields=("event", "sequence"), name="telling_once"),
            one_of("telling_recipients_known", "who", Recipients),
        )

    def __str__(self) -> str:
        return f"{self.event_id}: {self.sequence}, {self.who}"
