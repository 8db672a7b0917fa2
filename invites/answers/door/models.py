"""The door: secret links to the list of who comes, and who has arrived."""

import datetime as dt
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.gatherings.models import Event
from events.tenancy.models import User
from events.tenancy.scoping import TenantModel, TenantQuerySet
from invites.invitations.models import Invitation

OPENS = dt.timedelta(hours=24)  # before the beginning
STAYS = dt.timedelta(hours=2)  # after the end


class DoorLinkQuerySet(TenantQuerySet["DoorLink"]):
    def kept(self) -> Self:
        return self.filter(revoked_at__isnull=True)

    def of_a_live_event(self) -> Self:
        """Links of published events, from the day before until a little after the end, wherever it is moved to."""
        now = timezone.now()
        return self.kept().filter(
            event__state=Event.State.PUBLISHED,
            event__starts_at__lte=now + OPENS,
            event__ends_at__gt=now - STAYS,
        )

    def open(self) -> Self:
        return self.of_a_live_event().filter(event__locked_at__isnull=True)


class DoorLink(TenantModel):
    """A link for those who receive at the door. The token is shown once and stored as a hash."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="door_links")
    name = models.CharField(_("who it is for"), max_length=100)
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    revoked_at = models.DateTimeField(null=True)

    objects = DoorLinkQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at", "-pk")

    def __str__(self) -> str:
        return self.name


class ArrivalQuerySet(TenantQuerySet["Arrival"]):
    def present(self) -> Self:
        return self.filter(undone_at__isnull=True)

    def expected(self) -> Self:
        return self.filter(invitation__isnull=False)

    def walk_ins(self) -> Self:
        return self.present().filter(invitation__isnull=True)


class Arrival(TenantModel):
    """Somebody came. `key` names the line of the list ("<invitation>-<position>"), or a walk-in by the device's own id.

    So the same tick, sent again by a phone that was offline, is the same row.
    """

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="arrivals")
    key = models.CharField(max_length=64)
    invitation = models.ForeignKey(Invitation, null=True, on_delete=models.CASCADE, related_name="arrivals")
    position = models.PositiveSmallIntegerField(default=0)  # 0: the invitee; from 1: whom the answer names
    name = models.CharField(_("name"), max_length=200, blank=True)  # of walk-ins alone
    organisation = models.CharField(_("organisation"), max_length=200, blank=True)
    arrived_at = models.DateTimeField(default=timezone.now)
    undone_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField(default=timezone.now)  # when the tick or its undoing was made

    objects = ArrivalQuerySet.as_manager()

    class Meta:
        ordering = ("arrived_at", "pk")
        constraints = (
            models.UniqueConstraint(fields=("event", "key"), name="arrives_once"),
            models.CheckConstraint(
                name="arrival_of_an_invitee_or_by_name",
                condition=Q(invitation__isnull=False, name="") | (Q(invitation__isnull=True) & ~Q(name="")),
            ),
        )

    def __str__(self) -> str:
        return self.key
