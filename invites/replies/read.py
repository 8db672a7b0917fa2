"""What a message that came to us is. Pure: bytes in, facts out; it never raises, whatever the bytes."""

import re
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from invites.replies.models import InboundKind
from invites.replies.parts import Part, returned_headers, walk
from invites.replies.reports import Report, is_mailer, old_style, standard
from invites.replies.said import Sayings, Words
from invites.replies.sayings import (
    Provider,
    came_back,
    has_calendar,
    is_automatic,
    only_in_outlooks_own_format,
    sayings,
)

UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
OUR_HEADER = re.compile(rf"X-Delivery-Id:\s*({UUID})", re.IGNORECASE)
OUR_MESSAGE = re.compile(rf"<({UUID})@([a-z0-9.-]+)>", re.IGNORECASE)
REPLY_ADDRESS = re.compile(r"svar-([a-z2-7]{32})@", re.IGNORECASE)
ABOUT = ("X-Delivery-Id", "Message-ID", "In-Reply-To", "References", "X-MS-Exchange-Parent-Message-Id")
TO = ("To", "Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To")
AUTOMATIC = ("X-Autoreply", "X-Autorespond", "X-Auto-Reply-From", "X-Autoresponse")
MOST = 10  # ids and tokens of one message


@dataclass(frozen=True)
class Reading:
    """`reports` only where it is a REPORT. Ids and tokens are claims of the sender until a row confirms them.

    `sayings` is what it says; empty for a REPORT, and without words where it is UNREADABLE.
    """

    kind: InboundKind
    reports: tuple[Report, ...] = ()
    delivery_ids: tuple[uuid.UUID, ...] = ()
    reply_tokens: tuple[str, ...] = ()
    sayings: Sayings = field(default_factory=Sayings)
    problem: str = field(default="", compare=False)  # why it could not be read


def read(
    raw: bytes, *, domain: str, envelope_to: str = "", dkim: str = "", spf: str = "", receiver: str = ""
) -> Reading:
    """`domain` is the one of our message ids and reply addresses; `envelope_to` whom the mail server got it for.

    `dkim` and `spf` are SendGrid's fields of these names; `receiver` the name (authserv-id) by which our own mail
    server signs Authentication-Results. Where all are empty nothing is known of the sender.
    """
    try:
        return _read(raw, domain, envelope_to, Provider(receiver, dkim, spf))
    except Exception as error:  # the library's header parser has surprises; a message must not be lost to one
        return Reading(InboundKind.UNREADABLE, problem=type(error).__name__)


def _read(raw: bytes, domain: str, envelope_to: str, provider: Provider) -> Reading:
    parts = list(walk(raw))
    top = parts[0]
    if not raw.strip() or not top.headers.keys():
        return Reading(InboundKind.UNREADABLE, problem="no headers")
    found = _found(REPLY_ADDRESS, [envelope_to, *(top.header(name) for name in TO)])
    tokens = tuple(dict.fromkeys(token.lower() for token in found))
    if reports := _reports(parts):
        return Reading(InboundKind.REPORT, tuple(reports), _delivery_ids(parts, domain), tokens)
    kind = _formal_kind(top)
    said = sayings(parts, provider, answers=kind is None)
    kind = kind or _kind(parts, said)
    problem = ""
    if kind == InboundKind.MESSAGE and only_in_outlooks_own_format(parts, said):
        kind, problem = InboundKind.UNREADABLE, "winmail.dat"
    elif kind == InboundKind.CALENDAR and not said.calendars:
        problem = "no answer in the calendar"
    return Reading(kind, (), (), tokens, _of_kind(said, kind), problem)


def _of_kind(said: Sayings, kind: InboundKind) -> Sayings:
    """A person's words are heard in a message only, and an absence in an automatic reply."""
    words = said.words if kind == InboundKind.MESSAGE else Words()
    return replace(said, words=words, absence=said.absence if kind == InboundKind.AUTOMATIC else None)


def _reports(parts: Sequence[Part]) -> list[Report]:
    """A report is a multipart/report, or a server's prose. What an absent person's program sends is neither."""
    top = parts[0]
    report_type = str(top.headers.get_param("report-type", "")).lower()
    says_so = top.kind == "multipart/report" and report_type in ("delivery-status", "")
    if not says_so and (top.kind == "multipart/report" or _is_automatic_reply(parts)):
        return []
    found = standard(parts) if says_so or is_mailer(top) else []
    return found or old_style(parts)


def _formal_kind(top: Part) -> InboundKind | None:
    """What is a report by its form answers nothing, whatever is attached to it; nor does what a mail server writes."""
    report_type = str(top.headers.get_param("report-type", "")).lower()
    if top.kind == "multipart/report":
        if report_type == "disposition-notification":
            return InboundKind.RECEIPT
        return InboundKind.COMPLAINT if report_type == "feedback-report" else InboundKind.MESSAGE
    return InboundKind.AUTOMATIC if is_mailer(top) else None


def _kind(parts: Sequence[Part], said: Sayings) -> InboundKind:
    if said.calendars or (has_calendar(parts) and not came_back(parts)):
        return InboundKind.CALENDAR  # before "automatic": genuine answers of calendars say that too
    return InboundKind.AUTOMATIC if is_automatic(parts) else InboundKind.MESSAGE


def _is_automatic_reply(parts: Sequence[Part]) -> bool:
    """By RFC 3834 and the customs before it. Mail servers mark their reports so too, but say who they are."""
    top = parts[0]
    if top.header("X-Failed-Recipients") or is_mailer(top):
        return False
    if any(top.header(name) for name in AUTOMATIC):
        return True
    said = top.header("Auto-Submitted").lower()
    return said.startswith("auto-replied") or top.header("Precedence").lower() == "auto_reply"


def _delivery_ids(parts: Sequence[Part], domain: str) -> tuple[uuid.UUID, ...]:
    """Ours, from what came back: the returned headers first, then the report's own, then its prose."""
    returned = [headers for part in parts if (headers := returned_headers(part))]
    texts = [f"{name}: {part.header(name)}" for part in [*returned, parts[0]] for name in ABOUT]
    texts += [part.text() for part in parts if part.kind.startswith("text/")]
    found = [match[1] for text in texts for match in OUR_HEADER.finditer(text)]
    for text in texts:
        ours = (match for match in OUR_MESSAGE.finditer(text) if match[2].lower() == domain.lower())
        found += [match[1] for match in ours]
    return tuple(dict.fromkeys(uuid.UUID(one) for one in found))[:MOST]


def _found(pattern: re.Pattern[str], texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(match[1] for text in texts for match in pattern.finditer(text)))[:MOST]
