"""What a calendar answers: iTIP (RFC 5546) as clients write it. Pure: bytes in, answers out; it never raises.

Only what answers is read: a REQUEST or CANCEL is our own mail come back. No recurrence is expanded.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field

from invites.replies.moments import Zones, days, duration, moment
from invites.replies.properties import Property, address, properties, unescaped, without_entities
from invites.replies.said import CalendarAnswer, Method, PartStat

ANSWERS = (Method.REPLY, Method.COUNTER, Method.REFRESH, Method.DECLINECOUNTER)
MOST_EVENTS = 20
MOST_ATTENDEES = 500
MOST_DEPTH = 8
MOST_GUESTS = 999
LARGEST_SEQUENCE = 2**31 - 1
LONGEST_COMMENT = 2000
LONGEST_NAME = 200
SEPARATOR = "*~*~*~*"  # older Outlook: above it when and where, below what the person wrote
COMMENTS = ("COMMENT", "X-CALENDARSERVER-PRIVATE-COMMENT", "X-RESPONSE-COMMENT", "X-MS-COMMENT")


@dataclass
class _Event:
    first: dict[str, Property] = field(default_factory=dict)
    attendees: list[Property] = field(default_factory=list)

    def value(self, *names: str) -> str:
        return next((self.first[name].value for name in names if name in self.first), "")


@dataclass
class _Calendar:
    first: dict[str, Property] = field(default_factory=dict)
    events: list[_Event] = field(default_factory=list)
    zones: Zones = field(default_factory=Zones)

    def value(self, name: str) -> str:
        return self.first[name].value if name in self.first else ""

    @property
    def is_microsofts(self) -> bool:
        return "microsoft" in self.value("PRODID").lower()


@dataclass(frozen=True)
class Found:
    """The answers of one part, and which methods its calendars have (also those that are no answers)."""

    answers: tuple[CalendarAnswer, ...] = ()
    methods: tuple[str, ...] = ()
    microsofts: bool = False


def answers(octets: bytes, *, charset: str = "utf-8", sender: str = "", said_method: str = "") -> Found:
    """`sender` is From's address; `said_method` that of the MIME header, heard only where the calendar has none."""
    found: list[CalendarAnswer] = []
    methods, microsofts = [], False
    for one in _calendars(properties(octets, charset)):
        method = (one.value("METHOD") or said_method).strip().upper()
        methods.append(method)
        microsofts = microsofts or one.is_microsofts
        if method in ANSWERS:
            found += [_answer(event, one, Method(method), sender) for event in one.events]
    return Found(tuple(dict.fromkeys(found)), tuple(methods), microsofts)


@dataclass
class _Reader:
    """Takes lines and remembers where it is. What stands deeper (an alarm's attendees) is nobody's answer."""

    within: list[str] = field(default_factory=list)
    one: _Calendar = field(default_factory=_Calendar)
    event: _Event = field(default_factory=_Event)
    observance: dict[str, str] = field(default_factory=dict)

    def begin(self, name: str) -> None:
        self.within.append(name)
        match self.within:
            case ["VCALENDAR"]:
                self.one = _Calendar()
            case ["VCALENDAR", "VEVENT"]:
                self.event = _Event()
            case ["VCALENDAR", "VTIMEZONE", _]:
                self.observance = {}

    def end(self) -> bool:
        """Whether a calendar is complete: one that was cut off may lack the line that matters."""
        match self.within:
            case ["VCALENDAR", "VEVENT"] if len(self.one.events) < MOST_EVENTS:
                self.one.events.append(self.event)
            case ["VCALENDAR", "VTIMEZONE", _]:
                self.one.zones.add(self.one.value("TZID"), self.observance)
        return bool(self.within) and [self.within.pop(), *self.within] == ["VCALENDAR"]

    def keep(self, line: Property) -> None:
        match self.within:
            case ["VCALENDAR"]:
                self.one.first.setdefault(line.name, line)
            case ["VCALENDAR", "VTIMEZONE"] if line.name == "TZID":
                self.one.first["TZID"] = line
            case ["VCALENDAR", "VTIMEZONE", _]:
                self.observance.setdefault(line.name, line.value)
            case ["VCALENDAR", "VEVENT"]:
                self._of_event(line)

    def _of_event(self, line: Property) -> None:
        if line.name != "ATTENDEE":
            if line.name not in self.event.first or not self.event.first[line.name].value:
                self.event.first[line.name] = line
        elif len(self.event.attendees) < MOST_ATTENDEES:
            self.event.attendees.append(line)


def _calendars(lines: Iterator[Property]) -> Iterator[_Calendar]:
    reader = _Reader()
    for line in lines:
        if line.name == "BEGIN":
            reader.begin(line.value.upper())
            if len(reader.within) > MOST_DEPTH:
                return
        elif line.name == "END":
            if reader.end():
                yield reader.one
        else:
            reader.keep(line)


def _answer(event: _Event, one: _Calendar, method: Method, sender: str) -> CalendarAnswer:
    who = _answering(event, sender)
    params = who.params if who else {}
    start, end = _times(event, one) if method == Method.COUNTER else (None, None)
    which = event.first.get("RECURRENCE-ID")
    own = who.address if who else ""
    to = address(params.get("DELEGATED-TO", ""))
    return CalendarAnswer(
        method=method,
        uid=unescaped(event.value("UID"))[:500],
        partstat=_partstat(params),
        attendee=own,
        sequence=_number(event.value("SEQUENCE", "X-MICROSOFT-CDO-APPT-SEQUENCE"), LARGEST_SEQUENCE),
        stamped_at=_stamp(event, one),
        sent_by=_sent_by(event, params, own),
        delegated_to=to,
        delegate=_name_of(event, to) if to else "",
        delegated_from=address(params.get("DELEGATED-FROM", "")),
        comment=_comment(event, one, params),
        guests=_number(params.get("X-NUM-GUESTS", ""), MOST_GUESTS),
        occurrence=which.value[:40] if which else "",
        occurrence_at=(
            moment(which.value, zone=which.params.get("TZID", ""), zones=one.zones) if which else None
        ),
        proposed_start=start,
        proposed_end=end,
        proposed_days=days(*(event.value(name) for name in ("DTSTART", "DTEND", "DURATION")))
        if method == Method.COUNTER
        else None,
    )


def _answering(event: _Event, sender: str) -> Property | None:
    """Who answers: who sent it and took a stand; else the only one who did; else the sender; else the only one.

    Of several who did, none of them the sender, it is nobody: one must not answer for another.
    """
    organiser = event.first["ORGANIZER"].address if "ORGANIZER" in event.first else ""
    people = [one for one in event.attendees if one.address != organiser or len(event.attendees) == 1]
    stands = [one for one in people if _partstat(one.params) not in (None, PartStat.NEEDS_ACTION)]
    for some in (stands, people):
        theirs = [one for one in some if sender and sender in (one.address, _secretary(one))]
        if theirs:
            return theirs[0]
        if some and len({one.address for one in some}) == 1:
            return some[0]
        if some is stands and stands:
            return None
    return None


def _name_of(event: _Event, whom: str) -> str:
    """By the line of that attendee; "" where there is none or it names nobody."""
    names = (one.params.get("CN", "") for one in event.attendees if one.address == whom)
    return " ".join(next(names, "").split())[:LONGEST_NAME]


def _secretary(one: Property) -> str:
    return address(one.params.get("SENT-BY", ""))


def _sent_by(event: _Event, params: dict[str, str], own: str) -> str:
    sent_by = address(params.get("SENT-BY", "")) or address(event.value("X-MS-OLK-SENDER"))
    return sent_by if sent_by != own else ""


def _partstat(params: dict[str, str]) -> PartStat | None:
    try:
        return PartStat(params.get("PARTSTAT", "").strip().upper())
    except ValueError:
        return None


def _number(value: str, largest: int) -> int:
    digits = value.strip()
    return min(int(digits), largest) if digits.isascii() and digits.isdigit() and len(digits) < 20 else 0


def _stamp(event: _Event, one: _Calendar) -> dt.datetime | None:
    """DTSTAMP, else when Outlook says it was answered. A stamp without a zone is UTC, as all of them should be."""
    for name in ("DTSTAMP", "X-MICROSOFT-CDO-REPLYTIME"):
        line = event.first.get(name)
        if line and (
            at := moment(line.value, zone=line.params.get("TZID", ""), zones=one.zones, floating="UTC")
        ):
            return at
    return None


def _times(event: _Event, one: _Calendar) -> tuple[dt.datetime | None, dt.datetime | None]:
    def at(name: str) -> dt.datetime | None:
        line, floating = event.first.get(name), one.value("X-WR-TIMEZONE")
        zone = line.params.get("TZID", "") if line else ""
        return moment(line.value, zone=zone, zones=one.zones, floating=floating) if line else None

    start, end, lasts = at("DTSTART"), at("DTEND"), duration(event.value("DURATION"))
    if start and not end and lasts and lasts < dt.timedelta(days=3660) and start.year < 9000:
        end = start + lasts
    return start, end


def _comment(event: _Event, one: _Calendar, params: dict[str, str]) -> str:
    for name in COMMENTS:
        if text := unescaped(event.value(name)):
            return text[:LONGEST_COMMENT]
    if text := without_entities(unescaped(params.get("X-RESPONSE-COMMENT", ""))):
        return text[:LONGEST_COMMENT].strip()
    return own_words(event.value("DESCRIPTION")) if one.is_microsofts else ""


def own_words(description: str) -> str:
    """Outlook puts the person's words there; where it has a link, it is the invitation's own text come back."""
    text = unescaped(description).rpartition(SEPARATOR)[2].lstrip("*~ \n")
    return "" if "://" in text else text[:LONGEST_COMMENT].strip()
