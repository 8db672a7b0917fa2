"""Approved minutes are for good, so whatever they hold must come out as a PDF."""

import pytest

from minutes.publication.pdf import render
from minutes.records.document import document
from minutes.records.prose import to_blocks
from tests.records import scene

HOSTILE = [
    "#panic(1) $x$ \\ `a` <lab> @ref // */",
    "[a](http://" + "x" * 9000 + ")",
    "a" * 50_000,
    "pasted from a spreadsheet:\ufeff 3",
    "\u202eabc\u2066\u200b\u00ad\ue000\U0001f600",
    "> " * 60 + "a",
    "> - " * 25 + "a",
    "1. > - " * 15 + "**_a_**",
]


@pytest.mark.parametrize("notes", HOSTILE, ids=lambda notes: repr(notes[:12]))
def test_no_notes_keep_minutes_from_becoming_a_pdf(notes, sandefjord, mina):
    facts = document(scene.opened(sandefjord, mina))
    facts["items"] = [{"title": "Sak", "notes": notes}]
    facts["decisions"] = [{"item": "", "text": notes[:5000]}]
    assert render(facts, "nb").startswith(b"%PDF")


def test_quotes_and_lists_deeper_than_a_pdf_can_hold_lose_no_words():
    assert "innerst" in repr(to_blocks("> - " * 12 + "innerst"))
