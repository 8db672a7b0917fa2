"""Who may see what of an event (rule 5): one door for page, mail, calendar, feed and PDF.

Guest names and counts are not here at all: only the organiser's own pages ask for them.
"""

import datetime as dt
import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet, prefetch_related_objects

from events.gatherings.audiences import Audience as Audience
from events.gatherings.models import Event, EventHost, PlaceLevel, ProgrammeItem

# Everything a text must not hold in a mail header, a calendar or a PDF; line ends and tabs are treated apart.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_LINE_END = re.compile("\r\n|[\r\n\u2028\u2029\x85]")


@dataclass(frozen=True)
class SeenItem:
    """One item of the programme. `starts` is the wall clock in the event's zone; `speakers` reads "name, office"."""

    day: int
    starts: dt.time | None
    title: str
    speakers: tuple[str, ...] = ()
    place: str = ""


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


def seen(event: Event, audience: Audience) -> SeenEvent:
    """The event as `audience` may see it. Labels and vague dates are in the language active now.

    Loads hosts and programme unless `prefetch_for_seen` did. Whether the public may know of the event at all is for
    the caller's query to say (`listed()`).
    """
    prefetch_related_objects([event], *_needed(audience))
    vague = event.vague_date
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
        vague_words=vague.words() if vague else "",
        place=place(event, place_level(event, audience)),
        city=line(event.city) if place_level(event, audience) >= PlaceLevel.CITY else "",
        hosts=tuple(line(host.organisation.name) for host in event.host_links.all()),
        cancelled=event.state == Event.State.CANCELLED,
        sequence=event.sequence,
        online_url=line(event.online_url) if audience >= Audience.ACCEPTED else "",
        chair=line(event.chair) if audience >= Audience.INVITED else "",
        programme=_programme(event, audience),
        answer_by=event.answer_by if audience >= Audience.INVITED else None,
        contact_name=line(event.contact_name) if audience >= Audience.INVITED else "",
        contact_email=line(event.contact_email) if audience >= Audience.INVITED else "",
        contact_phone=line(event.contact_phone) if audience >= Audience.INVITED else "",
    )


def prefetch_for_seen(
    events: "QuerySet[Event]", audience: Audience = Audience.ORGANISER
) -> "QuerySet[Event]":
    """Adds what `seen` needs: one more query for the public (hosts), three for others, however many events."""
    return events.prefetch_related(*_needed(audience))


def place_level(event: Event, audience: Audience) -> int:
    """How far down the venue's ladder `audience` sees. Invitees never see less than the public does."""
    if audience >= Audience.ACCEPTED:
        return PlaceLevel.ROOM
    if audience == Audience.INVITED:
        return max(event.place_for_invited, event.place_for_public)
    return event.place_for_public


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


def line(words: str) -> str:
    """`words` on one line: no control characters, no line ends, no double spaces."""
    return " ".join(_CONTROL.sub("", _LINE_END.sub(" ", words)).split())


def text(words: str) -> str:
    r"""`words` without control characters; line ends become \n and stay."""
    return _CONTROL.sub("", _LINE_END.sub("\n", words)).strip()


def _needed(audience: Audience) -> "Sequence[Prefetch[str]]":
    hosts = Prefetch("host_links", queryset=EventHost.objects.select_related("organisation"))
    if audience < Audience.INVITED:
        return (hosts,)
    items = ProgrammeItem.objects.prefetch_related("appearances")
    return (hosts, Prefetch("programme", queryset=items))


def _programme(event: Event, audience: Audience) -> tuple[SeenItem, ...]:
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
            place=line(item.place) if audience >= Audience.ACCEPTED else "",
        )
        for item in event.programme.all()
    )
