"""What an import does, in words."""

import hashlib
from dataclasses import dataclass, field
from typing import Any

from events.plans.models import Plan


@dataclass(frozen=True)
class Correction:
    """The title of something adopted that the file writes otherwise."""

    row: Any
    old: str
    new: str


@dataclass
class ImportResult:
    """What an import did, or would do in a dry run: lines in words, and how many rows were as in the file."""

    created: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)  # what the file does not hold; it stays
    unchanged: int = 0
    errors: list[str] = field(default_factory=list)
    corrections: list[Correction] = field(default_factory=list)
    plan: Plan | None = None

    def fingerprint(self) -> str:
        """The same for two imports that do the same, so that what is done is what was seen."""
        words = repr((self.created, self.changed, self.kept, self.unchanged, self.errors))
        return hashlib.sha256(words.encode()).hexdigest()
