"""Minutes as PDF: claims PDF/A-2a and PDF/UA-1. Facts in, bytes out; the same facts are the same bytes.

Text reaches typst as JSON and is never pasted into its markup, so nothing a minute-taker writes is read as code.
"""

import datetime as dt
import json
import re
import unicodedata
from pathlib import Path
from typing import Any

import typst
from django.utils import translation
from django.utils.translation import gettext as _

from minutes.records.document import Document
from minutes.records.prose import to_blocks
from minutes.records.sheet import sheet

TEMPLATE = Path(__file__).with_name("minutes.typ")
STANDARDS: list[Any] = ["a-2a", "ua-1"]
# What typst says of characters that none of its own fonts can draw, or that an archive may not hold.
_UNDRAWABLE = re.compile(r'(?:the text|codepoint) `"(.+?)"`')
_SPELLED = re.compile(r"\\u\{([0-9a-f]+)\}")
ATTEMPTS = 10


def render(canonical: Document, language: str, *, sha256: str = "") -> bytes:
    """The PDF of a document (see records/document.py), with headings and dates in `language`.

    Dated by the approval, or by the meeting for a draft. A character no font has is printed as its number, such as
    [U+1F600], because an archive PDF may not hold boxes that nobody can read.
    """
    words = sheet(canonical, language=language, sha256=sha256)
    for section in words["sections"]:
        for item in section.get("notes", ()):
            item["blocks"] = to_blocks(item.pop("notes"))
            item["title"] = _heading(item["title"])
    data = json.dumps(_printable({**words, **_furniture(words, language)}), ensure_ascii=False)
    for _attempt in range(ATTEMPTS):
        try:
            return _compile(data, _date(canonical))
        except typst.TypstError as error:
            undrawable = _undrawable(error)
            if not undrawable:
                raise
            data = _spell_out(data, undrawable)
    return _compile(_spell_out(data, {c for c in data if ord(c) > 0x17F}), _date(canonical))


def _furniture(words: dict[str, Any], language: str) -> dict[str, str]:
    version = words["version"]
    with translation.override(language):
        return {
            "page_words": _("Page {page} of {pages}"),
            "no_notes": _("No notes."),
            "footer": f"{version['words']} · SHA-256 {version['sha256']}" if version else words["draft"],
        }


def _printable(value: Any) -> Any:
    """Without control characters and lone surrogates, which no font draws; line ends stay."""
    if isinstance(value, str):
        return "".join(c for c in value if c == "\n" or unicodedata.category(c) not in {"Cc", "Cs"})
    if isinstance(value, dict):
        return {key: _printable(each) for key, each in value.items()}
    return [_printable(each) for each in value] if isinstance(value, list) else value


def _heading(title: str) -> str:
    """PDF/UA refuses headings without a visible letter."""
    return title if any(unicodedata.category(c)[0] in "LMNPS" for c in title) else "–"


def _compile(data: str, date: dt.datetime) -> bytes:
    pdf = typst.compile(
        TEMPLATE.read_bytes(),
        format="pdf",
        sys_inputs={"minutes": data},
        ignore_system_fonts=True,
        pdf_standards=STANDARDS,
        timestamp=date,
    )
    return bytes(pdf)


def _date(document: Document) -> dt.datetime:
    version, event = document.get("version"), document["event"]
    if version:
        return dt.datetime.fromisoformat(version["approved_at"])
    if event["starts_at"]:
        return dt.datetime.fromisoformat(event["starts_at"])
    day = dt.date.fromisoformat(event["vague_from"] or "1970-01-01")
    return dt.datetime.combine(day, dt.time(12), dt.UTC)


def _undrawable(error: typst.TypstError) -> set[str]:
    named = "".join(_UNDRAWABLE.findall(str(error.diagnostic) + str(error.message)))
    return set(_SPELLED.sub(lambda found: chr(int(found[1], 16)), named)) - set(map(chr, range(0x20, 0x7F)))


def _spell_out(data: str, characters: set[str]) -> str:
    return data.translate({ord(c): f"[U+{ord(c):04X}]" for c in characters})
