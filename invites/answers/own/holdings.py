"""What is held about a person: each room says what it holds, and how to forget it.

The own page, its export, `subject_access` and `erase` ask all of them. A room registers once, when the app starts:

    holdings.register(show, erase)

`show(contact)` gives sections for the person to read; `erase(contact)` empties or deletes what it holds and returns
how many rows that were, by a word for the counts. It runs in one transaction, before the contact itself is emptied.
"""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from events.directory.models import Contact

CLOSED_FOR_GOOD = _("It cannot be opened any more: its key is gone.")  # in the place of what was sealed


@dataclass(frozen=True)
class Entry:
    """One fact: a name for machines, a label in the active language, and the fact. `long` is in the export alone."""

    name: str
    label: Any
    value: Any
    long: bool = False

    @property
    def shown(self) -> bool:
        return not self.long and self.value not in (None, "", [])

    @property
    def is_moment(self) -> bool:
        return isinstance(self.value, dt.datetime)

    @property
    def is_list(self) -> bool:
        return isinstance(self.value, list | tuple)

    @property
    def is_day(self) -> bool:
        return isinstance(self.value, dt.date) and not self.is_moment


@dataclass(frozen=True)
class Section:
    """Rows of one sort. `source` says where the facts come from."""

    name: str
    title: Any
    rows: tuple[tuple[Entry, ...], ...]
    source: Any = ""


Show = Callable[[Contact], Iterable[Section]]
Erase = Callable[[Contact], Mapping[str, int]]
_shows: list[Show] = []
_erasers: list[Erase] = []


def register(show: Show, erase: Erase | None = None) -> None:
    _shows.append(show)
    if erase:
        _erasers.append(erase)


def sections(contact: Contact) -> list[Section]:
    """All that every room holds about `contact`; sections without rows are left out."""
    return [section for show in _shows for section in show(contact) if section.rows]


def erase(contact: Contact) -> Counter[str]:
    """Lets every room forget `contact`. For `erasing.erase`, which opens the transaction."""
    counts: Counter[str] = Counter()
    for forget in _erasers:
        counts.update(forget(contact))
    return counts


def as_data(contact: Contact) -> dict[str, list[dict[str, Any]]]:
    """The same for machines: section -> rows -> facts. Moments and days are ISO 8601."""
    return {
        section.name: [{entry.name: _plain(entry.value) for entry in row} for row in section.rows]
        for section in sections(contact)
    }


def _plain(value: Any) -> Any:
    if isinstance(value, dt.date):
        return value.isoformat()
    if value is None or isinstance(value, bool | int | str):
        return value
    return [_plain(each) for each in value] if isinstance(value, list | tuple) else str(value)
