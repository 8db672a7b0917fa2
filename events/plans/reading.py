"""A plan's facts out of a file's data. Pure: nothing is looked up and nothing is written.

The shape is that of config/demo/data/sandefjord-plan.yaml; docs: README, "Plans". Every error is collected.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext as _

from events.dates import VagueDate, parse
from events.directory.searching import fold
from events.plans.models import ResponsibilityLabel, ResponsibilityPart
from events.plans.sections import Section

# The keys that name bodies, in the order of the plan. The first responsible body leads ("rule" of the plan).
PARTS = (
    ("responsible", ResponsibilityPart.RESPONSIBLE),
    ("with", ResponsibilityPart.WITH),
    ("in_cooperation_with", ResponsibilityPart.COOPERATION),
    ("partners_in_text", ResponsibilityPart.IN_TEXT),
)
TO_BE_CONSIDERED = "to be considered"


@dataclass(frozen=True)
class BodyFacts:
    """A body's part in a measure, named as the plan writes it. Open-ended others have no organisation."""

    part: str
    name: str
    unit: str = ""


@dataclass(frozen=True)
class MeasureFacts:
    number: int
    title: str
    label: str
    bodies: tuple[BodyFacts, ...]
    deadline: VagueDate | None = None
    national_measure: int | None = None
    to_be_considered: bool = False
    note: str = ""
    about_individuals: bool | None = None  # None: the file does not say, so what is known stays


@dataclass(frozen=True)
class AreaFacts:
    number: int
    title: str
    measures: tuple[int, ...]


@dataclass(frozen=True)
class PlanFacts:
    key: str
    facts: dict[str, Any]  # field names of Plan, without the owner
    owner: str
    areas: tuple[AreaFacts, ...]
    measures: tuple[MeasureFacts, ...]


@dataclass(frozen=True)
class Reading:
    plan: PlanFacts | None
    errors: tuple[str, ...] = field(default=())


def read(data: object) -> Reading:
    """The plan in `data` (as `loading.load` gives it), or every error with its place, and no plan."""
    if not isinstance(data, dict) or not isinstance(data.get("plan"), dict):
        return Reading(None, (_("This is not a plan: the file does not begin with “plan:” and its keys."),))
    errors: list[str] = []
    Section(data, _("file"), errors).only("plan")
    top = Section(data["plan"], _("plan"), errors)
    plan = _plan(top)
    _check_numbers(top, plan)
    _check_counts(top, plan)
    return Reading(None if errors else plan, tuple(errors))


def _plan(top: Section) -> PlanFacts:
    top.only(
        *("key", "title", "owner", "with", "decision_background", "builds_on", "signed_foreword_by"),
        *("counts", "rule", "focus_areas", "measures", "possible_measures"),
    )
    owner = top.text("owner", limit=200, required=True)
    decided = top.section("decision_background")
    decided.only("body", "date")
    adopted_on = decided.day("date")
    return PlanFacts(
        key=slugify(top.text("key", limit=80)) or _key(owner, adopted_on),
        facts={
            "title": top.text("title") or f"Handlingsplan for {owner}",
            "made_with": top.text("with", limit=200),
            "adopted_by": decided.text("body", limit=200),
            "adopted_on": adopted_on,
            "builds_on": _builds_on(top.section("builds_on")),
            "foreword_by": ", ".join(top.texts("signed_foreword_by"))[:300],
            "rule": top.text("rule"),
            "possible_measures": list(top.texts("possible_measures")),
        },
        owner=owner,
        areas=tuple(_area(row) for row in top.sections("focus_areas", _("focus area"))),
        measures=tuple(_measure(row) for row in top.sections("measures", _("measure"))),
    )


def _key(owner: str, adopted_on: dt.date | None) -> str:
    year = f" {adopted_on.year}" if adopted_on else ""
    return slugify(fold(owner) + year)[:80] or "plan"


def _builds_on(row: Section) -> str:
    row.only("title", "issuer", "year")
    title, source = (
        row.text("title", limit=200),
        ", ".join(filter(None, (row.text("issuer", limit=80), row.text("year")))),
    )
    return f"{title} ({source})" if title and source else title


def _area(row: Section) -> AreaFacts:
    row.only("no", "title", "measures")
    return AreaFacts(
        row.number("no", required=True) or 0, row.text("title", required=True), row.numbers("measures")
    )


def _measure(row: Section) -> MeasureFacts:
    row.only(
        *("no", "title", "label", "responsible", "with", "in_cooperation_with", "partners_in_text", "others"),
        *("note", "deadline", "national_measure", "about_individuals"),
    )
    label = row.text("label", required=True)
    if label and label not in ResponsibilityLabel.values:
        row.fail(_("“label” must be U, O or F, not “%(label)s”.") % {"label": label})
    note = row.text("note")
    return MeasureFacts(
        number=row.number("no", required=True) or 0,
        title=row.text("title", required=True),
        label=label,
        bodies=tuple(_bodies(row)),
        deadline=_deadline(row),
        national_measure=row.number("national_measure"),
        to_be_considered=note == TO_BE_CONSIDERED,
        note="" if note == TO_BE_CONSIDERED else note,
        about_individuals=row.flag("about_individuals"),
    )


def _bodies(row: Section) -> Iterator[BodyFacts]:
    seen: set[BodyFacts] = set()
    for key, part in PARTS:
        for item in row.items(key, required=part == ResponsibilityPart.RESPONSIBLE):
            body = _body(row, key, part, item)
            if body in seen:
                row.fail(_("“%(name)s” stands twice under “%(key)s”.") % {"name": body.name, "key": key})
            elif body.name:
                seen.add(body)
                yield body
    if others := row.text("others", limit=200):
        yield BodyFacts(ResponsibilityPart.OTHERS, others)


def _body(row: Section, key: str, part: str, item: object) -> BodyFacts:
    if not isinstance(item, dict):
        return BodyFacts(part, row.words(key, item, 200))
    inner = Section(item, row.name, row.errors)
    inner.only("body", "unit")
    return BodyFacts(part, inner.text("body", limit=200, required=True), inner.text("unit", limit=200))


def _deadline(row: Section) -> VagueDate | None:
    """`{precision: year, value: 2016}`. The two must agree, so that no day is invented."""
    if row.data.get("deadline") is None:
        return None
    inner = row.section("deadline")
    inner.only("precision", "value")
    precision, value = inner.text("precision"), inner.text("value")
    try:
        when = parse(value)
    except ValueError:
        row.fail(_("the deadline “%(value)s” is no date.") % {"value": value})
        return None
    if when.precision != precision:
        row.fail(
            _("the deadline “%(value)s” has the precision “%(is)s”, not “%(said)s”.")
            % {"value": value, "is": when.precision, "said": precision or "–"}
        )
    return when


def _check_numbers(top: Section, plan: PlanFacts) -> None:
    """Each number once, and each measure in exactly one focus area."""
    measures = [row.number for row in plan.measures if row.number]
    placed = Counter(number for area in plan.areas for number in area.measures)
    for number in _twice(area.number for area in plan.areas):
        top.fail(_("focus area %(n)d stands in the file twice.") % {"n": number})
    for number in _twice(measures):
        top.fail(_("measure %(n)d stands in the file twice.") % {"n": number})
    for number in sorted(set(measures) - set(placed)):
        top.fail(_("measure %(n)d is in no focus area.") % {"n": number})
    for number in sorted(set(placed) - set(measures)):
        top.fail(_("a focus area names measure %(n)d, which is not in the file.") % {"n": number})
    for number in sorted(number for number, times in placed.items() if times > 1):
        top.fail(_("measure %(n)d is in more than one focus area.") % {"n": number})


def _twice(numbers: Iterable[int]) -> list[int]:
    return sorted(number for number, times in Counter(numbers).items() if number and times > 1)


def _check_counts(top: Section, plan: PlanFacts) -> None:
    """Where the file says how many there are, they must be there."""
    counts = top.section("counts")
    counts.only("focus_areas", "measures", "per_area")
    there: dict[str, int | list[int]] = {
        "focus_areas": len(plan.areas),
        "measures": len(plan.measures),
        "per_area": [len(area.measures) for area in plan.areas],
    }
    for key, actual in there.items():
        if (said := counts.data.get(key)) is not None and said != actual:
            counts.fail(
                _("“%(key)s” says %(said)s, but the file holds %(actual)s.")
                % {"key": key, "said": said, "actual": actual}
            )
