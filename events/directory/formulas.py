"""Text for a spreadsheet that no spreadsheet takes for a formula, and the way back."""

import re

_TELEPHONE = re.compile(r"\+?[\d ()/.-]+")
_RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def guarded(value: str) -> str:
    """`value` with an apostrophe before it when a spreadsheet would take it for a formula; telephone numbers stay.

    Text that looks guarded already gets one more, so that `unguarded` gives back exactly what went in.
    """
    if value.lstrip("'").startswith(_RISKY) and not _TELEPHONE.fullmatch(value):
        return f"'{value}"
    return value


def unguarded(value: str) -> str:
    if value.startswith("'") and value.lstrip("'").startswith(_RISKY):
        return value[1:]
    return value
