"""Which action points follow into a meeting: those of the earlier meetings of the same body (ADR 0036)."""

import datetime as dt

from django.db.models import Q, QuerySet
from django.utils import timezone

from events.gatherings.models import Event, EventHost
from minutes.records.actions.models import ActionItem, ActionItemQuerySet


def same_body(event: Event) -> "QuerySet[Event]":
    """Meetings of the same body: of the same kind, with a host in common; those without hosts are the tenant's own."""
    hosts = EventHost.objects.of(event.tenant_id).filter(event=event).values_list("organisation", flat=True)
    alike = Event.objects.of(event.tenant_id).filter(kind=event.kind)
    known = list(hosts)
    shared = EventHost.objects.of(event.tenant_id).filter(organisation__in=known).values("event")
    alike = alike.filter(pk__in=shared) if known else alike.filter(host_links__isnull=True)
    return alike.exclude(pk=event.pk)


def followed_up(event: Event) -> ActionItemQuerySet:
    """Action points of earlier meetings to follow up in `event`: open, or closed since it began. Two queries.

    One that is not to be taken up before a later day is left out. Without a date the meeting comes last of all.
    """
    earlier = same_body(event)
    if event.sort_on is not None:
        before = Q(sort_on__lt=event.sort_on) | Q(sort_on=event.sort_on, pk__lt=event.pk)
        earlier = earlier.filter(before)
    rows: ActionItemQuerySet = ActionItem.objects.of(event.tenant_id)
    rows = rows.filter(outcome__minutes__event__in=earlier.order_by().values("pk"))
    day = event.sort_on or timezone.localdate()
    rows = rows.filter(Q(not_before__isnull=True) | Q(not_before__lte=day))
    still = Q(status=ActionItem.Status.OPEN)
    if event.starts_at is not None:
        still |= Q(closed_at__gte=event.starts_at)
    return rows.filter(still).select_related("outcome__minutes__event").first_due()


def wakes_on(action: ActionItem) -> dt.date | None:
    """The day before which the action point is not taken up, while it is still ahead."""
    ahead = action.not_before is not None and action.not_before > timezone.localdate()
    return action.not_before if ahead else None
