"""Bytes into text: which encoding a list was saved in, and what is no list at all."""

import codecs

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events.directory.imports.problems import NotAList

_PICTURE = gettext_lazy("This is a picture, not a list. Ask for the list as a spreadsheet.")
_PDF = gettext_lazy("This is a PDF, not a list. Ask for the list as a spreadsheet.")
_OLD = gettext_lazy(
    "This is a file of an old version of Excel, or it has a password. Save it as an Excel workbook (.xlsx)."
)
_PACKED = gettext_lazy("This is a compressed file. Unpack it, and upload the list inside.")
_FILM = gettext_lazy("This is sound or film, not a list.")
# How the files begin that people upload by mistake.
SIGNS: tuple[tuple[bytes, object], ...] = (
    (b"\x89PNG\r\n\x1a\n", _PICTURE),
    (b"\xff\xd8\xff", _PICTURE),
    (b"GIF8", _PICTURE),
    (b"RIFF", _PICTURE),
    (b"II*\x00", _PICTURE),
    (b"MM\x00*", _PICTURE),
    (b"BM", None),  # a bitmap only when zeros follow: a name may begin like this
    (b"%PDF-", _PDF),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", _OLD),
    (b"\x1f\x8b", _PACKED),
    (b"Rar!\x1a\x07", _PACKED),
    (b"7z\xbc\xaf\x27\x1c", _PACKED),
    (b"ID3", _FILM),
    (b"OggS", _FILM),
)
BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def text_of(data: bytes) -> str:
    """The text of a file in UTF-8, UTF-16 or Windows-1252 (cp1252). Raises NotAList.

    UTF-8 is tried first, because text in cp1252 with any letter beyond a-z is almost never valid UTF-8.
    """
    refuse_other_files(data)
    text = _decoded(data)
    if "\x00" in text:
        raise _no_text()
    control = sum(text.count(chr(code)) for code in range(1, 32) if code not in (9, 10, 13))
    if control * 20 > len(text):
        raise _no_text()
    if text.lstrip()[:15].lower().startswith(("<!doctype", "<html", "<?xml")):
        raise NotAList(_("This is a web page, not a list. Save the list as a spreadsheet."))
    return text


def refuse_other_files(data: bytes) -> None:
    """Raises NotAList for a picture, a PDF and the like, and says which it is."""
    for sign, reason in SIGNS:
        if data.startswith(sign) and reason is not None:
            raise NotAList(str(reason))
    if data[:2] == b"BM" and data[6:10] == b"\x00\x00\x00\x00":
        raise NotAList(str(_PICTURE))
    if data[4:8] == b"ftyp":
        heic = data[8:12] in (b"heic", b"heix", b"mif1", b"avif")
        raise NotAList(str(_PICTURE if heic else _FILM))


def _decoded(data: bytes) -> str:
    for encoding in _candidates(data):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise _no_text()


def _candidates(data: bytes) -> tuple[str, ...]:
    for bom, encoding in BOMS:
        if data.startswith(bom):
            return (encoding,)
    sample = data[:2000]
    if sample.count(0) * 3 > len(sample):  # every other byte of Western text in UTF-16 is zero
        return ("utf-16-le",) if sample[1::2].count(0) > sample[::2].count(0) else ("utf-16-be",)
    return ("utf-8", "cp1252")


def _no_text() -> NotAList:
    return NotAList(_("This is neither a spreadsheet nor text, so there is no list to read in it."))
