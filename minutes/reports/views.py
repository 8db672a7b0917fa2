"""Pages of plans and measures: what was decided, and what the approved minutes prove."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from events.plans.predecessors import successor_of
from events.plans.showing import measure_of, plan_of, sees_drafts
from events.tenancy.guards import StaffRequest, staff_page
from events.tenancy.permissions import Permission
from minutes.reports.measure import measure_page
from minutes.reports.overview import STATES, area_rows, plan_rows


@staff_page(Permission.SEE_PLANS)
@require_safe
def plan_list(request: StaffRequest) -> HttpResponse:
    plans = plan_rows(request.tenant, drafts=sees_drafts(request))
    return render(request, "reports/plans.html", {"plans": plans})


@staff_page(Permission.SEE_PLANS)
@require_safe
def plan_detail(request: StaffRequest, pk: int) -> HttpResponse:
    plan, later = plan_of(request, pk), None
    found = successor_of(plan)
    if found and (sees_drafts(request) or not found.is_draft):
        later = found
    facts = {"plan": plan, "later": later, "colour": STATES[plan.State(plan.state)]}
    return render(request, "reports/plan.html", {**facts, "areas": area_rows(plan)})


@staff_page(Permission.SEE_PLANS)
@require_safe
def measure_detail(request: StaffRequest, pk: int) -> HttpResponse:
    measure = measure_of(request, pk)
    names = request.membership.may(Permission.SEE_GUESTS)
    page = measure_page(measure, drafts=sees_drafts(request), names=names)
    return render(request, "reports/measure.html", {"measure": measure, "page": page})
