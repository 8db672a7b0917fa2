"""What a tenant does that was asked: joins, declines, leaves, links its meetings and writes what it learned."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from events import audit
from events.campaigns.models import Campaign, CampaignEvent, CampaignItem, Participation
from events.campaigns.refusals import AlreadyJoined, AlreadyLinked, NotNow
from events.campaigns.states import TAKING_PART, CampaignState, ParticipationState, before
from events.gatherings import services as gatherings
from events.gatherings.models import Event
from events.tenancy.models import User

TOLD = frozenset({"shared", "programme_is_public", "before_letter", "audience", "note"})
THEIRS = "the campaign is its coordinator's; whoever takes part moves its version, so that all feeds see the change"


@transaction.atomic
def join(participation: Participation, *, by: User | None) -> None:
    """Raises AlreadyJoined when the tenant takes part already, NotNow when the campaign is closed or nobody asks."""
    if not _move(participation, ParticipationState.JOINED):
        if participation.state == ParticipationState.JOINED:
            raise AlreadyJoined(gettext("You take part in this campaign already."))
        raise NotNow(gettext("The campaign is closed, or you are no longer asked."))
    _note("joined", participation, by)


@transaction.atomic
def decline(participation: Participation, *, by: User | None) -> bool:
    """False, and nothing happens, when there is nothing to say no to (a second click)."""
    return _moved_to(participation, ParticipationState.DECLINED, "declined", by)


@transaction.atomic
def leave(participation: Participation, *, by: User | None) -> bool:
    """The others see nothing of the tenant's meetings any more; links stay for the day it joins again."""
    return _moved_to(participation, ParticipationState.LEFT, "left", by)


@transaction.atomic
def link(
    participation: Participation, event: Event, *, by: User | None, told: Mapping[str, Any]
) -> CampaignEvent:
    """Puts an event of the participant into the campaign. `told`: fields of TOLD, what the others hear of it.

    Raises AlreadyLinked, NotNow unless the campaign is open and the tenant takes part, ValueError for another
    tenant's event, TypeError for what cannot be told.
    """
    if event.tenant_id != participation.tenant_id:
        raise ValueError("only a participant's own events are in the campaign by it")
    if unknown := set(told) - TOLD:
        raise TypeError(f"not to be told: {sorted(unknown)}")
    _require_open(participation)
    if CampaignEvent.objects.of(event.tenant_id).filter(
        event=event, participation__campaign=participation.campaign_id
    ):
        raise AlreadyLinked(gettext("This meeting is in the campaign already."))
    try:
        with transaction.atomic():
            row = CampaignEvent.objects.create(
                tenant_id=event.tenant_id, participation=participation, event=event, linked_by=by, **told
            )
    except IntegrityError as twice:
        raise AlreadyLinked(gettext("This meeting is in the campaign already.")) from twice
    _note("linked", participation, by, meeting=event.title)
    return row


@transaction.atomic
def link_new(
    participation: Participation,
    *,
    by: User | None,
    facts: Mapping[str, Any],
    told: Mapping[str, Any],
    uid: uuid.UUID,
) -> CampaignEvent:
    """Makes a draft from the campaign's programme and links it. A second call with the same `uid` returns the link."""
    items = CampaignItem.objects.across_tenants("the coordinator's template is for whoever takes part")
    programme = [
        {"starts": item.starts, "title": item.title}
        for item in items.filter(campaign=participation.campaign_id)
    ]
    event = gatherings.create(tenant=participation.tenant, by=by, facts=facts, programme=programme, uid=uid)
    known = CampaignEvent.objects.of(event.tenant_id).filter(event=event, participation=participation).first()
    return known or link(participation, event, by=by, told=told)


@transaction.atomic
def change_link(row: CampaignEvent, *, by: User | None, told: Mapping[str, Any]) -> None:
    """Changes what the others are told. Writes nothing when all is as it was."""
    if all(getattr(row, name) == value for name, value in told.items()):
        return
    for name, value in told.items():
        setattr(row, name, value)
    row.save(update_fields=[*told])
    _note("link_changed", row.participation, by, meeting=row.event.title)


@transaction.atomic
def unlink(row: CampaignEvent, *, by: User | None) -> None:
    """Takes the event out of the campaign; the event itself stays as it is."""
    _note("unlinked", row.participation, by, meeting=row.event.title)
    row.delete()


@transaction.atomic
def learn(participation: Participation, *, by: User | None, worked: str, change: str) -> None:
    """Keeps what the participant learned, for the coordinator to read; also once the campaign is closed."""
    if (participation.worked, participation.change) == (worked, change):
        return
    rows = Participation.objects.of(participation.tenant_id).filter(
        pk=participation.pk, state__in=TAKING_PART
    )
    if not rows.update(worked=worked, change=change, noted_at=timezone.now() if worked or change else None):
        raise NotNow(gettext("Only who takes part writes what was learned."))
    participation.refresh_from_db()
    _note("learned", participation, by)


def _moved_to(row: Participation, to: ParticipationState, action: str, by: User | None) -> bool:
    done = _move(row, to)
    if done:
        _note(action, row, by)
    return done


def _move(row: Participation, to: ParticipationState) -> bool:
    """Joining needs an open campaign; whoever wants out gets out."""
    rows = Participation.objects.of(row.tenant_id).filter(pk=row.pk, name="", state__in=before(to))
    if to == ParticipationState.JOINED:
        rows = rows.filter(campaign__state=CampaignState.OPEN)
    done = rows.update(state=to, answered_at=timezone.now())
    row.refresh_from_db(fields=["state", "answered_at"])
    return bool(done)


def _require_open(row: Participation) -> None:
    """Holds the campaign's row until commit."""
    rows = Campaign.objects.across_tenants(THEIRS).filter(pk=row.campaign_id, state=CampaignState.OPEN)
    row.refresh_from_db(fields=["state"])
    if row.state not in TAKING_PART or not rows.update(version=F("version") + 1):
        raise NotNow(gettext("Meetings are linked while the campaign is open and you take part."))


def _note(action: str, row: Participation, by: User | None, **facts: str) -> None:
    """The audit entry of the participant, and the feeds' version."""
    Campaign.objects.across_tenants(THEIRS).filter(pk=row.campaign_id).update(version=F("version") + 1)
    audit.record(f"campaign.{action}", row, by=by, title=row.campaign.title, **facts)


audit.register(
    {
        "campaign.joined": _("%(who)s joined the campaign “%(title)s”."),
        "campaign.declined": _("%(who)s declined to take part in the campaign “%(title)s”."),
        "campaign.left": _("%(who)s left the campaign “%(title)s”."),
        "campaign.linked": _("%(who)s put “%(meeting)s” into the campaign “%(title)s”."),
        "campaign.link_changed": _("%(who)s changed what the campaign “%(title)s” is told of “%(meeting)s”."),
        "campaign.unlinked": _("%(who)s took “%(meeting)s” out of the campaign “%(title)s”."),
        "campaign.learned": _("%(who)s wrote what was learned in the campaign “%(title)s”."),
    }
)
