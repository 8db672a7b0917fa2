"""The paragraphs and tables of a DOCX, read with expat: no package for it is worth its weight (ADR 35).

The zip's directory is judged before anything is unpacked; only the document's own part is, within limits. A DOCTYPE
is refused: no word processor writes one, and its entities can grow without end.
"""

import io
import re
import zipfile
from dataclasses import dataclass, field
from xml.parsers import expat

from django.utils.translation import gettext as _

from events.filetypes import DAMAGED
from events.plans.loading import NotReadable

MOST_PARTS, MOST_UNPACKED, MOST_DOCUMENT = 5_000, 200_000_000, 20_000_000
MOST_ELEMENTS, MOST_LINES = 1_000_000, 20_000
PART = "word/document.xml"
_WORD = (
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main ",
    "http://purl.oclc.org/ooxml/wordprocessingml/main ",
)
_SKIPPED = frozenset({"del", "moveFrom", "instrText", "delText", "txbxContent", "pict", "object"})
_NOT_TEXT = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\xad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)


@dataclass
class Block:
    """A paragraph (`text`), or a table (`rows`). `line` counts paragraphs and rows of tables from 1."""

    line: int
    text: str = ""
    rows: list[tuple[int, list[str]]] = field(default_factory=list)


def blocks_of(data: bytes) -> list[Block]:
    """Raises NotReadable, and nothing else, whatever the bytes are."""
    reader = _Reader()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = reader.start, reader.end
    parser.CharacterDataHandler = reader.text
    parser.StartDoctypeDeclHandler = _refuse
    try:
        parser.Parse(_document(data), True)
    except (expat.ExpatError, IndexError) as error:
        raise _broken() from error
    return reader.blocks


def _document(data: bytes) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as source:
            parts = source.infolist()
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
                raise _too_large()
            found = [part for part in parts if part.filename == PART]
            if len(found) != 1:
                raise _broken()
            if found[0].file_size > MOST_DOCUMENT:
                raise _too_large()
            return source.read(PART)  # zipfile stops at the size its directory promises
    except DAMAGED as error:
        if isinstance(error, NotReadable):
            raise
        raise _broken() from error
    except RuntimeError as error:  # zipfile's word for a password
        raise NotReadable(_("The document has a password. Save it without one.")) from error


class _Reader:
    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.line = self.elements = self.skipped = self.tables = 0
        self.words: list[str] = []
        self.cells: list[str] = []
        self.cell: list[str] = []
        self.span, self.goes_on, self.in_text = 1, False, False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.elements += 1
        if self.elements > MOST_ELEMENTS:
            raise _too_large()
        local = _local(name)
        if self.skipped or local in _SKIPPED or name.endswith(" Fallback"):
            self.skipped += 1
        elif local == "t":
            self.in_text = True
        elif local in ("tab", "br", "cr"):
            self.words.append("\n" if local == "br" else " ")
        elif local == "noBreakHyphen":
            self.words.append("-")
        else:
            self._structure(local, attributes)

    def _structure(self, local: str, attributes: dict[str, str]) -> None:
        value = next((text for name, text in attributes.items() if _local(name) == "val"), "")
        if local == "tbl":
            self.tables += 1
            if self.tables == 1:
                self.blocks.append(Block(self.line + 1))
        elif local == "tr" and self.tables == 1:
            self.cells = []
        elif local == "tc" and self.tables == 1:
            self.cell, self.span, self.goes_on = [], 1, False
        elif local == "gridSpan" and self.tables == 1:
            self.span = min(int(value), 60) if value.isdecimal() and len(value) < 4 else 1
        elif local == "vMerge" and self.tables == 1:
            self.goes_on = value != "restart"

    def end(self, name: str) -> None:
        local = _local(name)
        if self.skipped:
            self.skipped -= 1
        elif local == "t":
            self.in_text = False
        elif local == "p":
            self._paragraph()
        elif local == "tbl":
            self.tables -= 1
        elif local == "tc" and self.tables == 1:
            text = "" if self.goes_on else "\n".join(filter(None, self.cell))
            self.cells += [text, *[""] * (self.span - 1)]
        elif local == "tr" and self.tables == 1:
            self.blocks[-1].rows.append((self._next(), self.cells))

    def text(self, text: str) -> None:
        if self.in_text and not self.skipped:
            self.words.append(text)

    def _paragraph(self) -> None:
        text = _NOT_TEXT.sub("", "".join(self.words)).strip()
        self.words = []
        if self.tables:
            self.cell.append(text)
        else:
            for each in text.split("\n"):
                self.blocks.append(Block(self._next(), each))

    def _next(self) -> int:
        self.line += 1
        if self.line > MOST_LINES:
            raise _too_large()
        return self.line


def _local(name: str) -> str:
    """ "p" for WordprocessingML's paragraph; "" for elements of other vocabularies."""
    return next((name[len(space) :] for space in _WORD if name.startswith(space)), "")


def _refuse(*_declared: object) -> None:
    raise _broken()


def _broken() -> NotReadable:
    return NotReadable(_("The document is damaged and cannot be opened. Save it once more as .docx."))


def _too_large() -> NotReadable:
    return NotReadable(_("The document is far larger inside than a plan is, so it is not opened."))
