"""RFC 5545, section 3.1 and 3.3.11: what we write, others read back as it was meant."""

import icalendar
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from events.calendar import lines

ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)


def read_back(value: str) -> str:
    octets = lines.content("BEGIN:VEVENT", f"SUMMARY:{lines.text(value)}", "END:VEVENT")
    return str(icalendar.Event.from_ical(octets)["SUMMARY"])


@given(ANY_TEXT)
@example("Møte; med, komma \\ og\nlinje")
@example("å" * 200)
@example("😀" * 60)
def test_no_line_is_longer_than_75_octets_and_none_splits_a_character(value):
    octets = lines.content(f"SUMMARY:{lines.text(value)}")
    for line in octets.removesuffix(b"\r\n").split(b"\r\n"):
        assert len(line) <= 75
        line.decode()


@given(ANY_TEXT)
def test_unfolding_gives_the_line_back(value):
    line = f"SUMMARY:{lines.text(value)}"
    assert lines.content(line).replace(b"\r\n ", b"") == line.encode() + b"\r\n"


@given(st.text(st.characters(categories=["L", "N", "P", "Zs", "So"]), max_size=200))
@example("a;b,c\\n\\N:d")
def test_icalendar_reads_a_text_back(value):
    assert read_back(value) == value


def test_line_ends_of_every_kind_are_kept_as_one():
    assert lines.text("a\nb\r\nc\rd\u2028e\x85f") == "a\\nb\\nc\\nd\\ne\\nf"


@pytest.mark.parametrize("control", ["\x00", "\x07", "\x08", "\x1b", "\x7f", "\x80", "\ufeff", "\ud800"])
def test_control_characters_are_dropped(control):
    assert lines.text(f"a{control}b") == "ab"
    assert lines.quoted(f"a{control}b") == '"ab"'
    assert lines.uri(f"https://a{control}b") == "https://ab"


def test_a_parameter_cannot_break_out_of_its_quotes():
    assert lines.quoted('Ola "X":mailto:evil@x.example\r\nATTENDEE:x') == (
        "\"Ola 'X':mailto:evil@x.example ATTENDEE:x\""
    )


def test_an_address_cannot_begin_a_line_of_its_own():
    assert lines.uri("https://a.example/\r\nATTENDEE:mailto:x") == "https://a.example/ATTENDEE:mailto:x"
    assert lines.mailto("o'brien+x@a.example") == "mailto:o'brien+x@a.example"
