"""Telling the exact place to those who come, each minute to those for whom it has opened (rule 5)."""

import datetime as dt
import logging
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events import audit
from events.gatherings.models import Event, EventHost
from events.gatherings.visibility import Audience, place_is_open, place_opens_at
from events.tenancy.quiet import earliest
from invites.invitations.models import Invitation
from invites.invitations.place.mails import KIND
from invites.post import outbox

log = logging.getLogger(__name__)
TOO_LATE = dt.timedelta(hours=3)  # before the meeting; then quiet hours are no reason to wait


def tick(now: dt.datetime | None = None) -> int:
    """Tells the place of every meeting for which it has opened; returns how many mails that queued.

    May come twice, late or at once. What is wrong with one event is logged and holds up no other.
    """
    now, queued = now or timezone.now(), 0
    for event in _opening(now):
        try:
            queued += tell(event, now)
        except Exception:
            log.exception("the place of event %s could not be told", event.pk)
    return queued


@transaction.atomic
def tell(event: Event, now: dt.datetime) -> int:
    """Queues the mails for one event and notes that it is done; returns how many. Needs `event.tenant`.

    Nothing when it is told already, or when the event is not as it was read: the next minute reads it anew. Whoever
    says yes from now on finds the place in the receipt.
    """
    as_read = Event.objects.of(event.tenant_id).filter(
        pk=event.pk,
        state=Event.State.PUBLISHED,
        starts_at=event.starts_at,
        place_hours_before=event.place_hours_before,
        place_told_at=event.place_told_at,
        locked_at=None,
    )
    if not _is_due(event, now) or not as_read.update(place_told_at=now):
        return 0
    items = [(row.pk, row.contact.email) for row in _to_tell(event)]
    when, minute = earliest(now, event.tenant), int(now.timestamp()) // 60
    if event.starts_at and when > event.starts_at - TOO_LATE:
        when = now
    number = outbox.enqueue(KIND, tenant=event.tenant, items=items, revision=minute, due_at=when)
    if number:
        audit.record("event.place_told", event, by=None, title=event.title, number=number)
    return number


def _is_due(event: Event, now: dt.datetime) -> bool:
    """Open, and not told since it opened: a meeting that moved, or other hours, make it open anew."""
    opens = place_opens_at(event)
    if opens is None or not place_is_open(event, Audience.ACCEPTED, now=now):
        return False
    return event.place_told_at is None or event.place_told_at < opens


def _opening(now: dt.datetime) -> Iterable[Event]:
    events = Event.objects.across_tenants("the minute's job serves all tenants").filter(
        state=Event.State.PUBLISHED, starts_at__gt=now, place_hours_before__isnull=False, locked_at=None
    )
    rows = events.select_related("tenant").order_by("starts_at", "pk")
    return [event for event in rows if _is_due(event, now)]


def _to_tell(event: Event) -> Iterable[Invitation]:
    """Those who come and have an address; the hosts have known it all along."""
    hosts = EventHost.objects.of(event.tenant_id).filter(event=event).values("organisation")
    rows = Invitation.objects.of(event.tenant_id).coming().filter(event=event)
    return rows.exclude(contact__email="").exclude(contact__organisation__in=hosts).select_related("contact")


audit.register({"event.place_told": _("%(who)s told the exact place of “%(title)s” to %(number)s who come.")})
