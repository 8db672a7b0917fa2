"""One row's cells into the facts of a contact, or the reasons why not."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from events.directory.imports.cells import READERS, Refused, base_kind, unknown
from events.directory.imports.columns import Column
from events.directory.imports.problems import Problem
from events.directory.imports.tables import Table, listed
from events.directory.models import Contact, OrganisationKind
from events.directory.searching import fold

FACTS = ("name", "role", "email", "phone", "address", "language", "channel", "valid_from", "valid_until")
MOST: dict[str, int] = {name: getattr(Contact._meta.get_field(name), "max_length", 0) for name in FACTS[:5]}


@dataclass
class Entry:
    """A row that could be read: `facts` hold only what the row says, never an empty value."""

    row: int
    facts: dict[str, Any] = field(default_factory=dict)
    organisation: str = ""
    kind: str = ""
    town: str = ""
    reference: int = 0
    organisation_key: str = ""  # folded name of the organisation it gets; set when matched


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
        return values

    def _refuse_an_unknown_type(self, number: int, written: str) -> None:
        if written and fold(written) not in self.own_types and not base_kind(written):
            self._wrong(number, Column.KIND, unknown(written, OrganisationKind))

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
