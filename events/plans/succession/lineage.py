"""What a measure was before, over any number of plans. Reads only."""

from events.plans.models import Measure
from events.plans.succession.models import MeasureStep


def ancestors(measure: Measure) -> list[MeasureStep]:
    """The steps that led to `measure`, the nearest first: each one's `old` is what it was. One query.

    A circle, which no form makes, ends where it began.
    """
    steps = MeasureStep.objects.of(measure.tenant_id).filter(new__isnull=False).select_related("old__plan")
    leading: dict[int, list[MeasureStep]] = {}
    for step in steps.order_by("old__number", "pk"):
        if step.new_id is not None:
            leading.setdefault(step.new_id, []).append(step)
    found: list[MeasureStep] = []
    seen, here = {measure.pk}, [measure.pk]
    while here:
        nearest = [step for pk in here for step in leading.get(pk, ()) if step.old_id not in seen]
        unique = {step.old_id: step for step in nearest}
        found += unique.values()
        seen |= unique.keys()
        here = list(unique)
    return found
