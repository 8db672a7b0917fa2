"""vCards 2.1, 3.0 and 4.0, read as address books write them, and written as 3.0, which all of them read.

Read by hand, because no package we run reads them: icalendar refuses "TEL;CELL:" and "item1.EMAIL:", which Outlook
and Apple write.
"""

import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from events.directory.imports.columns import Column
from events.directory.imports.problems import MOST_CELL, MOST_ROWS, NotAList, too_long, too_many_rows
from events.directory.imports.tables import Table, clean

REFERENCE = "X-MOTEPLASS-REFERENCE"
COLUMNS = (
    Column.NAME,
    Column.ROLE,
    Column.ORGANISATION,
    Column.EMAIL,
    Column.PHONE,
    Column.ADDRESS,
    Column.LANGUAGE,
    Column.REFERENCE,
)
_BEGIN = re.compile(r"\A\s*BEGIN:VCARD\b", re.IGNORECASE)
_HEAD = re.compile(r'([^:";]*(?:;(?:[^:";]|"[^"]*")*)*):')
_APART = re.compile(r"(?<!\\)((?:\\\\)*);")


@dataclass
class Line:
    name: str
    params: list[str]  # upper case, as written: "TYPE=HOME", "PREF", "PREF=1"
    value: str


@dataclass
class Card:
    lines: dict[str, list[Line]] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """The preferred value of a property, or ""."""
        found = self.lines.get(name, [])
        return unescaped(max(found, key=_preference).value) if found else ""

    def parts(self, name: str) -> list[str]:
        found = self.lines.get(name, [])
        if not found:
            return []
        value = _APART.sub("\\1\0", max(found, key=_preference).value)
        return [unescaped(part).strip() for part in value.split("\0")]


def is_vcard(text: str) -> bool:
    return bool(_BEGIN.match(text[:200].removeprefix("\ufeff")))


def table(text: str) -> Table:
    """One row a card; the row number is the card's number in the file. Raises NotAList."""
    rows = []
    for number, card in enumerate(_cards(text), start=1):
        if number > MOST_ROWS:
            raise too_many_rows()
        cells = [clean(cell) for cell in _cells(card)]
        if max(map(len, cells)) > MOST_CELL:
            raise too_long(number)
        rows.append((number, cells))
    if not rows:
        raise NotAList(_("The vCard file holds no card that is complete."))
    return Table([str(column.label) for column in COLUMNS], rows, [], [*COLUMNS])


def _cells(card: Card) -> list[str]:
    address = [part for part in card.parts("ADR") if part]
    organisation = card.parts("ORG")
    return [
        card.text("FN") or _from_parts(card.parts("N")),
        card.text("TITLE") or card.text("ROLE"),
        organisation[0] if organisation else "",
        card.text("EMAIL").removeprefix("mailto:"),
        re.sub(r"\Atel:", "", card.text("TEL"), flags=re.IGNORECASE),
        ", ".join(part.replace("\n", ", ") for part in address),
        card.text("LANG"),
        card.text(REFERENCE),
    ]


def _from_parts(parts: list[str]) -> str:
    family, given, more, *_rest = [*parts, "", "", ""]
    return " ".join(part for part in (given, more, family) if part)


def _preference(line: Line) -> int:
    """Higher is preferred; `max` keeps the first of equals."""
    for param in line.params:
        if param.startswith("PREF="):
            return 200 - int(param[5:]) if param[5:].isdecimal() and len(param) < 9 else 100
        if "PREF" in param.removeprefix("TYPE=").split(","):
            return 150
    return 0


def _cards(text: str) -> Iterator[Card]:
    card: Card | None = None
    for raw in _unfolded(text):
        line = _line(raw)
        if line is None:
            continue
        if line.name == "BEGIN" and line.value.strip().upper() == "VCARD":
            card = Card()
        elif line.name == "END" and line.value.strip().upper() == "VCARD" and card is not None:
            yield card
            card = None
        elif card is not None:
            card.lines.setdefault(line.name, []).append(line)


def _unfolded(text: str) -> Iterator[str]:
    """Whole lines: a blank at the start continues a line, and in 2.1 an equals sign at the end of quoted-printable."""
    whole: list[str] = []
    soft = False
    for line in re.split(r"\r\n|\r|\n", text):
        if whole and (soft or line.startswith((" ", "\t"))):
            whole.append("\n" + line if soft else line[1:])
        else:
            if whole:
                yield "".join(whole)
            whole = [line]
        soft = line.endswith("=") and "QUOTED-PRINTABLE" in whole[0].upper()
    yield "".join(whole)


def _line(raw: str) -> Line | None:
    head = _HEAD.match(raw)
    if head is None:
        return None
    name, *params = head[1].split(";")
    value = raw[head.end() :]
    params = [param.upper().replace('"', "") for param in params]
    if any(param in ("QUOTED-PRINTABLE", "ENCODING=QUOTED-PRINTABLE") for param in params):
        value = _printable(value, params)
    return Line(name.rpartition(".")[2].strip().upper(), params, value)


def _printable(value: str, params: list[str]) -> str:
    data = quopri.decodestring(value.encode("utf-8", "replace"))
    charset = next((param[8:] for param in params if param.startswith("CHARSET=")), "UTF-8")
    encodings = ("utf-8", "cp1252") if charset in ("UTF-8", "") else ("cp1252", "utf-8")
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1")


def unescaped(value: str) -> str:
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], value, flags=re.DOTALL)


def escaped(value: str) -> str:
    value = value.replace("\\", "\\\\").replace("\r\n", "\n").replace("\r", "\n")
    return value.replace("\n", "\\n").replace(",", "\\,").replace(";", "\\;")


def folded(line: str) -> str:
    """`line` in pieces of at most 75 octets, never cutting a letter (RFC 2426, 2.6)."""
    pieces, piece, room = [], "", 75
    for letter in line:
        size = len(letter.encode())
        if room < size:
            pieces.append(piece)
            piece, room = "", 74
        piece, room = piece + letter, room - size
    return "\r\n ".join([*pieces, piece])
