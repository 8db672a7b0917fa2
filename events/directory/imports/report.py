"""A plan and a batch in words, for their pages and for the command line."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _

from events.directory.imports.columns import Column
from events.directory.imports.matching import Change, Plan
from events.directory.imports.models import ChangeKind, ImportBatch, ImportChange
from events.directory.models import Channel
from events.tenancy.models import InviteeLanguage

SHOWN = 100  # of each kind; more is counted


@dataclass(frozen=True)
class Told:
    """One changed contact: its name, and each change as "E-mail: a → b"."""

    name: str
    row: int
    changes: list[str]


def told(plan: Plan) -> dict[str, Any]:
    """What the preview shows: the first of each kind, and how many more there are."""
    lists: dict[str, list[Any]] = {
        "errors": plan.errors,
        "changed": plan.changed,
        "added": plan.added,
        "organisations": list(plan.organisations.values()),
    }
    shown: dict[str, Any] = {name: rows[:SHOWN] for name, rows in lists.items()}
    shown["changed"] = [in_words(change) for change in shown["changed"]]
    shown["more"] = {name: max(0, len(rows) - SHOWN) for name, rows in lists.items()}
    return shown


def in_words(change: Change) -> Told:
    lines = [difference(name, old, new) for name, (old, new) in change.differences.items()]
    return Told(change.contact.facts["name"], change.row, lines)


def difference(name: str, old: Any, new: Any) -> str:
    gaps = {"what": Column(name).label, "old": _value(name, old), "new": _value(name, new)}
    return _("%(what)s: %(old)s → %(new)s") % gaps


def _value(name: str, value: Any) -> str:
    """As a person reads it; "–" for nothing."""
    if name == "language" and value in InviteeLanguage.values:
        return str(InviteeLanguage(value).label)
    if name == "channel" and value in Channel.values:
        return str(Channel(value).label)
    if isinstance(value, dt.date):
        return str(formats.date_format(value, "DATE_FORMAT"))
    return str(value) if value else "–"


@dataclass(frozen=True)
class Shown:
    """One line of a batch: what happened to whom, and the values that were there before."""

    change: ImportChange
    before: list[str]


def shown_changes(changes: Iterable[ImportChange]) -> list[Shown]:
    return [Shown(change, _before(change)) for change in changes]


def _before(change: ImportChange) -> list[str]:
    """Without the organisation's former name, which may be another by now."""
    lines = []
    for name, old in change.before.items():
        if name != "organisation":
            value = dt.date.fromisoformat(old) if old and name.startswith("valid_") else old
            gaps = {"what": Column(name).label, "old": _value(name, value)}
            lines.append(_("%(what)s was: %(old)s") % gaps)
        else:
            lines.append(_("had another organisation, or none"))
    return lines


def kept_in_words(batch: ImportBatch) -> list[str]:
    """What an undo left as it is, each with its reason."""
    why = {each["change"]: each["why"] for each in batch.kept}
    if not why:
        return []
    changes = batch.changes.filter(pk__in=list(why)[:SHOWN]).select_related("contact", "organisation")
    lines = [_kept(change, why[change.pk]) for change in changes]
    if len(why) > SHOWN:
        lines.append(_("and %(n)d more") % {"n": len(why) - SHOWN})
    return lines


def _kept(change: ImportChange, why: str) -> str:
    texts = {
        "used": _("“%(name)s” stays: it is in use elsewhere, by an invitation for instance."),
        "changed": _("“%(name)s” stays as it is: somebody changed it after the import."),
        "gone": _("“%(name)s” stays as it is: its former organisation is no longer in the directory."),
        "taken": _("“%(name)s” stays as it is: another contact has its former name and address."),
    }
    row = change.organisation if change.kind == ChangeKind.ORGANISATION_ADDED else change.contact
    return texts[why] % {"name": row}
