"""Headings in five languages, and lists without any."""

import pytest
from django.utils import translation

from events.directory.imports.columns import Column, guessed, known, suggested
from events.directory.imports.export import COLUMNS

WORDS = {
    "name": "Navn, Namn, Name, Fullt navn, KONTAKTPERSON, Visningsnavn",
    "first_name": "Fornavn, Førenamn?, Förnamn, First Name, Given name",
    "last_name": "Etternavn, Etternamn, Efternavn, Efternamn, Surname, Last name",
    "email": "E-post, Epost, E-postadresse, E-mail, Email, E-mail Address, E-postadress, Mail, E-post (jobb)",
    "phone": "Telefon, Tlf., Tlf, Mobil, Mobiltelefon, Telephone, Phone, Telefonnummer",
    "organisation": "Organisasjon, Organisation, Organization, Virksomhet, Verksemd, Menighet, Menighed, Company",
    "kind": "Type, Organisasjonstype, Organisationstyp, Type of organisation",
    "role": "Rolle, Roll, Verv, Tittel, Titel, Stilling, Job Title, Role",
    "language": "Språk, Sprog, Målform, Language",
    "address": "Adresse, Adress, Postadresse, Address, Gateadresse",
    "postcode": "Postnr., Postnummer, Zip, Postcode",
    "town": "Poststed, Sted, Ort, Stad, By, Town, City",
    "channel": "Kanal, Foretrukket kanal, Preferred channel, Ønsket kanal",
    "valid_from": "Fra, Gyldig fra, Från, Valid from, Gjeld frå",
    "valid_until": "Til, Gyldig til, Till, Until, Gjeld til, Valid until",
}


@pytest.mark.parametrize(("column", "headings"), WORDS.items())
def test_headings_of_the_nordic_languages_are_known(column, headings):
    found = {heading: known(heading) for heading in headings.split(", ") if not heading.endswith("?")}
    assert found == dict.fromkeys(found, column)


@pytest.mark.parametrize("language", ["nb", "en"])
def test_the_headings_of_our_own_export_are_known(language):
    with translation.override(language):
        assert guessed([str(column.label) for column in COLUMNS]) == list(COLUMNS)


def test_a_column_is_taken_once_and_the_unknown_is_left_alone():
    assert guessed(["E-post", "Mail", "Skostørrelse", "Navn"]) == ["email", "", "", "name"]


def test_without_headings_the_cells_speak():
    rows = [(1, ["33 41 60 00", "Kari", "k@x.example", "Leder", ""]), (2, ["", "Ola", "o@x.example", "", ""])]
    assert suggested(["A", "B", "C", "D", "E"], rows) == ["phone", "name", "email", "", ""]


def test_every_column_can_be_known_by_some_heading():
    assert {known(heading) for heading in (*", ".join(WORDS.values()).split(", "), "Referanse")} - {
        ""
    } == set(Column)
