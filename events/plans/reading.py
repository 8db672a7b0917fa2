"""A plan's facts out of a file's data. Pure: nothing is looked up and nothing is written.

The shape is that of config/demo/data/sandefjord-plan.yaml; files of every other kind are brought into it first
(written/). Every error is collected.
"""

import datetime as dt
from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext as _

from events.directory.searching import fold
from events.plans.facts import AreaFacts, PlanFacts, Reading
from events.plans.reading_groups import check_counts, check_numbers, groups
from events.plans.reading_measures import measure
from events.plans.sections import Section

MOST_MEASURES = 1_000


def read(data: object) -> Reading:
    """The plan in `data` (as `loading.load` gives it), or every error with its place, and no plan."""
    if not isinstance(data, dict) or not isinstance(data.get("plan"), dict):
        return Reading(None, (_("This is not a plan: the file does not begin with “plan:” and its keys."),))
    errors: list[str] = []
    Section(data, _("file"), errors).only("plan")
    top = Section(data["plan"], _("plan"), errors)
    plan = _plan(top)
    check_numbers(top, plan)
    check_counts(top, plan)
    return Reading(None if errors else plan, tuple(errors))


def _plan(top: Section) -> PlanFacts:
    top.only(
        *("key", "title", "owner", "with", "decision_background", "adopted", "period", "predecessor"),
        *("builds_on", "foreword", "signed_foreword_by", "goals", "counts", "rule", "focus_areas"),
        *("measures", "possible_measures", "expert_groups"),
    )
    owner = top.text("owner", limit=200, required=True)
    facts = _plan_facts(top)
    return PlanFacts(
        key=slugify(top.text("key", limit=80)) or _key(owner, facts.get("decided_on")),
        facts={name: value for name, value in facts.items() if value not in (None, "", [])},
        owner=owner,
        areas=tuple(_area(row) for row in top.sections("focus_areas", _("focus area"))),
        measures=tuple(measure(row) for row in _at_most(top.sections("measures", _("measure")), top)),
        possible=tuple(dict.fromkeys(top.texts("possible_measures", limit=300))),
        groups=tuple(groups(top)),
        predecessor=slugify(top.text("predecessor", limit=80)),
    )


def _plan_facts(top: Section) -> dict[str, Any]:
    decided, adopted = top.section("decision_background"), top.section("adopted")
    for row in (decided, adopted):
        row.only("body", "date")
    period = top.section("period")
    period.only("from", "to")
    begin, end = period.date("from"), period.date("to")
    if begin and end and end.first < begin.first:
        period.fail(_("the end lies before the beginning."))
    return {
        "title": top.text("title"),
        "made_with": top.text("with", limit=200),
        "adopted_by": adopted.text("body", limit=200),
        "adopted_on": adopted.day("date"),
        "decided_by": decided.text("body", limit=200),
        "decided_on": decided.day("date"),
        "period_from": begin and begin.first,
        "period_from_precision": begin and begin.precision,
        "period_to": end and end.first,
        "period_to_precision": end and end.precision,
        **_builds_on(top),
        "foreword": top.prose("foreword"),
        "foreword_by": ", ".join(top.texts("signed_foreword_by"))[:300],
        "goals": list(top.texts("goals", limit=1000)),
        "rule": top.text("rule"),
    }


def _key(owner: str, decided_on: dt.date | None) -> str:
    year = f" {decided_on.year}" if decided_on else ""
    return slugify(fold(owner) + year)[:80] or "plan"


def _builds_on(top: Section) -> dict[str, str]:
    if isinstance(top.data.get("builds_on"), str):
        return {"builds_on": top.text("builds_on")}
    row = top.section("builds_on")
    row.only("title", "issuer", "year", "link")
    title, source = (
        row.text("title", limit=200),
        ", ".join(filter(None, (row.text("issuer", limit=80), row.text("year")))),
    )
    link = row.text("link", limit=500)
    if link and not link.startswith("https://"):
        row.fail(_("the address must begin with https://."))
    return {"builds_on": f"{title} ({source})" if title and source else title, "builds_on_link": link}


def _at_most(rows: list[Section], top: Section) -> list[Section]:
    if len(rows) > MOST_MEASURES:
        top.fail(_("The file holds more than %(most)d measures.") % {"most": MOST_MEASURES})
    return rows[:MOST_MEASURES]


def _area(row: Section) -> AreaFacts:
    row.only("no", "title", "measures")
    return AreaFacts(
        row.number("no", required=True) or 0, row.text("title", required=True), row.numbers("measures")
    )
