"""What stands on the days of a calendar page: events as links, each on every day it is on, by its own clock."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from events.calendar.months.grid import DAY
from events.dates import Precision, VagueDate
from events.gatherings.models import Event, EventQuerySet
from events.gatherings.visibility import Audience, SeenEvent, line, seen

LONGEST_VAGUE = 366 * DAY
Mark = tuple[str, str]  # a word, and the colour of its tag


@dataclass(frozen=True)
class Entry:
    """A link. `time` says when it is on the day it stands on, or which days it may mean where it stands apart."""

    title: str
    url: str
    city: str = ""
    marks: tuple[Mark, ...] = ()
    time: str = ""


@dataclass(frozen=True)
class OnADay:
    day: dt.date
    entries: list[Entry] = field(default_factory=list)


@dataclass(frozen=True)
class Stretch:
    """Days from `first` to `last` with what is on them, and what has no day yet but may be on one of them."""

    first: dt.date
    last: dt.date
    on: dict[dt.date, list[Entry]] = field(default_factory=dict)
    vague: list[Entry] = field(default_factory=list)

    @property
    def days(self) -> list[OnADay]:
        """Only those on which there is something."""
        return [OnADay(day, self.on[day]) for day in sorted(self.on)]


def for_staff(
    events: EventQuerySet, first: dt.date, last: dt.date, *, tenant: str, reader_zone: str
) -> Stretch:
    """As the list of meetings shows them to staff: drafts, cancelled and locked ones too, marked. One query."""

    def entry(event: Event) -> Entry:
        page = reverse("event-detail", kwargs={"tenant": tenant, "pk": event.pk})
        return Entry(line(event.title), page, line(event.city), _marks(event))

    rows = ((event, event.vague_date, entry(event)) for event in _within(events, first, last))
    return _placed(rows, first, last, reader_zone)


def for_public(events: "QuerySet[Event]", first: dt.date, last: dt.date, *, reader_zone: str) -> Stretch:
    """Only what the public may see of `events`, which must be listed and have their hosts loaded (rule 10)."""

    def row(event: Event) -> "tuple[SeenEvent, VagueDate | None, Entry]":
        shown = seen(event, Audience.PUBLIC)
        page = reverse("public-event", kwargs={"uid": shown.uid})
        return shown, event.vague_date, Entry(shown.title, page, shown.city)

    return _placed(map(row, _within(events, first, last)), first, last, reader_zone)


def _within(events: "QuerySet[Event]", first: dt.date, last: dt.date) -> "QuerySet[Event]":
    """Those that may be on these days: a day more at both ends, because each event has a clock of its own."""
    begin, end = (dt.datetime.combine(day, dt.time(), dt.UTC) for day in (first - DAY, last + 2 * DAY))
    timed = Q(starts_at__lt=end, ends_at__gt=begin)
    vague = Q(vague_from__lte=last, vague_from__gt=first - LONGEST_VAGUE)
    return events.filter(timed | vague).order_by("starts_at", "vague_from", "pk")


def _placed(
    rows: "Iterable[tuple[Event | SeenEvent, VagueDate | None, Entry]]",
    first: dt.date,
    last: dt.date,
    reader_zone: str,
) -> Stretch:
    found = Stretch(first, last)
    for event, vague, entry in rows:
        if vague is None:
            _on_its_days(found, event, entry, reader_zone)
        elif vague.precision == Precision.DAY:
            if first <= vague.first <= last:
                found.on.setdefault(vague.first, []).append(replace(entry, time=_("time not known")))
        elif vague.first <= last and vague.last >= first:
            found.vague.append(replace(entry, time=vague.words()))
    return found


def _on_its_days(found: Stretch, event: "Event | SeenEvent", entry: Entry, reader_zone: str) -> None:
    begins, ends = event.first_day, event.last_day
    if begins is None or ends is None:
        return
    day, until = max(begins, found.first), min(ends, found.last)
    while day <= until:
        found.on.setdefault(day, []).append(replace(entry, time=time_on(event, day, reader_zone)))
        day += DAY


def time_on(event: "Event | SeenEvent", day: dt.date, reader_zone: str) -> str:
    """When it is on `day`, one of its days; with the zone where the reader's clock shows another time."""
    starts, ends = event.starts_local, event.ends_local
    if starts is None or ends is None:
        return ""
    if event.all_day or (event.first_day != day != event.last_day):
        return _("all day")
    times = _part(event, day, f"{starts:%H:%M}", f"{ends:%H:%M}")
    if starts.utcoffset() == starts.astimezone(ZoneInfo(reader_zone)).utcoffset():
        return times
    place = event.time_zone.rpartition("/")[2].replace("_", " ")
    return _("%(times)s (%(zone)s time)") % {"times": times, "zone": place}


def _part(event: "Event | SeenEvent", day: dt.date, starts: str, ends: str) -> str:
    """What of its times is said on `day`: on its first day the start, on its last the end, on an only day both."""
    if event.first_day == event.last_day:
        return f"{starts}–{ends}"
    if day == event.first_day:
        return _("from %(time)s") % {"time": starts}
    return _("until %(time)s") % {"time": ends}


def _marks(event: Event) -> tuple[Mark, ...]:
    """What the reader must not miss, in words: colour alone tells nobody."""
    marks = []
    if event.is_locked:
        marks.append((_("locked"), "danger"))
    if event.state == Event.State.CANCELLED:
        marks.append((event.get_state_display(), "danger"))
    if event.state == Event.State.DRAFT:
        marks.append((event.get_state_display(), "neutral"))
    return tuple((str(word), colour) for word, colour in marks)
