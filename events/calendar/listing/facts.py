"""Which public events a web site or a machine is told of, each as the public sees it, with its addresses."""

import datetime as dt
import html
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings
from django.db import DatabaseError
from django.db.models import F, Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from events.calendar import reading, writing
from events.calendar.reading import AHEAD, BACK, Source
from events.calendar.selections import EVERY, Detail, Selection, Wanted
from events.dates import Precision
from events.gatherings.models import Event, EventQuerySet
from events.gatherings.plain import line
from events.gatherings.visibility import Audience, SeenEvent, prefetch_for_seen, seen
from events.tenancy.models import Tenant

log = logging.getLogger(__name__)

# A vague date is in the window until the longest period it may name is.
LASTS = {
    Precision.DAY: dt.timedelta(days=1),
    Precision.MONTH: dt.timedelta(days=31),
    Precision.QUARTER: dt.timedelta(days=92),
    Precision.SEASON: dt.timedelta(days=92),
    Precision.YEAR: dt.timedelta(days=366),
}


@dataclass(frozen=True)
class Listed:
    """A public event as seen, when its row last changed, its page and its calendar file ("" where there is none)."""

    event: SeenEvent
    changed_at: dt.datetime
    page: str = ""
    file: str = ""


@dataclass(frozen=True)
class Listing:
    """What one address tells. `begun_at` is the tenant's own first day, for a list that is empty."""

    title: str
    arranged_by: str
    language: str
    query: str
    begun_at: dt.datetime
    events: tuple[Listed, ...]

    @property
    def updated(self) -> dt.datetime:
        """When the newest of its events changed. Never of events that are not in it: that would tell of them."""
        return max((each.changed_at for each in self.events), default=self.begun_at)


def listing(source: Source) -> Listing:
    """What `source` selects, vague dates too, in the active language. Three queries. An event that cannot be read is
    left out and told to the log, as in the calendar.
    """
    begun_at = Tenant.objects.values_list("created_at", flat=True).get(pk=source.selection.tenant_id)
    return Listing(
        title=line(source.selection.title(source.name)),
        arranged_by=line(source.name),
        language=source.language,
        query=_query(source),
        begun_at=begun_at,
        events=tuple(_told(source, prefetch_for_seen(events_of(source), Audience.PUBLIC))),
    )


def coming(tenant: Tenant, *, wanted: Wanted = EVERY, limit: int) -> tuple[Listed, ...]:
    """The first `limit` public events that are not over, soonest first, in the active language. Two queries."""
    source = Source(
        Selection(tenant.pk, wanted=wanted),
        tenant.slug,
        tenant.name,
        tenant.language,
        False,
        timezone.now().date(),
        "",
    )
    events = source.selection.events().exclude(state=Event.State.HELD).filter(ends_at__gte=timezone.now())
    first = events.order_by("starts_at", "pk")[:limit]
    return tuple(_told(source, prefetch_for_seen(first, Audience.PUBLIC)))


def events_of(source: Source) -> EventQuerySet:
    """What the calendar of the same address holds, and the listed events of which no day is known."""
    timed = reading.events_of(source).order_by().values("pk")
    known = source.selection.wanted.among(Event.objects.of(source.selection.tenant_id).announced())
    vague = Q(starts_at__isnull=True, vague_from__isnull=False)
    if not source.everything:
        vague &= _in_window(timezone.now().date())
    return known.filter(Q(pk__in=timed) | vague).order_by(
        "sort_on", F("starts_at").asc(nulls_first=True), "pk"
    )


def when_in_words(event: SeenEvent) -> str:
    """Day and hour, or the vague date, as our pages say it, in the active language and without markup."""
    return " ".join(
        html.unescape(strip_tags(render_to_string("components/when.html", {"event": event}))).split()
    )


def address(name: str, slug: str, query: str = "") -> str:
    """The whole address of a tenant's public route `name`."""
    return f"{settings.BASE_URL}{reverse(name, kwargs={'tenant': slug})}{query}"


def _in_window(today: dt.date) -> Q:
    ended = Q()
    for precision, length in LASTS.items():
        ended |= Q(vague_precision=precision, vague_from__gte=today - BACK - length)
    return ended & Q(vague_from__lt=today + AHEAD)


def _told(source: Source, events: Iterable[Event]) -> Iterable[Listed]:
    selection = source.selection
    for event in events:
        try:
            told = selection.narrowed(seen(event, Audience.PUBLIC))
            page = writing.page_of(source, event)
            yield Listed(told, event.changed_at, page, _file(event) if page and told.starts_at else "")
        except DatabaseError:
            raise
        except Exception:
            log.exception("event %s cannot be listed", event.pk)


def _file(event: Event) -> str:
    return settings.BASE_URL + reverse("public-event-file", kwargs={"uid": event.uid})


def _query(source: Source) -> str:
    """What stands behind the question mark, in one order and letter case, so that one list has one address."""
    wanted, detail = source.selection.wanted, source.selection.detail
    parts = {
        "kind": wanted.kind,
        "measure": wanted.measure,
        "place": wanted.city.casefold(),
        "language": wanted.language,
        "detail": "" if detail == Detail.FULL else detail,
        "all": "1" if source.everything else "",
    }
    written = urlencode({name: value for name, value in parts.items() if value})
    return f"?{written}" if written else ""
