"""The parts of a workbook read with expat: how far the cells of a sheet reach, how long its texts are."""

from collections.abc import Callable
from xml.parsers import expat

from django.utils.translation import gettext as _

from events.directory.imports.problems import MOST_CELL, NotAList, too_long

LAST_COLUMN = 16_384


def broken() -> NotAList:
    return NotAList(_("The workbook is damaged and cannot be opened. Save it once more from Excel."))


class Reading:
    """One part read with expat: how far its cells reach, and at most how long its texts are.

    A text is no longer than the bytes from where it begins to where the next one does; counting them spares a call a
    text. Only where that is too much are the texts themselves counted (`Exact`).
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
            exact = Exact(part)
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


class Exact:
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


def row_of_a_long_text(sheets: list[bytes], texts: set[int]) -> int:
    """The first row that shows one of these shared texts; 1 when none does."""
    for sheet in sheets:
        finder = Finder.of(sheet)
        for row, place in zip(finder.rows, finder.places, strict=True):
            if place in texts:
                return row
    return 1


class Finder:
    """Which shared texts a sheet shows, and in which rows."""

    def __init__(self) -> None:
        self.rows: list[int] = []
        self.places: list[int] = []
        self._row, self._shared = 0, False

    @classmethod
    def of(cls, sheet: bytes) -> "Finder":
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
