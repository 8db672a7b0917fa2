"""A file or pasted text into a table: which kind it is, and where its headings stand."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from events.directory.imports import delimited, pasted, sheets, vcards
from events.directory.imports.columns import Column, by_content, guessed
from events.directory.imports.decoding import refuse_other_files, text_of
from events.directory.imports.problems import MOST_BYTES, NotAList
from events.directory.imports.tables import Table, gathered, hidden_note

HEADINGS_WITHIN = 10  # rows: a title or two may stand above them


def read(data: bytes) -> Table:
    """What a CSV, XLSX or vCard file holds. Raises NotAList, and nothing else, whatever the bytes are."""
    if not data.strip():
        raise NotAList(_("The file is empty."))
    if len(data) > MOST_BYTES:
        raise NotAList(_("The file is larger than %(mb)d MB.") % {"mb": MOST_BYTES // 1_000_000})
    refuse_other_files(data)
    if data.startswith(b"PK"):
        rows, notes = sheets.read(data)
        return _under_headings(rows, notes)
    text = text_of(data)
    if vcards.is_vcard(text):
        return vcards.table(text)
    return _under_headings(delimited.rows_of(text), [])


def read_pasted(text: str) -> Table:
    """Addresses, or a list with headings copied from a spreadsheet, or vCards. Raises NotAList."""
    if not text.strip():
        raise NotAList(_("There is no text."))
    if vcards.is_vcard(text):
        return vcards.table(text)
    first = text.strip().splitlines()[0]
    if "\t" in first or len([column for column in guessed(_cells(first)) if column]) > 1:
        return _under_headings(delimited.rows_of(text), [])
    return pasted.table(text)


def _cells(line: str) -> list[str]:
    try:
        return next(delimited.rows_of(line), (1, [line]))[1]
    except NotAList:
        return [line]


def _under_headings(numbered: Iterable[tuple[int, list[str]]], notes: list[str]) -> Table:
    rows, hidden = gathered(numbered)
    if not rows:
        raise NotAList(_("The file is empty."))
    notes = [*notes, *hidden_note(hidden)]
    at = _heading_row(rows)
    if at is None and not by_content(rows[0][1], [rows[0]]).count(Column.EMAIL):
        at = 0
    header = [] if at is None else rows[at][1]
    body = rows if at is None else rows[at + 1 :]
    if not body:
        raise NotAList(_("The file has headings, and no rows under them."))
    width = max(len(header), *(len(cells) for _number, cells in body))
    names = [*header, *[""] * (width - len(header))]
    header = [name or _("Column %(letters)s") % {"letters": _letters(n)} for n, name in enumerate(names)]
    for _number, cells in body:
        cells.extend([""] * (width - len(cells)))
    if at is None:
        notes.append(_("The list has no headings; say below what each column holds."))
    return Table(header, body, notes)


def _heading_row(rows: list[tuple[int, list[str]]]) -> int | None:
    """The first row of which at least two cells, or the only one, are known headings."""
    for at, (_number, cells) in enumerate(rows[:HEADINGS_WITHIN]):
        known = len([column for column in guessed(cells) if column])
        if known > 1 or known == len([cell for cell in cells if cell]) == 1:
            return at
    return None


def _letters(place: int) -> str:
    """ "A" for 0, "AA" for 26, as a spreadsheet names columns."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
