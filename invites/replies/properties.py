"""Content lines of RFC 5545 as real clients write them: unfolded, taken apart, unescaped. Pure and linear.

Read by hand: icalendar builds a tree of 100,000 properties for six seconds and gives up a whole calendar for one bad
line, where this stops after MOST_LINES and reads on (ADR 22).
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

MOST_LINES = 6_000
LONGEST_LINE = 16_000
_FOLD = re.compile(rb"(?:\r\n|\n|\r)[ \t]")
_FOLD_IN_TEXT = re.compile("(?:\r\n|\n|\r)[ \t]")
_LINE_END = re.compile("\r\n|\n|\r")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufeff\ufffe\ud800-\udfff]")
_NAME = re.compile(r"\s*([A-Za-z0-9.-]{1,80})")
_PARAMETER = re.compile(r';\s*([A-Za-z0-9-]{1,80})\s?=("[^"]*"|[^";:]*)(?:,"[^"]*")*')
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_CARET = re.compile(r"\^([n^'])")
_ADDRESS = re.compile(r"[^\s<>\"',;:()\\\[\]]{1,128}@[^\s<>\"',;:()\\\[\]@]{1,255}")
PEOPLE = ("ATTENDEE", "ORGANIZER")
WIDE = ("utf-16", "utf16", "utf-32", "utf32", "ucs-2")


@dataclass(frozen=True)
class Property:
    name: str  # upper case
    value: str
    params: dict[str, str] = field(default_factory=dict)  # names in upper case

    @property
    def text(self) -> str:
        return unescaped(self.value)

    @property
    def address(self) -> str:
        """The mail address in lower case; `EMAIL` where the value is a path or a number, as Apple's are."""
        return address(self.value) or address(self.params.get("EMAIL", ""))


def properties(octets: bytes, charset: str) -> Iterator[Property]:
    """The lines of a calendar, in its order; a line that is none is left out."""
    text = _CONTROLS.sub("", _unfolded(octets, charset))
    for number, line in enumerate(_LINE_END.split(text)):
        if number >= MOST_LINES:
            return
        if found := _parsed(line[:LONGEST_LINE]):
            yield found


def unescaped(value: str) -> str:
    """A TEXT as people wrote it."""
    return _ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], value).strip()


def address(value: str) -> str:
    """The first mail address in `mailto:Ola%40…`, `MAILTO:ola@…`, `"ola@…"` or `Ola <ola@…>`; "" when it has none."""
    plain = value[:1000].replace("%40", "@").replace("%22", "").replace("%2B", "+").replace("%2b", "+")
    found = _ADDRESS.search(plain)
    return found[0].lower() if found else ""


def _unfolded(octets: bytes, charset: str) -> str:
    """Unfolded before it is decoded, because careless clients fold inside a character; two-byte charsets cannot."""
    if charset.startswith(WIDE):
        try:
            return _FOLD_IN_TEXT.sub("", octets.decode(charset, "replace"))
        except (LookupError, ValueError):
            pass
    joined = _FOLD.sub(b"", octets)
    for one in ("utf-8", charset, "cp1252"):  # what says it is ASCII or Latin is often UTF-8
        try:
            return joined.decode(one)
        except (LookupError, ValueError):
            continue
    return joined.decode("latin-1")


def _parsed(line: str) -> Property | None:
    named = _NAME.match(line)
    if not named:
        return None
    name, at, params = named[1].upper().rpartition(".")[2], named.end(), dict[str, str]()
    mailto = line.lower().rfind(":mailto:")
    if name in PEOPLE and mailto >= at:  # what stands before may hold a colon, unquoted
        found = list(_PARAMETER.finditer(line, at, mailto))
        at = mailto
    else:
        found = []
        while one := _PARAMETER.match(line, at):
            found.append(one)
            at = one.end()
    for one in found:
        params.setdefault(one[1].upper(), _plain(one[2]))
    colon = line.find(":", at)
    return Property(name, line[colon + 1 :].strip(), params) if colon >= 0 else None


def _plain(value: str) -> str:
    value = _CARET.sub(lambda found: {"n": "\n", "^": "^", "'": '"'}[found[1]], value.strip().strip('"'))
    return value.strip()


def without_entities(value: str) -> str:
    """Google writes comments in HTML: `it&#39\\;s`."""
    try:
        return html.unescape(value)
    except ValueError:  # a number of thousands of digits
        return value
