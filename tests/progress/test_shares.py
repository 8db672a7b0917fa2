"""The arithmetic of indicators: shares, movements, and what may be told of small counts."""

from decimal import Decimal
from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.gatherings.guestlist import FEW
from minutes.progress.indicators.shares import NoShare, Share, Told, Way, movements, share, told

D = Decimal
FIGURES = st.decimals(min_value=0, max_value=D("999999999999.99"), places=2)
COUNTS = st.integers(0, 60).map(Decimal)


@pytest.mark.parametrize(
    ("part", "whole", "percent"),
    [("22", "60", "36.7"), ("18", "100", "18.0"), ("0", "60", "0.0"), ("60", "60", "100.0")],
)
def test_copenhagens_shares(part, whole, percent):
    found = share(D(part), D(whole)).percent
    assert (found, str(found)) == (D(percent), percent)


def test_half_is_rounded_up():
    assert [share(D(n), D(2000)).percent for n in (1, 3, 5)] == [D("0.1"), D("0.2"), D("0.3")]


@pytest.mark.parametrize(
    ("whole", "why"), [(None, NoShare.NO_WHOLE), (D(0), NoShare.ZERO), (D("3.99"), NoShare.LARGER)]
)
def test_without_a_whole_there_is_no_share_and_a_reason(whole, why):
    assert share(D(4), whole) == Share(None, why)


def test_nothing_of_nothing_is_no_share():
    assert share(D(0), D(0)) == Share(None, NoShare.ZERO)


@given(FIGURES, FIGURES)
def test_a_share_is_the_nearest_tenth_of_a_percent_or_has_a_reason(part, whole):
    found = share(part, whole)
    if whole == 0 or part > whole:
        assert (found.percent, found.lacks is not None) == (None, True)
        return
    assert found.lacks is None
    off = Fraction(found.percent) - Fraction(part) * 100 / Fraction(whole)
    assert -Fraction(1, 20) < off <= Fraction(1, 20)
    assert 0 <= found.percent <= 100
    assert -found.percent.as_tuple().exponent == 1


@given(st.lists(FIGURES, min_size=2, max_size=2), FIGURES.filter(bool))
def test_a_larger_part_never_has_a_smaller_share(parts, whole):
    less, more = sorted(min(part, whole) for part in parts)
    assert share(less, whole).percent <= share(more, whole).percent


def test_a_figure_moves_since_the_latest_one_before_it():
    figures = {(2016, 0): D(18), (2014, 0): D(22), (2015, 0): None, (2017, 0): D("18.0"), (2018, 0): D(19)}
    assert movements(figures) == {
        (2014, 0): Way.FIRST,
        (2016, 0): Way.DOWN,
        (2017, 0): Way.SAME,
        (2018, 0): Way.UP,
    }


@pytest.mark.parametrize(
    ("whole", "parts", "expected"),
    [
        (60, (22,), Told(D(60), (D(22),), (D("36.7"),))),
        (60, (4,), Told(D(60), (None,), (None,))),
        (60, (0,), Told(D(60), (None,), (None,))),
        (60, (56,), Told(D(60), (None,), (None,))),  # 60 - 56 is few
        (60, (60,), Told(D(60), (None,), (None,))),  # nobody is left
        (60, (55,), Told(D(60), (D(55),), (D("91.7"),))),
        (4, (3,), Told(None, (None,), (None,))),
        (4, (9,), Told(None, (None,), (None,))),  # a part larger than its whole
        (None, (22, 4), Told(None, (D(22), None), (None, None))),
        (60, (None, 22), Told(D(60), (None, D(22)), (None, D("36.7")))),
        (60, (30, 26, 4), Told(D(60), (D(30), None, None), (D("50.0"), None, None))),
    ],
)
def test_what_everybody_may_know(whole, parts, expected):
    whole = None if whole is None else D(whole)
    assert told(whole, [None if part is None else D(part) for part in parts]) == expected


@given(st.lists(COUNTS, min_size=1, max_size=5), COUNTS)
def test_nothing_few_is_told_nor_to_be_worked_out(parts, rest):
    """`parts` and `rest` are the groups of one whole; whoever subtracts all that is told finds many or nothing."""
    whole = sum(parts) + rest
    seen = told(whole, parts)
    apart = [part for part in seen.parts if part is not None]
    assert all(one >= FEW for one in apart)
    assert seen.whole == (whole if whole >= FEW else None)
    for many in range(1, len(apart) + 1):
        for together in combinations(apart, many):
            assert seen.whole is not None
            assert seen.whole - sum(together) >= FEW


@given(st.one_of(st.none(), COUNTS), st.lists(st.one_of(st.none(), COUNTS), max_size=5))
def test_a_share_is_told_only_with_both_its_figures(whole, parts):
    seen = told(whole, parts)
    for part, percent in zip(seen.parts, seen.shares, strict=True):
        if part is None or seen.whole is None:
            assert percent is None


def test_many_parts_of_one_whole_are_not_told_apart():
    assert told(D(1000), [D(20)] * 11).parts == (None,) * 11
