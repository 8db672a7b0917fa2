"""What a plan's file may be."""

import pytest
from django.utils import translation

from events.plans.loading import MOST_BYTES, NotReadable, load

BOMB = "\n".join(
    ["a: &a [x]", *(f"{n}: &{n} [*{p}, *{p}]" for p, n in zip("abcdefg", "bcdefgh", strict=True))]
)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (BOMB, "2"),
        ("plan: [1, 2", "1"),
        ("a: 1\nb: 2\na: 3", "3"),
        ("1: one", "1"),
        ("[a]: one", "1"),
        ("plan: !!python/object/apply:os.system [ls]", "1"),
        ("[" * 2000, "deep"),
        ("a: {" * 30, "deep|YAML"),
        (b"\xff\xfe\x00", "UTF-8"),
        ("plan: \x00", "YAML"),
        ("x" * (MOST_BYTES + 1), "200"),
        ("one\n---\ntwo", "another document"),
        ("@", "1"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_with_its_place(source, words):
    with translation.override("en"), pytest.raises(NotReadable, match=words):
        load(source)


def test_words_mean_what_they_say():
    read = load(
        "{no: 1, yes: no, at: 17:00, on: 2015-04-14, n: 3, t: true, empty: , far: '7', big: 12345678901}"
    )
    assert read == {
        "no": 1,
        "yes": "no",
        "at": "17:00",
        "on": "2015-04-14",
        "n": 3,
        "t": True,
        "empty": None,
        "far": "7",
        "big": "12345678901",
    }


def test_mappings_know_their_line():
    assert load("# a comment\nplan:\n  - {no: 1}\n")["plan"][0].line == 3


def test_a_byte_order_mark_is_no_text():
    assert load("plan: 1".encode("utf-8-sig")) == {"plan": 1}
