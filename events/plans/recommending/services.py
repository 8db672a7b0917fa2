"""Changes to expert groups and what they recommended."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy

from events import audit
from events.plans.editing.services import changed_facts, saved
from events.plans.models import Measure, Plan
from events.plans.recommending.models import ExpertGroup, Recommendation, RecommendationMeasure
from events.tenancy.models import User


@transaction.atomic
def add_group(plan: Plan, *, by: User | None, facts: dict[str, Any]) -> ExpertGroup:
    """Raises Taken when the plan has a group of this name."""
    row = ExpertGroup(tenant_id=plan.tenant_id, plan=plan, **facts)
    saved(row)
    audit.record("expert_group.added", row, by=by, title=row.name)
    return row


@transaction.atomic
def change_group(group: ExpertGroup, *, by: User | None, facts: dict[str, Any]) -> bool:
    """False, and writes nothing, when all is as it was. Raises Taken."""
    other = changed_facts(group, facts)
    for name, value in other.items():
        setattr(group, name, value)
    if other:
        saved(group)
        audit.record("expert_group.changed", group, by=by, title=group.name)
    return bool(other)


@transaction.atomic
def add_recommendation(
    group: ExpertGroup, *, by: User | None, facts: dict[str, Any], measures: Iterable[Measure]
) -> Recommendation:
    """Raises Taken when the number is; ValueError for a measure of another plan."""
    row = Recommendation(tenant_id=group.tenant_id, group=group, **facts)
    saved(row)
    _link(row, measures)
    audit.record("recommendation.added", row, by=by, n=row.number, group=group.name)
    return row


@transaction.atomic
def change_recommendation(
    row: Recommendation, *, by: User | None, facts: dict[str, Any], measures: Iterable[Measure]
) -> bool:
    """Text, verdict with its reason, and the measures that follow it. A verdict of its own gets its own audit row.

    False, and writes nothing, when all is as it was. Raises Taken; ValueError for a measure of another plan.
    """
    other = changed_facts(row, facts)
    for name, value in other.items():
        setattr(row, name, value)
    if other:
        saved(row)
    if not _link(row, measures) and not other:
        return False
    if "verdict" in other:
        facts = {"n": row.number, "group": row.group.name}
        audit.record(f"recommendation.{row.verdict}", row, by=by, **facts)
    else:
        audit.record("recommendation.changed", row, by=by, n=row.number, group=row.group.name)
    return True


def _link(row: Recommendation, measures: Iterable[Measure]) -> bool:
    """Makes `measures` the ones that follow the recommendation; True when that changed anything."""
    wanted = {measure.pk: measure for measure in measures}
    if any(measure.plan_id != row.group.plan_id for measure in wanted.values()):
        raise ValueError("a measure of another plan")
    links = RecommendationMeasure.objects.of(row.tenant_id).filter(recommendation=row)
    there = set(links.values_list("measure_id", flat=True))
    if there == wanted.keys():
        return False
    links.exclude(measure__in=wanted).delete()
    RecommendationMeasure.objects.bulk_create(
        RecommendationMeasure(tenant_id=row.tenant_id, recommendation=row, measure_id=pk)
        for pk in wanted
        if pk not in there
    )
    return True


audit.register(
    {
        "expert_group.added": gettext_lazy("%(who)s entered the expert group “%(title)s”."),
        "expert_group.changed": gettext_lazy("%(who)s changed the expert group “%(title)s”."),
        "recommendation.added": gettext_lazy("%(who)s entered recommendation %(n)s of “%(group)s”."),
        "recommendation.changed": gettext_lazy("%(who)s changed recommendation %(n)s of “%(group)s”."),
        "recommendation.adopted": gettext_lazy(
            "%(who)s entered that recommendation %(n)s of “%(group)s” is adopted."
        ),
        "recommendation.rejected": gettext_lazy(
            "%(who)s entered that recommendation %(n)s of “%(group)s” is rejected."
        ),
        "recommendation.open": gettext_lazy(
            "%(who)s entered that recommendation %(n)s of “%(group)s” is not decided."
        ),
    }
)
