"""A letter as an RFC 5322 message (CONTRACT, "Mail"): mixed( alternative( text, HTML, calendar ), application/ics ).

Attached files come after these; without calendar and files it is the alternative alone.

Written by hand, because the standard library needs a millisecond a message; the tests read every message back with it.
Whatever a text holds, it cannot end a header: control characters become spaces first, and the rest is coded.
"""

import base64
import binascii
import datetime as dt
import re
from email.utils import format_datetime
from functools import lru_cache
from urllib.parse import quote

from django.conf import settings
from django.utils import timezone

from invites.post.letters import Address, Attachment, Letter
from invites.post.transports.base import plain_address

CRLF = b"\r\n"
_CONTROLS = re.compile("[\x00-\x20\x7f-\xa0\u2028\u2029\ufeff\ud800-\udfff]+")
_PLAIN = re.compile(r"[A-Za-z0-9 .,:;!?()'/+-]{1,60}")  # needs no coding as a subject
_ATOMS = re.compile(r"[A-Za-z0-9 !#$%&'*+/_`{|}~-]{1,60}")  # needs no coding inside quotation marks
_TYPE = re.compile(r"[a-z]+/[A-Za-z0-9.+-]{1,80}")
_PLAIN_NAME = re.compile(r"[A-Za-z0-9 ._()-]{1,60}")
_LINE_END = re.compile(r"\r\n|\r|\n")
_WORD = re.compile(r"[^ ]+ ?| ")
LINE_OCTETS = 42  # of UTF-8 in one encoded word: 68 characters, and a line holds 76 (RFC 2047, section 2)
OURS = {"x-delivery-id", "auto-submitted", "content-language"}


def message(letter: Letter, *, at: dt.datetime | None = None) -> bytes:
    """The whole message with CRLF line ends, 7 bit. Raises ValueError for an address no header can hold."""
    edge, calendar = letter.delivery_id.hex, b""
    if letter.calendar:
        calendar = base64.encodebytes(letter.calendar).replace(b"\n", CRLF)
    body = _alternative(letter, f"=_a{edge}", calendar)
    files = [_file(file) for file in letter.attachments]
    if calendar:
        attachment = 'Content-Disposition: attachment; filename="invite.ics"'
        files.insert(0, _part('application/ics; name="invite.ics"', "base64", calendar, attachment))
    if files:
        body = _multipart("mixed", f"=_m{edge}", [body, *files])
    return _head(letter, at or timezone.now()) + body


def content_type(file: Attachment) -> str:
    """The file's type, or that of any octets when it is none."""
    return file.content_type if _TYPE.fullmatch(file.content_type) else "application/octet-stream"


@lru_cache(maxsize=64)
def file_name(file: Attachment) -> str:
    """Its name, without folders and control characters, short enough for a line; the ending is kept."""
    stem, dot, ending = one_line(file.name).replace("\\", "/").rpartition("/")[2].rpartition(".")
    if not dot or len(ending) > 10:
        stem, dot, ending = f"{stem}{dot}{ending}", "", ""
    return f"{stem[:60].strip() or 'file'}{dot}{ending}"


def one_line(text: str) -> str:
    """`text` without control characters and line ends; runs of white space become one space."""
    return _CONTROLS.sub(" ", text).strip()


def named(address: Address) -> str:
    """An address as a header shows it: `"Kari" <kari@…>`."""
    return _named(address.email, address.name)


@lru_cache(maxsize=1024)
def header_text(text: str) -> str:
    """`text` as an unstructured header value, coded and folded where needed (RFC 2047)."""
    text = one_line(text)
    return text if not text or _PLAIN.fullmatch(text) else _encoded(text)


def message_id(letter: Letter) -> str:
    return f"<{letter.delivery_id}@{settings.REPLY_DOMAIN}>"


def extra_headers(letter: Letter) -> dict[str, str]:
    """The headers beside addresses and subject, the same whichever way the mail takes."""
    return {
        **{name: one_line(value) for name, value in letter.headers.items() if name.lower() not in OURS},
        "X-Delivery-Id": str(letter.delivery_id),
        "Auto-Submitted": "auto-generated",
        "Content-Language": one_line(letter.language),
    }


def _head(letter: Letter, at: dt.datetime) -> bytes:
    lines = {
        "From": named(letter.sender),
        "To": named(letter.to),
        "Reply-To": named(letter.reply_to) if letter.reply_to else "",
        "Subject": header_text(letter.subject),
        "Date": _date(at.replace(microsecond=0)),
        "Message-ID": message_id(letter),
        "MIME-Version": "1.0",
        **{_header_name(name): header_text(value) for name, value in extra_headers(letter).items()},
    }
    return "".join(f"{name}: {value}\r\n" for name, value in lines.items() if value).encode("ascii")


@lru_cache(maxsize=8)
def _file(file: Attachment) -> bytes:
    """An attached file as a part; the same for every recipient of a batch. Its name as RFC 2231 has it."""
    name = file_name(file)
    full = quote(name.encode("utf-8", "replace"), safe="")
    named = f'filename="{name}"' if _PLAIN_NAME.fullmatch(name) else f"filename*=UTF-8''{full}"
    coded = base64.encodebytes(file.content).replace(b"\n", CRLF)
    return _part(content_type(file), "base64", coded, f"Content-Disposition: attachment;\r\n {named}")


def _alternative(letter: Letter, edge: str, calendar: bytes) -> bytes:
    parts = [_part("text/plain; charset=utf-8", "quoted-printable", _quoted_printable(letter.text))]
    if letter.html:
        parts.append(_part("text/html; charset=utf-8", "quoted-printable", _quoted_printable(letter.html)))
    if calendar:
        method = letter.method if letter.method.isalpha() else "PUBLISH"
        parts.append(_part(f"text/calendar; method={method}; charset=utf-8", "base64", calendar))
    return _multipart("alternative", edge, parts)


def _multipart(kind: str, edge: str, parts: list[bytes]) -> bytes:
    line = f"--{edge}".encode()
    head = f'Content-Type: multipart/{kind}; boundary="{edge}"\r\n\r\n'.encode()
    return head + b"".join(line + CRLF + part + CRLF for part in parts) + line + b"--\r\n"


def _part(content_type: str, coding: str, body: bytes, disposition: str = "") -> bytes:
    head = f"Content-Type: {content_type}\r\nContent-Transfer-Encoding: {coding}\r\n"
    return f"{head}{disposition}{CRLF.decode() if disposition else ''}\r\n".encode() + body


def _quoted_printable(text: str) -> bytes:
    """Ends with a line end, always: b2a_qp folds with the kind of line end it meets first, or with a bare LF."""
    lines = _LINE_END.split(text) if "\r" in text else text.split("\n")
    if not lines[-1]:
        lines.pop()
    return b"".join(map(_quoted_line, lines)) or CRLF


@lru_cache(maxsize=4096)
def _quoted_line(line: str) -> bytes:
    """Nearly all lines of a mail are the same for every recipient of a batch."""
    return binascii.b2a_qp(line.encode("utf-8", "replace") + CRLF, istext=True)


@lru_cache(maxsize=1024)
def _named(email: str, name: str) -> str:
    plain, name = plain_address(email), one_line(name)
    if not name:
        return plain
    shown = f'"{name}"' if _ATOMS.fullmatch(name) else _encoded(name)
    gap = "\r\n " if len(shown.rpartition("\n")[2]) + len(plain) > 70 else " "
    return f"{shown}{gap}<{plain}>"


@lru_cache(maxsize=4)
def _date(at: dt.datetime) -> str:
    return format_datetime(at.astimezone(dt.UTC))


@lru_cache(maxsize=64)
def _header_name(name: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9-]+", name):
        raise ValueError("not a header name")
    return name


def _encoded(text: str) -> str:
    """Encoded words, one a line. A character is never torn apart (RFC 2047, section 5), a word only when it must be."""
    lines, line = [], b""
    for word in _WORD.findall(text):
        for piece in [word] if len(word.encode("utf-8", "replace")) <= LINE_OCTETS else word:
            octets = piece.encode("utf-8", "replace")
            if len(line) + len(octets) > LINE_OCTETS:
                lines.append(line)
                line = b""
            line += octets
    return "\r\n ".join(f"=?utf-8?b?{base64.b64encode(each).decode()}?=" for each in [*lines, line])
