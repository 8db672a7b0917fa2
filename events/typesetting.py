"""PDF by typst: facts in, bytes out; the same facts are the same bytes.

Text reaches typst as JSON and is never pasted into its markup, so nothing anybody writes is read as code.
"""

import datetime as dt
import json
import re
import unicodedata
from collections.abc import Collection
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst
from django.conf import settings

from events.languages import RIGHT_TO_LEFT

# What typst says of characters that none of its own fonts can draw, or that an archive may not hold.
_UNDRAWABLE = re.compile(r'(?:the text|codepoint) `"(.+?)"`')
_SPELLED = re.compile(r"\\u\{([0-9a-f]+)\}")
ATTEMPTS = 10


def can_write(language: str) -> bool:
    """Whether a font at hand draws `language`: typst brings none for Arabic letters, Debian's fonts-noto-core does."""
    return language not in RIGHT_TO_LEFT or any(settings.FONT_DIR.glob("NotoNaskhArabic*"))


def typeset(
    template: Path,
    facts: Any,
    *,
    name: str,
    standards: list[Any],
    date: dt.datetime,
    languages: Collection[str] = (),
) -> bytes:
    """The PDF that `template` makes of `facts` (JSON values), which it reads as `sys.inputs.<name>`; dated `date`.

    `languages` are those it is written in: what they need beyond typst's own fonts is read from FONT_DIR, which takes
    a quarter of a second the first time. Control characters are left out. A character no font has is printed as its
    number, such as [U+1F600], because an accessible or archived PDF may not hold boxes that nobody can read. Raises
    typst.TypstError for a broken template.
    """
    data = json.dumps(_printable(facts), ensure_ascii=False)
    fonts = _fonts(str(settings.FONT_DIR) if RIGHT_TO_LEFT.intersection(languages) else "")

    def compiled() -> bytes:
        return bytes(
            typst.compile(
                template.read_bytes(),
                format="pdf",
                sys_inputs={name: data},
                font_paths=fonts,
                pdf_standards=standards,
                timestamp=date,
            )
        )

    for _attempt in range(ATTEMPTS):
        try:
            return compiled()
        except typst.TypstError as error:
            undrawable = _undrawable(error)
            if not undrawable:
                raise
            data = _spell_out(data, undrawable)
    data = _spell_out(data, {c for c in data if ord(c) > 0x17F})
    return compiled()


@lru_cache(maxsize=2)
def _fonts(place: str) -> typst.Fonts:
    """typst's own, and those in the directory `place`, read once a process; never the system's others."""
    return typst.Fonts(include_system_fonts=False, font_paths=[place] if place else [])


def heading(title: str) -> str:
    """`title`, or a dash: PDF/UA refuses headings without a visible letter."""
    return title if any(unicodedata.category(c)[0] in "LMNPS" for c in title) else "–"


def _printable(value: Any) -> Any:
    """Without control characters and lone surrogates, which no font draws; line ends stay."""
    if isinstance(value, str):
        return "".join(c for c in value if c == "\n" or unicodedata.category(c) not in {"Cc", "Cs"})
    if isinstance(value, dict):
        return {key: _printable(each) for key, each in value.items()}
    return [_printable(each) for each in value] if isinstance(value, list) else value


def _undrawable(error: typst.TypstError) -> set[str]:
    named = "".join(_UNDRAWABLE.findall(str(error.diagnostic) + str(error.message)))
    return set(_SPELLED.sub(lambda found: chr(int(found[1], 16)), named)) - set(map(chr, range(0x20, 0x7F)))


def _spell_out(data: str, characters: set[str]) -> str:
    return data.translate({ord(c): f"[U+{ord(c):04X}]" for c in characters})
