"""What the coordinator does: starts, changes, opens and closes a campaign, asks tenants and lists others by name."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from events import audit
from events.campaigns.models import Campaign, CampaignItem, Participation
from events.campaigns.refusals import NotNow
from events.campaigns.states import SUCCESSORS, CampaignState, ParticipationState, before
from events.tenancy.models import Tenant, User

SETTABLE = frozenset(
    {"title", "theme", "builds_on", "coordinator_name", "variation", "observers", "observers_purpose"}
    | {"trigger_what", "trigger_sender", "trigger_to", "trigger_on", "trigger_precision", "trigger_text"}
    | {"from_on", "from_precision", "until_on", "until_precision"}
    | {"contact_name", "contact_email", "contact_phone"}
)
Item = Mapping[str, Any]  # {starts: time or None, title}


@transaction.atomic
def start(
    *,
    tenant: Tenant,
    by: User | None,
    facts: Mapping[str, Any],
    items: Sequence[Item] = (),
    uid: uuid.UUID | None = None,
) -> Campaign:
    """A new draft that nobody else sees. A second call with the same `uid` returns the one of the first.

    Raises TypeError for a fact that is not settable.
    """
    campaign = Campaign(tenant=tenant, uid=uid or uuid.uuid4())
    _set(campaign, facts)
    try:
        with transaction.atomic():
            campaign.save(force_insert=True)
    except IntegrityError:
        twin = Campaign.objects.of(tenant).filter(uid=campaign.uid).first()
        if twin is None:
            raise
        return twin
    _set_items(campaign, items)
    audit.record("campaign.started", campaign, by=by, title=campaign.title)
    return campaign


@transaction.atomic
def change(campaign: Campaign, *, by: User | None, facts: Mapping[str, Any], items: Sequence[Item]) -> None:
    """Writes the campaign anew; a draft or an open one. Raises NotNow for a closed one. The same again is no change."""
    items = list(items)
    if _is_already(campaign, facts, items):
        return
    rows = Campaign.objects.of(campaign.tenant_id).filter(pk=campaign.pk).exclude(state=CampaignState.CLOSED)
    if not rows.update(version=F("version") + 1):
        raise NotNow(gettext("The campaign is closed and can no longer be changed."))
    _set(campaign, facts)
    campaign.save(update_fields=[*facts])
    _set_items(campaign, items)
    audit.record("campaign.changed", campaign, by=by, title=campaign.title)


@transaction.atomic
def open_campaign(campaign: Campaign, *, by: User | None) -> bool:
    """From now on tenants can be asked. False, and nothing happens, when it is open already (a second click)."""
    return _move(campaign, CampaignState.OPEN, by, opened_at=timezone.now())


@transaction.atomic
def close(campaign: Campaign, *, by: User | None) -> bool:
    """Nobody joins or links any more; what is there stays, feeds too. False when it is closed already."""
    return _move(campaign, CampaignState.CLOSED, by, closed_at=timezone.now())


@transaction.atomic
def ask(campaign: Campaign, *, by: User | None, tenants: Iterable[Tenant]) -> list[Participation]:
    """Asks tenants of this installation; those who said no or left are asked again. Returns whom it asked now.

    Who is asked or takes part already is passed over, and so is the coordinator. Raises NotNow unless open.
    """
    _require_open(campaign)
    asked = [
        row
        for row in (_asked(campaign, each) for each in tenants if each.pk != campaign.tenant_id)
        if row is not None
    ]
    for row in asked:
        audit.record("campaign.asked", campaign, by=by, title=campaign.title, name=row.tenant.name)
        audit.record("campaign.was_asked", row, by=None, title=campaign.title, name=campaign.tenant.name)
    return asked


@transaction.atomic
def list_names(campaign: Campaign, *, by: User | None, names: Iterable[str]) -> list[Participation]:
    """Lists bodies that do not use the product. One that is listed is passed over. Raises NotNow unless open."""
    _require_open(campaign)
    state = ParticipationState.LISTED
    listed = []
    for name in names:
        row, new = Participation.objects.of(campaign.tenant_id).get_or_create(
            campaign=campaign, name=name, defaults={"tenant_id": campaign.tenant_id, "state": state}
        )
        if new or _put(row, state):
            listed.append(row)
            audit.record("campaign.listed", campaign, by=by, title=campaign.title, name=name)
    _moved(campaign)
    return listed


@transaction.atomic
def withdraw(campaign: Campaign, participation: Participation, *, by: User | None) -> bool:
    """Takes back what was asked or listed. False when there is nothing to take back: who joined leaves by itself."""
    if not _put(participation, ParticipationState.WITHDRAWN):
        return False
    _moved(campaign)
    audit.record("campaign.withdrew", campaign, by=by, title=campaign.title, name=str(participation))
    return True


def _asked(campaign: Campaign, tenant: Tenant) -> Participation | None:
    state = ParticipationState.ASKED
    row, new = Participation.objects.of(tenant).get_or_create(
        campaign=campaign, name="", defaults={"tenant": tenant, "state": state}
    )
    return row if new or _put(row, state) else None


def _put(row: Participation, state: ParticipationState) -> bool:
    rows = Participation.objects.of(row.tenant_id).filter(pk=row.pk, state__in=before(state))
    done = rows.update(state=state, asked_at=timezone.now(), answered_at=None)
    row.refresh_from_db()
    return bool(done)


def _require_open(campaign: Campaign) -> None:
    """Holds the campaign's row until commit, so that nobody closes it meanwhile."""
    rows = Campaign.objects.of(campaign.tenant_id).filter(pk=campaign.pk, state=CampaignState.OPEN)
    if not rows.update(version=F("version") + 1):
        raise NotNow(gettext("Only an open campaign asks others to take part."))


def _moved(campaign: Campaign) -> None:
    Campaign.objects.of(campaign.tenant_id).filter(pk=campaign.pk).update(version=F("version") + 1)


def _move(campaign: Campaign, to: CampaignState, by: User | None, **stamps: Any) -> bool:
    earlier = [state for state, later in SUCCESSORS.items() if to in later]
    rows = Campaign.objects.of(campaign.tenant_id).filter(pk=campaign.pk, state__in=earlier)
    done = rows.update(state=to, version=F("version") + 1, **stamps)
    campaign.refresh_from_db()
    if done:
        audit.record(f"campaign.{to}", campaign, by=by, title=campaign.title)
    return bool(done)


def _set(campaign: Campaign, facts: Mapping[str, Any]) -> None:
    if unknown := set(facts) - SETTABLE:
        raise TypeError(f"not for a form or an import to set: {sorted(unknown)}")
    for name, value in facts.items():
        setattr(campaign, name, value)


def _set_items(campaign: Campaign, items: Sequence[Item]) -> None:
    campaign.items.all().delete()
    CampaignItem.objects.bulk_create(
        CampaignItem(tenant_id=campaign.tenant_id, campaign=campaign, position=position, **item)
        for position, item in enumerate(items, start=1)
    )


def _is_already(campaign: Campaign, facts: Mapping[str, Any], items: Sequence[Item]) -> bool:
    now = Campaign.objects.of(campaign.tenant_id).get(pk=campaign.pk)
    there = [(item.starts, item.title) for item in campaign.items.all()]
    same = all(getattr(now, name, None) == value for name, value in facts.items())
    return same and there == [(item["starts"], item["title"]) for item in items]


audit.register(
    {
        "campaign.started": _("%(who)s made the draft campaign “%(title)s”."),
        "campaign.changed": _("%(who)s changed the campaign “%(title)s”."),
        "campaign.open": _("%(who)s opened the campaign “%(title)s”."),
        "campaign.closed": _("%(who)s closed the campaign “%(title)s”."),
        "campaign.asked": _("%(who)s asked %(name)s to take part in the campaign “%(title)s”."),
        "campaign.was_asked": _("%(name)s asked to take part in the campaign “%(title)s”."),
        "campaign.listed": _("%(who)s listed %(name)s in the campaign “%(title)s”."),
        "campaign.withdrew": _("%(who)s took %(name)s out of the campaign “%(title)s”."),
    }
)
