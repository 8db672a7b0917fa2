"""XLSX: what cells show, and workbooks made to hurt."""

import io
import random
import struct
import time
import zipfile
from contextlib import suppress

import pytest

from events.directory.imports import workbook as looked_over
from events.directory.imports.problems import MOST_CELL, MOST_ROWS, NotAList
from events.directory.imports.reading import read
from tests.imports.kit import cell, sheet, workbook
from tools.bench.imports import FIXED, MAIN, package


def parts_of(data):
    with zipfile.ZipFile(io.BytesIO(data)) as source:
        return {name: source.read(name) for name in source.namelist()}


def zipped(parts, method=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as target:
        for name, content in parts.items():
            target.writestr(name, content)
    return out.getvalue()


def test_cells_become_what_the_sheet_shows():
    rows = (
        ["Navn", "Telefon", "Fra", "Verv"],
        ["Kari", 4790000001, "2026-03-01", 3.5],
        [None, None, None, None],
    )
    table = read(workbook(*rows))
    assert table.header == ["Navn", "Telefon", "Fra", "Verv"]
    assert table.rows == [(2, ["Kari", "4790000001", "2026-03-01", "3.5"])]


def test_a_telephone_number_kept_as_text_keeps_its_zeros():
    assert read(workbook(["Navn", "Telefon"], ["Kari", "004790000001"])).rows[0][1][1] == "004790000001"


def test_a_date_cell_becomes_a_day():
    parts = parts_of(workbook(["Navn", "Gyldig fra"], ["Kari", 46082]))
    parts["xl/styles.xml"] = (
        f'<styleSheet xmlns="{MAIN}"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>'
    )
    parts["xl/worksheets/sheet1.xml"] = parts["xl/worksheets/sheet1.xml"].replace(
        b'<c r="B2">', b'<c r="B2" s="1">'
    )
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    parts["xl/_rels/workbook.xml.rels"] = parts["xl/_rels/workbook.xml.rels"].replace(
        b"</Relationships>",
        f'<Relationship Id="rId3" Type="{office}/styles" Target="styles.xml"/></Relationships>'.encode(),
    )
    assert read(zipped(parts)).rows == [(2, ["Kari", "2026-03-01"])]


def test_rows_keep_the_numbers_the_sheet_shows():
    assert read(workbook(["Navn"], ["Kari"], first=4)).rows == [(5, ["Kari"])]


def test_the_first_sheet_that_holds_anything_is_read_and_the_others_are_named():
    fixed = dict(FIXED)
    rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    names = ("Forside", "Kontakter", "Gamle", "Tom")
    fixed["xl/workbook.xml"] = (
        f'<workbook xmlns="{MAIN}" xmlns:r="{rel}"><sheets>'
        + "".join(f'<sheet name="{name}" sheetId="{n}" r:id="rId{n}"/>' for n, name in enumerate(names, 1))
        + "</sheets></workbook>"
    )
    fixed["xl/_rels/workbook.xml.rels"] = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        + "".join(
            f'<Relationship Id="rId{n}" Type="{rel}/worksheet" Target="worksheets/{n}.xml"/>'
            for n in range(1, 5)
        )
        + "</Relationships>"
    )
    for n, rows in enumerate(("", "Kari", "Ola", ""), start=1):
        body = f'<row r="1">{cell("A1", "Navn")}</row><row r="2">{cell("A2", rows)}</row>' if rows else ""
        fixed[f"xl/worksheets/{n}.xml"] = (
            f'<worksheet xmlns="{MAIN}"><sheetData>{body}</sheetData></worksheet>'
        )
    table = read(zipped(fixed))
    assert table.rows == [(2, ["Kari"])]
    assert table.notes == ["Arket «Kontakter» er lest. Ikke lest: “Gamle”."]


def test_two_cells_in_opposite_corners_are_refused_before_the_parser_asks_for_550_gigabytes():
    with pytest.raises(NotAList):
        read(sheet(f'<row r="1">{cell("A1", 1)}</row><row r="20000">{cell("XFD20000", 1)}</row>'))
    with pytest.raises(NotAList, match="rader"):
        read(sheet(f'<row r="1">{cell("A1", 1)}</row><row r="1048576">{cell("XFD1048576", 1)}</row>'))


@pytest.mark.parametrize(
    "far",
    [
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
        "<row r='1'><c r='A1'><v>1</v></c><c r='&#88;&#70;&#68;1048576'><v>1</v></c></row>",
        '<row r="1"><c r="A1"><v>1</v></c><c s="1" r="XFD1048576"><v>1</v></c></row>',
        '<row r="1"><c r="A1"><v>1</v></c><c r="xfd1048576"><v>1</v></c></row>',
        '<x:row xmlns:x="'
        + MAIN
        + '" r="1"><x:c r="A1"><x:v>1</x:v></x:c><x:c r="XFD1048576"><x:v>1</x:v></x:c></x:row>',
    ],
)
def test_no_spelling_of_a_far_cell_gets_past(far):
    with pytest.raises(NotAList):
        read(sheet(far))


def test_a_far_sheet_in_another_encoding_or_under_another_name_is_refused_too():
    parts = parts_of(sheet(f'<row r="1">{cell("A1", 1)}{cell("XFD1048576", 1)}</row>'))
    body = parts["xl/worksheets/sheet1.xml"].decode().replace('encoding="UTF-8"', 'encoding="UTF-16"')
    with pytest.raises(NotAList):
        read(zipped(parts | {"xl/worksheets/sheet1.xml": body.encode("utf-16")}))
    moved = parts | {"xl/media/picture.png": parts["xl/worksheets/sheet1.xml"]}
    del moved["xl/worksheets/sheet1.xml"]
    moved["xl/_rels/workbook.xml.rels"] = moved["xl/_rels/workbook.xml.rels"].replace(
        b"worksheets/sheet1.xml", b"media/picture.png"
    )
    with pytest.raises(NotAList):
        read(zipped(moved))


def test_a_small_file_that_unpacks_to_much_is_not_opened():
    parts = parts_of(workbook(["Navn"], ["Kari"]))
    bomb = zipped(parts | {"xl/extra.xml": b" " * 70_000_000})
    assert len(bomb) < 100_000
    began = time.process_time()
    with pytest.raises(NotAList, match="større inni"):
        read(bomb)
    assert time.process_time() - began < 2


def test_a_directory_that_lies_about_sizes_is_found_out():
    parts = parts_of(workbook(["Navn"], ["Kari"]))
    data = bytearray(zipped(parts | {"xl/extra.xml": b" " * 70_000_000}))
    size = struct.pack("<L", 70_000_000)
    while (at := data.find(size)) >= 0:
        data[at : at + 4] = struct.pack("<L", 1_000)
    began = time.process_time()
    with pytest.raises(NotAList, match="skadet"):
        read(bytes(data))
    assert time.process_time() - began < 2


def test_millions_of_elements_are_refused_at_once():
    parts = parts_of(workbook(["Navn"], ["Kari"]))
    body = f'<worksheet xmlns="{MAIN}"><sheetData>{"<a/>" * 4_000_001}</sheetData></worksheet>'
    began = time.process_time()
    with pytest.raises(NotAList, match="for mye tekst"):
        read(zipped(parts | {"xl/worksheets/sheet1.xml": body}, zipfile.ZIP_STORED))
    assert time.process_time() - began < 2


def test_thousands_of_parts_and_names_that_occur_twice_are_refused():
    parts = parts_of(workbook(["Navn"], ["Kari"]))
    with pytest.raises(NotAList):
        read(zipped(parts | {f"xl/{n}.xml": "<a/>" for n in range(looked_over.MOST_PARTS)}))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as target:
        for name, content in parts.items():
            target.writestr(name, content)
        with pytest.warns(UserWarning, match="Duplicate"):
            target.writestr("xl/workbook.xml", "<a/>")
    with pytest.raises(NotAList, match="skadet"):
        read(out.getvalue())


def test_entities_that_grow_without_end_are_refused():
    laughs = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(8))
    parts = parts_of(workbook(["Navn"], ["Kari"]))
    texts = f'<!DOCTYPE sst [<!ENTITY l0 "ha">{laughs}]><sst xmlns="{MAIN}"><si><t>&l8;</t></si></sst>'
    with pytest.raises(NotAList):
        read(zipped(parts | {"xl/sharedStrings.xml": texts}))


def test_a_cell_of_ten_megabytes_is_refused_with_its_row():
    with pytest.raises(NotAList, match="Rad 3"):
        read(workbook(["Navn"], ["Kari"], ["x" * 10_000_000]))
    rows = '<row r="1"><c r="A1" t="s"><v>0</v></c></row><row r="7"><c r="A7" t="s"><v>1</v></c></row>'
    with pytest.raises(NotAList, match="Rad 7"):
        read(sheet(rows, ("Navn", "x" * 10_000_000)))


def test_a_long_text_of_many_short_pieces_is_long_too():
    pieces = "<si>" + "<r><t>ord </t></r>" * MOST_CELL + "</si>"
    rows = '<row r="1"><c r="A1" t="s"><v>0</v></c></row><row r="2"><c r="A2" t="s"><v>0</v></c></row>'
    data = package(
        f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>',
        f'<sst xmlns="{MAIN}">{pieces}</sst>',
    )
    with pytest.raises(NotAList, match="Rad 1"):
        read(data)


def test_one_text_in_a_million_cells_is_refused():
    """The parser copies a shared text into every cell: 4,000 letters in 90,000 cells are 360 MB from a small file."""
    line = "".join(f'<c r="{chr(65 + n)}{{0}}" t="s"><v>0</v></c>' for n in range(6))
    rows = "".join(f'<row r="{n}">{line.format(n)}</row>' for n in range(1, 15_001))
    with pytest.raises(NotAList, match="for mye tekst"):
        read(sheet(rows, ("x" * 4_000,)))


def test_one_long_note_among_many_cells_is_no_bomb():
    line = "".join(f'<c r="{chr(65 + n)}{{0}}" t="s"><v>{n % 2}</v></c>' for n in range(6))
    rows = "".join(f'<row r="{n}">{line.format(n)}</row>' for n in range(1, 8_001))
    end = '<row r="8001"><c r="A8001" t="s"><v>2</v></c></row>'
    assert len(read(sheet(rows + end, ("Navn", "kort", "x" * 4_000))).rows) == 8_000


def test_many_sheets_that_are_large_only_together_are_refused():
    """Each would pass; the parser holds all of them."""
    fixed = parts_of(workbook(["Navn"], ["Kari"]))
    wide = f'<row r="1">{cell("A1", 1)}</row><row r="19000">{cell("CV19000", 1)}</row>'
    far = f'<worksheet xmlns="{MAIN}"><sheetData>{wide}</sheetData></worksheet>'
    assert read(zipped(fixed | {"xl/worksheets/sheet2.xml": far})).rows
    with pytest.raises(NotAList, match="langt fra"):
        read(zipped(fixed | {"xl/worksheets/sheet2.xml": far, "xl/worksheets/sheet3.xml": far}))


def test_the_row_limit_holds_in_a_workbook():
    rows = [["Navn"], *[["Kari"]] * MOST_ROWS]
    assert len(read(workbook(*rows)).rows) == MOST_ROWS
    with pytest.raises(NotAList, match="rader"):
        read(workbook(*rows, ["Ola"]))


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("word/document.xml", "tekstdokument"),
        ("ppt/presentation.xml", "presentasjon"),
        ("content.xml", "OpenDocument"),
        ("xl/workbook.bin", "binær"),
        ("anything.txt", "komprimert"),
    ],
)
def test_other_packages_are_named(name, reason):
    with pytest.raises(NotAList, match=reason):
        read(zipped({name: "<a/>"}))


def test_a_workbook_with_a_password_of_the_archive_is_refused():
    data = bytearray(workbook(["Navn"], ["Kari"]))
    for sign, flag in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(sign)
        while at >= 0:
            data[at + flag] |= 1
            at = data.find(sign, at + 4)
    with pytest.raises(NotAList, match="passord"):
        read(bytes(data))


def test_an_empty_workbook_says_so():
    with pytest.raises(NotAList, match="tom"):
        read(sheet(""))


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_wrong_bytes_anywhere_in_a_workbook_are_a_damaged_workbook(method):
    whole = zipped(parts_of(workbook(["Navn"], ["Kari"])), method)
    chance = random.Random(1)
    for _time in range(200):
        content = bytearray(whole)
        content[chance.randrange(len(content))] = chance.randrange(256)
        with suppress(NotAList):
            read(bytes(content))
