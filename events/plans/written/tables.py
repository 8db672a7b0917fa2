"""A plan as a table: facts of the plan above ("Eier", "Sandefjord kommune"), then one row a measure under headings."""

import re
from collections.abc import Sequence

from django.utils.translation import gettext as _

from events.plans.loading import NotReadable
from events.plans.written import words
from events.plans.written.collecting import Collected, Unread, tell_measure

Rows = Sequence[tuple[int, list[str]]]
_BROKEN = re.compile(r"^#(?:REF!|N/A|VALUE!|NAME\?|DIV/0!|NULL!|NUM!)")


def columns_of(cells: Sequence[str]) -> list[str]:
    """What each heading means, "" where it is none we know."""
    return [words.measure_key(cell) for cell in cells]


def is_heading(cells: Sequence[str]) -> bool:
    known = {key for key in columns_of(cells) if key}
    return "title" in known and len(known) > 1


def read(rows: Rows, into: Collected) -> None:
    """Raises NotReadable where there are no headings, or one stands twice."""
    at = next((place for place, (_number, cells) in enumerate(rows) if is_heading(cells)), None)
    if at is None:
        raise NotReadable(
            _("There is no row of headings: at least “Tiltak” (title) and “Nr” (number) must stand there.")
        )
    for number, cells in rows[:at]:
        _fact(number, cells, into)
    read_measures(rows[at:], into)


def read_measures(rows: Rows, into: Collected) -> None:
    number, heading = rows[0]
    columns = columns_of(heading)
    for key in columns:
        if key and columns.count(key) > 1:
            raise NotReadable(
                _("Row %(row)d: two columns mean the same (%(names)s).")
                % {"row": number, "names": ", ".join(_names(heading, columns, key))}
            )
    unknown = [name for name, key in zip(heading, columns, strict=True) if name and not key]
    into.unread += [Unread(number, name) for name in unknown]
    for row, cells in rows[1:]:
        _measure(row, dict(zip(columns, cells, strict=False)), into)
    into.in_order()


def _names(heading: Sequence[str], columns: Sequence[str], key: str) -> list[str]:
    return [f"“{name}”" for name, each in zip(heading, columns, strict=True) if each == key]


def _fact(number: int, cells: list[str], into: Collected) -> None:
    filled = [cell for cell in cells if cell]
    key = words.plan_key(filled[0]) if filled else ""
    if key and len(filled) > 1:
        for value in filled[1:]:
            into.tell(key, value)
    elif filled:
        into.unread.append(Unread(number, " | ".join(filled)[:300]))


def _measure(row: int, cells: dict[str, str], into: Collected) -> None:
    """A row without a number and a title may name the next focus area; a merged cell holds for the rows below."""
    title, number = cells.get("title", ""), cells.get("no", "")
    area, area_no = cells.get("area", ""), cells.get("area_no", "")
    if area or area_no:
        into.area(words.number_of(area_no) if area_no else None, area, row)
    if not title and not number:
        rest = [cell for key, cell in cells.items() if key not in ("area", "area_no", "") and cell]
        if rest:
            into.unread.append(Unread(row, " | ".join(rest)[:300]))
        return
    measure = into.measure(words.number_of(number), title, row)
    for key, cell in cells.items():
        if key not in ("", "area", "area_no", "title", "no") and cell:
            tell_measure(measure, key, cell)
    for cell in cells.values():
        if _BROKEN.match(cell):
            raise NotReadable(
                _("Row %(row)d: a formula gives an error (%(cell)s).") % {"row": row, "cell": cell[:20]}
            )
