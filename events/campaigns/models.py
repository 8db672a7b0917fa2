"""Campaigns: a round of meetings that one tenant coordinates and others take part in, each with meetings of its own.

A campaign is its coordinator's; a participation and the meetings linked to it are the participant's (ADR 33).
"""

import datetime as dt
import uuid
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.campaigns.states import (
    SUCCESSORS,
    TAKING_PART,
    CampaignState,
    ParticipationState,
)
from events.constraints import all_or_none, one_of
from events.dates import Precision, VagueDate
from events.gatherings.models import Event
from events.tenancy.models import User
from events.tenancy.scoping import TenantModel, TenantQuerySet

__all__ = ["SUCCESSORS", "Campaign", "CampaignEvent", "CampaignItem", "Participation"]


def vague(first: dt.date | None, precision: str | None) -> VagueDate | None:
    return VagueDate(first, precision or Precision.DAY) if first else None


def vague_precision() -> "models.CharField[str | None, str | None]":
    return models.CharField(max_length=10, choices=Precision, null=True, blank=True)


class CampaignQuerySet(TenantQuerySet["Campaign"]):
    def reached_by(self, tenant_id: int) -> Self:
        """Campaigns that the tenant coordinates or takes part in, whose meetings its staff may follow."""
        joined = Participation.objects.of(tenant_id).filter(state=ParticipationState.JOINED)
        return self.filter(Q(tenant_id=tenant_id) | Q(pk__in=joined.values("campaign"))).exclude(
            state=CampaignState.DRAFT
        )


class Campaign(TenantModel):
    """What is asked of everybody: why, about what, until when. `version` rises when its feeds may show others."""

    State = CampaignState

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=CampaignState, default=CampaignState.DRAFT)
    title = models.CharField(_("title"), max_length=200)
    theme = models.CharField(_("theme"), max_length=300, blank=True)
    builds_on = models.CharField(_("builds on the plan"), max_length=300, blank=True)
    coordinator_name = models.CharField(_("coordinated by"), max_length=200, blank=True)
    trigger_what = models.CharField(_("what set it off"), max_length=100, blank=True)
    trigger_sender = models.CharField(_("sent by"), max_length=200, blank=True)
    trigger_to = models.CharField(_("sent to"), max_length=300, blank=True)
    trigger_on = models.DateField(null=True, blank=True)
    trigger_precision = vague_precision()
    trigger_text = models.TextField(_("its text, or where it can be found"), blank=True)
    from_on = models.DateField(null=True, blank=True)
    from_precision = vague_precision()
    until_on = models.DateField(null=True, blank=True)
    until_precision = vague_precision()
    variation = models.TextField(_("what may differ from place to place"), blank=True)
    observers = models.CharField(_("observers"), max_length=200, blank=True)
    observers_purpose = models.CharField(_("why they are there"), max_length=300, blank=True)
    contact_name = models.CharField(_("who answers questions"), max_length=200, blank=True)
    contact_email = models.EmailField(_("e-mail for questions"), blank=True)
    contact_phone = models.CharField(_("telephone for questions"), max_length=30, blank=True)
    version = models.PositiveBigIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    opened_at = models.DateTimeField(null=True, editable=False)
    closed_at = models.DateTimeField(null=True, editable=False)

    objects = CampaignQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at", "-pk")
        constraints = (
            one_of("campaign_state_known", "state", CampaignState),
            all_or_none("campaign_trigger_with_precision", "trigger_on", "trigger_precision"),
            all_or_none("campaign_from_with_precision", "from_on", "from_precision"),
            all_or_none("campaign_until_with_precision", "until_on", "until_precision"),
            models.CheckConstraint(
                name="campaign_opened_when_open", condition=Q(state="draft") | Q(opened_at__isnull=False)
            ),
            models.CheckConstraint(
                name="campaign_closed_when_closed",
                condition=Q(state="closed", closed_at__isnull=False)
                | ~Q(state="closed") & Q(closed_at__isnull=True),
            ),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def trigger_when(self) -> VagueDate | None:
        return vague(self.trigger_on, self.trigger_precision)

    @property
    def begins(self) -> VagueDate | None:
        return vague(self.from_on, self.from_precision)

    @property
    def ends(self) -> VagueDate | None:
        return vague(self.until_on, self.until_precision)


class CampaignItem(TenantModel):
    """An item of the programme that participants may begin from."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField()
    starts = models.TimeField(null=True, blank=True)
    title = models.CharField(_("title"), max_length=300)

    class Meta:
        ordering = ("campaign", "position")
        constraints = (models.UniqueConstraint(fields=("campaign", "position"), name="campaign_item_once"),)

    def __str__(self) -> str:
        return f"{self.starts:%H:%M} {self.title}" if self.starts else self.title


class ParticipationQuerySet(TenantQuerySet["Participation"]):
    def taking_part(self) -> Self:
        return self.filter(state__in=TAKING_PART)


class Participation(TenantModel):
    """A tenant that was asked to take part; `tenant` is that tenant, whose staff answer, link meetings and write notes.

    With a `name` it is somebody who does not use the product: listed by the coordinator, whose own row it is.
    Rows stay when somebody leaves: the versions of feeds are summed over them and must never fall.
    """

    State = ParticipationState

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="participations")
    name = models.CharField(_("name"), max_length=200, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=ParticipationState)
    asked_at = models.DateTimeField(default=timezone.now)
    answered_at = models.DateTimeField(null=True)
    worked = models.TextField(_("what worked"), blank=True)
    change = models.TextField(_("what to change"), blank=True)
    noted_at = models.DateTimeField(null=True)

    objects = ParticipationQuerySet.as_manager()

    class Meta:
        ordering = ("campaign", "asked_at", "pk")
        constraints = (
            one_of("participation_state_known", "state", ParticipationState),
            models.UniqueConstraint(
                fields=("campaign", "tenant"), condition=Q(name=""), name="tenant_in_campaign_once"
            ),
            models.UniqueConstraint(
                fields=("campaign", "name"), condition=~Q(name=""), name="name_in_campaign_once"
            ),
            models.CheckConstraint(
                name="listed_by_name_only",
                condition=Q(name="") & ~Q(state="listed")
                | ~Q(name="") & Q(state__in=("listed", "withdrawn")),
            ),
        )

    def __str__(self) -> str:
        return self.name or self.tenant.name


class CampaignEventQuerySet(TenantQuerySet["CampaignEvent"]):
    def of_campaign(self, campaign_id: int) -> Self:
        """What those who take part linked to it. A locked event is as if it were not there (ADR 27)."""
        return self.filter(
            participation__campaign=campaign_id,
            participation__state__in=TAKING_PART,
            event__locked_at__isnull=True,
        )

    def shared(self) -> Self:
        return self.filter(shared=True)


class CampaignEvent(TenantModel):
    """A participant's meeting in the campaign, and what of it the others are told."""

    participation = models.ForeignKey(Participation, on_delete=models.CASCADE, related_name="links")
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="campaign_links")
    shared = models.BooleanField(_("Share title, time and town"), default=True)
    programme_is_public = models.BooleanField(_("The programme is public"), default=False)
    before_letter = models.BooleanField(_("It was planned before the campaign began"), default=False)
    audience = models.TextField(_("who the meeting is for"), blank=True)  # one group a line
    note = models.TextField(_("more about the meeting"), blank=True)
    linked_at = models.DateTimeField(default=timezone.now)
    linked_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")

    objects = CampaignEventQuerySet.as_manager()

    class Meta:
        ordering = ("participation", "event__sort_on", "pk")
        constraints = (
            models.UniqueConstraint(fields=("participation", "event"), name="event_in_participation_once"),
        )

    def __str__(self) -> str:
        return f"{self.event_id} in {self.participation_id}"
