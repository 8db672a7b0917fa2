"""Finds Norwegian national identity numbers in text, so that minutes can refuse them (rule 6)."""

import datetime as dt
import re
import unicodedata

# Six digits, five digits, with the separators people type between or inside them.
_CANDIDATE = re.compile(r"(?<!\d)\d{2}[ .]?\d{2}[ .]?\d{2}[ .\-–]{0,3}\d{3}[ .]?\d{2}(?!\d)")
_FIRST = (3, 7, 6, 1, 8, 9, 4, 5, 2)
_SECOND = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)


def holds_identity_number(text: str) -> bool:
    """True when `text` holds eleven digits that are a valid fødselsnummer, D-number, H-number or test number.

    Validity is the date of birth and both check digits (Skatteetaten), so account and telephone numbers pass.
    Invisible characters and other scripts' digits do not hide a number.
    """
    plain = "".join(c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c) != "Cf")
    return any(_valid(re.sub(r"\D", "", found.group())) for found in _CANDIDATE.finditer(plain))


def _valid(digits: str) -> bool:
    numbers = [int(digit) for digit in digits]
    first = _check_digit(numbers[:9], _FIRST)
    second = _check_digit([*numbers[:9], first], _SECOND)
    return numbers[9:] == [first, second] and _is_date(numbers)


def _check_digit(numbers: list[int], weights: tuple[int, ...]) -> int:
    rest = sum(number * weight for number, weight in zip(numbers, weights, strict=True)) % 11
    return (11 - rest) % 11  # 10 is no digit, so it never equals one


def _is_date(numbers: list[int]) -> bool:
    day = numbers[0] * 10 + numbers[1]
    month = numbers[2] * 10 + numbers[3]
    day -= 40 if day > 40 else 0  # a D-number has 4 added to its first digit
    for added in (80, 65, 40):  # synthetic numbers and H-numbers have it added to the month
        if month > added:
            month -= added
            break
    try:
        dt.date(2000, month, day)  # a leap year: the century is not needed to refuse
    except ValueError:
        return False
    return True
