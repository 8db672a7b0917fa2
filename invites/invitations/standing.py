"""The answer that stands, on the invitation: derived from the answers (rule 7), kept for lists, counts and seats."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Reply(models.TextChoices):
    """What an invitee said; "" where nothing was said yet."""

    ACCEPTED = "accepted", _("yes")
    TENTATIVE = "tentative", _("maybe")
    DECLINED = "declined", _("no")
    WAITING = "waiting", _("on the waiting list")


class Mode(models.TextChoices):
    """How somebody takes part where both are possible; "" where nobody was asked."""

    IN_PERSON = "in_person", _("in person")
    ONLINE = "online", _("online")


# The condition behind `Answered.seats`.
HOLDS_SEATS = (Q(reply=Reply.ACCEPTED) | Q(offered_until__isnull=False)) & ~Q(mode=Mode.ONLINE)
NOTHING_SAID: dict[str, Any] = {
    "reply": "",
    "replied_at": None,
    "party": 1,
    "mode": "",
    "waiting_since": None,
    "offered_until": None,
    "waiting_rank": 0,
}


class Answered(models.Model):
    party = models.PositiveSmallIntegerField(default=1)  # seats that a yes takes
    reply = models.CharField(_("answer"), max_length=20, choices=Reply, blank=True, default="")
    replied_at = models.DateTimeField(null=True)  # when the standing answer came in
    # What orders answers that come in late: the revision it answers to, then when the invitee said it.
    said_sequence = models.PositiveIntegerField(default=0)
    said_at = models.DateTimeField(null=True)
    mode = models.CharField(_("takes part"), max_length=10, choices=Mode, blank=True, default="")
    waiting_since = models.DateTimeField(null=True)
    offered_until = models.DateTimeField(null=True)  # a seat is held for who waits
    # Needs or answers to questions lie beside the answer; says neither which nor how many.
    told_more = models.BooleanField(default=False, editable=False)
    waiting_rank = models.PositiveSmallIntegerField(default=0)  # who the organiser moved up goes first
    # The part of the target mix that it counts for; by hand, or as the groups' rules say.
    seat_group = models.ForeignKey(
        "invites.SeatGroup", null=True, blank=True, on_delete=models.SET_NULL, related_name="invitations"
    )
    grouped_by_hand = models.BooleanField(default=False)

    class Meta:
        abstract = True

    @property
    def seats(self) -> int:
        """The seats of the room that it holds: with a yes, or while one is offered. Who joins online takes none."""
        holds = self.reply == Reply.ACCEPTED or self.offered_until is not None
        return self.party if holds and self.mode != Mode.ONLINE else 0

    @property
    def wants_to_come(self) -> bool:
        """Said yes, whether or not there was a seat."""
        return self.reply in (Reply.ACCEPTED, Reply.WAITING)


ANSWERED_CONSTRAINTS = (
    models.CheckConstraint(
        name="reply_with_its_time",
        condition=Q(reply="", replied_at__isnull=True) | (~Q(reply="") & Q(replied_at__isnull=False)),
    ),
    models.CheckConstraint(name="reply_known", condition=Q(reply="") | Q(reply__in=Reply.values)),
    models.CheckConstraint(name="party_within_quota", condition=Q(party__gte=1, party__lte=F("quota"))),
    models.CheckConstraint(name="mode_known", condition=Q(mode="") | Q(mode__in=Mode.values)),
    models.CheckConstraint(
        name="waits_since_a_moment",
        condition=Q(reply="waiting", waiting_since__isnull=False)
        | (~Q(reply="waiting") & Q(waiting_since__isnull=True)),
    ),
    models.CheckConstraint(
        name="offered_to_who_waits", condition=Q(offered_until__isnull=True) | Q(reply="waiting")
    ),
)
