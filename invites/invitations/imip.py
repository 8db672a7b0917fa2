"""Calendar invitations (RFC 5546 REQUEST and CANCEL, RFC 6047): the event once, then two people for each recipient.

ORGANIZER is the recipient's own reply address, so that a calendar's answer finds its invitation without a word being
read; UID and SEQUENCE are those of the feeds (rule 8). Pure: facts in, bytes out.
"""

import datetime as dt
from dataclasses import dataclass, replace

from events.calendar import lines, render
from events.gatherings.visibility import SeenEvent

_END = b"END:VEVENT\r\n"
_INVITED = "CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT"
ASKED = f"{_INVITED};PARTSTAT=NEEDS-ACTION;RSVP=TRUE"
_TOLD = _INVITED  # of a CANCEL: nothing is asked any more
_ANSWERED = {"accepted": "ACCEPTED", "tentative": "TENTATIVE", "declined": "DECLINED", "waiting": "TENTATIVE"}


@dataclass(frozen=True)
class Request:
    """A REQUEST or CANCEL without its organiser and attendee; `to` fills them in. One for each event and language."""

    before: bytes
    after: bytes
    method: str = "REQUEST"

    def to(self, *, organizer: tuple[str, str], attendee: tuple[str, str], role: str = ASKED) -> bytes:
        """The text/calendar part for one recipient; both are (name, address), `role` is what `standing` says."""
        return b"".join((self.before, _organizer(*organizer), _attendee(*attendee, role), self.after))

    def standing(self, reply: str) -> str:
        """The attendee's parameters when `reply` was answered so far; a calendar then keeps that answer."""
        if self.method == "CANCEL":
            return _TOLD
        return f"{_INVITED};PARTSTAT={_ANSWERED[reply]};RSVP=TRUE" if reply else ASKED


def settled(reply: str) -> str:
    """The attendee's parameters in a receipt: the calendar takes over the answer and is asked for none."""
    return f"{_INVITED};PARTSTAT={_ANSWERED[reply]};RSVP=FALSE"


def request(seen: SeenEvent, *, changed_at: dt.datetime) -> Request:
    """Words are in the active language. Raises ValueError for an event without a time (rule 11)."""
    vevent = render.vevent(seen, dtstamp=changed_at, last_modified=changed_at)
    return _parted(vevent, seen, "REQUEST")


def cancellation(seen: SeenEvent, *, stamped_at: dt.datetime, title: str = "") -> Request:
    """A CANCEL with the same UID and the event's sequence (section 3.2.5); `title` replaces "Cancelled: …".

    For one attendee whose invitation is withdrawn the event goes on, so give a title that does not say otherwise.
    """
    called_off = replace(seen, cancelled=True)
    vevent = render.vevent(called_off, dtstamp=stamped_at, last_modified=stamped_at, title=title)
    return _parted(vevent, seen, "CANCEL")


def _parted(vevent: bytes, seen: SeenEvent, method: str) -> Request:
    before, end, after = render.calendar([vevent], method=method, zones=render.zones_of(seen)).rpartition(
        _END
    )
    return Request(before, end + after, method)


def _organizer(name: str, address: str) -> bytes:
    return lines.content(f"ORGANIZER;CN={lines.quoted(name)}:{lines.mailto(address)}")


def _attendee(name: str, address: str, role: str) -> bytes:
    return lines.content(f"ATTENDEE;CN={lines.quoted(name)};{role}:{lines.mailto(address)}")
