"""The one page all small forms of plans are shown on, and what the views of plans load."""

from typing import Any, TypeVar

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from events.plans.models import Measure, Plan
from events.tenancy.guards import StaffRequest
from events.tenancy.permissions import Permission

Row = TypeVar("Row")


def sees_drafts(request: StaffRequest) -> bool:
    """A draft is nobody's business but theirs who write plans: what it proposes is not decided."""
    return request.membership.may(Permission.MANAGE_PLANS)


def plan_of(request: StaffRequest, pk: int) -> Plan:
    """Not yours, or a draft you do not write = 404."""
    rows = Plan.objects.of(request.tenant).select_related("owner", "tenant", "predecessor")
    plan = get_object_or_404(rows, pk=pk)
    return shown(request, plan, plan)


def measure_of(request: StaffRequest, pk: int) -> Measure:
    rows = Measure.objects.of(request.tenant)
    measure = get_object_or_404(rows.select_related("plan", "tenant", "focus_area"), pk=pk)
    return shown(request, measure.plan, measure)


def shown(request: StaffRequest, plan: Plan, row: Row) -> Row:
    if plan.is_draft and not sees_drafts(request):
        raise Http404
    return row


def form_page(
    request: StaffRequest, form: forms.Form, *, heading: str, up: tuple[str, str], **facts: Any
) -> HttpResponse:
    """`up`: address and name of the page above. More `facts`: intro, button, individuals, also (a template)."""
    address, name = up
    context = {"form": form, "heading": heading, "up": address, "up_name": name, **facts}
    return render(request, "plans/form.html", context)


def up_to_plan(request: StaffRequest, plan: Plan) -> tuple[str, str]:
    return reverse("plan-detail", kwargs={"tenant": request.tenant.slug, "pk": plan.pk}), plan.title


def up_to_measure(request: StaffRequest, measure: Measure) -> tuple[str, str]:
    return reverse("measure-detail", kwargs={"tenant": request.tenant.slug, "pk": measure.pk}), str(measure)


def to_plan(request: StaffRequest, plan: Plan) -> HttpResponse:
    return redirect("plan-detail", tenant=request.tenant.slug, pk=plan.pk)


def to_measure(request: StaffRequest, measure: Measure) -> HttpResponse:
    return redirect("measure-detail", tenant=request.tenant.slug, pk=measure.pk)
