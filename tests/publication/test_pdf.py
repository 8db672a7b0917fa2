"""The PDF: archivable, accessible, reproducible, and whatever is written in minutes stays text."""

import datetime as dt
import io
import re

import pypdf
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from minutes.publication.pdf import render

HASH = "ab" * 32


def facts(**changes):
    """A document as approval freezes it."""
    event = {
        "uid": "9d3bfa52-55a5-4d1c-8d3a-1f6c2f6a5a11",
        "title": "Samarbeidsforum i høst",
        "kind": "dialogue",
        "format": "",
        "language": "nb",
        "purpose": "Å bli kjent.",
        "starts_at": "2026-11-10T16:00:00Z",
        "ends_at": "2026-11-10T18:00:00Z",
        "time_zone": "Europe/Oslo",
        "vague_from": "",
        "vague_precision": "",
        "place": "Sandefjord rådhus, Møterom 3",
        "chair": "Kari Koordinator",
        "hosts": ["Sandefjord kommune"],
    }
    return {
        "schema": "moteplass/minutes/1",
        "tenant": "Sandefjord kommune",
        "event": {**event, **changes.pop("event", {})},
        "minute_taker": "Mina Referent",
        "attendance": {
            "people": [
                {"name": "Amina Accepted", "organisation": "Moskeen", "kind": "faith", "status": "present"}
            ],
            "headcounts": [{"organisation": "Skoleklasse", "count": 22}],
            "present": [{"kind": "faith", "count": 1}],
        },
        "items": [{"title": "Velkommen", "notes": "## Om lys\n\n**Vel** møtt\n\n- en\n- to"}],
        "decisions": [{"item": "Velkommen", "text": "Vi møtes igjen."}],
        "actions": [{"item": "", "text": "Ring", "owner": "Amina Accepted", "due_on": "2027-01-15"}],
        "measure_updates": [
            {
                "item": "",
                "text": "I gang.",
                "plan": "Plan",
                "measure": 3,
                "title": "Forum",
                "phase": "under_way",
            }
        ],
        "version": {"number": 1, "approved_at": "2026-11-20T09:30:00Z", "approved_by": "Kari Koordinator"},
        **changes,
    }


def words_of(pdf):
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in pages))


def lang_of(reader):
    return reader.root_object["/Lang"]


def test_the_same_facts_are_the_same_bytes():
    assert render(facts(), "nb", sha256=HASH) == render(facts(), "nb", sha256=HASH)


def test_it_claims_to_be_archivable_and_accessible():
    xmp = render(facts(), "nb", sha256=HASH)
    for claim in (
        b"<pdfaid:part>2</pdfaid:part>",
        b"<pdfaid:conformance>A</pdfaid:conformance>",
        b"<pdfuaid:part>1</pdfuaid:part>",
    ):
        assert xmp.count(claim) == 1


@pytest.mark.parametrize("language", ["nb", "en"])
def test_title_language_and_date_are_set(language):
    reader = pypdf.PdfReader(io.BytesIO(render(facts(), language, sha256=HASH)))
    assert lang_of(reader) == language
    about = reader.metadata
    assert about is not None
    assert str(about.title).endswith(": Samarbeidsforum i høst")
    assert about.creation_date == dt.datetime(2026, 11, 20, 9, 30, tzinfo=dt.UTC)


def test_headings_lists_and_tables_are_tagged():
    pdf = render(facts(), "nb", sha256=HASH)
    tags = re.findall(rb"/S/([A-Za-z0-9]+)[/\s]", pdf)
    assert {b"Title", b"H1", b"H2", b"H3", b"Table", b"TH", b"TD", b"L", b"LI", b"Caption"} <= set(tags)


def test_every_page_names_the_version_and_its_hash():
    many = [{"title": f"Sak {n}", "notes": "tekst\n\n" * 10} for n in range(12)]
    pages = pypdf.PdfReader(io.BytesIO(render(facts(items=many), "nb", sha256=HASH))).pages
    assert len(pages) > 2
    assert [HASH in page.extract_text() for page in pages] == [True] * len(pages)


def test_everything_written_is_in_it():
    words = words_of(render(facts(), "en", sha256=HASH))
    for text in (
        "Amina Accepted Moskeen Present",
        "Skoleklasse 22",
        "23 people present",
        "Om lys",
        "Vel møtt",
        "Vi møtes igjen.",
        "Ring",
        "15 January 2027",
        "Measure 3: Forum",
        "Under way",
        "I gang.",
        "17:00–19:00",
        "Page 1 of",
    ):
        assert text in words


@pytest.mark.parametrize("language", ["nb", "en"])
def test_a_draft_says_so_on_every_page(language):
    draft = facts(items=[{"title": f"Sak {n}", "notes": "tekst\n\n" * 10} for n in range(12)])
    del draft["version"]
    from django.utils import translation

    with translation.override(language):
        word = translation.gettext("DRAFT – not approved")
    pages = pypdf.PdfReader(io.BytesIO(render(draft, language))).pages
    assert [word in page.extract_text() for page in pages] == [True] * len(pages)


def test_an_approved_version_does_not_say_draft():
    assert "DRAFT" not in words_of(render(facts(), "en", sha256=HASH))


def test_a_vague_date_never_becomes_a_day():
    vague = {"starts_at": "", "ends_at": "", "vague_from": "2014-10-01", "vague_precision": "month"}
    words = words_of(render(facts(event=vague), "en", sha256=HASH))
    assert ("October 2014" in words, "1 October 2014" in words) == (True, False)


HOSTILE = [
    "#let x = 1; #x",
    '#read("/etc/passwd") #sys.inputs',
    "$ sum_(k=0)^n k $",
    "\\ \\u{41} \\n",
    "<script>alert(1)</script>",
    "@ref <label> = Heading",
    "```typ #x```",
    "“sitat” – tankestrek … '",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text(text):
    places = facts(
        event={"title": text, "purpose": text},
        items=[{"title": text, "notes": ""}],
        decisions=[{"item": text, "text": text}],
        actions=[{"item": "", "text": text, "owner": text, "due_on": ""}],
    )
    words = words_of(render(places, "nb", sha256=HASH)).replace(" ", "")
    assert words.count(text.replace(" ", "")) == 7


def test_notes_are_text_beyond_the_markdown_subset():
    notes = "#let x = 1 $x^2$ <script>x</script> ![b](https://x.example/y.png) `kode`"
    words = words_of(render(facts(items=[{"title": "x", "notes": notes}]), "nb", sha256=HASH))
    assert "#let x = 1 $x^2$ <script>x</script> !b `kode`" in words


def test_characters_no_font_has_are_spelled_out_and_the_rest_is_untouched():
    pdf = render(facts(decisions=[{"item": "", "text": "Ja 😀 漢 \ue000 ferdig"}]), "nb", sha256=HASH)
    assert "Ja [U+1F600] [U+6F22] [U+E000] ferdig" in words_of(pdf)
    assert b"<pdfaid:conformance>A</pdfaid:conformance>" in pdf


def test_letters_of_the_nordic_and_sami_languages_are_drawn():
    letters = "ÆØÅæøå ÄÖäö Ðð Þþ Čč Đđ Ŋŋ Šš Ŧŧ Žž Áá"
    assert letters in words_of(render(facts(decisions=[{"item": "", "text": letters}]), "nb", sha256=HASH))


def test_arabic_and_hebrew_need_no_spelling_out():
    words = words_of(
        render(facts(decisions=[{"item": "", "text": "محمد שלום \u202eabc"}]), "nb", sha256=HASH)
    )
    assert "U+" not in words


def test_ten_thousand_letters_in_one_word_are_all_there():
    words = words_of(render(facts(items=[{"title": "x", "notes": "å" * 10_000}]), "nb", sha256=HASH))
    assert words.count("å") >= 10_000


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(max_size=200), st.text(max_size=200))
@example("\x00\x07\ud800", "\ufffe\U0010ffff\U000e0041")
@example("> " * 60, "[" * 50)
@example("1. " * 30, "999999999. x")
def test_any_text_gives_a_pdf(line, notes):
    pdf = render(
        facts(
            event={"title": line, "place": line},
            items=[{"title": line, "notes": notes}],
            decisions=[{"item": line, "text": notes}],
        ),
        "nb",
        sha256=HASH,
    )
    assert pdf.startswith(b"%PDF-1.7")
