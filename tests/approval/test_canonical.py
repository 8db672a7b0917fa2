"""Canonical JSON (RFC 8785): the same facts are the same bytes."""

import hashlib
import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minutes.approval.canonical import canonical, sha256

text = st.text(st.characters(exclude_categories=["Cs"]))
facts = st.dictionaries(
    text,
    st.recursive(
        st.none() | st.booleans() | st.integers(-(2**53), 2**53) | text,
        lambda inner: st.lists(inner) | st.dictionaries(text, inner),
        max_leaves=8,
    ),
)


def test_keys_are_sorted_as_the_rfc_says():
    # RFC 8785, 3.2.3: by UTF-16 code units, so a smiley (a surrogate pair, D83D) stands before U+FF21.
    keys = ["\u20ac", "\r", "\uff21", "1", "\U0001f600", "\u0080", "\u00f6"]
    names = list(json.loads(canonical(dict.fromkeys(keys, 0))))
    assert names == ["\r", "1", "\u0080", "\u00f6", "\u20ac", "\U0001f600", "\uff21"]


def test_there_are_no_spaces_and_letters_stay_letters():
    assert canonical({"b": [1, True, None], "a": 'ærlig\n\x07"\\/'}) == (
        '{"a":"ærlig\\n\\u0007\\"\\\\/","b":[1,true,null]}'
    )


def test_two_spellings_of_one_letter_are_the_same_text():
    assert canonical({"a\u030a": "a\u030a"}) == canonical({"\u00e5": "\u00e5"}) == '{"\u00e5":"\u00e5"}'


@pytest.mark.parametrize("value", [1.5, float("nan"), b"x", object(), {1: 2}])
def test_what_has_no_canonical_form_is_refused(value):
    with pytest.raises(TypeError):
        canonical({"x": value})


def test_the_hash_is_of_the_utf8_bytes():
    assert sha256("ø") == hashlib.sha256("ø".encode()).hexdigest()


@given(facts)
def test_order_of_keys_does_not_matter_and_reading_it_back_gives_the_same_text(given_facts):
    once = canonical(given_facts)
    assert canonical(dict(reversed(given_facts.items()))) == once or len(
        {unicodedata.normalize("NFC", key) for key in given_facts}
    ) < len(given_facts)
    assert canonical(json.loads(once)) == once
