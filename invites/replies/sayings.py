"""What a message says, gathered from its parts. Pure: parts in, facts out."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from invites.replies import absence, calendars, plain, wording
from invites.replies.authentication import authentication
from invites.replies.moments import dated
from invites.replies.parts import LONGEST_CALENDAR, Part
from invites.replies.reports import STATUS_PARTS, is_mailer
from invites.replies.said import CalendarAnswer, Sayings, Words

CALENDARS = ("text/calendar", "application/ics", "text/x-vcalendar", "application/calendar+xml")
NAMELESS = ("application/octet-stream", "application/binary", "text/plain", "application/x-unknown")
TNEF = ("application/ms-tnef", "application/vnd.ms-tnef")
TNEF_ANSWER = re.compile(rb"IPM\.(?:Microsoft )?Schedule\.(?:MtgResp|Meeting\.Resp)", re.IGNORECASE)
MOST_CALENDARS = 6  # parts
MOST_ANSWERS = 20
_COMMENT = re.compile(r"\([^()]*\)|\"[^\"]*\"|=\?[^?\s]{1,40}\?[bq]\?[^?\s]*\?=", re.IGNORECASE)
_ADDRESS = re.compile(r"([^\s<>\",;:()]{1,128}@[^\s<>\",;:()@]{1,255})")


@dataclass(frozen=True)
class Provider:
    """What came with the message from the server that took it in."""

    receiver: str = ""
    dkim: str = ""
    spf: str = ""


def sayings(parts: Sequence[Part], provider: Provider, *, answers: bool) -> Sayings:
    """`answers` is False for what cannot answer (a report, a mail server): then only who sent it and when is said."""
    top = parts[0]
    sender = sender_of(top)
    found = _calendars(parts, sender) if answers and not came_back(parts) else ()
    automatic = answers and not found and is_automatic(parts)
    lines = plain.own(_text(parts)) if answers else []
    sent_at = dated(top.header("Date"))
    return Sayings(
        sender=sender,
        sent_at=sent_at,
        message_id=top.header("Message-ID")[:300],
        calendars=found,
        words=Words() if automatic else wording.words(lines),
        absence=absence.absence(lines, sent_at=sent_at) if automatic else None,
        auth=authentication(
            [(name, str(value)) for name, value in top.headers.items()],
            receiver=provider.receiver,
            dkim=provider.dkim,
            spf=provider.spf,
        ),
    )


def sender_of(top: Part) -> str:
    """The address of From in lower case; "" where there are several, because one of them is not who was checked.

    Looked for as it was written: an address inside an encoded word is a picture of one.
    """
    written = top.headers.get_all("From") or []
    if len(written) != 1:
        return ""
    bare = _COMMENT.sub(" ", str(written[0])[:2000])
    found = {address.lower() for address in _ADDRESS.findall(bare)}
    return found.pop() if len(found) == 1 else ""


def is_automatic(parts: Sequence[Part]) -> bool:
    top = parts[0]
    return is_mailer(top) or absence.is_automatic(top.header, lambda name: top.headers.get(name) is not None)


def came_back(parts: Sequence[Part]) -> bool:
    """Whether it bears any sign of a bounce, also where it is no report by its form: then no calendar in it answers."""
    top = parts[0]
    nobody = "Return-Path" in top.headers and top.header("Return-Path").replace(" ", "") in ("<>", "")
    return (
        nobody or bool(top.header("X-Failed-Recipients")) or any(part.kind in STATUS_PARTS for part in parts)
    )


def has_calendar(parts: Sequence[Part]) -> bool:
    """Whether a calendar came along that says it answers, or cannot be read at all."""
    for part in parts:
        if _is_calendar(part):
            found = _read(part, "")
            if not found.methods or any(method in calendars.ANSWERS for method in found.methods):
                return True
    return False


def only_in_outlooks_own_format(parts: Sequence[Part], said: Sayings) -> bool:
    """Whether what was meant stands in a winmail.dat: an answer by its class, or a mail with nothing else in it."""
    for part in parts:
        if part.kind in TNEF or part.file_name == "winmail.dat":
            return bool(TNEF_ANSWER.search(part.octets())) or not said.words.text
    return False


def _calendars(parts: Sequence[Part], sender: str) -> tuple[CalendarAnswer, ...]:
    """Each thing that is said once: the same calendar stands inline and as a file, in different encodings."""
    found: list[CalendarAnswer] = []
    for part in [one for one in parts if _is_calendar(one)][:MOST_CALENDARS]:
        read = _read(part, sender)
        found += [_with_words(answer, parts) if read.microsofts else answer for answer in read.answers]
    return tuple(dict.fromkeys(found))[:MOST_ANSWERS]


def _read(part: Part, sender: str) -> calendars.Found:
    try:
        method = str(part.headers.get_param("method", "") or "")[:40]
    except (ValueError, LookupError, TypeError, AttributeError):
        method = ""
    return calendars.answers(
        part.octets(LONGEST_CALENDAR), charset=part.charset, sender=sender, said_method=method
    )


def _is_calendar(part: Part) -> bool:
    if part.kind in CALENDARS:
        return True
    return part.kind in NAMELESS and part.file_name.endswith(".ics")


def _with_words(answer: CalendarAnswer, parts: Sequence[Part]) -> CalendarAnswer:
    """Outlook leaves the comment in the mail's own text, and only there when Exchange is not involved."""
    if answer.comment:
        return answer
    text = _text(parts).rpartition(calendars.SEPARATOR)[2]
    lines = plain.own("\n".join(line for line in text.splitlines() if line.strip("*~ \t")))
    return replace(answer, comment="\n".join(lines)[: calendars.LONGEST_COMMENT])


def _text(parts: Sequence[Part]) -> str:
    """The first plain text that is no attachment, else the first HTML as text."""
    for part in parts:
        if part.kind == "text/plain" and not _is_file(part) and (text := part.text()).strip():
            return text
    return next(
        (plain.from_html(part.text()) for part in parts if part.kind == "text/html" and not _is_file(part)),
        "",
    )


def _is_file(part: Part) -> bool:
    return part.header("Content-Disposition").lower().startswith("attachment") or bool(part.file_name)
