"""What providers and mail servers told of deliveries. Rows are only added; what they mean is derived (ADR 0010)."""

from django.db import models
from django.utils import timezone

from events.constraints import one_of
from invites.post.models import Delivery, OutgoingMail


class EventSource(models.TextChoices):
    SENDGRID = "sendgrid"
    DSN = "dsn"  # a mail server's report by mail (RFC 3464)


class DeliveryEvent(models.Model):
    """One thing that happened to one delivery, as told. `event_id` is the teller's own, so that a repetition is known.

    Belongs to the tenant of its mail. Without a mail it is a stranger's, or early: kept a while, then deleted.
    """

    event_id = models.CharField(max_length=120, unique=True)
    delivery_id = models.UUIDField(db_index=True)
    mail = models.ForeignKey(OutgoingMail, null=True, on_delete=models.CASCADE, related_name="events")
    what = models.CharField(max_length=20, choices=Delivery)
    at = models.DateTimeField()
    detail = models.CharField(max_length=300, blank=True)
    source = models.CharField(max_length=20, choices=EventSource)
    received_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("at", "event_id")
        indexes = (
            models.Index(fields=("received_at",), condition=models.Q(mail=None), name="event_unattached"),
        )
        constraints = (
            one_of("event_what_known", "what", Delivery),
            one_of("event_source_known", "source", EventSource),
        )

    def __str__(self) -> str:
        return f"{self.what} {self.delivery_id}"


class FormerDelivery(models.Model):
    """The delivery id of an earlier sending of a mail that was sent again: late events still find their mail."""

    delivery_id = models.UUIDField(primary_key=True)
    mail = models.ForeignKey(OutgoingMail, on_delete=models.CASCADE, related_name="former_deliveries")

    def __str__(self) -> str:
        return str(self.delivery_id)
