"""A list as rows of clean text under headings, whatever kind of file it came in."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from events.directory.formulas import unguarded
from events.directory.imports.problems import (
    MOST_CELL,
    MOST_COLUMNS,
    MOST_ROWS,
    too_long,
    too_many_columns,
    too_many_rows,
)

# Control characters, and what is invisible or turns the direction of text; joiners stay, Persian names need them.
HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u180e\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]"
)


@dataclass
class Table:
    """`rows` are pairs of row number and cells, as many cells as there are headings. `notes` are for the reader."""

    header: list[str]
    rows: list[tuple[int, list[str]]]
    notes: list[str] = field(default_factory=list)
    columns: list[str] | None = None  # what each holds, when the kind of file says so itself

    def kept(self) -> dict[str, Any]:
        """As JSON keeps it between two pages."""
        return {"header": self.header, "rows": self.rows, "notes": self.notes}

    @classmethod
    def from_kept(cls, kept: dict[str, Any]) -> "Table":
        rows = [(int(number), list(cells)) for number, cells in kept["rows"]]
        return cls(list(kept["header"]), rows, list(kept["notes"]))


def clean(text: str) -> str:
    """`text` without invisible characters and runs of spaces; lines stay lines."""
    if text.isprintable():  # the quick way: most cells are one plain line
        text = text.strip()
        return " ".join(text.split()) if "  " in text else text
    lines = (" ".join(line.split()) for line in HIDDEN.sub("", text).splitlines())
    return "\n".join(line for line in lines if line)


def one_line(text: str) -> str:
    """`text` as it may stand in a field of one line."""
    return clean(text).replace("\n", " ")


def gathered(rows: Iterable[tuple[int, list[str]]]) -> tuple[list[tuple[int, list[str]]], list[int]]:
    """The rows that hold anything, and the numbers of those with invisible characters. Raises NotAList.

    Cells come out clean, without the apostrophe that guards against formulas.
    """
    found: list[tuple[int, list[str]]] = []
    hidden: list[int] = []
    for number, cells in rows:
        if not any(cells):
            continue
        if len(found) > MOST_ROWS:
            raise too_many_rows()
        if max(map(len, cells)) > MOST_CELL:
            raise too_long(number)
        if not all(map(str.isprintable, cells)) and any(map(HIDDEN.search, cells)):
            hidden.append(number)
        cleaned = [unguarded(clean(cell)) if cell[:1] == "'" else clean(cell) for cell in cells]
        if any(cleaned):
            found.append((number, _without_empty_end(cleaned)))
    return found, hidden


def _without_empty_end(cells: list[str]) -> list[str]:
    while not cells[-1]:
        cells.pop()
    if len(cells) > MOST_COLUMNS:
        raise too_many_columns()
    return cells


def hidden_note(rows: list[int]) -> list[str]:
    if not rows:
        return []
    return [_("Invisible characters were taken out of these rows: %(rows)s.") % {"rows": listed(rows)}]


def listed(numbers: list[int], most: int = 20) -> str:
    """ "3, 4, 9", and three dots when there are more than `most`."""
    return ", ".join(str(number) for number in numbers[:most]) + (" …" if len(numbers) > most else "")
