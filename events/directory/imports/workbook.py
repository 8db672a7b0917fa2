"""An XLSX workbook, looked over before its parser sees it.

The parser keeps a sheet as one dense block, from the first cell to the last: two cells in opposite corners (a file of
a few kB) ask for 550 GB, and the process is gone. So every part is unpacked here, within limits, and read once with
expat for what it would cost; what passes is handed on in a copy that holds nothing else.
"""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from events.directory.imports.parts import Exact, Finder, Reading, broken, row_of_a_long_text
from events.directory.imports.problems import MOST_ROWS, NotAList, too_long, too_many_rows
from events.filetypes import DAMAGED

MOST_PARTS = 1_000
MOST_UNPACKED = 60_000_000  # bytes of all parts; a list of 20,000 rows and 10 columns has about 15 million
LARGE, MOST_RATIO = 20_000_000, 200  # from this size on, unpacked to packed; sheets of repeated text reach 60
MOST_ELEMENTS = 4_000_000  # angle brackets, to be exact
MOST_BLOCK = 3_000_000  # cells from the first to the last of each sheet, empty ones among them
MOST_TEXT = 30_000_000  # characters, once each shared text stands in every cell that shows it
EMPTY_LINES = 1_000  # above and between the rows


def safe_copy(data: bytes) -> bytes:
    """The workbook's XML parts, unpacked and judged. Raises NotAList."""
    out = io.BytesIO()
    seen = _Cost()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as copy:
            names = _listed(source, len(data))
            if "xl/workbook.xml" not in names:
                raise NotAList(_other_package(names))
            for name, part in _parts(source, names):
                if seen.judges(part):
                    copy.writestr(name, part)
    except DAMAGED as error:
        if isinstance(error, NotAList):
            raise
        raise broken() from error
    except RuntimeError as error:  # zipfile's word for a password
        raise NotAList(_("The workbook has a password. Save it without one.")) from error
    seen.judge_all()
    return out.getvalue()


def _listed(source: zipfile.ZipFile, size: int) -> list[str]:
    parts = source.infolist()
    unpacked = sum(part.file_size for part in parts)
    names = [part.filename for part in parts]
    blown_up = unpacked > LARGE and unpacked > MOST_RATIO * size
    if len(parts) > MOST_PARTS or unpacked > MOST_UNPACKED or blown_up:
        raise NotAList(_("The workbook is far larger inside than outside, so it is not opened."))
    if len(set(names)) != len(names):
        raise broken()
    return names


def _parts(source: zipfile.ZipFile, names: list[str]) -> Iterator[tuple[str, bytes]]:
    """Reads no more than the directory promised: zipfile stops there, and a wrong promise fails its checksum."""
    for name in names:
        if name.endswith((".xml", ".rels")):
            yield name, source.read(name)


def _other_package(names: list[str]) -> str:
    if any(name.startswith("word/") for name in names):
        return _("This is a text document, not a list. Copy the list into a spreadsheet.")
    if any(name.startswith("ppt/") for name in names):
        return _("This is a presentation, not a list. Copy the list into a spreadsheet.")
    if "content.xml" in names:
        return _("This is an OpenDocument file. Save it as an Excel workbook (.xlsx) or as CSV.")
    if "xl/workbook.bin" in names:
        return _("This is a binary Excel workbook. Save it as an Excel workbook (.xlsx).")
    return _("This is a compressed file. Unpack it, and upload the list inside.")


def _too_much() -> NotAList:
    return NotAList(_("The workbook holds too much text to be a list of contacts."))


@dataclass
class _Cost:
    """What the parser would need, gathered over all parts."""

    long_texts: set[int] = field(default_factory=set)  # places in the table of shared texts
    longest: int = 0
    cells: int = 0
    block: int = 0
    elements: int = 0
    sheets: list[bytes] = field(default_factory=list)
    shared: list[bytes] = field(default_factory=list)

    def judges(self, part: bytes) -> bool:
        """Whether the part is XML that may be passed on. Raises NotAList when it costs too much."""
        self.elements += part.count(b"<")
        if self.elements > MOST_ELEMENTS:
            raise _too_much()
        reading = Reading()
        if not reading.of(part):
            return False
        if reading.last_row > MOST_ROWS + EMPTY_LINES:
            raise too_many_rows()
        self.block += reading.block()
        if self.block > MOST_BLOCK:
            raise NotAList(_("The cells of a sheet lie too far apart. Copy the list into a new workbook."))
        (self.sheets if reading.cells else self.shared).append(part)
        self.longest = max(self.longest, reading.longest)
        self.long_texts |= reading.long_texts
        self.cells += reading.cells
        return True

    def judge_all(self) -> None:
        if self.long_texts:
            raise too_long(row_of_a_long_text(self.sheets, self.long_texts))
        if self.cells * self.longest > MOST_TEXT and self._whole_text() > MOST_TEXT:
            raise _too_much()

    def _whole_text(self) -> int:
        """Every shared text, as often as a cell shows it. Counted only where a rough guess is too much."""
        lengths = [length for part in self.shared for length in Exact(part).shared]
        return sum(
            lengths[place]
            for part in self.sheets
            for place in Finder.of(part).places
            if 0 <= place < len(lengths)
        )
