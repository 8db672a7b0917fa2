"""Writes the recommendations that a plan's file names."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from events.plans.facts import GroupFacts, RecommendationFacts
from events.plans.models import Plan
from events.plans.recommending.models import ExpertGroup, Recommendation, RecommendationMeasure

if TYPE_CHECKING:
    from events.plans.writing import Keeper


def write_groups(keeper: "Keeper", plan: Plan, groups: Iterable[GroupFacts]) -> None:
    """Found again by name and number; a measure the plan does not have is an error."""
    numbers: dict[int, int] = {}
    groups = list(groups)
    if not groups or keeper.result.errors:
        return
    numbers = dict(plan.measures.values_list("number", "pk"))
    there = {row.name: row for row in plan.expert_groups.prefetch_related("recommendations")}
    for group in groups:
        wanted = {"plan": plan, "name": group.name, **group.facts}
        row = keeper.kept(ExpertGroup, there.get(group.name), wanted, _("expert group"))
        known = {each.number: each for each in row.recommendations.all()}
        for advice in group.recommendations:
            _write(keeper, row, known.get(advice.number), advice, numbers)


def _write(
    keeper: "Keeper",
    group: ExpertGroup,
    before: Recommendation | None,
    advice: RecommendationFacts,
    numbers: dict[int, int],
) -> None:
    what = _("recommendation %(n)d") % {"n": advice.number}
    for number in advice.measures:
        if number not in numbers:
            keeper.result.errors.append(
                _("%(what)s names measure %(n)d, which the plan does not have.") % {"what": what, "n": number}
            )
            return
    wanted = {
        "group": group,
        "number": advice.number,
        "text": advice.text,
        "verdict": advice.verdict,
        "reason": advice.reason,
    }
    row = keeper.kept(Recommendation, before, wanted, what)
    linked = set(row.measure_links.values_list("measure_id", flat=True))
    for number in advice.measures:
        if numbers[number] not in linked:
            RecommendationMeasure.objects.create(
                tenant_id=row.tenant_id, recommendation=row, measure_id=numbers[number]
            )
            if before is not None:
                keeper.result.changed.append(
                    _("%(what)s: followed by measure %(n)d") % {"what": what, "n": number}
                )
