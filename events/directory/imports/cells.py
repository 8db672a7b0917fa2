"""Single cells: an address, a date, a language, as people write them. Each reader raises Refused with the reason."""

import datetime as dt
import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import translation
from django.utils.translation import gettext as _

from events.directory.imports.columns import Column
from events.directory.models import Channel, Organisation, OrganisationKind
from events.directory.searching import fold
from events.tenancy.models import InviteeLanguage

MOST_ORGANISATION = Organisation._meta.get_field("name").max_length or 0
# Words beside the labels of the choices themselves, folded.
LANGUAGES = {
    **dict.fromkeys(("no", "nor", "nob", "norsk", "norwegian", "bokmal", "norsk bokmal"), "nb"),
    **dict.fromkeys(("nno", "nynorsk", "norsk nynorsk"), "nn"),
    **dict.fromkeys(("dan", "dansk", "danska"), "da"),
    **dict.fromkeys(("swe", "se", "svensk", "svenska"), "sv"),
    **dict.fromkeys(("eng", "engelsk", "engelska"), "en"),
    **dict.fromkeys(("ara", "arabisk", "arabiska", "العربية"), "ar"),
    **dict.fromkeys(("som", "somalisk", "somaliska", "soomaali"), "so"),
    **dict.fromkeys(("pol", "polsk", "polska", "polski"), "pl"),
    **dict.fromkeys(("ua", "ukr", "ukrainsk", "ukrainska", "українська"), "uk"),
    **dict.fromkeys(("urd", "اردو"), "ur"),
}
CHANNELS = {
    "epost": "email",
    "e mail": "email",
    "email": "email",
    "mail": "email",
    "mejl": "email",
    "brev": "letter",
    "post": "letter",
    "papir": "letter",
    "paper": "letter",
    "tlf": "phone",
    "telefon": "phone",
    "phone": "phone",
    "mobil": "phone",
    "ring": "phone",
}
_DATES = (
    (re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[ T]00:00(?::00)?)?"), (1, 2, 3)),
    (re.compile(r"(\d{1,2})[./ -]{1,2}(\d{1,2})[./ -]{1,2}(\d{4})"), (3, 2, 1)),
)
_IN_BRACKETS = re.compile(r"[^<>]*<([^<>]+)>")


class Refused(ValueError):
    """A cell that cannot be understood; the text says why."""


def text(cell: str) -> str:
    """A cell as one line."""
    return cell.replace("\n", " ") if "\n" in cell else cell


def address(cell: str) -> str:
    return cell.replace("\n", ", ") if "\n" in cell else cell


def organisation(cell: str) -> str:
    name = text(cell)
    if len(name) > MOST_ORGANISATION:
        raise Refused(_("This is longer than %(most)d characters.") % {"most": MOST_ORGANISATION})
    return name


def email(cell: str) -> str:
    """In small letters, out of "Kari <kari@x.example>" too. Raises Refused."""
    written = text(cell)
    if "<" in written and (found := _IN_BRACKETS.fullmatch(written)):
        written = found[1]
    written = written.lower().removeprefix("mailto:").strip()
    try:
        validate_email(written)
    except ValidationError:
        raise Refused(_("“%(text)s” is not an e-mail address.") % {"text": _short(written)}) from None
    return written


@lru_cache(maxsize=512)
def date(cell: str) -> dt.date:
    """2026-03-01, 01.03.2026 or 1/3/2026, day before month. Raises Refused."""
    for pattern, (year, month, day) in _DATES:
        if found := pattern.fullmatch(text(cell)):
            try:
                return dt.date(int(found[year]), int(found[month]), int(found[day]))
            except ValueError:
                break
    raise Refused(_("“%(text)s” is not a date such as 2026-03-01 or 01.03.2026.") % {"text": _short(cell)})


@lru_cache(maxsize=512)
def language(cell: str) -> str:
    found = _words(InviteeLanguage, LANGUAGES).get(fold(text(cell)))
    if found is None:
        raise Refused(unknown(cell, InviteeLanguage))
    return found


@lru_cache(maxsize=512)
def channel(cell: str) -> str:
    found = _words(Channel, CHANNELS).get(fold(text(cell)).replace("-", " "))
    if found is None:
        raise Refused(unknown(cell, Channel))
    return found


def base_kind(written: str) -> str:
    """The base kind that is called so in any language of the product, or ""."""
    return _words(OrganisationKind, {}).get(fold(written), "")


def reference(cell: str) -> int:
    """A reference that is none is left out: it only ever tells two like contacts apart."""
    return int(cell) if cell.isdecimal() and cell.isascii() and len(cell) < 19 else 0


def _words(choices: Any, more: dict[str, str]) -> dict[str, str]:
    """What each choice is called, folded: its value and its label in every language of the product."""
    return _known_words(choices) | more


@lru_cache
def _known_words(choices: Any) -> dict[str, str]:
    words = {fold(value): value for value in choices.values}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            words |= {fold(str(choice.label)).replace("-", " "): choice.value for choice in choices}
            words |= {fold(str(choice.label)): choice.value for choice in choices}
    return words


def unknown(cell: str, choices: Any) -> str:
    known = ", ".join(str(label) for label in choices.labels)
    return _("“%(text)s” is none of these: %(choices)s.") % {"text": _short(cell), "choices": known}


def _short(written: str) -> str:
    return written if len(written) <= 40 else f"{written[:40]}…"


READERS: dict[str, Callable[[str], Any]] = {
    Column.NAME: text,
    Column.FIRST_NAME: text,
    Column.LAST_NAME: text,
    Column.ROLE: text,
    Column.ORGANISATION: organisation,
    Column.KIND: text,  # see `_refuse_an_unknown_type`
    Column.EMAIL: email,
    Column.PHONE: text,
    Column.ADDRESS: address,
    Column.POSTCODE: text,
    Column.TOWN: text,
    Column.LANGUAGE: language,
    Column.CHANNEL: channel,
    Column.VALID_FROM: date,
    Column.VALID_UNTIL: date,
    Column.REFERENCE: reference,
}
