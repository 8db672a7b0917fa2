"""The page that imports a plan. The pages that show plans are in minutes/reports, where their proof is."""

import json
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from events.plans.forms import ConfirmForm, PlanFileForm
from events.plans.importing import NotAsSeen, import_plan
from events.plans.models import Plan
from events.plans.results import ImportResult
from events.tenancy.guards import StaffRequest, staff_page
from events.tenancy.permissions import Permission


@staff_page(Permission.MANAGE_PLANS)
@require_http_methods(["GET", "HEAD", "POST"])
def plan_import(request: StaffRequest) -> HttpResponse:
    """A POST shows what the file would change; a POST with `confirm` does it, if it is still what was shown."""
    if "confirm" in request.POST:
        return _confirmed(request)
    start = {"plan": request.GET.get("plan", "")[:18]}
    form = PlanFileForm(request.POST or None, request.FILES or None, tenant=request.tenant, initial=start)
    if request.method == "POST" and form.is_valid():
        written = form.cleaned_data["written"]
        facts = {"form": form, "notes": written.notes, "unread": written.unread}
        return _preview(request, form.cleaned_data["data"], facts)
    return render(request, "plans/import.html", {"form": form})


def _confirmed(request: StaffRequest) -> HttpResponse:
    form = PlanFileForm(tenant=request.tenant)
    confirm = ConfirmForm(request.POST)
    if not confirm.is_valid():
        return render(request, "plans/import.html", {"form": form, "broken": confirm})
    data, reason = confirm.cleaned_data["kept"], confirm.cleaned_data["reason"]
    seen = confirm.cleaned_data["seen"]
    try:
        result = import_plan(data, tenant=request.tenant, by=request.user, reason=reason, seen=seen)
    except NotAsSeen:
        messages.warning(request, _("The plan has changed meanwhile. Look once more, then import."))
        return _preview(request, data, {"form": form})
    if result.corrections and not reason:
        confirm.add_error("reason", _("Say why: the plan is adopted."))
        return _preview(request, data, {"form": form}, confirm=confirm)
    if result.errors or not result.plan:
        return render(request, "plans/import.html", {"form": form, "result": result})
    return _imported(request, result, result.plan)


def _preview(
    request: StaffRequest, data: Any, facts: dict[str, Any], confirm: ConfirmForm | None = None
) -> HttpResponse:
    result = import_plan(data, tenant=request.tenant, dry_run=True)
    if result.plan and not result.errors:
        start = {"kept": json.dumps(data), "seen": result.fingerprint()}
        facts["confirm"] = confirm or ConfirmForm(initial=start, auto_id="confirm_%s")
    return render(request, "plans/import.html", {"result": result, **facts})


def _imported(request: StaffRequest, result: ImportResult, plan: Plan) -> HttpResponse:
    if result.created or result.changed:
        messages.success(request, _("“%(title)s” is imported.") % {"title": plan.title})
    else:
        messages.info(request, _("“%(title)s” was already as in the file.") % {"title": plan.title})
    return redirect("plan-detail", tenant=request.tenant.slug, pk=plan.pk)
