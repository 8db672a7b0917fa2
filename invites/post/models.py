"""The outbox: a mail is a row first (rule 2). It knows kinds of mail by name, never their subject."""

import datetime as dt
import uuid
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.constraints import one_of
from events.tenancy.scoping import TenantModel, TenantQuerySet
from invites.post.problems import Explanation, explain, explain_delivery


class OutgoingMailQuerySet(TenantQuerySet["OutgoingMail"]):
    def due(self) -> Self:
        return self.filter(state=OutgoingMail.State.QUEUED, due_at__lte=timezone.now()).order_by(
            "due_at", "pk"
        )

    def in_trouble(self) -> Self:
        """Mails an organiser has to look at: not sent, of unknown fate, sent but not arrived; unless dealt with."""
        return self.filter(trouble(), dealt_with_at=None)


class OutgoingMailState(models.TextChoices):
    QUEUED = "queued", _("waiting to be sent")
    CLAIMED = "claimed", _("being sent")
    CALLING = "calling", _("being handed over")
    ACCEPTED = "accepted", _("sent")
    UNKNOWN = "unknown", _("unknown whether it was sent")
    FAILED = "failed", _("could not be sent")
    SUPERSEDED = "superseded", _("replaced by a newer mail")
    CANCELLED = "cancelled", _("not sent, no longer needed")


class Delivery(models.TextChoices):
    """What became of a mail after the provider took it, as far as it told us."""

    PROCESSED = "processed", _("taken by the mail service")
    DEFERRED = "deferred", _("delayed by the recipient's server")
    DELIVERED = "delivered", _("delivered")
    BLOCKED = "blocked", _("refused by the recipient's server for now")
    BOUNCED = "bounced", _("bounced: the address does not work")
    DROPPED = "dropped", _("dropped by the mail service")
    COMPLAINED = "complained", _("marked as unwanted by the recipient")


RETURNED = (Delivery.BLOCKED, Delivery.BOUNCED, Delivery.DROPPED)
NOT_ARRIVED = (*RETURNED, Delivery.COMPLAINED)
PATIENCE = dt.timedelta(hours=12)  # servers that ask to come back later mostly mean minutes


def trouble() -> Q:
    """Mails that did not arrive, or that nobody knows about; `in_trouble` leaves out those dealt with."""
    states = OutgoingMail.State
    slow = Q(delivery=Delivery.DEFERRED, settled_at__lt=timezone.now() - PATIENCE)
    not_arrived = Q(state=states.ACCEPTED) & (Q(delivery__in=NOT_ARRIVED) | slow)
    return Q(state__in=(states.FAILED, states.UNKNOWN)) | not_arrived


class OutgoingMail(TenantModel):
    """One mail to one recipient. `kind` names the composer, `subject_id` the row it writes about."""

    State = OutgoingMailState

    kind = models.CharField(max_length=40)
    # Mails of one series about one subject say the same thing anew: the newest revision wins. "" stands alone.
    series = models.CharField(max_length=40, blank=True)
    subject_id = models.BigIntegerField()
    revision = models.PositiveIntegerField(default=0)
    delivery_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    to_address = models.EmailField()
    state = models.CharField(max_length=20, choices=State, default=State.QUEUED)
    created_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(default=timezone.now)
    give_up_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)  # calls to the provider
    crashes = models.PositiveSmallIntegerField(
        default=0
    )  # how often it was lost with its worker, or broke its writing
    claimed_at = models.DateTimeField(null=True)
    claimed_by = models.CharField(max_length=64, blank=True)
    settled_at = models.DateTimeField(null=True)
    provider_id = models.CharField(max_length=200, blank=True)
    problem = models.CharField(max_length=300, blank=True)
    # What the provider or the recipient's server told of this delivery since; derived from all events it sent.
    delivery = models.CharField(max_length=20, choices=Delivery, blank=True)
    delivery_at = models.DateTimeField(null=True)
    delivery_detail = models.CharField(max_length=300, blank=True)
    # When an organiser settled a trouble in another way (called, say); sending again takes it back.
    dealt_with_at = models.DateTimeField(null=True)

    objects = OutgoingMailQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at", "-pk")
        indexes = (
            models.Index(fields=("due_at",), condition=Q(state="queued"), name="mail_due"),
            models.Index(fields=("subject_id", "series"), name="mail_series"),
            models.Index(
                fields=("state", "claimed_at"),
                condition=Q(state__in=("claimed", "calling")),
                name="mail_held",
            ),
        )
        constraints = (
            models.UniqueConstraint(fields=("kind", "subject_id", "revision"), name="mail_once"),
            one_of("mail_state_known", "state", OutgoingMailState),
            models.CheckConstraint(
                name="mail_delivery_known", condition=Q(delivery="") | Q(delivery__in=Delivery.values)
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.delivery_id}"

    @property
    def problem_words(self) -> Explanation:
        """What happened, what to do, and what the mail service said, for staff."""
        if self.state == OutgoingMail.State.ACCEPTED and self.delivery:
            return explain_delivery(self.delivery, self.delivery_detail)
        return explain(self.problem)

    @property
    def fate(self) -> str:
        """What is known of it, in two or three words."""
        told = self.state == OutgoingMail.State.ACCEPTED and self.delivery
        return str(self.get_delivery_display() if told else self.get_state_display())

    @property
    def may_be_sent_again(self) -> bool:
        """Not what may still arrive, nor what the recipient called unwanted."""
        states = OutgoingMail.State
        returned = self.state == states.ACCEPTED and self.delivery in RETURNED
        return returned or self.state in (states.FAILED, states.UNKNOWN)


# Rule 2. A crash in `calling` becomes `unknown`: never silently sent again. From `queued` or `claimed` to `accepted`:
# a try that seemed to have failed had not, as the provider's event told.
SUCCESSORS: dict[str, frozenset[str]] = {
    OutgoingMail.State.QUEUED: frozenset(
        {
            OutgoingMail.State.CLAIMED,
            OutgoingMail.State.ACCEPTED,
            OutgoingMail.State.FAILED,
            OutgoingMail.State.SUPERSEDED,
            OutgoingMail.State.CANCELLED,
        }
    ),
    OutgoingMail.State.CLAIMED: frozenset(
        {
            OutgoingMail.State.QUEUED,
            OutgoingMail.State.CALLING,
            OutgoingMail.State.ACCEPTED,
            OutgoingMail.State.FAILED,
            OutgoingMail.State.SUPERSEDED,
            OutgoingMail.State.CANCELLED,
        }
    ),
    OutgoingMail.State.CALLING: frozenset(
        {
            OutgoingMail.State.QUEUED,
            OutgoingMail.State.ACCEPTED,
            OutgoingMail.State.UNKNOWN,
            OutgoingMail.State.FAILED,
        }
    ),
    # Back to `queued` only by an organiser, who asked the recipient or set right what was wrong.
    OutgoingMail.State.UNKNOWN: frozenset(
        {OutgoingMail.State.ACCEPTED, OutgoingMail.State.FAILED, OutgoingMail.State.QUEUED}
    ),
    # Dropped by the provider after all; sent again by an organiser after it was returned.
    OutgoingMail.State.ACCEPTED: frozenset({OutgoingMail.State.FAILED, OutgoingMail.State.QUEUED}),
    # Accepted: the provider told later that it had it all the same.
    OutgoingMail.State.FAILED: frozenset({OutgoingMail.State.QUEUED, OutgoingMail.State.ACCEPTED}),
    OutgoingMail.State.SUPERSEDED: frozenset(),
    OutgoingMail.State.CANCELLED: frozenset(),
}


class MailLane(models.Model):
    """The way out by one transport, for all workers: in a pause none of them starts a call.

    Open while `paused_until` is empty. After a pause one worker tries with one mail (`probe_by`, for as long as its
    lease `probe_until` lasts); its success opens the lane, its failure begins a longer pause.
    """

    name = models.CharField(max_length=20, primary_key=True)  # of the transport, as MAIL_TRANSPORT says it
    paused_until = models.DateTimeField(null=True)
    pauses = models.PositiveSmallIntegerField(default=0)  # one after another, without a success
    problem = models.CharField(max_length=300, blank=True)
    probe_by = models.CharField(max_length=64, blank=True)
    probe_until = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="lane_probe_after_pause", condition=Q(probe_by="") | Q(paused_until__isnull=False)
            ),
            models.CheckConstraint(
                name="lane_probe_with_lease",
                condition=Q(probe_by="", probe_until__isnull=True)
                | (~Q(probe_by="") & Q(probe_until__isnull=False)),
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def problem_words(self) -> Explanation:
        return explain(self.problem)


class WorkerHeartbeat(models.Model):
    """When a worker last did a job; the watchdog restarts workers whose heart stopped (STACK.md, jobs)."""

    name = models.CharField(max_length=64, primary_key=True)
    beat_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.name
