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
    """The UID of an event or a series: one for life, the same in feed and invitation (rule 8)."""
    return f"{event_uid}@{urlsplit(settings.BASE_URL).hostname}"


def identity(seen: "SeenEvent") -> UUID:
    """What its UID is made of: all meetings of a series share the series' (RFC 5545, section 3.8.4.4)."""
    return seen.occurrence.uid if seen.occurrence else seen.uid


def zones_of(seen: "SeenEvent") -> set[str]:
    """The time zones its VEVENT is written in; days have none."""
    own = set() if seen.all_day else {seen.time_zone}
    return own | ({seen.occurrence.zone} if seen.occurrence and not seen.occurrence.all_day else set())


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
    status: str = "CONFIRMED",
    busy: bool = True,
) -> bytes:
    """A VEVENT, with the event's own title unless `title` is given, and an alarm that many minutes before.

    `status` and `busy` are what the reader's own answer makes of it; a cancelled event is neither.

    `dtstamp` and `last_modified` come from rows, so that equal facts give equal bytes.

    Raises ValueError for an event without a time: a vague date never becomes a fake day (rule 11).
    """
    if seen.starts_at is None or seen.ends_at is None:
        raise ValueError("an event without a time is not in any calendar")
    usual = _("Cancelled: %(title)s") % {"title": seen.title} if seen.cancelled else seen.title
    return lines.content(
        "BEGIN:VEVENT",
        f"UID:{uid or uid_of(identity(seen))}",
        _which(seen),
        f"SEQUENCE:{seen.sequence if sequence is None else sequence}",
        f"DTSTAMP:{lines.utc(dtstamp)}",
        f"LAST-MODIFIED:{lines.utc(last_modified)}",
        *_times(seen, seen.starts_at, seen.ends_at),
        f"SUMMARY:{lines.text(title or usual)}",
        f"STATUS:{'CANCELLED' if seen.cancelled else status}",
        f"TRANSP:{'OPAQUE' if busy and not seen.cancelled else 'TRANSPARENT'}",
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


def _times(seen: "SeenEvent", starts_at: dt.datetime, ends_at: dt.datetime) -> tuple[str, str]:
    """DTSTART and DTEND; of an all-day event they are dates, and DTEND is the day after the last (section 3.6.1)."""
    first, last = seen.first_day, seen.last_day
    if not seen.all_day or first is None or last is None:
        return moment("DTSTART", starts_at, seen.time_zone), moment("DTEND", ends_at, seen.time_zone)
    return day("DTSTART", first), day("DTEND", last + dt.timedelta(days=1))


def busy() -> str:
    """The title where a feed tells nothing but that the time is taken."""
    return _("Busy")


def _which(seen: "SeenEvent") -> str:
    """RECURRENCE-ID is of the kind that the series' DTSTART is (section 3.8.4.4), whatever the meeting itself is."""
    if seen.occurrence is None:
        return ""
    at, zone = seen.occurrence.at, seen.occurrence.zone
    if seen.occurrence.all_day:
        return day("RECURRENCE-ID", at.astimezone(ZoneInfo(zone)).date())
    return moment("RECURRENCE-ID", at, zone)


def day(name: str, of: dt.date) -> str:
    return f"{name};VALUE=DATE:{of:%Y%m%d}"


def moment(name: str, at: dt.datetime, tzid: str) -> str:
    """A line for a moment, on the clock of `tzid` where a VTIMEZONE says what that is, else in UTC."""
    wall = at.astimezone(ZoneInfo(tzid))
    # When clocks are put back they show an hour twice, and readers differ on which one is meant.
    twice = wall.replace(fold=0).utcoffset() != wall.replace(fold=1).utcoffset()
    if twice or not describes(tzid, at):
        return f"{name}:{lines.utc(at)}"
    return f"{name};TZID={tzid}:{lines.local(wall)}"


def _text(name: str, value: str) -> str:
    return f"{name}:{lines.text(value)}" if value else ""


def _conference(url: str) -> str:
    """RFC 7986, section 5.11; the address also stands in the description, for clients that do not know it."""
    return f"CONFERENCE;VALUE=URI;FEATURE=AUDIO,VIDEO:{lines.uri(url)}" if url else ""


def _alarm(seen: "SeenEvent", minutes: int | None) -> tuple[str, ...]:
    """RFC 5545, section 3.6.6. Nobody is reminded of what is cancelled.

    Of an all-day event it is counted from the midnight it begins, on the reader's clock ("relative to 00:00:00 of the
    user's configured time zone"): "1 hour before" rings at 23:00 the evening before. Google and Outlook leave alarms of
    subscribed calendars out; Apple and Thunderbird ring as the section says, unless the reader chose other hours.
    """
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
