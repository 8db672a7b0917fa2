"""Which measures a form may offer. A draft plan is nobody's business but theirs who write it (showing.py)."""

from collections.abc import Iterable

from django.db.models import Q

from events.plans.models import Measure, PlanState
from events.tenancy.models import Tenant
from events.tenancy.scoping import TenantQuerySet


def choosable(tenant: Tenant | int, *, chosen: Iterable[int] = ()) -> TenantQuerySet[Measure]:
    """Measures of the plans in force, and those whose ids are `chosen` already, whatever became of their plan."""
    of_plans_in_force = Q(plan__state=PlanState.ADOPTED)
    rows: TenantQuerySet[Measure] = Measure.objects.of(tenant).select_related("plan")
    return rows.filter(of_plans_in_force | Q(pk__in=chosen))


def findable(tenant: Tenant | int) -> TenantQuerySet[Measure]:
    """Measures that a list of meetings may be narrowed by: old plans' too, because their meetings are still there."""
    rows: TenantQuerySet[Measure] = Measure.objects.of(tenant).select_related("plan")
    return rows.exclude(plan__state=PlanState.DRAFT)
