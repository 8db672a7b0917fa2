"""The short code of a letter."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.tokens import new_nonce
from invites.invitations.lettering import codes
from invites.invitations.models import Invitation


def invitation():
    row = Invitation()
    row.seal()
    codes.seal(row)
    return row


def test_a_code_is_eight_signs_without_look_alikes():
    for _ in range(200):
        assert re.fullmatch(
            r"[2-9ACDEFGHJKMNPQRTUVWXY]{4}-[2-9ACDEFGHJKMNPQRTUVWXY]{4}", codes.code_of(invitation())
        )
    assert len(set(codes.ALPHABET)) == 28
    assert not set("0O1ILBSZ") & set(codes.ALPHABET)


def test_every_sign_of_the_alphabet_occurs():
    signs = "".join(codes.code_of(invitation()) for _ in range(400)).replace("-", "")
    assert set(signs) == set(codes.ALPHABET)


def test_the_same_row_has_the_same_code_and_another_row_another():
    row, other = invitation(), invitation()
    assert codes.code_of(row) == codes.code_of(row) != codes.code_of(other)


def test_the_code_tells_nothing_of_the_link_and_the_hash_nothing_of_the_code():
    row = invitation()
    code = codes.code_of(row).replace("-", "")
    assert code.lower() not in row.token
    assert row.code_hash not in (row.token_hash, row.reply_hash)
    assert code not in row.code_hash.upper()


def test_a_thief_of_the_database_cannot_try_codes_without_the_key(settings):
    row = invitation()
    typed = codes.code_of(row)
    settings.SECRET_KEY = "another key, that is long enough to pass"
    assert row.code_hash not in codes.hashes(typed)


def test_a_code_lives_through_a_change_of_the_servers_key(settings):
    row, old = invitation(), settings.SECRET_KEY
    typed = codes.code_of(row)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another key, that is long enough to pass", [old]
    assert codes.code_of(row) == typed
    assert row.code_hash in codes.hashes(typed)


def test_a_code_taken_by_another_row_is_made_anew_and_found_again():
    row = invitation()
    first = codes.code_of(row)
    codes.seal(row, attempt=2)
    assert codes.code_of(row) != first
    assert row.code_hash in codes.hashes(codes.code_of(row))


def test_a_row_without_a_code_has_none_to_print():
    row = Invitation(nonce=new_nonce())
    with pytest.raises(LookupError):
        codes.code_of(row)


@pytest.mark.parametrize(
    "change", [str.lower, lambda c: c.replace("-", ""), lambda c: f"  {c} ", lambda c: " ".join(c)]
)
@pytest.mark.parametrize("dash", ["-", "–", " ", "\u00a0-"])
def test_however_a_code_is_typed_it_is_recognised(change, dash):
    row = invitation()
    assert codes.hashes(change(codes.code_of(row).replace("-", dash))) == [row.code_hash]


@given(st.text(codes.ALPHABET, min_size=8, max_size=8))
def test_look_alikes_are_read_as_what_was_printed(code):
    seen = code.translate(str.maketrans({"8": "B", "5": "S", "2": "Z", "Q": "0"}))
    assert codes.hashes(seen) == codes.hashes(code)


@given(st.text(max_size=200))
def test_whatever_is_typed_is_looked_up_and_what_is_no_code_is_never_one(typed):
    (found,) = codes.hashes(typed)
    assert len(found) == 64
    bare = [sign for sign in typed[:100].upper() if sign.isalnum()]
    if len(bare) != 8:
        assert [found] == codes.hashes("")
