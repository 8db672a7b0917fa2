"""What a minute-taker writes, as plain data between form and service, and how two people's writing is joined."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

# A row is a dict of its section's fields, with `id` (None for a new one), `remove` and `base` (see `base_of`).
Row = dict[str, Any]

# The sections of the page in their order, and the fields of each.
SECTIONS: dict[str, tuple[str, ...]] = {
    "attendance": ("status", "substitute_for"),
    "walkins": ("name", "organisation", "status", "substitute_for"),
    "headcounts": ("organisation", "count"),
    "items": ("title", "notes"),
    "information": ("text", "item"),
    "decisions": ("text", "basis", "dissent", "item"),
    "actions": ("text", "owner", "due", "not_before", "item"),
    "referrals": ("text", "owner", "item"),
    "updates": ("measure", "phase", "text", "item"),
}


@dataclass
class Content:
    """The rows of each section. Rows that are not named stay as they are; a row goes only by `remove`."""

    attendance: list[Row] = field(default_factory=list)
    walkins: list[Row] = field(default_factory=list)
    headcounts: list[Row] = field(default_factory=list)
    items: list[Row] = field(default_factory=list)
    information: list[Row] = field(default_factory=list)
    decisions: list[Row] = field(default_factory=list)
    actions: list[Row] = field(default_factory=list)
    referrals: list[Row] = field(default_factory=list)
    updates: list[Row] = field(default_factory=list)

    def sections(self) -> Iterator[tuple[str, list[Row]]]:
        for each in fields(self):
            yield each.name, getattr(self, each.name)


def base_of(section: str, row: Mapping[str, Any]) -> str:
    """Fingerprints of the row's fields, for a hidden field: what the writer saw when the page was opened."""
    return json.dumps([_fingerprint(row.get(name)) for name in SECTIONS[section]], separators=(",", ":"))


def join(section: str, typed: Sequence[Row], stored: Sequence[Row]) -> list[Row]:
    """Joins an older form with what others stored meanwhile; three-way, with `base` as the common ancestor.

    A field only one side changed takes that side's value. Where both did, the row keeps what was typed, and
    `beside` names what is stored. Rows others added come along; a row others removed comes back as a new one.
    """
    by_id = {row["id"]: row for row in typed if row.get("id")}
    joined = [_join_row(section, by_id[row["id"]], row) if row["id"] in by_id else row for row in stored]
    known = {row["id"] for row in stored}
    for row in typed:
        if row.get("id") not in known:
            joined.append({**row, "id": None, "was_removed": bool(row.get("id"))})
    return joined


def _join_row(section: str, typed: Row, stored: Row) -> Row:
    names = SECTIONS[section]
    seen = dict(zip(names, _read_base(typed.get("base"), len(names)), strict=True))
    row: Row = {"id": stored["id"], "remove": typed.get("remove", False), "beside": {}}
    for name in names:
        mine, theirs = _fingerprint(typed.get(name)), _fingerprint(stored.get(name))
        if mine in (theirs, seen[name]):
            row[name] = stored.get(name)
            continue
        row[name] = typed.get(name)
        if theirs != seen[name]:
            row["beside"][name] = stored.get(name)
    return {**stored, **row}


def _read_base(base: Any, length: int) -> list[str]:
    try:
        marks = json.loads(base or "")
    except ValueError:
        marks = None
    return marks if isinstance(marks, list) and len(marks) == length else [""] * length


def _fingerprint(value: Any) -> str:
    value = getattr(value, "pk", value)
    text = "" if value is None else str(value)
    return hashlib.sha256(text.encode()).hexdigest()[:12]
