"""Content lines of RFC 5545: escaped, without control characters, folded at 75 octets.

icalendar reads what we write in the tests, but does not write it: its component tree costs some 50 times as much, lets
control characters through and stamps calendars with a random UID (DESIGN, traps).
"""

import datetime as dt
import re
from urllib.parse import quote

FOLD_AT = 75  # octets in a line, CRLF not counted (section 3.1)
ADDRESS_SAFE = "@!$&'*+-/=^_`{|}~."  # kept as they are: clients compare addresses letter by letter

_LINE_BREAKS = re.compile(
    "\r\n|[\r\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029]"
)  # whatever some reader breaks a line at
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ufeff\ud800-\udfff]")
_SPACES = re.compile(r"\s+")


def text(value: str) -> str:
    """`value` as a TEXT (section 3.3.11): line breaks kept as `\\n`, control characters dropped."""
    value = _CONTROLS.sub("", _LINE_BREAKS.sub("\n", value))
    return value.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def one_line(value: str) -> str:
    """`value` without line breaks and control characters, for values that are no TEXT."""
    return _CONTROLS.sub("", _SPACES.sub(" ", _LINE_BREAKS.sub(" ", value))).strip()


def quoted(value: str) -> str:
    """`value` as a parameter in quotes; a quotation mark cannot be written there and becomes an apostrophe."""
    return '"' + one_line(value).replace('"', "'") + '"'


def uri(value: str) -> str:
    """A URI is not escaped (section 3.3.13), so white space and control characters are left out."""
    return one_line(value).replace(" ", "")


def mailto(address: str) -> str:
    return "mailto:" + quote(uri(address), safe=ADDRESS_SAFE)


def utc(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).strftime("%Y%m%dT%H%M%SZ")


def local(moment: dt.datetime) -> str:
    return moment.strftime("%Y%m%dT%H%M%S")


def content(*lines: str) -> bytes:
    """The lines as bytes, each folded and ended with CRLF; empty ones are left out."""
    return b"".join(_folded(line) for line in lines if line)


def _folded(line: str) -> bytes:
    octets = line.encode()
    if len(octets) <= FOLD_AT:
        return octets + b"\r\n"
    parts, at, room = [], 0, FOLD_AT
    while len(octets) - at > room:
        end = at + room
        while octets[end] & 0xC0 == 0x80:  # inside a character: some readers decode before they unfold
            end -= 1
        parts.append(octets[at:end])
        at, room = end, FOLD_AT - 1  # the space in front of a continuation counts
    parts.append(octets[at:])
    return b"\r\n ".join(parts) + b"\r\n"
