"""An XLSX workbook, looked over before its parser sees it.

The parser keeps a sheet as one dense block, from the first cell to the last: two cells in opposite corners (a file of
a few kB) ask for 550 GB, and the process is gone. So every part is unpacked here, within limits, and read once with
expat for what it would cost; what passes is handed on in a copy that holds nothing else.
"""

import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from django.utils.translation import gettext as _

from events.directory.imports.problems import MOST_CELL, MOST_ROWS, NotAList, too_long, too_many_rows

MOST_PARTS = 1_000
MOST_UNPACKED = 60_000_000  # bytes of all parts; a list of 20,000 rows and 10 columns has about 15 million
LARGE, MOST_RATIO = 20_000_000, 200  # from this size on, unpacked to packed; sheets of repeated text reach 60
MOST_ELEMENTS = 5_000_000
MOST_BLOCK = 3_000_000  # cells from the first to the last of each sheet, empty ones among them
MOST_TEXT = 30_000_000  # characters, once each shared text stands in every cell that shows it
LAST_COLUMN = 16_384
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
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, ValueError) as error:
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


def broken() -> NotAList:
    return NotAList(_("The workbook is damaged and cannot be opened. Save it once more from Excel."))


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
        reading = _Reading()
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
            raise too_long(_row_of_a_long_text(self.sheets, self.long_texts))
        if self.cells * self.longest > MOST_TEXT and self._whole_text() > MOST_TEXT:
            raise _too_much()

    def _whole_text(self) -> int:
        """Every shared text, as often as a cell shows it. Counted only where a rough guess is too much."""
        lengths = [length for part in self.shared for length in _Exact(part).shared]
        return sum(
            lengths[place]
            for part in self.sheets
            for place in _Finder.of(part).places
            if 0 <= place < len(lengths)
        )


class _Reading:
    """One part read with expat: how far its cells reach, and at most how long its texts are.

    A text is no longer than the bytes from where it begins to where the next one does; counting them spares a call a
    text. Only where that is too much are the texts themselves counted (`_Exact`).
    """

    def __init__(self) -> None:
        self.cells = self.longest = self.last_row = 0
        self.long_texts: set[int] = set()
        self._first_row, self._columns = 0, (LAST_COLUMN, 0)
        self._row = self._column = self._begun = 0
        self._row_text = "0"
        self._reader = _reader(self._start)

    def of(self, part: bytes) -> bool:
        """False when it is no XML (an old drawing, say), which the parser has no use for either."""
        try:
            self._reader.Parse(part, True)
        except expat.ExpatError:
            return False
        self._text_ended(len(part))
        if self.longest > MOST_CELL:
            exact = _Exact(part)
            self.longest, self.long_texts = exact.longest, exact.long_texts
        return True

    def block(self) -> int:
        rows, columns = self.last_row - self._first_row + 1, self._columns[1] - self._columns[0] + 1
        return max(rows, 0) * max(columns, 0) if self.cells else 0

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name in ("v", "t"):
            return
        local = name.rpartition(":")[2]
        if local == "c":
            self._cell(attributes.get("r", ""))
        elif local == "row":
            self._row_begins(attributes.get("r", ""))
        elif local != "si":
            return
        at = self._reader.CurrentByteIndex
        if at - self._begun > self.longest and self._begun:
            self.longest = at - self._begun
        self._begun = at

    def _text_ended(self, at: int) -> None:
        if self._begun:
            self.longest = max(self.longest, at - self._begun)

    def _row_begins(self, given: str) -> None:
        self._row = int(given) if given.isdecimal() and len(given) < 8 else self._row + 1
        self._row_text, self._column = str(self._row), 0

    def _cell(self, place: str) -> None:
        letters = place.rstrip("0123456789")
        column = _COLUMNS.get(letters) or _number(letters)
        if not column or place[len(letters) :] != self._row_text:
            column = self._elsewhere(column, place[len(letters) :])
        self.cells += 1
        self._column = column
        first, last = self._columns
        if column < first or column > last:
            self._columns = min(first, column), max(last, column)
        if self._row > self.last_row:
            self.last_row = self._row
            self._first_row = self._first_row or self._row
        elif self._row < self._first_row:
            self._first_row = self._row

    def _elsewhere(self, column: int, digits: str) -> int:
        """For a cell without a place, or with one in another row than it stands in."""
        if column and digits and len(digits) < 8:
            self._row, self._row_text = int(digits), digits
            return column
        return self._column + 1


class _Exact:
    """The texts of one part, counted letter by letter; a long one outside the shared table tells its row at once."""

    def __init__(self, part: bytes) -> None:
        self.longest = self._row = self._length = 0
        self.shared: list[int] = []  # lengths of the texts in the shared table
        reader = _reader(self._start)
        reader.CharacterDataHandler = self._text
        reader.Parse(part, True)

    @property
    def long_texts(self) -> set[int]:
        return {place for place, length in enumerate(self.shared) if length > MOST_CELL}

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(":")[2]
        if local == "row":
            given = attributes.get("r", "")
            self._row = int(given) if given.isdecimal() and len(given) < 8 else self._row + 1
        elif local == "si":
            self.shared.append(0)
        if local in ("c", "si", "row"):
            self._length = 0

    def _text(self, text: str) -> None:
        self._length += len(text)
        self.longest = max(self.longest, self._length)
        if self.shared:
            self.shared[-1] = self._length
        elif self._length > MOST_CELL and self._row:
            raise too_long(self._row)


def _reader(start: Callable[[str, dict[str, str]], None]) -> expat.XMLParserType:
    reader = expat.ParserCreate()
    reader.buffer_text = True
    reader.StartElementHandler = start
    reader.StartDoctypeDeclHandler = _refuse
    return reader


def _refuse(*_declared: object) -> None:
    raise broken()  # no spreadsheet writes a DOCTYPE; its entities can grow without end


def _number(letters: str) -> int:
    """ "A" is 1, "XFD" is 16,384; 0 for what names no column."""
    number = 0
    for letter in letters.upper() if len(letters) < 4 and letters.isascii() and letters.isalpha() else "":
        number = number * 26 + ord(letter) - 64
    return number


_COLUMNS = {chr(65 + place): place + 1 for place in range(26)}  # by far the most, without a calculation


def _row_of_a_long_text(sheets: list[bytes], texts: set[int]) -> int:
    """The first row that shows one of these shared texts; 1 when none does."""
    for sheet in sheets:
        finder = _Finder.of(sheet)
        for row, place in zip(finder.rows, finder.places, strict=True):
            if place in texts:
                return row
    return 1


class _Finder:
    """Which shared texts a sheet shows, and in which rows."""

    def __init__(self) -> None:
        self.rows: list[int] = []
        self.places: list[int] = []
        self._row, self._shared = 0, False

    @classmethod
    def of(cls, sheet: bytes) -> "_Finder":
        finder = cls()
        reader = _reader(finder._start)
        reader.CharacterDataHandler = finder._text
        reader.Parse(sheet, True)
        return finder

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(":")[2]
        if local == "row":
            given = attributes.get("r", "")
            self._row = int(given) if given.isdecimal() and len(given) < 8 else self._row + 1
        elif local == "c":
            self._shared = attributes.get("t") == "s"

    def _text(self, text: str) -> None:
        place = text.strip()
        if self._shared and place.isdecimal() and len(place) < 10:
            self.rows.append(self._row)
            self.places.append(int(place))
