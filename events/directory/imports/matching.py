"""What a list would change in the directory: which row is which contact, what is new, and what cannot be."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _

from events.directory.bodies import kind_of, usual_name
from events.directory.imports.cells import base_kind
from events.directory.imports.columns import Column
from events.directory.imports.problems import Problem
from events.directory.imports.snapshot import Directory, Kind, Known
from events.directory.imports.tables import Table, listed
from events.directory.imports.values import Entry, read
from events.directory.models import OrganisationKind
from events.directory.searching import fold


@dataclass
class Change:
    """A contact that exists, and the facts that differ: field -> (old, new), with `organisation` by name."""

    row: int
    contact: Known
    differences: dict[str, tuple[Any, Any]]
    organisation_key: str = ""  # folded name of the organisation it gets


@dataclass
class NewOrganisation:
    name: str
    kind: Kind
    town: str

    @property
    def kind_label(self) -> str:
        return self.kind.label or str(OrganisationKind(self.kind.base).label)


@dataclass
class Plan:
    """The outcome of a dry run. With `errors`, nothing of it may be done."""

    added: list[Entry] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    unchanged: int = 0
    errors: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    organisations: dict[str, NewOrganisation] = field(default_factory=dict)  # by folded name

    @property
    def changes_anything(self) -> bool:
        return bool(self.added or self.changed or self.organisations)

    def fingerprint(self) -> str:
        """The same as long as the plan does the same, so that nobody confirms what they did not see."""
        told = [(entry.row, entry.organisation, sorted(entry.facts.items())) for entry in self.added]
        altered = [(each.contact.pk, sorted(each.differences.items())) for each in self.changed]
        bodies = [(each.name, each.kind, each.town) for each in self.organisations.values()]
        return hashlib.sha256(repr((told, altered, bodies)).encode()).hexdigest()


def plan(table: Table, columns: Sequence[str], directory: Directory) -> Plan:
    """What importing `table` would do. Changes nothing."""
    if not {Column.NAME, Column.LAST_NAME, Column.FIRST_NAME, Column.ORGANISATION} & set(columns):
        missing = _("No column holds the name. Choose which one does.")
        return Plan(errors=[Problem(table.rows[0][0] if table.rows else 1, "", missing)])
    reading = read(table, columns, directory.types)
    matching = _Matching(reading.entries, directory)
    found = matching.plan()
    found.errors = sorted([*reading.errors, *found.errors], key=lambda each: each.row)
    found.notes = [*reading.notes, *found.notes]
    return found


class _Matching:
    def __init__(self, entries: list[Entry], directory: Directory) -> None:
        self.entries, self.directory = entries, directory
        self.result = Plan()
        self.pairs: dict[int, Known] = {}  # row -> contact
        self.rows_of: dict[int, int] = {}  # contact -> row
        self.folded = lru_cache(maxsize=None)(
            fold
        )  # for this list only: its organisations stand in many rows
        self.keys = {entry.row: (fold(entry.facts["name"]), self._organisation(entry)) for entry in entries}

    def plan(self) -> Plan:
        self._by_reference(self.entries)
        self._refuse_duplicates()
        for match in (self._by_email_and_name, self._by_email, self._by_name):
            left = [entry for entry in self.entries if entry.row not in self.pairs]
            if left and self.directory.contacts:
                match(left)
        for entry in self.entries:
            self._judge(entry)
        self._refuse_taken_names()
        self._note_shared_addresses()
        return self.result

    # --- Which organisation -------------------------------------------------------------------------------------
    def _organisation(self, entry: Entry) -> str:
        """The folded name of the organisation as the directory has or will have it."""
        if not entry.organisation:
            return ""
        folded = self.folded(entry.organisation)
        known = self.directory.organisations.get(folded)
        if known is None:
            usual = usual_name(entry.organisation)
            folded = fold(usual)
            known = self.directory.organisations.get(folded)
            if known is None:
                self._new_organisation(folded, usual, entry)
                return folded
        kind = self._kind(entry)
        if kind and (kind.own != known.kind.own if kind.own else kind.base != known.kind.base):
            self.directory.other_kinds.setdefault(known.name, []).append(entry.row)
        return known.folded

    def _new_organisation(self, folded: str, name: str, entry: Entry) -> None:
        """The first row that names it says its type, or else its name does."""
        kind = self._kind(entry)
        if folded not in self.result.organisations:
            self.result.organisations[folded] = NewOrganisation(name, kind or Kind(kind_of(name)), entry.town)

    def _kind(self, entry: Entry) -> Kind | None:
        """What the row says the organisation is, in the tenant's own words or in ours."""
        if not entry.kind:
            return None
        own = self.directory.types.get(self.folded(entry.kind))
        return own or Kind(base_kind(entry.kind))

    # --- Which contact ------------------------------------------------------------------------------------------
    def _pair(self, entry: Entry, contact: Known) -> None:
        self.pairs[entry.row] = contact
        self.rows_of[contact.pk] = entry.row

    def _by_reference(self, left: list[Entry]) -> None:
        """Only where name or address agree too: in another installation the number is somebody else's."""
        for entry in left:
            known = self.directory.by_pk.get(entry.reference) if entry.reference else None
            if known is None or known.pk in self.rows_of:
                continue
            email = entry.facts.get("email")
            if self.keys[entry.row][0] == known.folded or (email and email == known.email):
                self._pair(entry, known)

    def _by_email_and_name(self, left: list[Entry]) -> None:
        for entry in left:
            for known in self.directory.by_email.get(entry.facts.get("email", ""), ()):
                if known.folded == self.keys[entry.row][0] and known.pk not in self.rows_of:
                    self._pair(entry, known)
                    break

    def _by_email(self, left: list[Entry]) -> None:
        """Another name at the same address is the same contact, when there is one of each."""
        rows: dict[str, list[Entry]] = defaultdict(list)
        for entry in left:
            if email := entry.facts.get("email"):
                rows[email].append(entry)
        for email, entries in rows.items():
            free = [known for known in self.directory.by_email.get(email, ()) if known.pk not in self.rows_of]
            if len(free) == len(entries) == 1 and len(self.directory.by_email[email]) == 1:
                self._pair(entries[0], free[0])

    def _by_name(self, left: list[Entry]) -> None:
        """Name and organisation. Two people without one may share a name: then one address must be missing."""
        for entry in left:
            key = self.keys[entry.row]
            free = [known for known in self.directory.by_name.get(key, ()) if known.pk not in self.rows_of]
            email = entry.facts.get("email")
            if not key[1]:
                free = [known for known in free if not email or not known.email]
            if len(free) == 1:
                self._pair(entry, free[0])

    # --- What it does -------------------------------------------------------------------------------------------
    def _judge(self, entry: Entry) -> None:
        known = self.pairs.get(entry.row)
        if known is None:
            self._refuse_wrong_order(entry, entry.facts)
            entry.organisation_key = self.keys[entry.row][1]
            self.result.added.append(entry)
            return
        differences = self._differences(entry, known)
        self._refuse_wrong_order(entry, known.facts | entry.facts)
        if differences:
            self.result.changed.append(Change(entry.row, known, differences, self.keys[entry.row][1]))
        else:
            self.result.unchanged += 1

    def _differences(self, entry: Entry, known: Known) -> dict[str, tuple[Any, Any]]:
        found = {
            name: (known.facts[name], new)
            for name, new in entry.facts.items()
            if known.facts[name] != new and known.cleaned(name) != new
        }
        organisation = self.keys[entry.row][1]
        if organisation and organisation != known.organisation:
            found["organisation"] = (
                self.directory.name_of(known.organisation),
                self.result.organisations[organisation].name
                if organisation in self.result.organisations
                else self.directory.name_of(organisation),
            )
        return found

    def _refuse_wrong_order(self, entry: Entry, facts: dict[str, Any]) -> None:
        first, last = facts.get("valid_from"), facts.get("valid_until")
        if first and last and last <= first:
            self._refuse(entry.row, Column.VALID_UNTIL, _("The last day must come after the first."))

    def _refuse(self, row: int, column: Column, text: str) -> None:
        self.result.errors.append(Problem(row, str(column.label), text))

    def _refuse_duplicates(self) -> None:
        """The same name and address twice, unless the references tell two contacts that are here already."""
        seen: dict[tuple[Any, ...], Entry] = {}
        for entry in self.entries:
            name, organisation = self.keys[entry.row]
            email = entry.facts.get("email")
            key = (email, name) if email else ("", name, organisation)
            first = seen.setdefault(key, entry)
            told_apart = entry.row in self.pairs and first.row in self.pairs
            if first is not entry and not told_apart:
                self._refuse(
                    entry.row, Column.NAME, _("The same contact stands in row %(row)d.") % {"row": first.row}
                )

    def _refuse_taken_names(self) -> None:
        """Name and address together belong to one contact, whatever row asks for them."""
        for change in self.result.changed:
            if not {"name", "email"} & change.differences.keys():
                continue
            email = change.differences.get("email", ("", change.contact.email))[1]
            name = change.differences.get("name", ("", change.contact.facts["name"]))[1]
            others = [
                known for known in self.directory.by_email.get(email, ()) if known.pk != change.contact.pk
            ]
            if email and any(known.facts["name"] == name for known in others):
                self._refuse(
                    change.row, Column.EMAIL, _("A contact with this name and address exists already.")
                )

    def _note_shared_addresses(self) -> None:
        rows: dict[str, list[int]] = defaultdict(list)
        for entry in self.entries:
            if email := entry.facts.get("email"):
                rows[email].append(entry.row)
        for email, numbers in rows.items():
            if len(numbers) > 1 and not self._all_unchanged(numbers):
                self.result.notes.append(
                    _("The address %(email)s stands in several rows: %(rows)s.")
                    % {"email": email, "rows": listed(numbers)}
                )
        for name, numbers in self.directory.other_kinds.items():
            self.result.notes.append(
                _("The directory has another type for “%(name)s”, which is kept (rows %(rows)s).")
                % {"name": name, "rows": listed(numbers)}
            )

    def _all_unchanged(self, rows: Iterable[int]) -> bool:
        changed = {change.row for change in self.result.changed}
        return all(row in self.pairs and row not in changed for row in rows)
