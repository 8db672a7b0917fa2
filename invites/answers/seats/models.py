"""The parts of the target mix, and the seats that the waiting list handed on, each with its reason."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.constraints import one_of
from events.directory.groups.rules import Rule
from events.gatherings.models import Event
from events.tenancy.scoping import TenantModel
from invites.invitations.models import Invitation


class SeatGroup(TenantModel):
    """A part of the mix, such as congregations or youth. The first group whose rule fits an invitee has it.

    `most` is a limit; `target` only decides who of those waiting goes first. `taken` are the seats its members hold.
    """

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="seat_groups")
    position = models.PositiveSmallIntegerField(default=1)
    name = models.CharField(_("name"), max_length=100)
    stored_rule: Any = models.JSONField(default=dict)  # see Rule; empty: only who is put there by hand
    target = models.PositiveSmallIntegerField(_("seats it should have"), null=True, blank=True)
    most = models.PositiveSmallIntegerField(_("seats it may have at most"), null=True, blank=True)
    taken = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        ordering = ("event", "position", "pk")
        constraints = (
            models.UniqueConstraint(fields=("event", "name"), name="seat_group_once"),
            models.CheckConstraint(
                name="seat_group_never_overbooked", condition=Q(most__isnull=True) | Q(taken__lte=F("most"))
            ),
            models.CheckConstraint(
                name="seat_group_target_within_most",
                condition=Q(most__isnull=True) | Q(target__isnull=True) | Q(target__lte=F("most")),
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def rule(self) -> Rule | None:
        return Rule.read(self.stored_rule) if self.stored_rule else None


class OfferReason(models.TextChoices):
    MOVED_UP = "moved_up", _("moved up by the organiser")
    BELOW_TARGET = "below_target", _("the group is furthest below its target")
    LONGEST = "longest", _("has waited longest")
    BY_HAND = "by_hand", _("chosen by the organiser")


class OfferOutcome(models.TextChoices):
    OPEN = "open", _("waits for an answer")
    TAKEN = "taken", _("taken")
    DECLINED = "declined", _("declined")
    LAPSED = "lapsed", _("not answered in time")
    WITHDRAWN = "withdrawn", _("withdrawn")


class SeatOffer(TenantModel):
    """A seat that the waiting list gave or offered somebody, and why. `facts` hold numbers and a group, no person."""

    Reason, Outcome = OfferReason, OfferOutcome

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="seat_offers")
    invitation = models.ForeignKey(Invitation, on_delete=models.CASCADE, related_name="seat_offers")
    offered_at = models.DateTimeField(default=timezone.now)
    until = models.DateTimeField(null=True)  # None: given at once
    reason = models.CharField(max_length=20, choices=OfferReason)
    facts: Any = models.JSONField(default=dict)
    outcome = models.CharField(max_length=20, choices=OfferOutcome, default=OfferOutcome.OPEN)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("event", "-offered_at", "-pk")
        indexes = (models.Index(fields=("until",), condition=Q(outcome="open"), name="open_seat_offer"),)
        constraints = (
            one_of("offer_reason_known", "reason", OfferReason),
            one_of("offer_outcome_known", "outcome", OfferOutcome),
            models.UniqueConstraint(
                fields=("invitation",), condition=Q(outcome="open"), name="one_open_offer_each"
            ),
            models.CheckConstraint(
                name="offer_settled_with_its_time",
                condition=Q(outcome="open", settled_at__isnull=True, until__isnull=False)
                | (~Q(outcome="open") & Q(settled_at__isnull=False)),
            ),
        )

    def __str__(self) -> str:
        return f"{self.invitation_id}: {self.reason}, {self.outcome}"

    def why(self) -> str:
        """The reason as a sentence in the active language, with its numbers."""
        if self.reason == OfferReason.BELOW_TARGET:
            text = _("%(group)s had %(taken)s of %(target)s seats, the furthest below its target.")
            return str(text % self.facts)
        return str(self.get_reason_display())
