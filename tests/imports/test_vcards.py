"""vCards as three address books write them."""

import pytest

from events.directory.imports.problems import NotAList
from events.directory.imports.reading import read
from events.directory.imports.vcards import escaped, folded, unescaped
from tests.imports.kit import sample


def cards(data):
    table = read(data)
    assert table.columns
    return [
        {str(column): cell for column, cell in zip(table.columns, cells, strict=True) if cell}
        for _number, cells in table.rows
    ]


def test_outlooks_quoted_printable_and_preferred_mobile():
    assert cards(sample("outlook_21_quoted_printable.vcf")) == [
        {
            "name": "Åse Østbø",
            "role": "Styreleder",
            "organisation": "Fjordbyen moské",
            "email": "ase@fjordbyen.example",
            "phone": "+47 900 00 001",
        }
    ]


def test_a_soft_line_end_of_quoted_printable_is_taken_out():
    data = b"BEGIN:VCARD\r\nFN;ENCODING=QUOTED-PRINTABLE:Kari =\r\nNordmann\r\nEND:VCARD\r\n"
    assert cards(data) == [{"name": "Kari Nordmann"}]


def test_apples_groups_folds_and_escapes_and_a_card_without_fn():
    assert cards(sample("apple_30_groups_and_folds.vcf")) == [
        {
            "name": "Jørn Bærheim",
            "organisation": "Røde Kors, Havneby",
            "email": "jorn@rodekors.example",
            "address": "Havnegata 2, Oppgang B, Sandefjord, 3210, Norge",
        },
        {"name": "Ada Holm", "email": "ada@harbour.example"},
    ]


def test_version_4_with_preferences_uris_and_language():
    assert cards(sample("standard_40.vcf")) == [
        {
            "name": "Siv Grønn",
            "role": "Leder",
            "organisation": "Havneby frikirke",
            "email": "siv@frikirken.example",
            "phone": "+4790000003",
            "language": "en",
        }
    ]


@pytest.mark.parametrize(
    "data", [b"BEGIN:VCARD\nFN:Kari\n", b"BEGIN:VCARD\n", b"BEGIN:VCARD\nEND:VCALENDAR\n"]
)
def test_a_file_without_a_complete_card_is_refused(data):
    with pytest.raises(NotAList, match="kort"):
        read(data)


@pytest.mark.parametrize("text", ["a;b,c\\d", "to\nlinjer", "\\n", ";;", "æøå " * 40])
def test_what_is_written_reads_back(text):
    assert unescaped(escaped(text)) == text
    lines = folded(f"NOTE:{text}").split("\r\n ")
    assert "".join(lines) == f"NOTE:{text}"
    assert all(len(line.encode()) <= 75 for line in lines)
