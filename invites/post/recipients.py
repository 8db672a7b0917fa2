"""Whom mails are to, and at which address. The rooms above say so for their kinds; this room knows no contacts."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from invites.post.models import OutgoingMail

Finder = Callable[["Sequence[OutgoingMail]"], dict[int, int]]
Addresses = Callable[["Sequence[OutgoingMail]"], dict[int, str]]
_finders: dict[str, Finder] = {}
_addresses: dict[str, Addresses] = {}


def register(kind: str, finder: Finder, addresses: Addresses) -> None:
    """A room's `mails.py` says how to find the contacts of a kind (or of all kinds of a series), by the mail's id, and
    the addresses that they have now ("" for none).

    A mail of such a kind can be sent again to a corrected address.
    """
    _finders[kind], _addresses[kind] = finder, addresses


def contacts_of(mails: "Sequence[OutgoingMail]") -> dict[int, int]:
    """mail id -> contact id; without those that are to no contact. One call to each finder."""
    found: dict[int, int] = {}
    for name, those in _by_name(mails).items():
        found |= _finders[name](those)
    return found


def addresses_of(mails: "Sequence[OutgoingMail]") -> dict[int, str]:
    """mail id -> the address that its contact has now, "" for none; without mails that are to no contact."""
    found: dict[int, str] = {}
    for name, those in _by_name(mails).items():
        found |= _addresses[name](those)
    return found


def _by_name(mails: "Sequence[OutgoingMail]") -> "dict[str, list[OutgoingMail]]":
    by_name: dict[str, list[OutgoingMail]] = {}
    for mail in mails:
        name = mail.kind if mail.kind in _finders else mail.series
        if name in _finders:
            by_name.setdefault(name, []).append(mail)
    return by_name
