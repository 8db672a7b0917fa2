"""A message taken apart, whatever its bytes: linear in its size, with limits on depth and number. Pure.

The standard library's parser walks each line through every open part, so a message of many nested parts costs it
minutes. This one cuts bodies at their boundaries and lets the library read the headers only.
"""

import base64
import binascii
import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesHeaderParser

MOST_PARTS = 60
MOST_DEPTH = 6
LONGEST_HEAD = 64 * 1024
LONGEST_PART_HEAD = 8 * 1024  # of a part inside: there can be many
LONGEST_TEXT = 64 * 1024  # of a part that is read
LONGEST_CALENDAR = 256 * 1024
LONGEST_HEADER = 10_000
LONGEST_TYPE = 2_000
# Codecs of Python that are no charsets of mail, and slow or surprising.
NO_CHARSETS = (
    "punycode",
    "idna",
    "unicode_escape",
    "raw_unicode_escape",
    "unicode-escape",
    "raw-unicode-escape",
    "undefined",
    "utf-7",
    "utf7",
    "utf_7",
)
BLANK_LINE = re.compile(rb"\r\n\r\n|\n\n|\r\r|^\r?\n")
EDGE_ENDS = re.compile(rb"(--)?[ \t]*(?:\r\n|\n|\r|\Z)")
CONTAINERS = ("message/rfc822", "message/global")


@dataclass(frozen=True)
class Part:
    headers: "Message[str, str]"
    body: bytes
    depth: int

    @property
    def kind(self) -> str:
        return self.headers.get_content_type()

    def header(self, name: str) -> str:
        """The header's text in one line, decoded; "" when it is missing."""
        return " ".join(_decoded(self.written(name)).split())[:2000]

    def written(self, name: str) -> str:
        """The header as it was written, unless it is longer than any."""
        value = self.headers.get(name)
        return str(value)[:LONGEST_HEADER] if value is not None else ""

    @property
    def file_name(self) -> str:
        try:
            return str(self.headers.get_filename("") or "")[:300].lower()
        except (ValueError, LookupError, TypeError, AttributeError):
            return ""

    @property
    def charset(self) -> str:
        try:
            named = self.headers.get_content_charset("utf-8")
        except (ValueError, LookupError, TypeError, AttributeError):
            return "utf-8"
        return "latin-1" if named in NO_CHARSETS else named

    def octets(self, most: int = LONGEST_TEXT) -> bytes:
        """The start of the body, its transfer encoding undone as far as it can be."""
        coding = self.header("Content-Transfer-Encoding").lower()
        if coding == "base64":
            return _from_base64(self.body[: 2 * most])[:most]
        if coding == "quoted-printable":
            return quopri.decodestring(self.body[: 3 * most])[:most]
        return self.body[:most]

    def text(self) -> str:
        """The start of the body as text."""
        body = self.octets()
        for charset in (self.charset, "latin-1"):
            try:
                return body.decode(charset, "replace")
            except (LookupError, ValueError):
                continue
        return ""


def walk(raw: bytes) -> Iterator[Part]:
    """The message and all its parts, outermost first; at most MOST_PARTS, none deeper than MOST_DEPTH.

    A message inside the message is a part whose body is not taken apart further than its headers.
    """
    waiting, given = [_part(raw, 0)], 0
    while waiting and given < MOST_PARTS:
        part = waiting.pop(0)
        given += 1
        yield part
        if part.depth < MOST_DEPTH:
            waiting[:0] = _inside(part, MOST_PARTS - given)


def returned_headers(part: Part) -> Part | None:
    """The headers of the message that a report brings back; None where `part` holds none."""
    if part.kind in CONTAINERS or part.kind in ("text/rfc822-headers", "message/global-headers"):
        body = part.body.lstrip(b"\r\n")
        if part.header("Content-Transfer-Encoding").lower() == "base64":
            body = _from_base64(body[: 2 * LONGEST_HEAD])
        return _part(body[:LONGEST_HEAD], part.depth + 1)
    return None


def _part(raw: bytes, depth: int, longest: int = LONGEST_HEAD) -> Part:
    found = BLANK_LINE.search(raw, 0, longest)
    head, body = (raw[: found.start()], raw[found.end() :]) if found else (raw[:longest], b"")
    headers = BytesHeaderParser().parsebytes(head + b"\n\n")
    for name in ("Content-Type", "Content-Disposition"):  # the library takes 0.4 s for one of 64 KB
        if len(value := str(headers.get(name, ""))) > LONGEST_TYPE:
            headers.replace_header(name, value[:LONGEST_TYPE])
    return Part(headers, body, depth)


def _inside(part: Part, most: int) -> list[Part]:
    if part.headers.get_content_maintype() != "multipart":
        return []
    boundary = _boundary(part)
    if not boundary:
        return []
    pieces, start = [], None
    for begun, ended, last in _edges(part.body, b"--" + boundary):
        if start is not None:
            pieces.append(part.body[start:begun])
        start = ended
        if last or len(pieces) >= most:
            start = None
            break
    if start is not None:  # cut off before the end
        pieces.append(part.body[start:])
    return [_part(piece, part.depth + 1, LONGEST_PART_HEAD) for piece in pieces]


def _edges(body: bytes, edge: bytes) -> Iterator[tuple[int, int, bool]]:
    """Where a boundary stands on a line of its own, its line end before included, and whether it is the last."""
    at = 0
    while (found := body.find(edge, at)) >= 0:
        at = found + len(edge)
        tail = EDGE_ENDS.match(body, at)
        before = body[max(found - 2, 0) : found]
        if tail and (not before or before.endswith((b"\n", b"\r"))):
            yield found - (2 if before == b"\r\n" else len(before[-1:])), tail.end(), bool(tail[1])


def _boundary(part: Part) -> bytes:
    try:
        return str(part.headers.get_boundary("")).encode("ascii", "surrogateescape")
    except (ValueError, LookupError, TypeError, AttributeError):
        return b""


def _from_base64(body: bytes) -> bytes:
    letters = re.sub(rb"[^A-Za-z0-9+/]", b"", body)
    try:
        return base64.b64decode(letters[: len(letters) // 4 * 4])
    except binascii.Error:
        return b""


def _decoded(value: str) -> str:
    try:
        return str(make_header(decode_header(value)))
    except (ValueError, LookupError, TypeError, AttributeError, MessageError):
        return value
