"""Whether a program wrote for somebody who is away, and until when. Pure."""

import datetime as dt
import re
from collections.abc import Callable

from invites.replies.said import Absence

Header = Callable[[str], str]
LONGEST_TEXT = 500
PROGRAMS = (
    "X-Autoreply",
    "X-Autorespond",
    "X-Auto-Reply-From",
    "X-Autoresponse",
    "X-Auto-Response-Suppress",
    "List-Id",
)
PRECEDENCE = ("auto_reply", "auto-reply", "bulk", "junk", "list")
# As programs write them: a person may write "Fravær 9. november", and means it.
_SUBJECT = re.compile(
    r"automati(?:sk|c|skt|sches?)? ?(?:svar|reply|response|antwort)|auto-?(?:svar|reply|response)|"
    r"out[ -]of[ -](?:the[ -])?office|ute av kontoret|ikke på kontoret|ikkje på kontoret|inte på kontoret|"
    r"fraværsmelding|fråværsmelding|frånvaromeddelande|"
    r"(?:fraværende|fråverande|frånvarande|frånvaro|ikke til stede) ?:|"
    r"ude af (?:kontoret|huset)|ikke på arbejde|autoodpowiedź|odpowiedź automatyczna|автоматична відповідь|رد تلقائي",
    re.IGNORECASE,
)
_UNTIL = re.compile(
    r"(?:til og med|t\.?o\.?m\.?|til|fram til|tilbake|att|attende|till|till och med|tillbaka|åter|tilbage|"
    r"until|till|through|back|return(?:ing)?|do|wracam|до)(?!\w)",
    re.IGNORECASE,
)
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "januar january januari", "februar february februari", "mars march marts", "april", "mai may maj",
            "juni june", "juli july", "august augusti", "september", "oktober october", "november", "desember december",
        ),
        1,
    )
    for name in names.split()
}  # fmt: skip
_MONTH = (
    "(?:"
    + "|".join(sorted({*_MONTHS, *(name[:3] for name in _MONTHS)}, key=len, reverse=True))
    + r")(?![a-z])"
)
_DATE = re.compile(
    rf"(?P<iso>\d{{4}}-\d\d-\d\d)|(?<!\d)(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\.?\s?(?:(?P<month>{_MONTH})|(?P<number>\d{{1,2}})\.)"
    rf"(?:\s?(?P<year>\d{{4}}))?|(?P<first>{_MONTH})\s(?P<after>\d{{1,2}})(?:st|nd|rd|th)?(?:,?\s(?P<then>\d{{4}}))?",
    re.ASCII | re.IGNORECASE,
)
NEAR = 40  # letters between "until" and its date


def is_automatic(header: Header, has: Callable[[str], bool]) -> bool:
    """By RFC 3834, the customs before it, an empty envelope sender, and the subjects that Exchange and Gmail write."""
    submitted = header("Auto-Submitted").lower()
    if submitted and not submitted.startswith("no"):
        return True
    if any(header(name) for name in PROGRAMS) or header("Precedence").lower() in PRECEDENCE:
        return True
    if has("Return-Path") and header("Return-Path").replace(" ", "") in ("<>", ""):
        return True
    return bool(_SUBJECT.match(header("Subject").lstrip("[( ")))


def absence(lines: list[str], *, sent_at: dt.datetime | None) -> Absence:
    """`lines` are the program's own text, without the mail that it answers to."""
    text = "\n".join(lines)
    return Absence(text[:LONGEST_TEXT], _until(text[:2000], sent_at))


def _until(text: str, sent_at: dt.datetime | None) -> dt.date | None:
    for word in _UNTIL.finditer(text):
        near = text[word.end() : word.end() + NEAR]
        for found in _DATE.finditer(near):
            if day := _date(found, sent_at):
                return day
    return None


def _date(found: re.Match[str], sent_at: dt.datetime | None) -> dt.date | None:
    """Without a year it is the first such day that is not before the mail."""
    try:
        if found["iso"]:
            return dt.date.fromisoformat(found["iso"])
        month = _month(found["month"] or found["first"] or "") or int(found["number"] or 0)
        day, year = int(found["day"] or found["after"]), int(found["year"] or found["then"] or 0)
        if year or sent_at is None:
            return dt.date(year, month, day) if year else None
        this = dt.date(sent_at.year, month, day)
        return this if this >= sent_at.date() else dt.date(sent_at.year + 1, month, day)
    except ValueError:
        return None


def _month(name: str) -> int:
    return next((number for one, number in _MONTHS.items() if name and one.startswith(name.lower())), 0)
