"""A plan's file of any kind into the one shape that `reading.read` takes: YAML, CSV, XLSX, DOCX or text."""

import io
import zipfile
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from events.directory.imports import delimited, sheets
from events.directory.imports.decoding import refuse_other_files, text_of
from events.directory.imports.problems import NotAList
from events.directory.imports.tables import gathered
from events.filetypes import DAMAGED
from events.plans.loading import NotReadable, load
from events.plans.written import docx, lines, tables
from events.plans.written.collecting import Collected, Unread

MOST_BYTES = 10_000_000
ENDINGS = (".yaml", ".yml", ".csv", ".txt", ".xlsx", ".docx")


@dataclass
class Written:
    """What a file says (`data`), notes for the person, and the lines that say nothing we know."""

    data: Any
    notes: list[str] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)


def of_file(name: str, content: bytes) -> Written:
    """Raises NotReadable, and nothing else, whatever the bytes are."""
    if len(content) > MOST_BYTES:
        raise NotReadable(_("The file is larger than %(mb)d MB.") % {"mb": MOST_BYTES // 1_000_000})
    if not content.strip():
        raise NotReadable(_("The file is empty."))
    if name.lower().endswith((".yaml", ".yml")):
        return Written(load(content))
    try:
        refuse_other_files(content)
        if content.startswith(b"PK"):
            return _package(content)
        return of_text(text_of(content))
    except NotAList as error:
        raise NotReadable(str(error)) from error


def of_text(text: str) -> Written:
    """Pasted text: YAML, a table with tabs or semicolons, or running text. Raises NotReadable."""
    if not text.strip():
        raise NotReadable(_("There is no text."))
    if any(line.rstrip() == "plan:" for line in text.splitlines()[:50]):
        return Written(load(text))
    try:
        return _of_text(text)
    except NotAList as error:
        raise NotReadable(str(error)) from error


def _of_text(text: str) -> Written:
    if any(tables.is_heading(_cells(line)) for line in text.splitlines()[:60]):
        return _table(delimited.rows_of(text), [])
    into = Collected(rows=False)
    lines.TextReader(into).read(enumerate(text.splitlines(), start=1))
    return _finished(into)


def _cells(line: str) -> list[str]:
    separator = max(delimited.SEPARATORS, key=line.count)
    return [cell.strip(' "') for cell in line.split(separator)][:100]


def _package(content: bytes) -> Written:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as source:
            names = source.namelist()
    except DAMAGED as error:
        raise NotReadable(_("The file is damaged and cannot be opened. Save it once more.")) from error
    if docx.PART in names:
        return _document(content)
    rows, notes = sheets.read(content)
    return _table(rows, notes)


def _table(rows: Any, notes: list[str]) -> Written:
    into = Collected(rows=True)
    kept, hidden = gathered(rows)
    if hidden:
        into.notes.append(_("Invisible characters were taken out."))
    into.notes += notes
    tables.read(kept, into)
    return _finished(into)


def _document(content: bytes) -> Written:
    """Paragraphs and tables in the order they stand; a table with headings is read as one, others row by row."""
    into = Collected(rows=False)
    reader = lines.TextReader(into)
    for block in docx.blocks_of(content):
        if block.rows and tables.is_heading(block.rows[0][1]):
            tables.read_measures(block.rows, into)
        elif block.rows:
            reader.read((number, _as_line(cells)) for number, cells in block.rows)
        else:
            reader.read([(block.line, block.text)])
    return _finished(into)


def _as_line(cells: list[str]) -> str:
    filled = [cell.replace("\n", "; ") for cell in cells if cell]
    return ": ".join([filled[0].rstrip(" :"), filled[1]]) if len(filled) == 2 else " | ".join(filled)


def _finished(into: Collected) -> Written:
    if not into.measures:
        raise NotReadable(
            _("No measure is found. Each one begins with a line such as “Tiltak 3: Samarbeid”, or is a row.")
        )
    return Written(into.data(), into.notes, into.unread)
