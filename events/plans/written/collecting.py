"""Gathers what tables and lines say into the shape that plans in YAML have, so that all are read by one reader."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from events.plans.loading import Located
from events.plans.written import bodies, words

NESTED = {
    "decided_by": ("decision_background", "body"),
    "decided_on": ("decision_background", "date"),
    "adopted_by": ("adopted", "body"),
    "adopted_on": ("adopted", "date"),
    "period_from": ("period", "from"),
    "period_to": ("period", "to"),
}
LISTS = frozenset({"goals", "possible_measures"})


@dataclass(frozen=True)
class Unread:
    """A line that says nothing we know, shown to the person beside its number."""

    line: int
    text: str


class Collected:
    def __init__(self, *, rows: bool) -> None:
        self.rows = rows  # whether places are rows of a spreadsheet
        self.plan, self.measures = Located(), list[Located]()
        self.areas: list[Located] = []
        self.unread: list[Unread] = []
        self.notes: list[str] = []

    def data(self) -> dict[str, Any]:
        """The plan as `reading.read` takes it. Without any focus area all measures stand in one."""
        if not self.areas and self.measures:
            self.area(1, _("Measures"), self.measures[0].line)
            self.areas[0]["measures"] = [row["no"] for row in self.measures if isinstance(row["no"], int)]
            self.notes.append(_("The file names no focus areas, so all measures stand in one."))
        self.plan["focus_areas"] = [area for area in self.areas if area["measures"]] or self.areas
        self.plan["measures"] = self.measures
        return {"plan": self.plan}

    def tell(self, key: str, value: str) -> None:
        """A fact of the plan."""
        if key in LISTS:
            self.plan.setdefault(key, []).append(value)
        elif key == "foreword_by":
            self.plan["signed_foreword_by"] = bodies.names(value)
        elif key == "foreword":
            self.plan[key] = "\n".join(filter(None, (self.plan.get(key), value)))
        elif key in NESTED:
            section, name = NESTED[key]
            self.plan.setdefault(section, Located())[name] = value
        else:
            self.plan[key] = value

    def area(self, number: int | str | None, title: str, line: int) -> None:
        """The focus area that the next measures stand in; named again it is the same."""
        for area in self.areas:
            if (number and area["no"] == number and title in ("", area["title"])) or (
                not number and area["title"] == title
            ):
                self.areas.remove(area)
                self.areas.append(area)
                return
        row = self._row(line)
        row |= {"no": number or len(self.areas) + 1, "title": title, "measures": []}
        self.areas.append(row)

    def in_order(self) -> None:
        self.areas.sort(key=lambda area: str(area["no"]).zfill(6))

    def measure(self, number: Any, title: str, line: int) -> Located:
        row = self._row(line)
        row |= {"no": number, "title": title}
        self.measures.append(row)
        if self.areas and isinstance(number, int):
            self.areas[-1]["measures"].append(number)
        return row

    def _row(self, line: int) -> Located:
        row = Located()
        row.line, row.is_row = line, self.rows
        return row


def tell_measure(row: Located, key: str, value: str) -> None:
    """One fact of a measure, as a cell or a line says it. `key` is one of words.MEASURE."""
    if key in words.LABELS:
        row["label"] = key if row.get("label", key) == key else _two_labels(row, key)
        _add_bodies(row, bodies.in_order(value))
    elif key == "responsible":
        row.setdefault("label", "U")
        _add_bodies(row, bodies.in_order(value))
    elif key == "lead":
        row.setdefault("label", "U")
        row["lead"] = bodies.listed(value)
    elif key in ("with", "in_cooperation_with", "partners_in_text"):
        _add_bodies(row, {key: bodies.listed(value)})
    elif key == "aliases":
        row["aliases"] = [each.strip() for each in value.replace("\n", ";").split(";") if each.strip()]
    elif key == "description":
        row[key] = "\n".join(filter(None, (row.get(key), value)))
    else:
        row[key] = SIMPLE.get(key, str)(value)


SIMPLE: dict[str, Any] = {
    "label": words.label_of,
    "national_measure": words.number_of,
    "about_individuals": words.flag_of,
    "recurrence": words.recurrence_of,
}


def _two_labels(row: Located, key: str) -> str:
    """A measure with both labels: what stood under the first keeps it, body by body."""
    first = row["label"]
    row["responsible"] = [
        {**(each if isinstance(each, dict) else {"body": each}), "label": first}
        for each in row.get("responsible", [])
    ]
    return key


def _add_bodies(row: Located, parts: dict[str, Any]) -> None:
    for key, value in parts.items():
        if key == "others":
            row[key] = value
        else:
            row[key] = [*row.get(key, []), *value]
