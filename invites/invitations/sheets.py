"""A mail's words, written once for an event and a language, with gaps that are filled for each recipient.

Rendering a template costs a millisecond; ten thousand recipients get the same words and their own name and links.
"""

import re
import secrets
from dataclasses import dataclass

from django.template.loader import render_to_string

# No text of an event can hold these marks: nobody outside this process knows them.
_MARK = f"gap{secrets.token_hex(8)}"
_GAP = re.compile(rf"{_MARK}([a-z]+)0")  # ended by a digit: a letter may follow the gap at once


def gap(name: str) -> str:
    """What to give a template in place of a value that differs from recipient to recipient."""
    return f"{_MARK}{name}0"


@dataclass(frozen=True)
class Sheet:
    """Fixed text at even places, names of gaps at odd ones."""

    parts: tuple[str, ...]

    def filled(self, values: dict[str, str]) -> str:
        """Raises KeyError for a gap without a value. Values are put in as they are: escape them for HTML before."""
        parts = list(self.parts)
        parts[1::2] = [values[name] for name in self.parts[1::2]]
        return "".join(parts)

    @property
    def gaps(self) -> frozenset[str]:
        return frozenset(self.parts[1::2])


def sheet(template: str, facts: dict[str, object]) -> Sheet:
    return Sheet(tuple(_GAP.split(render_to_string(template, facts))))
