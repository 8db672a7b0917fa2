"""The heads of the guest list: what sorts, which way it is sorted now, and where a click leads."""

from dataclasses import dataclass

from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Column:
    """`sort` is the value of the link's parameter; `aria` is "ascending", "descending" or ""."""

    label: str
    sort: str
    aria: str


def columns(sort: str) -> list[Column]:
    """The sortable columns when the list is sorted by `sort` ("name", "-name"; "" is by organisation)."""
    labels = {
        "name": _("Name"),
        "organisation": _("Organisation"),
        "kind": _("Type"),
        "mail": _("Mail"),
        "answer": _("Answer"),
        "answered": _("Answered"),
    }
    key = sort.removeprefix("-") if sort.removeprefix("-") in labels else "organisation"
    down = sort.startswith("-")
    found = []
    for name, label in labels.items():
        mine = name == key
        aria = ("descending" if down else "ascending") if mine else ""
        found.append(Column(label, f"-{name}" if mine and not down else name, aria))
    return found
