"""One row's cells into the facts of a contact, or the reasons why not."""

import datetime as dt
import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import translation
from django.utils.translation import gettext as _

from events.directory.imports.columns import Column
from events.directory.imports.problems import Problem
from events.directory.imports.tables import Table, listed
from events.directory.models import Channel, Contact, Organisation, OrganisationKind
from events.directory.searching import fold
from events.tenancy.models import Language

FACTS = ("name", "role", "email", "phone", "address", "language", "channel", "valid_from", "valid_until")
MOST: dict[str, int] = {name: getattr(Contact._meta.get_field(name), "max_length", 0) for name in FACTS[:5]}
MOST_ORGANISATION = Organisation._meta.get_field("name").max_length or 0
# Words beside the labels of the choices themselves, folded.
LANGUAGES = {
    "no": "nb",
    "nor": "nb",
    "nob": "nb",
    "norsk": "nb",
    "norwegian": "nb",
    "bokmal": "nb",
    "norsk bokmal": "nb",
    "eng": "en",
    "engelsk": "en",
    "engelska": "en",
}
# Languages whose readers get Bokmål until the product writes theirs; the preview says so.
NEIGHBOURS = (
    *("nn", "nno", "nynorsk", "norsk nynorsk", "da", "dan", "dansk", "danish"),
    *("sv", "swe", "svensk", "svenska", "swedish"),
)
CHANNELS = {
    "epost": "email",
    "e mail": "email",
    "email": "email",
    "mail": "email",
    "mejl": "email",
    "brev": "letter",
    "post": "letter",
    "papir": "letter",
    "paper": "letter",
    "tlf": "phone",
    "telefon": "phone",
    "phone": "phone",
    "mobil": "phone",
    "ring": "phone",
}
_DATES = (
    (re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[ T]00:00(?::00)?)?"), (1, 2, 3)),
    (re.compile(r"(\d{1,2})[./ -]{1,2}(\d{1,2})[./ -]{1,2}(\d{4})"), (3, 2, 1)),
)
_IN_BRACKETS = re.compile(r"[^<>]*<([^<>]+)>")


class Refused(ValueError):
    """A cell that cannot be understood; the text says why."""


@dataclass
class Entry:
    """A row that could be read: `facts` hold only what the row says, never an empty value."""

    row: int
    facts: dict[str, Any] = field(default_factory=dict)
    organisation: str = ""
    kind: str = ""
    town: str = ""
    reference: int = 0
    organisation_key: str = (
        ""  # folded name of the organisation the directory has or will have; set when matched
    )


@dataclass
class Reading:
    """What the rows of a table say. `notes` tell what was understood in a way the reader should know of."""

    entries: list[Entry] = field(default_factory=list)
    errors: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def read(table: Table, columns: Sequence[str], own_types: Collection[str] = ()) -> Reading:
    """Every row as an `Entry` or as errors. `columns` say what each column holds, "" for nothing.

    `own_types` are the tenant's own types of organisations, folded.
    """
    reader = _Reader(table, columns, own_types)
    for number, cells in table.rows:
        reader.row(number, cells)
    return Reading(reader.entries, reader.errors, reader.notes())


class _Reader:
    def __init__(self, table: Table, columns: Sequence[str], own_types: Collection[str]) -> None:
        self.own_types = own_types
        self.labels = {column: table.header[place] for place, column in enumerate(columns) if column}
        self.places = [
            (place, column, READERS[column]) for place, column in enumerate(columns) if column in READERS
        ]
        self.entries: list[Entry] = []
        self.errors: list[Problem] = []
        self.neighbours: list[int] = []
        self.nameless: list[int] = []
        self.blank: list[int] = []

    def row(self, number: int, cells: Sequence[str]) -> None:
        wrong = len(self.errors)
        values = self._values(number, cells)
        if not values and len(self.errors) == wrong:
            self.blank.append(number)
            return
        entry = _entry(number, values)
        self._named(entry, Column.NAME in self.labels and len(self.errors) > wrong)
        if len(self.errors) == wrong:
            self.entries.append(entry)

    def _values(self, number: int, cells: Sequence[str]) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for place, column, reader in self.places:
            if cell := cells[place]:
                try:
                    values[column] = reader(cell)
                except Refused as error:
                    self._wrong(number, column, str(error))
        self._refuse_an_unknown_type(number, values.get(Column.KIND, ""))
        if values.get(Column.LANGUAGE) in NEIGHBOURS:
            values[Column.LANGUAGE] = Language.BOKMAL.value
            self.neighbours.append(number)
        return values

    def _refuse_an_unknown_type(self, number: int, written: str) -> None:
        if written and fold(written) not in self.own_types and not base_kind(written):
            self._wrong(number, Column.KIND, _unknown(written, OrganisationKind))

    def _named(self, entry: Entry, already_wrong: bool) -> None:
        """A row for an organisation without a person is a contact of that name: many lists hold only "post@"."""
        name = entry.facts.get("name", "")
        if not name and entry.organisation and not already_wrong:
            entry.facts["name"] = entry.organisation
            self.nameless.append(entry.row)
        elif not name and not already_wrong:
            self._wrong(entry.row, Column.NAME, _("The name is missing."))
        for fact, most in MOST.items():
            if len(entry.facts.get(fact, "")) > most:
                self._wrong(entry.row, fact, _("This is longer than %(most)d characters.") % {"most": most})

    def _wrong(self, number: int, column: str, text: str) -> None:
        label = self.labels.get(column) or str(Column(column).label)
        self.errors.append(Problem(number, label, text))

    def notes(self) -> list[str]:
        told = (
            (
                self.nameless,
                _("These rows name no person; the contact gets the organisation’s name: %(rows)s."),
            ),
            (
                self.neighbours,
                _("These rows ask for a language we do not write yet; they get Norwegian Bokmål: %(rows)s."),
            ),
            (self.blank, _("These rows hold nothing in the columns that are read: %(rows)s.")),
        )
        return [text % {"rows": listed(rows)} for rows, text in told if rows]


def _entry(number: int, values: dict[str, Any]) -> Entry:
    entry = Entry(
        number,
        organisation=values.get(Column.ORGANISATION, ""),
        kind=values.get(Column.KIND, ""),
        town=values.get(Column.TOWN, ""),
        reference=values.get(Column.REFERENCE, 0),
    )
    for fact in FACTS:
        if value := values.get(fact):
            entry.facts[fact] = value
    if Column.FIRST_NAME in values or Column.LAST_NAME in values:
        parts = (values.get(Column.FIRST_NAME, ""), values.get(Column.LAST_NAME, ""))
        entry.facts.setdefault("name", " ".join(part for part in parts if part))
    if Column.TOWN in values or Column.POSTCODE in values:
        entry.facts["address"] = _whole_address(values)
    return entry


def _whole_address(values: dict[str, Any]) -> str:
    place = " ".join(values[part] for part in (Column.POSTCODE, Column.TOWN) if values.get(part))
    return ", ".join(part for part in (values.get(Column.ADDRESS, ""), place) if part)


def text(cell: str) -> str:
    """A cell as one line."""
    return cell.replace("\n", " ") if "\n" in cell else cell


def address(cell: str) -> str:
    return cell.replace("\n", ", ") if "\n" in cell else cell


def organisation(cell: str) -> str:
    name = text(cell)
    if len(name) > MOST_ORGANISATION:
        raise Refused(_("This is longer than %(most)d characters.") % {"most": MOST_ORGANISATION})
    return name


def email(cell: str) -> str:
    """In small letters, out of "Kari <kari@x.example>" too. Raises Refused."""
    written = text(cell)
    if "<" in written and (found := _IN_BRACKETS.fullmatch(written)):
        written = found[1]
    written = written.lower().removeprefix("mailto:").strip()
    try:
        validate_email(written)
    except ValidationError:
        raise Refused(_("“%(text)s” is not an e-mail address.") % {"text": _short(written)}) from None
    return written


@lru_cache(maxsize=512)
def date(cell: str) -> dt.date:
    """2026-03-01, 01.03.2026 or 1/3/2026, day before month. Raises Refused."""
    for pattern, (year, month, day) in _DATES:
        if found := pattern.fullmatch(text(cell)):
            try:
                return dt.date(int(found[year]), int(found[month]), int(found[day]))
            except ValueError:
                break
    raise Refused(_("“%(text)s” is not a date such as 2026-03-01 or 01.03.2026.") % {"text": _short(cell)})


@lru_cache(maxsize=512)
def language(cell: str) -> str:
    found = _words(Language, LANGUAGES).get(fold(text(cell)))
    if found is None and fold(text(cell)) in NEIGHBOURS:
        return NEIGHBOURS[0]
    if found is None:
        raise Refused(_unknown(cell, Language))
    return found


@lru_cache(maxsize=512)
def channel(cell: str) -> str:
    found = _words(Channel, CHANNELS).get(fold(text(cell)).replace("-", " "))
    if found is None:
        raise Refused(_unknown(cell, Channel))
    return found


def base_kind(written: str) -> str:
    """The base kind that is called so in any language of the product, or ""."""
    return _words(OrganisationKind, {}).get(fold(written), "")


def reference(cell: str) -> int:
    """A reference that is none is left out: it only ever tells two like contacts apart."""
    return int(cell) if cell.isdecimal() and cell.isascii() and len(cell) < 19 else 0


def _words(choices: Any, more: dict[str, str]) -> dict[str, str]:
    """What each choice is called, folded: its value and its label in every language of the product."""
    return _known_words(choices) | more


@lru_cache
def _known_words(choices: Any) -> dict[str, str]:
    words = {fold(value): value for value in choices.values}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            words |= {fold(str(choice.label)).replace("-", " "): choice.value for choice in choices}
            words |= {fold(str(choice.label)): choice.value for choice in choices}
    return words


def _unknown(cell: str, choices: Any) -> str:
    known = ", ".join(str(label) for label in choices.labels)
    return _("“%(text)s” is none of these: %(choices)s.") % {"text": _short(cell), "choices": known}


def _short(written: str) -> str:
    return written if len(written) <= 40 else f"{written[:40]}…"


READERS: dict[str, Callable[[str], Any]] = {
    Column.NAME: text,
    Column.FIRST_NAME: text,
    Column.LAST_NAME: text,
    Column.ROLE: text,
    Column.ORGANISATION: organisation,
    Column.KIND: text,  # see `_refuse_an_unknown_type`
    Column.EMAIL: email,
    Column.PHONE: text,
    Column.ADDRESS: address,
    Column.POSTCODE: text,
    Column.TOWN: text,
    Column.LANGUAGE: language,
    Column.CHANNEL: channel,
    Column.VALID_FROM: date,
    Column.VALID_UNTIL: date,
    Column.REFERENCE: reference,
}
