"""Pages of plans and measures: what was decided, and what the approved minutes prove."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from events.plans.models import Measure, Plan
from events.tenancy.guards import StaffRequest, staff_page
from events.tenancy.permissions import Permission
from minutes.reports.overview import area_rows, measure_page, plan_rows


@staff_page(Permission.SEE_PLANS)
@require_safe
def plan_list(request: StaffRequest) -> HttpResponse:
    return render(request, "reports/plans.html", {"plans": plan_rows(request.tenant)})


@staff_page(Permission.SEE_PLANS)
@require_safe
def plan_detail(request: StaffRequest, pk: int) -> HttpResponse:
    plan = get_object_or_404(Plan.objects.of(request.tenant).select_related("owner", "tenant"), pk=pk)
    return render(request, "reports/plan.html", {"plan": plan, "areas": area_rows(plan)})


@staff_page(Permission.SEE_PLANS)
@require_safe
def measure_detail(request: StaffRequest, pk: int) -> HttpResponse:
    measures = Measure.objects.of(request.tenant).select_related("plan", "focus_area", "tenant")
    measure = get_object_or_404(measures, pk=pk)
    return render(request, "reports/measure.html", {"measure": measure, "page": measure_page(measure)})
