"""What the public sees: published and past events of every tenant, whitelisted fields only (rule 10)."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString

from events.calendar.listing import linked_data as linked
from events.gatherings.models import Event
from events.gatherings.visibility import Audience, SeenEvent, prefetch_for_seen, seen
from invites.answers.disclosure import of_event

ON_A_PAGE = 20


@dataclass(frozen=True)
class Notice:
    """A public event as seen, the body that arranges it, and whether it is over."""

    event: SeenEvent
    arranged_by: str
    tenant: str
    is_over: bool
    guests: dict[str, Any] = field(default_factory=dict)


def notices(page: str | None) -> "Page[Any]":
    """A page of `Notice`s: the coming ones soonest first, then the past ones latest first. Three queries."""
    over = Q(state=Event.State.HELD) | Q(ends_at__lt=timezone.now())
    events = _public().annotate(
        over=Case(When(over, then=Value(1)), default=Value(0), output_field=IntegerField()),
        soonest=Case(When(~over, then=F("starts_at"))),
    )
    in_order = events.order_by("over", "soonest", F("sort_on").desc(), "-pk")
    found: Page[Any] = Paginator(in_order, ON_A_PAGE).get_page(page)
    found.object_list = [_notice(event) for event in found.object_list]
    return found


def notice(uid: uuid.UUID) -> Notice | None:
    """One public event with what is told of its guests; also a cancelled one, for whoever kept the link. None when the
    public may not know of it.
    """
    event = _public(cancelled_too=True).filter(uid=uid).first()
    return replace(_notice(event), guests=of_event(event, Audience.PUBLIC)) if event else None


def is_closed(uid: uuid.UUID) -> bool:
    """Whether it is an event the public would see, were it not locked."""
    events = Event.objects.across_tenants("the public's page of an event")
    return events.filter(
        uid=uid, is_public=True, published_at__isnull=False, locked_at__isnull=False
    ).exists()


def linked_data(shown: Iterable[Notice]) -> SafeString:
    """The data block about these events for search engines (schema.org); no query. Vague dates are not in it."""
    base = settings.BASE_URL
    return linked.block(
        linked.event_data(
            each.event,
            arranged_by=each.arranged_by,
            page=base + reverse("public-event", kwargs={"uid": each.event.uid}),
        )
        for each in shown
    )


def of_series(series: uuid.UUID) -> uuid.UUID | None:
    """The public event of a series that ends next, or else the latest; None when the public knows of none."""
    known = _public().filter(series__uid=series).prefetch_related(None).order_by("ends_at")
    times = list(known.values_list("ends_at", "uid"))
    ahead = (uid for ends_at, uid in times if ends_at and ends_at >= timezone.now())
    return next(ahead, times[-1][1] if times else None)


def _public(*, cancelled_too: bool = False) -> "QuerySet[Event]":
    events = Event.objects.across_tenants("the public's front page")
    events = events.announced() if cancelled_too else events.listed()
    return prefetch_for_seen(events.select_related("tenant"), Audience.PUBLIC)


def _notice(event: Event) -> Notice:
    over = event.state == Event.State.HELD or (event.ends_at is not None and event.ends_at < timezone.now())
    return Notice(seen(event, Audience.PUBLIC), event.tenant.name, event.tenant.slug, over)
