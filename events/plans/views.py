"""The page that imports a plan. The pages that show plans are in minutes/reports, where their proof is."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from events.plans.forms import PlanFileForm
from events.plans.importing import ImportResult, import_plan
from events.plans.models import Plan
from events.tenancy.guards import StaffRequest, staff_page
from events.tenancy.permissions import Permission


@staff_page(Permission.MANAGE_PLANS)
@require_http_methods(["GET", "HEAD", "POST"])
def plan_import(request: StaffRequest) -> HttpResponse:
    """A POST shows what the file would change; a POST with `confirm` does it."""
    form, result, confirm = PlanFileForm(request.POST or None, request.FILES or None), None, None
    if request.method == "POST" and form.is_valid():
        preview = "confirm" not in request.POST
        data = form.cleaned_data["data"]
        result = import_plan(data, tenant=request.tenant, dry_run=preview, by=request.user)
        if result.plan and not result.errors:
            if not preview:
                return _imported(request, result, result.plan)
            confirm = PlanFileForm(initial={"text": form.cleaned_data["source"]}, auto_id="confirm_%s")
    context = {"form": form, "result": result, "confirm": confirm}
    return render(request, "plans/import.html", context)


def _imported(request: StaffRequest, result: ImportResult, plan: Plan) -> HttpResponse:
    if result.created or result.changed:
        messages.success(request, _("“%(title)s” is imported.") % {"title": plan.title})
    else:
        messages.info(request, _("“%(title)s” was already as in the file.") % {"title": plan.title})
    return redirect("plan-detail", tenant=request.tenant.slug, pk=plan.pk)
