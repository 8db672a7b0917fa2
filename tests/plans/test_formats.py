"""The same plan in every kind of file is the same plan, fact by fact; what is not understood is shown."""

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from events.plans.importing import completed, import_plan
from events.plans.loading import NotReadable
from events.plans.models import Measure, Plan, Responsibility
from events.plans.reading import read
from events.plans.written.formats import of_file, of_text
from tests.imports.kit import cell, sheet, workbook
from tests.plans.kit import (
    FORMATS,
    as_csv,
    as_text,
    docx,
    facts_of,
    paragraph,
    sandefjord_data,
    table,
)


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def written(name):
    return of_file(name, FORMATS[name](sandefjord_data()))


@pytest.mark.parametrize("name", FORMATS)
def test_every_fact_of_the_real_plan_survives_each_kind_of_file(name):
    found = written(name)
    assert found.unread == []
    assert facts_of(found.data) == facts_of(sandefjord_data())


def test_every_fact_survives_being_pasted():
    assert facts_of(of_text(as_text(sandefjord_data())).data) == facts_of(sandefjord_data())


@pytest.mark.parametrize("name", FORMATS)
def test_another_kind_of_file_of_the_same_plan_changes_nothing(sandefjord, name):
    import_plan(sandefjord_data(), tenant=sandefjord)
    again = import_plan(written(name).data, tenant=sandefjord)
    assert (again.created, again.changed, again.kept, again.errors) == ([], [], [], [])
    assert again.unchanged == 1 + 4 + 18


def test_the_first_import_of_a_document_is_the_whole_plan(sandefjord):
    result = import_plan(written("plan.docx").data, tenant=sandefjord)
    assert result.errors == []
    assert Measure.objects.of(sandefjord).count() == 18
    assert Plan.objects.of(sandefjord).get().state == "adopted"
    leads = Responsibility.objects.of(sandefjord).filter(position=1, name_as_written__contains="politi")
    assert sorted(leads.values_list("measure__number", flat=True)) == [2, 10, 13]


def text_plan(*lines):
    return of_text("\n".join(["Innsatsområde 1: Dialog", "Tiltak 1: Møter", *lines]))


def the_measure(found):
    [row] = found.data["plan"]["measures"]
    return row


def test_lines_below_a_measure_are_its_description():
    found = text_plan(
        "Ansvar for utføring: Larvik kommune", "Kommunen holder dialogmøter.", "To ganger i året."
    )
    assert the_measure(found)["description"] == "Kommunen holder dialogmøter.\nTo ganger i året."
    assert found.unread == []


def test_what_is_not_understood_is_shown_with_its_line():
    found = of_text(
        "Sandefjord, mai 2015\n\nInnsatsområde 1: Dialog\nTiltak 1: Møter\nAnsvar for utføring: A"
    )
    assert [(each.line, each.text) for each in found.unread] == [(1, "Sandefjord, mai 2015")]


def test_a_label_alone_takes_the_lines_below_it():
    row = the_measure(text_plan("Ansvar for oppfølging:", "Larvik kommune (kultur, idrett og fritid)", "NAV"))
    assert row["label"] == "O"
    assert row["responsible"] == [{"body": "Larvik kommune", "unit": "kultur, idrett og fritid"}, "NAV"]


def test_both_labels_in_one_measure_are_kept_body_by_body():
    found = text_plan("Ansvar for utføring: Larvik kommune", "Ansvar for oppfølging: NAV")
    [measure] = facts_of(completed(found.data, owner="Larvik kommune")).measures
    assert [(body.name, body.label or measure.label) for body in measure.bodies] == [
        ("Larvik kommune", "U"),
        ("NAV", "O"),
    ]


def test_helpers_are_taken_apart_from_the_responsible():
    row = the_measure(
        text_plan("Ansvar: A, B (skole med SFO) med C i samarbeid med D, E og andre relevante aktører")
    )
    assert row["responsible"] == ["A", {"body": "B", "unit": "skole med SFO"}]
    assert (row["with"], row["in_cooperation_with"]) == (["C"], ["D", "E"])
    assert row["others"] == "andre relevante aktører"


@pytest.mark.parametrize(
    "deadline", ["høsten 2016", "autumn 2016", "3. kvartal 2016", "oktober 2016", "1.10.2016"]
)
def test_a_deadline_in_words_is_as_vague_as_it_is_written(deadline):
    if deadline.startswith("3. kv"):
        reading = read(completed(text_plan("Ansvar: A", f"Frist: {deadline}").data, owner="A"))
        assert "“deadline” must be a date" in reading.errors[0]
        return
    [measure] = facts_of(completed(text_plan("Ansvar: A", f"Frist: {deadline}").data, owner="A")).measures
    assert measure.deadline.words()


MISTAKES = {
    "two leads": (["Hovedansvarlig: A, B"], "a measure has one lead, and 2 are named"),
    "another lead": (["Hovedansvarlig: B", "Ansvar: A, B"], "“B” is named as the lead, but “A” stands first"),
    "unknown label": (["Ansvar for kaffe: A"], "must be U, O or F, not “Ansvar for kaffe”"),
    "no date": (
        ["Ansvar: A", "Frist: snarest"],
        "line 2, measure 1: “deadline” must be a date, not “snarest”",
    ),
    "no lead": ([], "“responsible” must be a list"),
    "twice": (["Ansvar: A", "Tiltak 1: Igjen", "Ansvar: A"], "measure 1 stands in the file twice"),
    "national": (["Ansvar: A", "Nasjonalt tiltak: mange"], "“national_measure” must be a whole number"),
    "flag": (["Ansvar: A", "Gjelder enkeltpersoner: kanskje"], "true or false"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_in_a_text_is_told_with_its_place(mistake):
    lines, words = MISTAKES[mistake]
    reading = read(completed(text_plan(*lines).data, owner="Larvik kommune"))
    assert reading.plan is None
    assert any(words in error for error in reading.errors), reading.errors


HEAD = ["Innsatsområde", "Nr", "Tiltak", "Ansvarlig"]


def test_a_mistake_in_a_table_names_its_row():
    data = of_file("x.xlsx", workbook(HEAD, ["Dialog", 1, "Møter", "A"], ["Dialog", "to", "Kurs", "A"])).data
    assert read(completed(data, owner="A")).errors[0].startswith("row 3, measure to: “no” must be")


def test_a_merged_cell_holds_for_the_rows_below_it():
    data = of_file(
        "x.xlsx", workbook(HEAD, ["Dialog", 1, "Møter", "A"], [None, 2, "Kurs", "A"], ["Skole", 3, "X", "A"])
    ).data
    areas = facts_of(completed(data, owner="A")).areas
    assert [(area.number, area.title, area.measures) for area in areas] == [
        (1, "Dialog", (1, 2)),
        (2, "Skole", (3,)),
    ]


def test_merged_cells_of_a_document_hold_for_the_rows_below_them():
    start = f'<w:tc><w:tcPr><w:vMerge w:val="restart"/></w:tcPr>{paragraph("Dialog")}</w:tc>'
    on = f"<w:tc><w:tcPr><w:vMerge/></w:tcPr>{paragraph('Skjult')}</w:tc>"
    wide = f'<w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr>{paragraph("Skole")}</w:tc>'
    found = of_file(
        "x.docx", docx(table(HEAD, [start, "1", "Møter", "A"], [on, "2", "Kurs", "A"], [wide, "3", "?"]))
    )
    assert [row["title"] for row in found.data["plan"]["measures"]] == ["Møter", "Kurs", "3"]
    assert found.data["plan"]["focus_areas"][0]["measures"] == [1, 2]
    assert read(completed(found.data, owner="A")).plan is None  # the wide cell leaves no number for the third


def test_a_formula_counts_as_what_it_shows_and_an_error_in_it_is_refused():
    heading = "".join(cell(f"{letter}1", words) for letter, words in zip("ABCD", HEAD, strict=True))
    row = cell("A2", "Dialog") + '<c r="B2"><f>1+1</f><v>2</v></c>' + cell("C2", "Møter") + cell("D2", "A")
    book = sheet(f'<row r="1">{heading}</row><row r="2">{row}</row>')
    assert of_file("x.xlsx", book).data["plan"]["measures"][0]["no"] == 2
    with pytest.raises(NotReadable, match="Row 2: a formula gives an error"):
        of_file("x.xlsx", workbook(HEAD, ["Dialog", 1, "#REF!", "A"]))


def test_a_column_nobody_knows_is_shown_and_two_of_one_kind_are_refused():
    found = of_file("x.csv", b"Nr;Tiltak;Ansvarlig;Budsjett\n1;M\xc3\xb8ter;A;100")
    assert [(each.line, each.text) for each in found.unread] == [(1, "Budsjett")]
    with pytest.raises(NotReadable, match="two columns mean the same"):
        of_file("x.csv", b"Nr;Tiltak;Tittel\n1;a;b")


def test_a_file_without_focus_areas_puts_all_measures_in_one_and_says_so():
    found = of_file("x.csv", "Nr;Tiltak;Ansvarlig\n1;Møter;A\n2;Kurs;A".encode())
    assert len(found.notes) == 1
    assert [area.measures for area in facts_of(completed(found.data, owner="A")).areas] == [(1, 2)]


def test_three_hundred_measures_are_read_and_imported(sandefjord):
    rows = [f"Dialog;{n};Tiltak nummer {n};Sandefjord kommune" for n in range(1, 301)]
    data = of_file("x.csv", "\n".join([";".join(HEAD), *rows]).encode()).data
    result = import_plan(completed(data, owner="Sandefjord kommune"), tenant=sandefjord)
    assert (result.errors, Measure.objects.of(sandefjord).count()) == ([], 300)


def test_more_measures_than_any_plan_has_are_refused():
    rows = [f"Dialog;{n};T;A" for n in range(1, 1003)]
    data = of_file("x.csv", "\n".join([";".join(HEAD), *rows]).encode()).data
    assert any("more than 1000 measures" in error for error in read(completed(data, owner="A")).errors)


BOMB = f'<!DOCTYPE d [<!ENTITY a "{"x" * 1000}">]><w:document xmlns:w="http://x">&a;</w:document>'


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.docx", docx(document=BOMB), "damaged"),
        ("a.docx", docx(document="<w:document"), "damaged"),
        ("a.docx", docx(document=" " * 21_000_000), "far larger inside"),
        ("a.docx", docx(paragraph("Møte")), "No measure is found"),
        ("a.docx", b"PK\x03\x04rubbish", "damaged"),
        ("a.txt", b"\x89PNG\r\n\x1a\n\x00", "picture"),
        ("a.pdf", b"%PDF-1.7", "PDF"),
        ("a.csv", b"x" * 10_000_001, "larger than 10 MB"),
        ("a.csv", b"  \n ", "empty"),
        ("a.csv", b'Nr;Tiltak\n1;"a', "quotation mark"),
    ],
)
def test_a_file_that_is_no_plan_is_refused_in_words(name, content, words):
    with pytest.raises(NotReadable, match=words):
        of_file(name, content)


def whatever_comes(name, content):
    """Either a clear refusal, or something that is read or refused in words; never anything else."""
    try:
        found = of_file(name, content)
    except NotReadable as error:
        refused = str(error)
        assert refused != ""
        return
    reading = read(completed(found.data, owner="Larvik kommune"))
    assert reading.plan or all(reading.errors)


@given(st.sampled_from(["a.yaml", "a.csv", "a.xlsx", "a.docx", "a"]), st.binary(max_size=300))
def test_any_bytes_give_a_plan_or_a_clear_refusal(name, content):
    whatever_comes(name, content)


@given(st.sampled_from(["plan.xlsx", "plan.docx", "plan.csv", "plan.txt"]), st.data())
def test_a_real_file_with_any_byte_changed_gives_a_plan_or_a_clear_refusal(name, data):
    content = bytearray(FORMATS[name](sandefjord_data()))
    for _ in range(3):
        place = data.draw(st.integers(0, len(content) - 1))
        content[place] = data.draw(st.integers(0, 255))
    whatever_comes(name, bytes(content))


@given(st.text(max_size=200))
def test_any_words_below_a_measure_are_read_or_refused(words):
    whatever_comes(
        "a.txt", f"Innsatsområde 1: Dialog\nTiltak 1: Møter\nAnsvar: A\n{words}".encode("utf-8", "replace")
    )


def test_a_table_separated_by_commas_in_windows_letters_is_read():
    content = as_csv(sandefjord_data(), separator=",", encoding="cp1252")
    assert len(of_file("x.csv", content).data["plan"]["measures"]) == 18
