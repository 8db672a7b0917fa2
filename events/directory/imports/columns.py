"""What a column of a list holds, guessed from its heading in five languages, or from its cells."""

import re
from collections.abc import Iterable, Sequence

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from events.directory.searching import fold


class Column(models.TextChoices):
    NAME = "name", _("Name")
    FIRST_NAME = "first_name", _("First name")
    LAST_NAME = "last_name", _("Last name")
    ROLE = "role", _("Role")
    ORGANISATION = "organisation", _("Organisation")
    KIND = "kind", _("Type of organisation")
    EMAIL = "email", _("E-mail")
    PHONE = "phone", _("Telephone")
    ADDRESS = "address", _("Postal address")
    POSTCODE = "postcode", _("Postcode")
    TOWN = "town", _("Town")
    LANGUAGE = "language", _("Language")
    CHANNEL = "channel", _("Preferred channel")
    VALID_FROM = "valid_from", pgettext_lazy("heading of a list", "Valid from")
    VALID_UNTIL = "valid_until", pgettext_lazy("heading of a list", "Valid until")
    REFERENCE = "reference", _("Reference")


# Folded, without signs: "E-post (privat)" is compared as "e post privat" and as "e post".
HEADINGS: dict[Column, str] = {
    Column.NAME: """
        name, navn, namn, full name, fullt navn, fullt namn, fullstendig navn, fulde navn, kontakt,
        kontaktperson, kontaktpersoner, contact, contact person, contact name, display name, visningsnavn,
        visningsnamn, person, navn pa person
    """,
    Column.FIRST_NAME: """
        first name, firstname, given name, forename, fornavn, fornamn, for og mellomnavn, for og
        mellomnamn
    """,
    Column.LAST_NAME: """
        last name, lastname, surname, family name, etternavn, etternamn, efternavn, efternamn, slektsnavn
    """,
    Column.EMAIL: """
        e mail, email, mail, epost, e post, e postadresse, epostadresse, e mailadresse, mailadresse, email
        address, e mail address, e postadress, epostadress, e post adresse, email adresse, e mail 1 value,
        primary email, e post 1
    """,
    Column.PHONE: """
        telephone, phone, telefon, tlf, tel, mobil, mobile, mobiltelefon, mobile phone, mobilnummer,
        mobilnr, phone number, telephone number, telefonnummer, telefonnr, tlf nr, tlfnr, mobil tlf,
        telefon mobil, phone 1 value, primary phone
    """,
    Column.ORGANISATION: """
        organisation, organization, organisasjon, organisasjonsnavn, organisasjonsnamn, organisationsnamn,
        org, organisation name, organization name, virksomhet, verksemd, verksamhet, virksomhed, company,
        company name, firma, firmanavn, bedrift, forening, forening lag, lag, lag forening, menighet,
        menighed, trossamfunn, trussamfunn, trossamfund, arbeidssted, arbeidsstad, arbejdssted,
        arbetsplats, employer, instans, enhet, etat
    """,
    Column.KIND: """
        type, typ, type of organisation, organisation type, organization type, organisasjonstype,
        organisationstype, organisationstyp, type organisasjon, type organisation, slag, slags
        organisasjon
    """,
    Column.ROLE: """
        role, rolle, roll, title, tittel, titel, stilling, stillingstittel, job title, position, verv,
        verv rolle, rolle verv, funksjon, funktion, befattning, uppdrag, job, function
    """,
    Column.LANGUAGE: "language, sprak, sprog, malform, preferred language",
    Column.ADDRESS: """
        address, adresse, adress, postal address, postadresse, postadress, street, street address, gate,
        gateadresse, gata, gatuadress, vej, gade, utdelingsadresse
    """,
    Column.POSTCODE: "postcode, post code, postal code, zip, zip code, postnummer, postnr, post nr",
    Column.TOWN: "town, city, by, sted, stad, ort, poststed, poststad, postort, place",
    Column.CHANNEL: """
        channel, preferred channel, kanal, onsket kanal, onskt kanal, onskad kanal, foretrukket kanal,
        foretrukken kanal, foredragen kanal, kontaktes via, kontaktmate, helst kontaktet via
    """,
    Column.VALID_FROM: """
        valid from, from, start, since, fra, fra og med, fra dato, gyldig fra, gjeld fra, gjelder fra,
        gaelder fra, giltig fran, fran, fran och med, gyldig fra og med
    """,
    Column.VALID_UNTIL: """
        valid until, valid to, until, to, end, til, til og med, til dato, gyldig til, gjeld til, gjelder
        til, gaelder til, giltig till, till, till och med, gyldig til og med
    """,
    Column.REFERENCE: "reference, referanse, referens",
}


def _words(names: str) -> list[str]:
    return [" ".join(name.split()) for name in names.split(",")]


KNOWN = {heading: column for column, names in HEADINGS.items() for heading in _words(names)}
_SIGNS = re.compile(r"[^a-z0-9]+")
_BRACKETS = re.compile(r"\(.*?\)|\[.*?\]")
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_TELEPHONE = re.compile(r"(?:\+|00)?[\d ()./-]{8,}")


def guessed(header: Sequence[str]) -> list[str]:
    """The `Column` each heading means, or "" when it means none or one that stands further left already."""
    found: list[str] = []
    for heading in header:
        column = known(heading)
        found.append(column if column and column not in found else "")
    return found


def suggested(header: Sequence[str], rows: Sequence[tuple[int, Sequence[str]]]) -> list[str]:
    """By the headings, or, when they say nothing, by the cells."""
    by_heading = guessed(header)
    return by_heading if any(by_heading) else by_content(header, rows)


def known(heading: str) -> str:
    for text in (heading, _BRACKETS.sub("", heading)):
        if column := KNOWN.get(_SIGNS.sub(" ", fold(text)).strip()):
            return column
    return ""


def by_content(header: Sequence[str], rows: Iterable[tuple[int, Sequence[str]]]) -> list[str]:
    """For a list without headings: the columns of addresses and telephone numbers, and the first other one as names."""
    sample = [cells for _number, cells in rows][:50]
    found: list[str] = []
    for place in range(len(header)):
        cells = [row[place] for row in sample if place < len(row) and row[place]]
        found.append(_kind_of(cells, found))
    return found


def _kind_of(cells: list[str], found: list[str]) -> str:
    for column, sign in ((Column.EMAIL, _ADDRESS), (Column.PHONE, _TELEPHONE)):
        matching = [cell for cell in cells if sign.fullmatch(cell)]
        if matching and len(matching) * 2 >= len(cells):
            return "" if column in found else column
    return Column.NAME if cells and Column.NAME not in found else ""
