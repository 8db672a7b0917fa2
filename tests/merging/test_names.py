"""When two names mean the same body."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.directory.merging.names import alike, keys, person, words
from events.directory.searching import fold

names = st.lists(
    st.text("abdefghiklmnoprstuvyøåæ-.,0123456789 ", min_size=1, max_size=14), min_size=1, max_size=5
).map(" ".join)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Sandefjord menighet", "SANDEFJORD  MENIGHET"),
        ("Sandefjord menighet", "Menigheten i Sandefjord"),
        ("Fjordbyen moské", "Fjordbyen moskeen"),
        ("Røde Kors Sandefjord", "Sandefjord Rode Kors"),
        ("Sandefjord menihget", "Sandefjord menighet"),
        ("Sandefjord mennighet", "Sandefjord menighet"),
        ("Sandefjord menighetsrad", "Sandefjord menighets råd"),
        ("Human-Etisk Forbund", "Human Etisk Forbundet"),
        ("Natteravnene", "Natteravnen"),
    ],
)
def test_one_body_under_two_names_is_recognised(one, other):
    assert alike(words(one), words(other))
    assert keys(words(one)) & keys(words(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Hol kommune", "Hof kommune"),
        ("Bydel 1", "Bydel 2"),
        ("Sandefjord menighet", "Larvik menighet"),
        ("Sandefjord kirke", "Sandefjord moské"),
        ("Øst politidistrikt", "Vest politidistrikt"),
        ("Politiet", "Politiet i Sandefjord"),
        ("", "Politiet"),
        ("–", "…"),
    ],
)
def test_two_bodies_are_not_taken_for_one(one, other):
    assert not alike(words(one), words(other))


@given(one=names, at=st.integers(0, 60), letter=st.sampled_from("abdeøx"))
def test_names_that_are_alike_always_share_a_key(one, at, letter):
    other = one[:at] + letter + one[at + 1 :]
    if alike(words(one), words(other)):
        assert keys(words(one)) & keys(words(other))
    assert alike(words(one), words(other)) == alike(words(other), words(one))


@given(names)
def test_a_name_is_like_itself_unless_it_says_nothing(name):
    assert alike(words(name), words(name)) == bool(words(name).stems)


def test_a_person_is_recognised_by_name_in_any_order():
    assert person(fold("Nordmann, Kari")) == person(fold("kari  NORDMANN")) != person(fold("Kari Nordman"))
