"""A gzip body in pieces: any reader reads it, and one edit packs one piece anew."""

import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.calendar import packing

LINES = st.lists(
    st.tuples(st.integers(1, 300), st.binary(max_size=200)), max_size=40, unique_by=lambda one: one[0]
)


def pieces_of(parts):
    return list(packing.in_pieces(b"HEAD", parts, b"END"))


def plain(parts):
    return b"".join([b"HEAD", *(part for _n, part in parts), b"END"])


@given(LINES)
def test_every_reader_gets_the_text_back(parts):
    octets = packing.pack(pieces_of(parts)).octets
    assert gzip.decompress(octets) == plain(parts)
    one_member = zlib.decompressobj(zlib.MAX_WBITS | 16)  # a reader that stops after the first member
    assert (one_member.decompress(octets), one_member.unused_data) == (plain(parts), b"")


@given(LINES, LINES)
def test_what_was_packed_before_changes_no_byte(earlier, later):
    before = packing.pack(pieces_of(earlier))
    again = packing.pack(pieces_of(later), (before.octets, before.index))
    assert again == packing.pack(pieces_of(later))


@given(LINES, LINES)
def test_equal_texts_alone_have_equal_hashes(some, others):
    same = pieces_of(some) == pieces_of(others)
    assert (packing.pack(pieces_of(some)).etag == packing.pack(pieces_of(others)).etag) == same


@pytest.mark.parametrize("change", ["edited", "added", "removed"])
def test_one_change_packs_one_piece_anew(monkeypatch, change):
    parts = [(n, b"event %d\r\n" % n) for n in range(1, 1001)]
    before = packing.pack(pieces_of(parts))
    changed = {
        "edited": [(n, b"new\r\n" if n == 500 else part) for n, part in parts],
        "added": [*parts[:500], (1001, b"new\r\n"), *parts[500:]],
        "removed": [(n, part) for n, part in parts if n != 500],
    }[change]
    packed = []
    usual = packing._deflated
    monkeypatch.setattr(packing, "_deflated", lambda piece: packed.append(piece) or usual(piece))
    octets = packing.pack(pieces_of(changed), (before.octets, before.index)).octets
    assert (len(packed), gzip.decompress(octets)) == (1, plain(changed))
    assert len(pieces_of(parts)) == 16


@pytest.mark.parametrize("changed", [1, 500, 1000])
def test_a_change_in_any_piece_changes_the_hash(changed):
    parts = [(n, b"event %d\r\n" % n) for n in range(1, 1001)]
    other = [(n, b"new\r\n" if n == changed else part) for n, part in parts]
    assert packing.pack(pieces_of(parts)).etag != packing.pack(pieces_of(other)).etag
