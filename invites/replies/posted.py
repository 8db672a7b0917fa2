"""What a provider's hook posts, cut out of its bytes. Pure.

Django's own parser would decode the message as text and lose bytes of it; a mail has a charset a part, and signatures.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from invites.replies.read import REPLY_ADDRESS

MOST_FIELDS = 100  # SendGrid posts about fifteen
LONGEST_HEAD = 8 * 1024
LONGEST_VALUE = 64 * 1024  # of what is no message
BOUNDARY = re.compile(
    rb'multipart/form-data\s*;.*?boundary=(?:"([^"]{1,200})"|([^\s;"]{1,200}))', re.IGNORECASE | re.DOTALL
)
NAME = re.compile(rb'(?:^|[;\s])name="([^"]{0,100})"', re.IGNORECASE)
BLANK = b"\r\n\r\n"
MESSAGE = "email"


class NoMessage(ValueError):
    """No message was posted: no form, no field `email`."""


@dataclass(frozen=True)
class Posted:
    """The message as it came over the wire; `dkim` and `spf` as the provider wrote them."""

    raw: bytes
    envelope_to: str = ""
    dkim: str = ""
    spf: str = ""


def posted(body: bytes, content_type: str) -> Posted:
    """A form with the whole message in its field `email` (SendGrid's raw mode), or the message itself as the body.

    Raises NoMessage.
    """
    if content_type.partition(";")[0].strip().lower() in ("message/rfc822", "message/global"):
        return Posted(body)
    fields: dict[str, bytes] = {}
    for name, value in _fields(body, content_type):
        fields.setdefault(name, value)
    if not fields.get(MESSAGE, b"").strip():
        raise NoMessage
    return Posted(
        raw=fields[MESSAGE],
        envelope_to=_envelope_to(fields),
        dkim=_text(fields.get("dkim", b"")),
        spf=_text(fields.get("SPF", b"") or fields.get("spf", b"")),
    )


def _fields(body: bytes, content_type: str) -> Iterator[tuple[str, bytes]]:
    """The form's fields in order, at most MOST_FIELDS; a last one that was cut off is left out."""
    found = BOUNDARY.match(content_type.encode("latin-1", "replace").strip())
    if not found:
        return
    edge = b"--" + (found[1] or found[2])
    start = 0 if body.startswith(edge) else body.find(b"\r\n" + edge) + 2
    if start == 1:  # nowhere
        return
    for _number in range(MOST_FIELDS):
        start += len(edge)
        end = body.find(b"\r\n" + edge, start)
        if end < 0 or body[start : start + 2] == b"--":
            return
        yield from _field(body, start, end)
        start = end + 2


def _field(body: bytes, start: int, end: int) -> Iterator[tuple[str, bytes]]:
    blank = body.find(BLANK, start, min(end + 2, start + LONGEST_HEAD))
    if blank < 0:
        return
    name = NAME.search(body[start:blank])
    if name:
        yield name[1].decode("utf-8", "replace"), body[blank + len(BLANK) : end]


def _envelope_to(fields: dict[str, bytes]) -> str:
    """The reply addresses it was sent to, without their domain: the envelope's first, then those of the field `to`."""
    try:
        named = json.loads(fields.get("envelope", b"")[:LONGEST_VALUE] or b"{}")["to"]
    except (ValueError, LookupError, TypeError, RecursionError):
        named = []
    named = [named] if isinstance(named, str) else named if isinstance(named, list) else []
    known = [one for one in [*named, _text(fields.get("to", b""))] if isinstance(one, str)]
    ours = [match[0] for one in known for match in REPLY_ADDRESS.finditer(one)]
    return " ".join(dict.fromkeys(ours))[:1000]


def _text(value: bytes) -> str:
    return value[:LONGEST_VALUE].decode("utf-8", "replace").strip()
