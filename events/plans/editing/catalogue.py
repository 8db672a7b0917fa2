"""The catalogue of possible measures of a plan."""

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy

from events import audit
from events.plans.editing.services import saved
from events.plans.models import Plan, PossibleMeasure
from events.tenancy.models import User


@transaction.atomic
def add_possible(plan: Plan, *, by: User | None, title: str) -> PossibleMeasure:
    """Raises Taken when it stands there already."""
    last = PossibleMeasure.objects.of(plan.tenant_id).filter(plan=plan).aggregate(n=Max("position"))["n"] or 0
    row = PossibleMeasure(tenant_id=plan.tenant_id, plan=plan, position=last + 1, title=title)
    saved(row)
    audit.record("possible.added", plan, by=by, title=title, plan=plan.title)
    return row


@transaction.atomic
def remove_possible(entry: PossibleMeasure, *, by: User | None) -> bool:
    """A measure that was made of it stays. False when it is gone already."""
    gone, _rows = PossibleMeasure.objects.of(entry.tenant_id).filter(pk=entry.pk).delete()
    if gone:
        audit.record("possible.removed", entry.plan, by=by, title=entry.title, plan=entry.plan.title)
    return bool(gone)


audit.register(
    {
        "possible.added": gettext_lazy("%(who)s added “%(title)s” to the possible measures of “%(plan)s”."),
        "possible.removed": gettext_lazy(
            "%(who)s removed “%(title)s” from the possible measures of “%(plan)s”."
        ),
    }
)
