"""Reminding owners: computed each minute from the dates as they are, never scheduled (as ADR 13)."""

import datetime as dt
import logging
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from events import audit
from events.gatherings.models import Event
from events.tenancy.models import Tenant
from events.tenancy.quiet import earliest
from invites.post import outbox
from minutes.records.actions.mails import KIND
from minutes.records.actions.models import LINK_LIVES, ActionChange, ActionItem, ActionItemQuerySet
from minutes.records.actions.owners import reached
from minutes.records.actions.services import change

log = logging.getLogger(__name__)

AHEAD = dt.timedelta(days=7)
APART = dt.timedelta(days=7)
# Whoever has not answered in so long is not reached by mail; it stays on the overdue list.
LONGEST = dt.timedelta(weeks=12)
WHY = "the minute's job serves all tenants"


def tick(now: dt.datetime | None = None) -> int:
    """Queues the reminders that are due now; returns how many. May run twice, late or at once.

    What is wrong with one action point is logged and holds up no other.
    """
    now, queued = now or timezone.now(), 0
    for tenant in Tenant.objects.order_by("pk"):
        today = now.astimezone(ZoneInfo(tenant.time_zone)).date()
        for pk in due(today).filter(tenant=tenant).values_list("pk", flat=True):
            try:
                queued += remind(pk, now=now)
            except Exception:
                log.exception("a reminder of action point %s could not be queued", pk)
    return queued


def due(today: dt.date) -> ActionItemQuerySet:
    """Open action points whose owner is to be reminded on `today`: from seven days before the date on once, then once
    it is overdue, at most once a week. None before its "not before", none of a locked or cancelled meeting.
    """
    rows: ActionItemQuerySet = ActionItem.objects.across_tenants(WHY).open()
    known = Q(owner_contact__isnull=False) | Q(owner_membership__isnull=False)
    known |= Q(owner_organisation__isnull=False)
    near = Q(due_last__gt=today, due_last__lte=today + AHEAD)  # shorter than APART, so that it comes once
    late = Q(due_last__lt=today, due_last__gte=today - LONGEST)
    rested = Q(reminded_on__isnull=True) | Q(reminded_on__lte=today - APART)
    awake = Q(not_before__isnull=True) | Q(not_before__lte=today)
    rows = rows.filter(known, near | late, rested, awake)
    rows = rows.filter(outcome__minutes__event__locked_at__isnull=True)
    return rows.exclude(outcome__minutes__event__state=Event.State.CANCELLED)


@transaction.atomic
def remind(pk: int, *, now: dt.datetime) -> int:
    """Queues one reminder with a fresh time for the link; 0 when nobody can be reached, or was reminded meanwhile.

    The link stays the same over several reminders, so that an older mail still opens the page.
    """
    rows = ActionItem.objects.across_tenants(WHY).select_related(
        "tenant", "owner_contact", "owner_membership__user", "owner_organisation"
    )
    action = rows.select_for_update(of=("self",)).get(pk=pk)
    today = now.astimezone(ZoneInfo(action.tenant.time_zone)).date()
    where = reached(action)
    if where is None or not due(today).filter(pk=pk).exists():
        return 0
    action.reminded_on = today
    action.link_expires_at = now + LINK_LIVES
    if action.token_hash is None:
        action.seal()
    action.save()
    queued = outbox.enqueue(
        KIND,
        tenant=action.tenant,
        items=[(action.pk, where.email)],
        revision=today.toordinal(),
        due_at=earliest(now, action.tenant),
        give_up_at=now + APART,
    )
    if queued:
        change(action, ActionChange.Kind.REMINDED, ActionChange.Source.CLOCK)
        audit.record("action.reminded", action, by=None, title=action.text[:80])
    return queued
