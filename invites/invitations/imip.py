"""Calendar invitations (RFC 5546 REQUEST, RFC 6047): the event once, then organiser and attendee for each recipient.

ORGANIZER is the recipient's own reply address, so that a calendar's answer finds its invitation without a word being
read; UID and SEQUENCE are those of the feeds (rule 8). Pure: facts in, bytes out.
"""

import datetime as dt
from dataclasses import dataclass

from events.calendar import lines, render
from events.gatherings.visibility import SeenEvent

_END = b"END:VEVENT\r\n"
_ASKED = "CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE"


@dataclass(frozen=True)
class Request:
    """A REQUEST without its organiser and attendee; `to` fills them in. One for each event and language."""

    before: bytes
    after: bytes

    def to(self, *, organizer: tuple[str, str], attendee: tuple[str, str]) -> bytes:
        """The text/calendar part for one recipient; both are (name, address)."""
        return b"".join((self.before, _organizer(*organizer), _attendee(*attendee), self.after))


def request(seen: SeenEvent, *, changed_at: dt.datetime) -> Request:
    """Words are in the active language. Raises ValueError for an event without a time (rule 11)."""
    vevent = render.vevent(seen, dtstamp=changed_at, last_modified=changed_at)
    whole = render.calendar([vevent], method="REQUEST", zones=[seen.time_zone])
    before, end, after = whole.rpartition(_END)
    return Request(before, end + after)


def _organizer(name: str, address: str) -> bytes:
    return lines.content(f"ORGANIZER;CN={lines.quoted(name)}:{lines.mailto(address)}")


def _attendee(name: str, address: str) -> bytes:
    return lines.content(f"ATTENDEE;CN={lines.quoted(name)};{_ASKED}:{lines.mailto(address)}")
