"""The meeting card that a mail client shows above an invitation. Pure: the mail's parts in, facts out."""

import datetime as dt
import re
from dataclasses import dataclass

from icalendar import Calendar

_ANSWER = re.compile(r"https?://\S+\?answer=(accepted|tentative|declined)\b")


@dataclass(frozen=True)
class Card:
    """`starts` and `ends` are moments, or days for an all-day meeting; only that has a `last_day`."""

    method: str
    title: str
    starts: dt.date
    ends: dt.date
    place: str
    organizer: str
    answers: dict[str, str]  # "accepted", "tentative", "declined" -> link

    @property
    def last_day(self) -> dt.date | None:
        """DTEND is the day after it (RFC 5545, section 3.6.1)."""
        return None if isinstance(self.starts, dt.datetime) else self.ends - dt.timedelta(days=1)


def card(calendar: str, text: str) -> Card | None:
    """None for a mail without a meeting, or with one that cannot be read."""
    try:
        read = Calendar.from_ical(calendar)
        event = read.walk("VEVENT")[0]
        organizer = event.get("ORGANIZER", "")
        return Card(
            method=str(read.get("METHOD", "")),
            title=str(event.get("SUMMARY", "")),
            starts=event.decoded("DTSTART"),
            ends=event.decoded("DTEND"),
            place=str(event.get("LOCATION", "")),
            organizer=str(getattr(organizer, "params", {}).get("CN", organizer)),
            answers={found[1]: found[0] for found in _ANSWER.finditer(text)},
        )
    except (ValueError, LookupError):
        return None
