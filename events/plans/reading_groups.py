"""Recommendations of expert groups out of a file's data, and what must hold between the numbers of a file."""

from collections import Counter
from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from events.plans.facts import GroupFacts, PlanFacts
from events.plans.facts import RecommendationFacts as Advice
from events.plans.sections import Section

VERDICTS = ("open", "adopted", "rejected")  # as recommending/models.py has them


def groups(top: Section) -> Iterator[GroupFacts]:
    if top.data.get("expert_groups") is None:
        return
    names: set[str] = set()
    for row in top.sections("expert_groups", _("expert group")):
        row.only("name", "set_up", "task", "result", "recommendations")
        name, since = row.text("name", limit=200, required=True), row.date("set_up")
        if name in names:
            row.fail(_("the expert group “%(name)s” stands in the file twice.") % {"name": name})
        names.add(name)
        facts = {
            "set_up_from": since and since.first,
            "set_up_precision": since and since.precision,
            "task": row.prose("task", limit=2000),
            "result": row.prose("result", limit=2000),
        }
        listed = row.data.get("recommendations") is not None
        rows = row.sections("recommendations", _("recommendation")) if listed else []
        advice = tuple(_advice(each) for each in rows)
        for number in _twice(each.number for each in advice):
            row.fail(_("recommendation %(n)d stands in the file twice.") % {"n": number})
        yield GroupFacts(name, {k: v for k, v in facts.items() if v}, advice)


def _advice(row: Section) -> Advice:
    row.only("no", "text", "decision", "reason", "measures")
    verdict = row.text("decision") or "open"
    reason = row.prose("reason", limit=2000)
    if verdict not in VERDICTS:
        row.fail(_("“decision” must be open, adopted or rejected, not “%(value)s”.") % {"value": verdict})
    if verdict == "rejected" and not reason:
        row.fail(_("a rejected recommendation needs a “reason”."))
    measures = row.numbers("measures") if row.data.get("measures") else ()
    number, text = row.number("no", required=True) or 0, row.prose("text", limit=2000)
    if not text:
        row.fail(_("“%(key)s” is missing.") % {"key": "text"})
    return Advice(number, text, verdict, reason, tuple(dict.fromkeys(measures)))


def check_numbers(top: Section, plan: PlanFacts) -> None:
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


def check_counts(top: Section, plan: PlanFacts) -> None:
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
