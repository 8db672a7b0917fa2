"""What a file is, by its content and its name together, and what it may be called. Pure: bytes in, a type out.

Nothing here opens a document; a zip's directory is read, never unpacked as a whole.
"""

import io
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from lzma import LZMAError

from django.utils.translation import gettext as _

# What reading a zip raises when its bytes are not what its directory says.
DAMAGED = (zipfile.BadZipFile, zlib.error, LZMAError, NotImplementedError, EOFError, OSError, ValueError)
LONGEST_NAME = 100
MOST_UNPACKED = 200 * 1024 * 1024
MOST_ENTRIES = 5000
DIRECTORY_BYTES = 1024 * 1024  # of the one part of a document that is read
_OFFICE = "application/vnd.openxmlformats-officedocument."
_MACROS = re.compile(
    r"vbaproject|(?:^|/)(?:basic|scripts)/|\.(?:bas|exe|dll|js|vbs|jar|ps1|scr)$", re.IGNORECASE
)
_ACTIVE_PDF = re.compile(rb"/(?:JavaScript|JS|Launch|EmbeddedFile)\b")
_SPELLED_IN_PDF = re.compile(rb"#([0-9A-Fa-f]{2})")  # a letter of a name by its number: /J#61vaScript
_NOT_IN_A_TEXT = re.compile("[\x00-\x08\x0b\x0e-\x1f]")
_NOT_IN_A_NAME = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]+')


class NotAccepted(Exception):
    """The file cannot go along. `str()` is a sentence in the active language."""


@dataclass(frozen=True)
class FileType:
    content_type: str
    label: str
    check: Callable[[bytes], bool]


def type_of(name: str, content: bytes) -> FileType:
    """The type that name and content agree on. Raises NotAccepted with the reason."""
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    known = TYPES.get(ending)
    if known is None:
        raise NotAccepted(
            _("This type of file cannot be attached. Use %(types)s.") % {"types": kinds_in_words()}
        )
    if not content:
        raise NotAccepted(_("The file is empty."))
    if not known.check(content):
        raise NotAccepted(
            _("The file is called .%(ending)s, but it is no %(kind)s.")
            % {"ending": ending, "kind": known.label}
        )
    return known


def kinds_in_words() -> str:
    return ", ".join(dict.fromkeys(kind.label for kind in TYPES.values()))


def clean_name(name: str) -> str:
    """`name` without folders, control characters and marks that turn the direction of reading; its ending is kept.

    "../../plan?.pdf" -> "plan-.pdf". Never empty.
    """
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    visible = "".join(
        letter for letter in last if unicodedata.category(letter) not in ("Cf", "Cc", "Cs", "Co")
    )
    plain = " ".join(_NOT_IN_A_NAME.sub("-", visible).split()).strip(" .-")
    stem, dot, ending = plain.rpartition(".")
    if dot and stem:
        return f"{stem[: LONGEST_NAME - 11].strip()}.{ending[:10]}"
    return plain[:LONGEST_NAME] or "file"


def _pdf(content: bytes) -> bool:
    if not content.startswith(b"%PDF-"):
        return False
    plain = _SPELLED_IN_PDF.sub(lambda found: bytes([int(found[1], 16)]), content)
    if _ACTIVE_PDF.search(plain):
        raise NotAccepted(_("The PDF holds a program or another file. Save it again as a plain PDF."))
    return True


def _office(part: str, kind: str) -> Callable[[bytes], bool]:
    def check(content: bytes) -> bool:
        with _opened(content) as archive:
            names = set(archive.namelist())
            if not {"[Content_Types].xml", part} <= names:
                return False
            if b"macroenabled" in _read(archive, "[Content_Types].xml").lower():
                raise NotAccepted(_("The file holds macros. Save it without macros, or as a PDF."))
            return _read(archive, "[Content_Types].xml").find(kind.encode()) != -1

    return check


def _open_document(content: bytes) -> bool:
    with _opened(content) as archive:
        names = set(archive.namelist())
        return {"mimetype", "content.xml"} <= names and _read(archive, "mimetype").strip() == ODT.encode()


def _opened(content: bytes) -> zipfile.ZipFile:
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except DAMAGED as error:
        raise NotAccepted(_("The file is damaged or is something else than its name says.")) from error
    entries = archive.infolist()
    if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        raise NotAccepted(_("The file unpacks to far too much."))
    if any(entry.flag_bits & 1 for entry in entries):
        raise NotAccepted(_("The file is locked with a password."))
    if any(_MACROS.search(entry.filename) for entry in entries):
        raise NotAccepted(_("The file holds macros. Save it without macros, or as a PDF."))
    return archive


def _read(archive: zipfile.ZipFile, name: str) -> bytes:
    try:
        with archive.open(name) as part:
            return part.read(DIRECTORY_BYTES)
    except (KeyError, *DAMAGED) as error:
        raise NotAccepted(_("The file is damaged or is something else than its name says.")) from error


def _starts(*marks: bytes) -> Callable[[bytes], bool]:
    return lambda content: content.startswith(marks)


def _text(content: bytes) -> bool:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NotAccepted(_("The text file is not in UTF-8.")) from error
    return not _NOT_IN_A_TEXT.search(text) and not text.startswith("#!")


ODT = "application/vnd.oasis.opendocument.text"
_DOCX, _XLSX = "wordprocessingml.document", "spreadsheetml.sheet"
_JPEG = FileType("image/jpeg", "JPEG", _starts(b"\xff\xd8\xff"))
TYPES: dict[str, FileType] = {
    "pdf": FileType("application/pdf", "PDF", _pdf),
    "docx": FileType(_OFFICE + _DOCX, "DOCX", _office("word/document.xml", _DOCX)),
    "odt": FileType(ODT, "ODT", _open_document),
    "xlsx": FileType(_OFFICE + _XLSX, "XLSX", _office("xl/workbook.xml", _XLSX)),
    "png": FileType("image/png", "PNG", _starts(b"\x89PNG\r\n\x1a\n")),
    "jpg": _JPEG,
    "jpeg": _JPEG,
    "txt": FileType("text/plain", "TXT", _text),
}
