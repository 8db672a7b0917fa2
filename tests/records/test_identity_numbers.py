"""National identity numbers are found however they are typed, and nothing else is (rule 6)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minutes.records.identity_numbers import holds_identity_number

BIRTH, D_NUMBER, SYNTHETIC, H_NUMBER = "01019012480", "41019012474", "01819012446", "01419012544"


@pytest.mark.parametrize("number", [BIRTH, D_NUMBER, SYNTHETIC, H_NUMBER])
def test_each_kind_of_number_is_found(number):
    assert holds_identity_number(number)


@pytest.mark.parametrize(
    "text",
    [
        "Han (010190 12480) sa at",
        "010190-12480",
        "01.01.90 12480",
        "01 01 90 124 80",
        "010190\u00a012480",
        "010190\u200b12480",
        "linje\n01019012480\nlinje",
        "fnr:01019012480.",
        "٠١٠١٩٠١٢٤٨٠",  # Arabic-Indic digits
        "０１０１９０１２４８０",  # full-width digits
    ],
)
def test_separators_and_disguises_do_not_hide_a_number(text):
    assert holds_identity_number(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "01019012481",  # wrong check digit
        "31029012655",  # right check digits, no such date
        "99999912342",  # no such day
        "1010190124801",  # part of a longer number
        "+47 901 24 800",
        "Konto 1503 40 12345",
        "Vi møttes 01.01.1990, 12 480 kom.",
        "2026-11-23 17:00",
    ],
)
def test_other_numbers_pass(text):
    assert not holds_identity_number(text)


@given(st.text())
def test_any_text_is_judged_without_error(text):
    assert holds_identity_number(text) in (True, False)


@given(
    st.text(alphabet=st.characters(exclude_categories=["Nd", "No", "Nl", "Cf", "Lm"])),
    st.sampled_from([BIRTH, D_NUMBER]),
)
def test_a_number_is_found_wherever_it_stands(text, number):
    assert holds_identity_number(f"{text} {number} {text}")
