"""What a message said, sealed in its row until it is settled or 30 days old: content, so never in a log or a list."""

import datetime as dt
import json
from dataclasses import asdict, dataclass
from typing import Any

from invites.replies.models import InboundMail
from invites.replies.sealing import Sealed, seal, unseal

MOMENTS = ("at", "start", "end")
DAYS = ("until", "first_day", "last_day")


@dataclass(frozen=True)
class Said:
    """`sequence` is the revision of time and place that an answer was meant for; `to` whom somebody wants to send."""

    sender: str = ""
    reply: str = ""  # the answer that is meant, or may be meant
    text: str = ""
    guests: int = 0
    sequence: int = 0
    at: dt.datetime | None = None
    start: dt.datetime | None = None  # the time that is proposed
    end: dt.datetime | None = None
    until: dt.date | None = None  # of an absence
    to: str = ""
    first_day: dt.date | None = None  # the days that are proposed, instead of a time
    last_day: dt.date | None = None


@dataclass(frozen=True)
class Envelope:
    """What came with the message and is not in it: whom it was for, and what the provider found out of its sender.

    `piped`: it came through our own mail server, whose Authentication-Results in the message may be believed.
    """

    to: str = ""
    dkim: str = ""
    spf: str = ""
    piped: bool = False


def sealed(what: Said | Envelope) -> bytes:
    return seal(json.dumps(asdict(what), default=lambda moment: moment.isoformat()).encode())


def said(row: InboundMail) -> Said | None:
    """None where nothing was kept, or it was forgotten, or no key at hand opens it."""
    facts = _opened(row.said)
    if facts is None:
        return None
    for name in MOMENTS:
        facts[name] = dt.datetime.fromisoformat(facts[name]) if facts[name] else None
    for name in DAYS:  # what was sealed before there were proposed days has none
        facts[name] = dt.date.fromisoformat(facts[name]) if facts.get(name) else None
    return Said(**facts)


def envelope(row: InboundMail) -> Envelope:
    return Envelope(**(_opened(row.envelope) or {}))


def _opened(box: bytes | memoryview | None) -> dict[str, Any] | None:
    if box is None:
        return None
    try:
        facts: dict[str, Any] = json.loads(unseal(bytes(box)))
    except (Sealed, ValueError):
        return None
    return facts
