"""The directory's contacts as CSV and as vCards, in a form that an import takes back without a change."""

import csv
import io
from collections.abc import Iterable

from events.directory.formulas import guarded
from events.directory.imports.columns import Column
from events.directory.imports.tables import clean, one_line
from events.directory.imports.vcards import REFERENCE, escaped, folded
from events.directory.models import Contact

BOM = "\ufeff"  # without it Excel reads æ, ø and å wrong
COLUMNS = (
    Column.NAME,
    Column.ROLE,
    Column.ORGANISATION,
    Column.KIND,
    Column.EMAIL,
    Column.PHONE,
    Column.ADDRESS,
    Column.LANGUAGE,
    Column.CHANNEL,
    Column.VALID_FROM,
    Column.VALID_UNTIL,
    Column.REFERENCE,
)


def as_csv(contacts: Iterable[Contact]) -> bytes:
    """BOM, semicolons, headings in the active language, no formula. Wants `organisation__type` selected."""
    out = io.StringIO()
    write = csv.writer(out, delimiter=";", lineterminator="\r\n").writerow
    write([str(column.label) for column in COLUMNS])
    for contact in contacts:
        write([guarded(cell) for cell in _cells(contact)])
    return (BOM + out.getvalue()).encode()


def as_vcards(contacts: Iterable[Contact]) -> bytes:
    """Cards of version 3.0. Language, channel and dates have no place there."""
    lines = [line for contact in contacts for line in _card(contact)]
    return "".join(f"{folded(line)}\r\n" for line in lines).encode()


def _cells(contact: Contact) -> list[str]:
    organisation = contact.organisation
    return [
        one_line(contact.name),
        one_line(contact.role),
        one_line(organisation.name) if organisation else "",
        organisation.kind_label if organisation else "",
        one_line(contact.email),
        one_line(contact.phone),
        _address(contact),
        str(contact.get_language_display()),
        str(contact.get_channel_display()),
        contact.valid_from.isoformat() if contact.valid_from else "",
        contact.valid_until.isoformat() if contact.valid_until else "",
        str(contact.pk),
    ]


def _address(contact: Contact) -> str:
    return clean(contact.address).replace("\n", ", ")


def _card(contact: Contact) -> Iterable[str]:
    name = escaped(one_line(contact.name))
    yield from ("BEGIN:VCARD", "VERSION:3.0", f"FN:{name}", f"N:{name};;;;")
    facts = (
        ("ORG", one_line(contact.organisation.name) if contact.organisation else ""),
        ("TITLE", one_line(contact.role)),
        ("EMAIL;TYPE=INTERNET", one_line(contact.email)),
        ("TEL;TYPE=WORK,VOICE", one_line(contact.phone)),
        ("ADR;TYPE=WORK", _address(contact)),
        (REFERENCE, str(contact.pk)),
    )
    for prop, value in facts:
        if value:
            yield f"{prop}:;;{escaped(value)};;;;" if prop.startswith("ADR") else f"{prop}:{escaped(value)}"
    yield "END:VCARD"
