"""Who may see what of an event (rule 5, ADR 24): one door for page, mail, calendar, feed, PDF, export and search.

The event itself is `seen`; its guests are `guests`, by the event's matrix (guestlist.py), and how many
were there of each group are `numbers` (numbers.py).
"""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet, prefetch_related_objects
from django.utils import timezone

from events.dates import VagueDate
from events.gatherings.agenda import TOLD_TO_INVITEES
from events.gatherings.audiences import Audience as Audience
from events.gatherings.days import last_day_of
from events.gatherings.guestlist import GuestFacts as GuestFacts
from events.gatherings.guestlist import SeenGuest as SeenGuest
from events.gatherings.guestlist import SeenGuests as SeenGuests
from events.gatherings.guestlist import guests as guests
from events.gatherings.guestlist import sight as sight
from events.gatherings.models import Event, EventHost, PlaceLevel, ProgrammeItem
from events.gatherings.numbers import SeenNumbers as SeenNumbers
from events.gatherings.numbers import numbers as numbers
from events.gatherings.plain import line as line
from events.gatherings.plain import text as text

_NEVER = dt.datetime(9999, 1, 1, tzinfo=dt.UTC)  # without a time there is no moment before it


@dataclass(frozen=True)
class SeenItem:
    """One item of the programme. `starts` is the wall clock in the event's zone; `speakers` reads "name, office"."""

    day: int
    starts: dt.time | None
    title: str
    speakers: tuple[str, ...] = ()
    place: str = ""
    told_to_invitees: bool = True


@dataclass(frozen=True)
class SeenOccurrence:
    """Which meeting of a series it is: the series' UID, and the moment (UTC, and the zone) that the rule says."""

    uid: uuid.UUID
    at: dt.datetime
    zone: str
    all_day: bool = False


@dataclass(frozen=True)
class SeenEvent:
    """What one audience may know. What it may not is empty, so whoever renders this cannot leak it."""

    uid: uuid.UUID
    title: str
    kind_label: str
    purpose: str
    language: str
    starts_at: dt.datetime | None
    ends_at: dt.datetime | None
    time_zone: str
    starts_local: dt.datetime | None
    ends_local: dt.datetime | None
    vague_words: str
    place: str
    city: str
    hosts: tuple[str, ...]
    cancelled: bool
    sequence: int
    online_url: str = ""
    chair: str = ""
    programme: tuple[SeenItem, ...] = ()
    answer_by: dt.datetime | None = None
    contact_name: str = ""
    contact_email: str = ""
    contact_phone: str = ""
    place_opens_at: dt.datetime | None = (
        None  # when the exact place opens to those who come; None: it has, or at once
    )
    kind: str = ""  # the code behind `kind_label`
    vague: VagueDate | None = None  # what `vague_words` say, for machines
    all_day: bool = False  # then `ends_local` is the midnight after `last_day`: never say it

    @property
    def first_day(self) -> dt.date | None:
        return self.starts_local.date() if self.starts_local else None

    @property
    def last_day(self) -> dt.date | None:
        return last_day_of(self.starts_local, self.ends_local)

    occurrence: SeenOccurrence | None = None


@dataclass(frozen=True)
class Noticed:
    """What other tenants may know of an event that its tenant shares with them: no guest, host, purpose or venue."""

    title: str
    kind_label: str
    city: str
    starts_local: dt.datetime | None
    ends_local: dt.datetime | None
    time_zone: str
    vague_words: str
    state_label: str


def noticed(event: Event) -> Noticed:
    """`event` as a neighbour sees it: the town only where the public is told it. No query."""
    vague = event.vague_date
    return Noticed(
        title=line(event.title),
        kind_label=line(event.format.name) if event.format else str(event.get_kind_display()),
        city=line(event.city) if place_level(event, Audience.PUBLIC) >= PlaceLevel.CITY else "",
        starts_local=event.starts_local,
        ends_local=event.ends_local,
        time_zone=event.time_zone,
        vague_words=vague.words() if vague else "",
        state_label=str(event.get_state_display()),
    )


def seen(event: Event, audience: Audience, *, now: dt.datetime | None = None) -> SeenEvent:
    """The event as `audience` may see it. Labels and vague dates are in the language active now.

    Loads hosts and programme unless `prefetch_for_seen` did. Whether the public may know of the event at all is for
    the caller's query to say (`listed()`).
    """
    _load(event, audience)
    vague, level = event.vague_date, place_level(event, audience, now=now)
    is_open = place_is_open(event, audience, now=now)
    return SeenEvent(
        uid=event.uid,
        title=line(event.title),
        kind_label=str(event.get_kind_display()),
        purpose=text(event.purpose),
        language=event.language,
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        time_zone=event.time_zone,
        starts_local=event.starts_local,
        ends_local=event.ends_local,
        all_day=event.all_day,
        vague_words=vague.words() if vague else "",
        place=place(event, level),
        city=line(event.city) if level >= PlaceLevel.CITY else "",
        hosts=tuple(line(host.organisation.name) for host in event.host_links.all()),
        cancelled=event.state == Event.State.CANCELLED,
        sequence=event.sequence,
        online_url=line(event.online_url) if is_open else "",
        chair=line(event.chair) if audience >= Audience.INVITED else "",
        programme=_programme(event, audience, with_places=is_open),
        answer_by=event.answer_by if audience >= Audience.INVITED else None,
        contact_name=line(event.contact_name) if audience >= Audience.INVITED else "",
        contact_email=line(event.contact_email) if audience >= Audience.INVITED else "",
        contact_phone=line(event.contact_phone) if audience >= Audience.INVITED else "",
        place_opens_at=_still_to_open(event, now) if audience >= Audience.INVITED else None,
        kind=event.kind,
        vague=vague,
        occurrence=_occurrence(event),
    )


def prefetch_for_seen(
    events: "QuerySet[Event]", audience: Audience = Audience.ORGANISER
) -> "QuerySet[Event]":
    """Adds what `seen` needs: one more query for the public (hosts), three for others, however many events, and one
    where some of them are of a series.
    """
    return events.prefetch_related(*_needed(audience), "series")


def place_level(event: Event, audience: Audience, *, now: dt.datetime | None = None) -> int:
    """How far down the venue's ladder `audience` sees `now`. Invitees never see less than the public does."""
    if place_is_open(event, audience, now=now):
        return PlaceLevel.ROOM
    if audience >= Audience.INVITED:
        return max(event.place_for_invited, event.place_for_public)
    return event.place_for_public


def place_is_open(event: Event, audience: Audience, *, now: dt.datetime | None = None) -> bool:
    """Whether `audience` is told the exact place and the link to join online. Hosts always are, those who come from
    `place_hours_before` on; of a locked event nobody is but the organiser.
    """
    if audience < Audience.ACCEPTED:
        return False
    if audience == Audience.ORGANISER:
        return True
    return not event.is_locked and (audience == Audience.CO_HOST or _still_to_open(event, now) is None)


def place_opens_at(event: Event) -> dt.datetime | None:
    """When the exact place opens to those who come; None when it is told with the yes."""
    if event.place_hours_before is None:
        return None
    if event.starts_at is None:
        return _NEVER
    return event.starts_at - dt.timedelta(hours=event.place_hours_before)


def _still_to_open(event: Event, now: dt.datetime | None) -> dt.datetime | None:
    opens = place_opens_at(event)
    return opens if opens and opens > (now or timezone.now()) else None


def place(event: Event, level: int) -> str:
    """The place in one line, the narrowest first, as far as `level` of the ladder allows; "" when nothing is told."""
    rungs = (
        (PlaceLevel.ADDRESS, event.venue),
        (PlaceLevel.ROOM, event.room),
        (PlaceLevel.ADDRESS, event.address),
        (PlaceLevel.DISTRICT, event.district),
        (PlaceLevel.CITY, event.city),
    )
    told = [line(words) for needed, words in rungs if level >= needed]
    return ", ".join(dict.fromkeys(words for words in told if words))


def staff_audience(*, may_see_guests: bool) -> Audience:
    """A member of the organiser's staff: who may not see guests knows no more of them than the public."""
    return Audience.ORGANISER if may_see_guests else Audience.PUBLIC


def names_in_minutes(audience: Audience) -> bool:
    """Whether minutes say who was there: to the organiser alone, whatever the matrix opens among those who come. What
    somebody said is put to nobody elsewhere (the Chatham House rule); speakers of the programme are no guests.
    """
    return audience == Audience.ORGANISER


def is_host(event: Event, organisation_id: int | None) -> bool:
    """Whether that organisation is one of the event's hosts. One query, unless `prefetch_for_seen` or `seen` did it."""
    prefetch_related_objects([event], *_needed(Audience.PUBLIC))
    return any(host.organisation_id == organisation_id for host in event.host_links.all())


def _occurrence(event: Event) -> SeenOccurrence | None:
    series = event.series
    if series is None or event.recurrence_at is None:
        return None
    return SeenOccurrence(series.uid, event.recurrence_at, series.time_zone, series.all_day)


def _load(event: Event, audience: Audience) -> None:
    """Nothing when all is there: Django would build the querysets first, and only then look."""
    there = getattr(event, "_prefetched_objects_cache", {})
    if "host_links" not in there or (audience >= Audience.INVITED and "programme" not in there):
        prefetch_related_objects([event], *_needed(audience))


def _needed(audience: Audience) -> "Sequence[Prefetch[str]]":
    hosts = Prefetch("host_links", queryset=EventHost.objects.select_related("organisation"))
    if audience < Audience.INVITED:
        return (hosts,)
    items = ProgrammeItem.objects.prefetch_related("appearances")
    return (hosts, Prefetch("programme", queryset=items))


def _programme(event: Event, audience: Audience, *, with_places: bool) -> tuple[SeenItem, ...]:
    if audience < Audience.INVITED:
        return ()
    return tuple(
        SeenItem(
            day=item.day,
            starts=item.starts,
            title=line(item.title),
            speakers=tuple(
                ", ".join(filter(None, (line(one.name), line(one.office)))) for one in item.appearances.all()
            ),
            place=line(item.place) if with_places else "",
            told_to_invitees=item.level in TOLD_TO_INVITEES,
        )
        for item in event.programme.all()
        if audience == Audience.ORGANISER or item.level in TOLD_TO_INVITEES
    )
