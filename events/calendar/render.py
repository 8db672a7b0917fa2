"""Events as iCalendar (RFC 5545, 5546, 7986): facts in, bytes out. The same lines serve invitations and feeds.

Only what a `SeenEvent` shows is written: who may see what was decided before. Words are in the active language.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _

from events.calendar import lines
from events.calendar.zones import describes, vtimezone

if TYPE_CHECKING:
    from events.gatherings.visibility import SeenEvent

PRODUCT = "-//Moteplass//Moteplass//NO"
REFRESH = "PT1H"  # how often we ask clients to look; most take their own time


@dataclass(frozen=True)
class Person:
    """The organiser or the one attendee of an invitation. An attendee's `partstat` is what was answered so far."""

    name: str
    address: str
    partstat: str = "NEEDS-ACTION"


def uid_of(event_uid: UUID) -> str:
    """The UID of an event: one for life, the same in feed and invitation (rule 8)."""
    return f"{event_uid}@{urlsplit(settings.BASE_URL).hostname}"


def vevent(
    seen: "SeenEvent",
    *,
    dtstamp: dt.datetime,
    last_modified: dt.datetime,
    uid: str = "",
    sequence: int | None = None,
    organizer: Person | None = None,
    attendee: Person | None = None,
    url: str = "",
    title: str = "",
    alarm: int | None = None,
) -> bytes:
    """A VEVENT, with the event's own title unless `title` is given, and an alarm that many minutes before.

    `dtstamp` and `last_modified` come from rows, so that equal facts give equal bytes.

    Raises ValueError for an event without a time: a vague date never becomes a fake day (rule 11).
    """
    if seen.starts_at is None or seen.ends_at is None:
        raise ValueError("an event without a time is not in any calendar")
    usual = _("Cancelled: %(title)s") % {"title": seen.title} if seen.cancelled else seen.title
    return lines.content(
        "BEGIN:VEVENT",
        f"UID:{uid or uid_of(seen.uid)}",
        f"SEQUENCE:{seen.sequence if sequence is None else sequence}",
        f"DTSTAMP:{lines.utc(dtstamp)}",
        f"LAST-MODIFIED:{lines.utc(last_modified)}",
        _moment("DTSTART", seen.starts_at, seen.time_zone),
        _moment("DTEND", seen.ends_at, seen.time_zone),
        f"SUMMARY:{lines.text(title or usual)}",
        f"STATUS:{'CANCELLED' if seen.cancelled else 'CONFIRMED'}",
        f"TRANSP:{'TRANSPARENT' if seen.cancelled else 'OPAQUE'}",
        _text("LOCATION", seen.place),
        _text("DESCRIPTION", description(seen, url)),
        _text("CATEGORIES", str(seen.kind_label)),
        f"URL:{lines.uri(url)}" if url else "",
        _conference(seen.online_url),
        _organizer(organizer),
        _attendee(attendee),
        *_alarm(seen, alarm),
        "END:VEVENT",
    )


def calendar(
    vevents: Iterable[bytes], *, name: str = "", method: str | None = "PUBLISH", zones: Iterable[str] = ()
) -> bytes:
    """A VCALENDAR around `vevents`. `name` is for feeds, `zones` the time zones that its events are written in.

    It has no UID of its own: vdirsyncer would take the whole feed for one item (DESIGN, traps).
    """
    return b"".join([head(name=name, method=method, zones=zones), *vevents, END])


END = b"END:VCALENDAR\r\n"


def head(*, name: str = "", method: str | None = "PUBLISH", zones: Iterable[str] = ()) -> bytes:
    """What stands before the first VEVENT of a calendar."""
    written = lines.content(
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:{PRODUCT}",
        "CALSCALE:GREGORIAN",
        f"METHOD:{method}" if method else "",
        _text("NAME", name),
        _text("X-WR-CALNAME", name),
        f"REFRESH-INTERVAL;VALUE=DURATION:{REFRESH}" if name else "",
        f"X-PUBLISHED-TTL:{REFRESH}" if name else "",
    )
    return written + b"".join(vtimezone(tzid) for tzid in sorted(set(zones)))


def description(seen: "SeenEvent", url: str = "") -> str:
    """Purpose, programme, hosts and whom to ask, as plain text in the active language."""
    parts = [seen.purpose.strip(), _programme(seen)]
    for label, value in (
        (_("Chair"), seen.chair),
        (_("Hosts"), ", ".join(seen.hosts)),
        (_("Join online"), seen.online_url),
        (
            _("Questions"),
            ", ".join(filter(None, (seen.contact_name, seen.contact_email, seen.contact_phone))),
        ),
        (_("More"), url),
    ):
        parts.append(f"{label}: {value}" if value else "")
    return "\n\n".join(part for part in parts if part)


def _programme(seen: "SeenEvent") -> str:
    items = []
    for item in seen.programme:
        day = _("Day %(number)s") % {"number": item.day} if seen.programme[-1].day > 1 else ""
        clock = item.starts.strftime("%H:%M") if item.starts else ""
        speakers = f" ({', '.join(item.speakers)})" if item.speakers else ""
        items.append(" ".join(filter(None, (day, clock, item.title))) + speakers)
    return "\n".join([_("Programme:"), *items]) if items else ""


def _moment(name: str, moment: dt.datetime, tzid: str) -> str:
    wall = moment.astimezone(ZoneInfo(tzid))
    # When clocks are put back they show an hour twice, and readers differ on which one is meant.
    twice = wall.replace(fold=0).utcoffset() != wall.replace(fold=1).utcoffset()
    if twice or not describes(tzid, moment):
        return f"{name}:{lines.utc(moment)}"
    return f"{name};TZID={tzid}:{lines.local(wall)}"


def _text(name: str, value: str) -> str:
    return f"{name}:{lines.text(value)}" if value else ""


def _conference(url: str) -> str:
    """RFC 7986, section 5.11; the address also stands in the description, for clients that do not know it."""
    return f"CONFERENCE;VALUE=URI;FEATURE=AUDIO,VIDEO:{lines.uri(url)}" if url else ""


def _alarm(seen: "SeenEvent", minutes: int | None) -> tuple[str, ...]:
    """RFC 5545, section 3.6.6. Nobody is reminded of what is cancelled."""
    if minutes is None or seen.cancelled:
        return ()
    trigger = f"TRIGGER:-PT{minutes}M"
    return ("BEGIN:VALARM", "ACTION:DISPLAY", f"DESCRIPTION:{lines.text(seen.title)}", trigger, "END:VALARM")


def _organizer(person: Person | None) -> str:
    return f"ORGANIZER;CN={lines.quoted(person.name)}:{lines.mailto(person.address)}" if person else ""


def _attendee(person: Person | None) -> str:
    if person is None:
        return ""
    role = f"CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT={person.partstat};RSVP=TRUE"
    return f"ATTENDEE;CN={lines.quoted(person.name)};{role}:{lines.mailto(person.address)}"
