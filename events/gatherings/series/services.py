"""Making a series out of a draft, letting it go on for longer, changing and publishing what is still to come."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events import audit
from events.gatherings import services as gatherings
from events.gatherings.clock import SkippedHour, moment
from events.gatherings.models import Event
from events.gatherings.moving import publish_several
from events.gatherings.refusals import NotAllowed
from events.gatherings.series.copying import answer_by, copies
from events.gatherings.series.models import Series
from events.gatherings.series.peers import unchanged_after
from events.gatherings.series.rules import Rule, occurrences
from events.gatherings.series.wording import day_of
from events.tenancy.models import User


@transaction.atomic
def make(event: Event, *, by: User | None, rule: Rule) -> Series:
    """Makes the draft `event` the first meeting of a series, and its other meetings as drafts like it. Audited.

    A second call returns the series of the first. Raises NotAllowed for an event that ever was published: what its UID
    is, calendars may know already. Raises rules.Impossible, and ValueError for a rule that begins at another time.
    """
    times = occurrences(rule)
    if not _is_free(event):
        return _series_of(event)
    if (event.starts_at, event.ends_at, event.all_day) != (
        times[0].starts_at,
        times[0].ends_at,
        rule.all_day,
    ):
        raise ValueError("the rule begins at another time than the meeting")
    series = Series.objects.create(
        tenant_id=event.tenant_id,
        title=event.title,
        frequency=rule.frequency,
        interval=rule.interval,
        first_day=rule.starts.date(),
        starts=rule.starts.time(),
        lasts=rule.lasts,
        all_day=rule.all_day,
        time_zone=rule.zone,
        until=rule.until,
        count=rule.count,
    )
    event.series, event.recurrence_at, event.changed_at = series, times[0].starts_at, timezone.now()
    event.save(update_fields=["series", "recurrence_at", "changed_at"])
    copies(event, series, times[1:])
    audit.record("series.made", series, by=by, title=series.title, number=len(times))
    return series


@transaction.atomic
def extend(series: Series, *, by: User | None, until: dt.date | None, count: int | None) -> int:
    """Lets the series go on until a later end, one of `until` and `count`; returns how many drafts that adds.

    They are copies of the last meeting that is not cancelled. A second call adds none. Raises rules.Impossible, and
    NotAllowed for an end that leaves out a meeting there is: that one is cancelled by itself.
    """
    Series.objects.of(series.tenant_id).filter(pk=series.pk).update(
        changed_at=timezone.now()
    )  # holds the row
    series.refresh_from_db()
    times = occurrences(replace(series.rule, until=until, count=count))
    known = set(series.occurrences.values_list("recurrence_at", flat=True))
    if not known <= {each.starts_at for each in times}:
        raise NotAllowed(_("The series is already longer than that. Cancel the meetings you do not want."))
    more = [each for each in times if each.starts_at not in known]
    if not more:
        return 0
    series.until, series.count = until, count
    series.save(update_fields=["until", "count"])
    copies(_pattern(series), series, more)
    audit.record("series.extended", series, by=by, title=series.title, number=len(more))
    return len(more)


@dataclass(frozen=True)
class Published:
    """How many were published, and which were not, with the reason."""

    number: int
    refused: list[tuple[Event, str]]


def publish_all(series: Series, *, by: User | None) -> Published:
    """Publishes every draft of the series that can be; a second call finds none left. An audit entry for each."""
    drafts = Event.objects.of(series.tenant_id).filter(series=series).order_by("recurrence_at")
    ready, refused = publish_several(drafts, by=by)
    return Published(len(ready), refused)


@transaction.atomic
def change_all(event: Event, *, by: User | None, version: dt.datetime | None, **given: Any) -> int:
    """Changes `event` and all meetings after it that say the same and are as far from their rule; returns how many.

    `given` are the arguments of `gatherings.change`, which is asked for each, and may refuse: then nothing is changed,
    and the sentence names the day. Times move on the wall clock. A series that is called as they were is renamed, too.
    """
    peers, before = unchanged_after(event), Event.objects.of(event.tenant_id).get(pk=event.pk)
    gatherings.change(event, by=by, version=version, **given)
    series = Series.objects.of(event.tenant_id).filter(occurrences=event, title=before.title)
    series.update(title=event.title)
    programme = [{**item, "id": None} for item in given.get("programme", ())]
    for peer in peers:
        facts = _moved(given["facts"], before, event, peer)
        try:
            gatherings.change(peer, by=by, **{**given, "facts": facts, "programme": programme})
        except NotAllowed as refused:
            raise NotAllowed(f"{day_of(peer)}: {refused}") from refused
    return 1 + len(peers)


def _moved(facts: Mapping[str, Any], before: Event, after: Event, peer: Event) -> dict[str, Any]:
    """`facts` with the times that the change gives to `peer`."""
    mine = {**facts}
    if not (before.starts_at and before.ends_at and after.starts_at and after.ends_at):
        raise NotAllowed(_("A meeting of a series needs a date and a time."))
    old = before.local(before.starts_at).replace(tzinfo=None)
    base = peer.local(peer.starts_at or before.starts_at).replace(tzinfo=None)
    for name, at in (("starts_at", after.starts_at), ("ends_at", after.ends_at)):
        wall = base + (after.local(at).replace(tzinfo=None) - old)
        try:
            mine[name] = moment(wall.date(), wall.time(), after.time_zone, "first")
        except SkippedHour as skipped:
            sentence = _("This time does not exist on that day, because clocks go forward.")
            raise NotAllowed(f"{day_of(peer)}: {sentence}") from skipped
    mine["answer_by"] = answer_by(after, mine["starts_at"])
    return mine


def _is_free(event: Event) -> bool:
    """Holds the row until commit and reads it anew; whether it can become the first of a series."""
    row = Event.objects.of(event.tenant_id).filter(
        pk=event.pk, state=Event.State.DRAFT, published_at__isnull=True, series__isnull=True
    )
    free = row.update(changed_at=timezone.now())
    event.refresh_from_db()
    return bool(free)


def _series_of(event: Event) -> Series:
    if event.series is None:
        raise NotAllowed(_("Only a draft can become a series: calendars know this meeting already."))
    return event.series


def _pattern(series: Series) -> Event:
    by_rule = series.occurrences.order_by("-recurrence_at")
    found = by_rule.exclude(state=Event.State.CANCELLED).first() or by_rule[0]
    pattern: Event = found
    return pattern


audit.register(
    {
        "series.made": gettext_lazy("%(who)s made a series of %(number)s meetings of “%(title)s”."),
        "series.extended": gettext_lazy("%(who)s let the series “%(title)s” go on by %(number)s meetings."),
    }
)
