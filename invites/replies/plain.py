"""What a person wrote: the text of a mail without what it answers to, signatures and footers. Pure and linear."""

import html
import re
from collections.abc import Iterator

MOST_LINES = 400  # looked at
LONGEST_OWN = 1000
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,15})?([^<>]*)>")
_UNSEEN = ("style", "script", "head", "title", "blockquote")
_BREAKS = ("br", "p", "div", "tr", "li", "table", "h1", "h2", "h3", "hr")
_QUOTED = re.compile(r"gmail_quote|divRplyFwdMsg|appendonsend|moz-cite-prefix|yahoo_quoted|OLK_SRC_BODY")
_QUOTE = re.compile(r"[>|]")
_HEADER = re.compile(
    r"\*?(?:From|Fra|Frå|Från|Von|De|Od|Від|من)\*?\s?:\s?\*?\s*\S|(?:Sent|Sendt|Skickat|Wysłano)\s?:\s",
    re.IGNORECASE,
)
_RULE = re.compile(r"(?:-{2,}\s?\w[\w .]{2,40}-{2,}|_{5,}|-{5,}|={5,}|\*{5,}|--|—|-- )$")
_WROTE = re.compile(
    r"(?:wrote|writes|skrev|skreiv|skriver|schrieb|napisał|napisała|pisze|пише|написав|написала|كتب|qoray)\b",
    re.IGNORECASE,
)
_OPENING = re.compile(r"(?:on|den|på|am|w dniu|\w{2,10}[.,]{0,2}) \w{1,10}[., ]", re.IGNORECASE)
_FOOTER = re.compile(
    r"(?:sent|sendt|send|skickat|hent|get|download|wysłano|надіслано|envoyé|gesendet)\s+"
    r"(?:from|fra|frå|från|via|outlook|with|med|z|з|von)\b|sendt fra min|skickat från min|"
    r"(?:this|denne|detta|denna|dette) (?:e-?mail|e-?post(?:en)?|message|melding(?:en)?|meddelande[t]?|besked)\b",
    re.IGNORECASE,
)
_SPACES = re.compile(r"[^\S\n]+")


def own(text: str) -> list[str]:
    """The lines that the person wrote, tidied, without empty ones."""
    lines: list[str] = []
    for line in _until_quote(text):
        lines.append(line)
        if sum(map(len, lines)) > LONGEST_OWN:
            break
    return lines


def from_html(source: str) -> str:
    """HTML as plain text: lines where blocks are; nothing of styles, scripts and quotations."""
    source, pieces = _without_comments(source), list[str]()
    unseen, at = 0, 0
    for tag in _TAG.finditer(source):
        if not unseen:
            pieces.append(source[at : tag.start()].replace("\r", " ").replace("\n", " "))
        at, name = tag.end(), (tag[2] or "").lower()
        if not tag[1] and _QUOTED.search(tag[3][:500]):
            break
        if name in _UNSEEN:
            unseen = max(unseen + (-1 if tag[1] else 1), 0)
        elif name in _BREAKS and not unseen:
            pieces.append("\n")
    else:
        pieces.append("" if unseen else source[at:])
    try:
        return html.unescape("".join(pieces))
    except ValueError:  # a number of thousands of digits
        return "".join(pieces)


def _until_quote(text: str) -> Iterator[str]:
    lines = [_tidy(line) for line in text.splitlines()[:MOST_LINES]]
    for number, line in enumerate(lines):
        if any(pattern.match(line) for pattern in (_QUOTE, _RULE, _HEADER, _FOOTER)):
            return
        if _introduction_begins(lines[number : number + 3]):
            return
        if line:
            yield line


def _introduction_begins(lines: list[str]) -> bool:
    """Whether the first of these lines begins one, and not a later of them."""
    beginnings = [
        _introduces(" ".join(lines[first:end])) and all(lines[first:end])
        for first in range(len(lines))
        for end in range(first + 1, len(lines) + 1)
    ]
    later = not _OPENING.match(lines[0]) and any(beginnings[len(lines) :])
    return any(beginnings[: len(lines)]) and not later


def _introduces(line: str) -> bool:
    """`On 2 Nov 2026, Sandefjord kommune <svar-…> wrote:`, also where it is broken into lines."""
    return (
        line.endswith(":")
        and len(line) < 400
        and bool(_WROTE.search(line))
        and ("@" in line or any(letter.isdigit() for letter in line))
    )


def _without_comments(source: str) -> str:
    pieces, at = [], 0
    while (begun := source.find("<!--", at)) >= 0:
        pieces.append(source[at:begun])
        end = source.find("-->", begun)
        if end < 0:
            return "".join(pieces)
        at = end + 3
    return "".join([*pieces, source[at:]])


def _tidy(line: str) -> str:
    return "".join(letter for letter in _SPACES.sub(" ", line[:2000]) if letter.isprintable()).strip()
