"""Whom mails are to, by contact id. The rooms above say so for their kinds; this room knows no contacts."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from invites.post.models import OutgoingMail

Finder = Callable[["Sequence[OutgoingMail]"], dict[int, int]]
_finders: dict[str, Finder] = {}


def register(kind: str, finder: Finder) -> None:
    """A room's `mails.py` says how to find the contacts of a kind (or of all kinds of a series), by the mail's id.

    A mail of such a kind can be sent again to a corrected address.
    """
    _finders[kind] = finder


def contacts_of(mails: "Sequence[OutgoingMail]") -> dict[int, int]:
    """mail id -> contact id; without those that are to no contact. One call to each finder."""
    found: dict[int, int] = {}
    by_name: dict[str, list[OutgoingMail]] = {}
    for mail in mails:
        name = mail.kind if mail.kind in _finders else mail.series
        if name in _finders:
            by_name.setdefault(name, []).append(mail)
    for name, those in by_name.items():
        found |= _finders[name](those)
    return found
