"""Bodies as plans list them: "A (unit), B i samarbeid med C, D og andre relevante aktører"."""

import re
from typing import Any

HELD = "\ue000"  # a space that belongs to a unit
_COOPERATION = re.compile(r"\s*\b(?:i samarbeid med|in cooperation with|i samarbete med)\b\s*", re.IGNORECASE)
_WITH = re.compile(r"\s+\b(?:med|with)\b\s+", re.IGNORECASE)
_OTHERS = re.compile(
    r"(?:^|[,;\n]|\bog|\bsamt|\band)\s*((?:andre|others?|øvrige)\b.*)$", re.IGNORECASE | re.DOTALL
)
_UNIT = re.compile(r"^(?P<body>[^()]+?)\s*\((?P<unit>[^()]+)\)$")


def listed(text: str) -> list[Any]:
    """Names between semicolons, new lines or commas outside brackets; one with a unit in brackets as a mapping."""
    return [_body(name) for name in names(text)]


def names(text: str) -> list[str]:
    found, depth, start = [], 0, 0
    for place, letter in enumerate(text):
        depth = depth + 1 if letter == "(" else max(0, depth - 1) if letter == ")" else depth
        if letter in ",;\n" and not depth:
            found.append(text[start:place])
            start = place + 1
    return [name for name in (each.strip(" .") for each in [*found, text[start:]]) if name]


def in_order(text: str) -> dict[str, Any]:
    """The responsible bodies, and apart from them those behind "med" and "i samarbeid med", and open-ended others."""
    parts: dict[str, Any] = {}
    main, *rest = _COOPERATION.split(_hidden(text), maxsplit=1)
    main, *helped = _WITH.split(main, maxsplit=1)
    for key, piece in (
        ("responsible", main),
        ("with", " ".join(helped)),
        ("in_cooperation_with", " ".join(rest)),
    ):
        piece = _shown(piece)
        if found := _OTHERS.search(piece):
            parts["others"], piece = found[1].strip(" ."), piece[: found.start()]
        if several := listed(piece):
            parts[key] = several
    return parts


def _body(name: str) -> Any:
    found = _UNIT.match(name)
    return {"body": found["body"].strip(), "unit": found["unit"].strip()} if found else name


# What stands in brackets is a unit and says nothing of helpers ("(skole med SFO)").
def _hidden(text: str) -> str:
    return re.sub(r"\([^()]*\)", lambda found: found[0].replace(" ", HELD), text)


def _shown(text: str) -> str:
    return text.replace(HELD, " ")
