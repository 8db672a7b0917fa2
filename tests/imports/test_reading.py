"""Files as people send them become rows, or one plain reason why not."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from events.directory.imports.columns import suggested
from events.directory.imports.problems import MOST_BYTES, MOST_CELL, MOST_COLUMNS, MOST_ROWS, NotAList
from events.directory.imports.reading import read, read_pasted
from tests.imports.kit import listed, sample, workbook

ASE = ["Åse Østbø", "Styreleder", "Fjordbyen moské", "tros- og livssynssamfunn", "ase@fjordbyen.example"]


@pytest.mark.parametrize(
    "name",
    [
        "excel_norwegian_semicolon_utf8_bom.csv",
        "excel_norwegian_semicolon_cp1252.csv",
        "excel_unicode_text_utf16_tabs.txt",
        "utf16_big_endian.csv",
        "sep_line_then_commas.csv",
    ],
)
def test_encoding_and_separator_do_not_matter(name):
    table = read(sample(name))
    assert table.header == ["Navn", "Verv", "Organisasjon", "Type organisasjon", "E-post", "Mobil"]
    assert table.rows[0] == (2, [*ASE, "+47 900 00 001"])
    assert [number for number, _cells in table.rows] == [2, 3]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_encoding_goes_with_every_separator_and_line_end(encoding, separator, end):
    data = end.join(separator.join(row) for row in (["Navn", "E-post"], ["Åse", "a@b.example"])).encode(
        encoding
    )
    table = read(data)
    assert (table.header, table.rows) == (["Navn", "E-post"], [(2, ["Åse", "a@b.example"])])


def test_a_named_separator_wins_over_the_most_frequent():
    table = read(b"sep=|\nNavn, hele;x|E-post\nKari|k@x.example\n")
    assert table.header == ["Navn, hele;x", "E-post"]
    assert table.rows == [(2, ["Kari", "k@x.example"])]


def test_quoted_line_breaks_stay_and_rows_count_as_a_spreadsheet_counts():
    table = read(sample("address_over_two_lines.csv"))
    assert table.rows == [
        (2, ['Åse "Mosse" Østbø', "Storgata 1\n3210 Sandefjord", "ase@fjordbyen.example"]),
        (3, ["Jørn Bærheim", "Havnegata 2", "jorn@rodekors.example"]),
    ]


def test_a_title_above_the_headings_is_passed_over():
    table = read(sample("title_above_headings.csv"))
    assert table.header == ["Fornavn", "Etternavn", "E-post"]
    assert table.rows == [(4, ["Åse", "Østbø", "ase@fjordbyen.example"])]


def test_a_list_without_headings_is_read_by_what_the_cells_hold():
    table = read(sample("no_headings.csv"))
    assert table.header == ["Kolonne A", "Kolonne B", "Kolonne C"]
    assert [number for number, _cells in table.rows] == [1, 2]
    assert suggested(table.header, table.rows) == ["name", "email", "phone"]
    assert len(table.notes) == 1


def test_short_and_blank_rows_are_no_trouble():
    table = read(b"Navn;E-post;Tlf\n\nKari\n ; ;\nOla;o@x.example\n")
    assert table.rows == [(3, ["Kari", "", ""]), (5, ["Ola", "o@x.example", ""])]


def test_invisible_characters_are_taken_out_and_told():
    table = read("Navn;E-post\nKari\u202e\u200b Nord\x07mann;k@x.example\nOla\xa0 Li;o@x.example\n".encode())
    assert table.rows == [(2, ["Kari Nordmann", "k@x.example"]), (3, ["Ola Li", "o@x.example"])]
    assert [note for note in table.notes if note.endswith(": 2.")] == table.notes != []


def test_a_joiner_stays_because_persian_names_need_it():
    assert read("Navn;E-post\nعلی\u200cرضا;a@x.example\n".encode()).rows[0][1][0] == "علی\u200cرضا"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "tom"),
        (b" \r\n\t\n", "tom"),
        (b"\xef\xbb\xbf", "tom"),
        (sample("picture_named_list.csv"), "bilde"),
        (b"\xff\xd8\xff\xe0JFIF", "bilde"),
        (b"GIF89a" + b"\x01" * 50, "bilde"),
        (b"\x00\x00\x00\x18ftypheic" + b"\0" * 40, "bilde"),
        (b"BM\x36\x00\x0c\x00\x00\x00\x00\x00", "bilde"),
        (b"%PDF-1.7\n...", "PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "Excel"),
        (b"\x1f\x8b\x08\x00", "komprimert"),
        (b"PK\x03\x04 and no more", "skadet"),
        (b"\x7fELF\x02\x01\x01" + bytes(range(256)) * 4, "verken"),
        (b"<!DOCTYPE html><html><body>Logg inn</body></html>", "nettside"),
        (sample("only_headings.csv"), "overskrifter"),
        (b'Navn;E-post\n"Kari;k@x.example\n', "Rad 2"),
        (b'Navn;E-post\nOla;o@x.example\n"Kari"x;k@x.example\n', "Rad 3"),
    ],
)
def test_what_is_no_list_is_refused_with_a_plain_reason(data, reason):
    with pytest.raises(NotAList, match=reason):
        read(data)


def test_a_cell_of_ten_megabytes_is_refused_with_its_row():
    with pytest.raises(NotAList, match="Rad 3"):
        read(b"Navn;E-post\nKari;k@x.example\nOla;" + b"x" * 10_000_000)
    with pytest.raises(NotAList, match="Rad 3"):
        read(b'Navn;E-post\nKari;k@x.example\nOla;"' + b"x\n" * 5_000_000 + b'"')


def test_the_limits_are_exact():
    head = b"Navn;E-post\n"
    assert len(read(head + b"Kari;x\n" * MOST_ROWS).rows) == MOST_ROWS
    assert read(head + b"K" * MOST_CELL + b";x").rows == [(2, ["K" * MOST_CELL, "x"])]
    assert len(read(head + b";" * (MOST_COLUMNS - 1) + b"x").header) == MOST_COLUMNS
    for data in (
        head + b"Kari;x\n" * (MOST_ROWS + 1),
        head + b"K" * (MOST_CELL + 1) + b";x",
        head + b";" * MOST_COLUMNS + b"x",
        head + b"x" * MOST_BYTES,
    ):
        with pytest.raises(NotAList):
            read(data)


def read_or_refused(step):
    """Rows as wide as the header, or a reason in words; any other exception is the failure this looks for."""
    try:
        table = step()
    except NotAList:
        return
    assert table.rows
    assert {len(cells) for _number, cells in table.rows} == {len(table.header)}
    assert all("\x00" not in cell for _number, cells in table.rows for cell in cells)


@given(st.binary(max_size=400))
@example(b"\xff\xfe")
@example(b"\xff\xfea")
@example(b"sep=")
@example(b'sep="\n')
@example(b"PK\x05\x06" + b"\0" * 18)
@example(b"BEGIN:VCARD")
@example(b"BEGIN:VCARD\nADR:\\\nEND:VCARD")
def test_any_bytes_become_rows_or_a_reason(data):
    read_or_refused(lambda: read(data))


LINES = st.lists(
    st.sampled_from(['"', ";", ",", "\n", "\r", "\t", "a@b.no", "Navn", "sep=", "'", "\u202e", "ø", "<", ">"])
)


@given(LINES.map("".join))
def test_any_text_becomes_rows_or_a_reason(text):
    read_or_refused(lambda: read(text.encode()))
    read_or_refused(lambda: read_pasted(text))


CARD = st.sampled_from(
    [
        "BEGIN:VCARD",
        "END:VCARD",
        "FN:Kari",
        "N;CHARSET=X;ENCODING=QUOTED-PRINTABLE:=C3=",
        "=",
        " x",
        ":",
        ";",
        "ADR:a\\;b;c",
    ]
)


@given(st.lists(CARD).map(lambda lines: "\n".join(["BEGIN:VCARD", *lines])))
def test_any_lines_of_a_vcard_become_rows_or_a_reason(text):
    read_or_refused(lambda: read(text.encode()))


@given(st.data())
def test_a_workbook_damaged_anywhere_becomes_rows_or_a_reason(data):
    whole = workbook(["Navn", "E-post"], ["Kari", "k@x.example"])
    at = data.draw(st.integers(0, len(whole) - 1))
    damaged = whole[:at] + data.draw(st.binary(min_size=1, max_size=6)) + whole[at + 1 :]
    read_or_refused(lambda: read(damaged))


def test_pasted_cells_of_a_spreadsheet_are_a_list_with_headings():
    table = read_pasted("Navn\tE-post\nKari\tk@x.example\n")
    assert (table.header, table.rows) == (["Navn", "E-post"], [(2, ["Kari", "k@x.example"])])


def test_a_plain_listing_is_read_by_the_same_way():
    assert read(listed(["Navn"], ["Kari"])).rows == [(2, ["Kari"])]
