"""What a composed mail is: facts only, no state, no sending. The rooms register how their kinds are written."""

import datetime as dt
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypedDict

from django.utils import timezone

if TYPE_CHECKING:
    from invites.post.models import OutgoingMail

LAST_TRIES = dt.timedelta(hours=2)


@dataclass(frozen=True)
class Address:
    email: str
    name: str = ""


@dataclass(frozen=True)
class Attachment:
    """A file that goes along; `content_type` such as "application/pdf"."""

    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True)
class Letter:
    """One mail to one recipient, ready for a transport.

    `calendar` is the text/calendar part (CRLF, UTF-8) with its `method` ("REQUEST", "CANCEL"); it is sent twice, inline
    and as the attachment application/ics (CONTRACT, "Mail"). After `give_up_at` a failed call is not tried again (an
    earlier `give_up_at` of the row holds); from `useless_from` on it is not sent at all: the meeting has begun.
    """

    to: Address
    sender: Address
    subject: str
    text: str
    html: str
    delivery_id: uuid.UUID
    language: str
    reply_to: Address | None = None
    calendar: bytes = b""
    method: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    attachments: tuple[Attachment, ...] = ()
    give_up_at: dt.datetime | None = None
    useless_from: dt.datetime | None = None


class Deadlines(TypedDict):
    give_up_at: dt.datetime | None
    useless_from: dt.datetime | None


def deadlines(starts_at: dt.datetime | None) -> Deadlines:
    """Of a letter about a meeting: it is tried again until LAST_TRIES before the begin (until the begin when that is
    nearer), and not sent after it.
    """
    last = starts_at - LAST_TRIES if starts_at else None
    return {
        "give_up_at": last if last and last > timezone.now() else starts_at,
        "useless_from": starts_at,
    }


@dataclass(frozen=True)
class Withheld:
    """A mail that is not to be sent after all: the event began or was cancelled, a newer revision exists."""

    state: str  # OutgoingMail.State.CANCELLED or SUPERSEDED
    why: str


@dataclass(frozen=True)
class Postponed:
    """A mail that cannot be written yet, such as while the one before it is being handed over; tried again later."""

    wait: dt.timedelta


Composed = Letter | Withheld | Postponed
# Composers take a batch of the same kind, so that ten thousand invitations do not cost ten thousand queries.
Composer = Callable[["Sequence[OutgoingMail]"], "Mapping[int, Composed]"]
# What an organiser calls such a mail ("Invitation: Dialogue meeting"), in the active language, by the mail's id.
Namer = Callable[["Sequence[OutgoingMail]"], dict[int, str]]

_composers: dict[str, Composer] = {}
_namers: dict[str, Namer] = {}
_series: dict[str, str] = {}


def register(kind: str, composer: Composer, *, namer: Namer | None = None, series: str = "") -> None:
    """A room's `mails.py` names its kinds here; called once, when the app starts.

    Kinds of one `series` say the same thing anew about one subject: the newest revision wins (rule 2).
    """
    _composers[kind] = composer
    _series[kind] = series
    if namer:
        _namers[kind] = namer


def composer_of(kind: str) -> Composer:
    """Raises LookupError for a kind nobody registered."""
    try:
        return _composers[kind]
    except KeyError:
        raise LookupError(f"no composer is registered for {kind!r}") from None


def kinds() -> tuple[str, ...]:
    """All kinds that are registered."""
    return tuple(_composers)


def series_of(kind: str) -> str:
    """The series a kind belongs to; "" for one that stands alone."""
    return _series.get(kind, "")


def names_of(mails: "Sequence[OutgoingMail]") -> dict[int, str]:
    """What each mail is, for lists that staff read; a kind without a namer shows its own name."""
    names = {mail.pk: mail.kind.replace("_", " ").capitalize() for mail in mails}
    for kind in {mail.kind for mail in mails} & _namers.keys():
        names |= _namers[kind]([mail for mail in mails if mail.kind == kind])
    return names
