"""What a message says, as facts: the seam between reading it (pure) and applying it. All are claims."""

import datetime as dt
from dataclasses import dataclass, field
from enum import StrEnum


class Method(StrEnum):
    """The METHOD in the calendar's body. The MIME header's is not asked: Google says REPLY there, COUNTER inside."""

    REPLY = "REPLY"
    COUNTER = "COUNTER"
    REFRESH = "REFRESH"
    DECLINECOUNTER = "DECLINECOUNTER"
    REQUEST = "REQUEST"
    CANCEL = "CANCEL"
    PUBLISH = "PUBLISH"
    ADD = "ADD"


class PartStat(StrEnum):
    ACCEPTED = "ACCEPTED"
    DECLINED = "DECLINED"
    TENTATIVE = "TENTATIVE"
    DELEGATED = "DELEGATED"
    NEEDS_ACTION = "NEEDS-ACTION"


class Verdict(StrEnum):
    PASSED = "pass"
    FAILED = "fail"
    UNKNOWN = ""  # the provider said nothing, or said "none" or "temperror"


@dataclass(frozen=True)
class Authentication:
    """What the receiving server found out about the sender. `dkim_domains` are those whose signature it verified."""

    dkim: Verdict = Verdict.UNKNOWN
    spf: Verdict = Verdict.UNKNOWN
    dkim_domains: tuple[str, ...] = ()


@dataclass(frozen=True)
class CalendarAnswer:
    """One VEVENT of an answering calendar. Several identical parts of one message are one of these.

    Moments are aware (UTC). `attendee` is the answering one in lower case, never one inside a VALARM; `sent_by` is who
    answered for them. `guests` is how many more come along, by the client's own property (0: nobody or not said).
    """

    method: Method
    uid: str
    partstat: PartStat | None
    attendee: str = ""
    sequence: int = 0
    stamped_at: dt.datetime | None = None  # DTSTAMP
    sent_by: str = ""
    delegated_to: str = ""
    delegate: str = ""  # the name of the one it was delegated to, where the calendar says it
    delegated_from: str = ""
    comment: str = ""
    guests: int = 0
    occurrence: str = ""  # RECURRENCE-ID as written
    occurrence_at: dt.datetime | None = None  # the same in UTC, where its zone is known
    proposed_start: dt.datetime | None = None  # of a COUNTER
    proposed_end: dt.datetime | None = None
    proposed_days: tuple[dt.date, dt.date] | None = (
        None  # first and last, where days are proposed and no times
    )


@dataclass(frozen=True)
class Words:
    """A message in plain text. `reply` is "accepted", "declined", "tentative" or "" when none was recognised.

    `exact`: the first line of its own text (no quoted line, no signature) is one word that means `reply` and no more,
    so it may be applied; otherwise it is only suggested to the organiser. `text` is what the person wrote, short.
    """

    text: str = ""
    reply: str = ""
    exact: bool = False
    language: str = ""


@dataclass(frozen=True)
class Absence:
    """An out-of-office: a note for the organiser, never an answer. `text` is short; `until` only when it says so."""

    text: str = ""
    until: dt.date | None = None


@dataclass(frozen=True)
class Sayings:
    """All that a message says. `sender` is the address of From in lower case, `sent_at` its Date (aware) or None."""

    sender: str = ""
    sent_at: dt.datetime | None = None
    message_id: str = ""
    calendars: tuple[CalendarAnswer, ...] = ()
    words: Words = field(default_factory=Words)
    absence: Absence | None = None
    auth: Authentication = field(default_factory=Authentication)
