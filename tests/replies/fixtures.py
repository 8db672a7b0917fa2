"""Replies as real clients write them: `tests/data/replies/<name>.eml`, with gaps for what a test made up.

A file is the mail as it travels, but readable: gaps are `{{token}}`, `{{domain}}`, `{{uid}}`, `{{sequence}}`,
`{{attendee}}`, `{{ATTENDEE}}` (capitals), `{{stamp}}` (DTSTAMP) and `{{date}}` (Date). `<<c3b8>>` are bytes by number.
What stands between lines `<<<base64`, `<<<quoted-printable` (or `<<<base64 utf-16`, a charset) and `>>>` is encoded
when the mail is made. Long lines of calendars are folded then, and lines end with CRLF.
"""

import base64
import datetime as dt
import quopri
import re
from email.utils import format_datetime
from pathlib import Path

FILES = Path(__file__).resolve().parents[1] / "data" / "replies"
TOKEN = "mfzwizltoqzdgnbvgy3tqojqge2tmnzy"
UID = "5e0c1a9d-7b46-4f0e-9a53-2c8d1b6e7f40@moteplass.example"
DOMAIN = "moteplass.example"
ATTENDEE = "ola@forening.example"
STAMPED_AT = dt.datetime(2026, 11, 2, 9, 30, 15, tzinfo=dt.UTC)
BLOCK = re.compile(r"^<<<(base64|quoted-printable) ?([\w-]*)\n(.*?)^>>>\n", re.MULTILINE | re.DOTALL)
BYTES = re.compile(rb"<<([0-9a-f]+)>>")
FOLD_AT = 75


def names() -> list[str]:
    return sorted(path.stem for path in FILES.glob("*.eml"))


def load(
    name: str,
    *,
    token: str = TOKEN,
    uid: str = UID,
    sequence: int = 0,
    attendee: str = ATTENDEE,
    domain: str = DOMAIN,
    stamped_at: dt.datetime = STAMPED_AT,
) -> bytes:
    gaps = {
        "token": token,
        "uid": uid,
        "sequence": str(sequence),
        "attendee": attendee,
        "ATTENDEE": attendee.upper(),
        "domain": domain,
        "stamp": stamped_at.astimezone(dt.UTC).strftime("%Y%m%dT%H%M%SZ"),
        "date": format_datetime(stamped_at),
    }
    text = (FILES / f"{name}.eml").read_text(encoding="utf-8")
    text = re.sub(r"\{\{(\w+)\}\}", lambda gap: gaps[gap[1]], text)
    text = BLOCK.sub(lambda block: _encoded(block[3], block[1], block[2] or "utf-8"), text)
    octets = b"".join(_folded(text)).replace(b"\n", b"\r\n")
    return BYTES.sub(lambda number: bytes.fromhex(number[1].decode()), octets)


def _encoded(text: str, coding: str, charset: str) -> str:
    octets = b"".join(_folded(text)).replace(b"\n", b"\r\n")
    octets = BYTES.sub(lambda number: bytes.fromhex(number[1].decode()), octets)
    if charset != "utf-8":
        octets = octets.decode().encode(charset)
    if coding == "base64":
        return base64.encodebytes(octets).decode("ascii")
    return quopri.encodestring(octets).decode("ascii").replace("=0D\n", "\n").replace("\r\n", "\n")


def _folded(text: str):
    """The lines as bytes; those of a calendar cut after 75 octets, wherever that is, as careless clients do."""
    inside = False
    for line in text.splitlines(keepends=True):
        octets = line.encode()
        inside = inside or line.startswith("BEGIN:VCALENDAR")
        if inside and len(octets) > FOLD_AT:
            octets = octets.removesuffix(b"\n")
            pieces = [octets[:FOLD_AT]]
            pieces += [octets[at : at + FOLD_AT - 1] for at in range(FOLD_AT, len(octets), FOLD_AT - 1)]
            octets = b"\n ".join(pieces) + b"\n"
        inside = inside and not line.startswith("END:VCALENDAR")
        yield octets
