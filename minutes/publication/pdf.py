"""Minutes as PDF: claims PDF/A-2a and PDF/UA-1. Facts in, bytes out; the same facts are the same bytes."""

import datetime as dt
from pathlib import Path
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from events.typesetting import heading, typeset
from minutes.records.document import Document
from minutes.records.prose import to_blocks
from minutes.records.sheet import sheet

TEMPLATE = Path(__file__).with_name("minutes.typ")
STANDARDS: list[Any] = ["a-2a", "ua-1"]


def render(canonical: Document, language: str, *, sha256: str = "") -> bytes:
    """The PDF of a document (see records/document.py), with headings and dates in `language`.

    Dated by the approval, or by the meeting for a draft. A character no font has is printed as its number.
    """
    words = sheet(canonical, language=language, sha256=sha256)
    for section in words["sections"]:
        for item in section.get("notes", ()):
            item["blocks"] = to_blocks(item.pop("notes"))
            item["title"] = heading(item["title"])
    facts = {**words, **_furniture(words, language)}
    return typeset(TEMPLATE, facts, name="minutes", standards=STANDARDS, date=_date(canonical))


def _furniture(words: dict[str, Any], language: str) -> dict[str, str]:
    version = words["version"]
    with translation.override(language):
        return {
            "page_words": _("Page {page} of {pages}"),
            "no_notes": _("No notes."),
            "footer": f"{version['words']} · SHA-256 {version['sha256']}" if version else words["draft"],
        }


def _date(document: Document) -> dt.datetime:
    version, event = document.get("version"), document["event"]
    if version:
        return dt.datetime.fromisoformat(version["approved_at"])
    if event["starts_at"]:
        return dt.datetime.fromisoformat(event["starts_at"])
    day = dt.date.fromisoformat(event["vague_from"] or "1970-01-01")
    return dt.datetime.combine(day, dt.time(12), dt.UTC)
