"""A mapping of a file, read key by key; whatever is wrong is noted with its place, and reading goes on."""

import datetime as dt
import unicodedata
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from events.dates import Precision, VagueDate, read

LARGEST_NUMBER = 9999


@dataclass
class Section:
    """`name` says what the mapping is ("measure 3"), `errors` is shared by all sections of a file."""

    data: dict[str, Any]
    name: str
    errors: list[str] = field(default_factory=list)

    @property
    def place(self) -> str:
        line = getattr(self.data, "line", 0)
        if not line:
            return self.name
        words = (
            _("row %(line)d, %(name)s")
            if getattr(self.data, "is_row", False)
            else _("line %(line)d, %(name)s")
        )
        return words % {"line": line, "name": self.name}

    def fail(self, problem: str) -> None:
        self.errors.append(f"{self.place}: {problem}")

    def only(self, *keys: str) -> None:
        """Notes every other key: a misspelt key would lose what it says."""
        for key in self.data:
            if key not in keys:
                self.fail(_("“%(key)s” is not a key we know.") % {"key": key})

    def text(self, key: str, *, limit: int = 300, required: bool = False) -> str:
        value = self.data.get(key)
        if value is None or value == "":
            if required:
                self.fail(_("“%(key)s” is missing.") % {"key": key})
            return ""
        return self.words(key, value, limit)

    def words(self, key: str, value: object, limit: int) -> str:
        """`value` as one line of text of at most `limit` characters."""
        if isinstance(value, bool) or not isinstance(value, str | int):
            self.fail(_("“%(key)s” must be text.") % {"key": key})
            return ""
        text = " ".join(unicodedata.normalize("NFC", str(value)).split())
        if any(unicodedata.category(letter) in {"Cc", "Cs"} for letter in text):
            self.fail(_("“%(key)s” holds a character that is no text.") % {"key": key})
            return ""
        if len(text) > limit:
            self.fail(_("“%(key)s” is longer than %(limit)d characters.") % {"key": key, "limit": limit})
        return text[:limit]

    def prose(self, key: str, *, limit: int = 20_000) -> str:
        """Text of several lines; what is no text in it is refused as in one line."""
        value = self.data.get(key)
        if not isinstance(value, str) or "\n" not in value:
            return self.text(key, limit=limit)
        lines = [self.words(key, line, limit) for line in value.strip().splitlines()]
        text = "\n".join(lines)
        if len(text) > limit:
            self.fail(_("“%(key)s” is longer than %(limit)d characters.") % {"key": key, "limit": limit})
        return text[:limit]

    def number(self, key: str, *, required: bool = False) -> int | None:
        value = self.data.get(key)
        if value is None and not required:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= LARGEST_NUMBER:
            self.fail(_("“%(key)s” must be a whole number from 1.") % {"key": key})
            return None
        return value

    def flag(self, key: str) -> bool | None:
        value = self.data.get(key)
        if value is not None and not isinstance(value, bool):
            self.fail(_("“%(key)s” must be true or false.") % {"key": key})
            return None
        return value

    def day(self, key: str) -> dt.date | None:
        when = self.date(key)
        if when is not None and when.precision != Precision.DAY:
            self.fail(_("“%(key)s” must be a day such as 2015-04-14.") % {"key": key})
            return None
        return when.first if when else None

    def date(self, key: str) -> VagueDate | None:
        """A date of any precision, in words of any language of the product ("autumn 2016", "høsten 2016")."""
        value = self.data.get(key)
        if value is None or value == "":
            return None
        try:
            return understood(str(value)[:60])
        except ValueError:
            self.fail(
                _("“%(key)s” must be a date, not “%(value)s”.") % {"key": key, "value": str(value)[:60]}
            )
            return None

    def items(self, key: str, *, required: bool = False) -> list[Any]:
        value = self.data.get(key)
        if value is None and not required:
            return []
        if not isinstance(value, list) or (required and not value):
            self.fail(_("“%(key)s” must be a list.") % {"key": key})
            return []
        return value

    def texts(self, key: str, *, limit: int = 200) -> tuple[str, ...]:
        words = (self.words(key, item, limit) for item in self.items(key))
        return tuple(word for word in words if word)

    def numbers(self, key: str) -> tuple[int, ...]:
        found = self.items(key, required=True)
        if not all(isinstance(item, int) and not isinstance(item, bool) for item in found):
            self.fail(_("“%(key)s” must be a list of whole numbers.") % {"key": key})
            return ()
        return tuple(found)

    def section(self, key: str) -> "Section":
        """The mapping under `key`; an empty one where it is missing."""
        value = self.data.get(key) or {}
        if not isinstance(value, dict):
            self.fail(_("“%(key)s” must hold keys and values.") % {"key": key})
            value = {}
        return Section(value, key, self.errors)

    def sections(self, key: str, name: str) -> "list[Section]":
        """The mappings listed under `key`, each called `name` with its number (`no`) or its place in the list."""
        rows = []
        for position, item in enumerate(self.items(key, required=True), start=1):
            if isinstance(item, dict):
                rows.append(Section(item, f"{name} {item.get('no', f'({position}.)')}", self.errors))
            else:
                self.fail(
                    _("“%(key)s”, number %(n)d in the list, must hold keys and values.")
                    % {"key": key, "n": position}
                )
        return rows


def understood(text: str) -> VagueDate:
    """`text` as a date in the active language, else in any other of the interface. Raises ValueError."""
    for language in (translation.get_language() or "nb", *(code for code, _name in settings.LANGUAGES)):
        with translation.override(language):
            try:
                return read(text)
            except ValueError:
                continue
    raise ValueError(text)
