"""Mail that came to us: what it was, and the message itself for a while, so that what we cannot read is not lost."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.constraints import one_of
from events.tenancy.models import Tenant, User
from invites.invitations.models import Invitation
from invites.post.models import OutgoingMail


class InboundKind(models.TextChoices):
    REPORT = "report", _("report of a mail server")
    CALENDAR = "calendar", _("answer from a calendar")
    AUTOMATIC = "automatic", _("automatic reply")
    RECEIPT = "receipt", _("read receipt")
    COMPLAINT = "complaint", _("complaint by a mail service")
    MESSAGE = "message", _("message from a person")
    UNREADABLE = "unreadable", _("unreadable")


class InboundState(models.TextChoices):
    APPLIED = "applied", _("taken into account")
    NOTED = "noted", _("noted")  # an absence, a proposal of another time, an answer to an older time
    HELD = "held", _("waits for the organiser")
    QUARANTINED = "quarantined", _("put aside")
    DISMISSED = "dismissed", _("set aside by the organiser")


class Topic(models.TextChoices):
    """What a message wants, as far as it was understood; stays when the message itself is forgotten."""

    ANSWER = "answer", _("answer")
    PROPOSAL = "proposal", _("proposal of another time")
    REFRESH = "refresh", _("wish to get the invitation again")
    DELEGATION = "delegation", _("wish to send somebody else")
    SUGGESTION = "suggestion", _("message that may be an answer")
    MESSAGE = "message", _("message to the organiser")
    ABSENCE = "absence", _("note of absence")


class InboundMailQuerySet(models.QuerySet["InboundMail"]):
    def of(self, tenant: Tenant | int) -> Self:
        """Mails about an invitation of this tenant."""
        return self.filter(invitation__tenant=tenant)

    def waiting(self) -> Self:
        """What an organiser has to decide about, once."""
        undecided = (InboundState.HELD, InboundState.QUARANTINED)
        return self.filter(state__in=undecided, invitation__isnull=False, settled_at=None)


class InboundMail(models.Model):
    """One message. Whose it is shows only when it leads to a mail or an invitation of ours; it belongs to that tenant.

    `raw`, `envelope` and `said` are sealed (`sealing.py`) and forgotten after 30 days (`forget_old_raw`). The hash lets
    the same message, handed over twice, be one row.
    """

    received_at = models.DateTimeField(default=timezone.now)
    kind = models.CharField(max_length=20, choices=InboundKind)
    state = models.CharField(max_length=20, choices=InboundState)
    topic = models.CharField(max_length=20, choices=Topic, blank=True, default="")
    reason = models.CharField(max_length=300, blank=True)
    size = models.PositiveIntegerField()
    raw_hash = models.CharField(max_length=64, unique=True)
    raw = models.BinaryField(null=True)
    envelope = models.BinaryField(null=True)
    mail = models.ForeignKey(OutgoingMail, null=True, on_delete=models.SET_NULL, related_name="inbound")
    # Whose invitation the reply address names; what was said, sealed, until the organiser settles it.
    invitation = models.ForeignKey(Invitation, null=True, on_delete=models.CASCADE, related_name="inbound")
    said = models.BinaryField(null=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")

    objects = InboundMailQuerySet.as_manager()

    class Meta:
        ordering = ("-received_at", "-pk")
        indexes = (models.Index(fields=("received_at",), name="inbound_received"),)
        constraints = (
            one_of("inbound_kind_known", "kind", InboundKind),
            one_of("inbound_state_known", "state", InboundState),
            models.CheckConstraint(
                name="inbound_topic_known", condition=Q(topic="") | Q(topic__in=Topic.values)
            ),
            models.CheckConstraint(  # who settled it may be gone, never the moment
                name="inbound_settled_at", condition=Q(settled_by=None) | Q(settled_at__isnull=False)
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.received_at:%Y-%m-%d %H:%M}"
