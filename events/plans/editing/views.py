"""Pages that make, change, adopt and end a plan, its focus areas and its catalogue."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from events.plans.editing import catalogue, measures, services
from events.plans.editing.forms import AdoptForm, AreaForm, EndForm, PlanForm, PossibleForm
from events.plans.editing.saving import kept
from events.plans.models import FocusArea, PossibleMeasure
from events.plans.showing import form_page, plan_of, to_plan, up_to_plan
from events.tenancy.guards import StaffRequest, staff_page
from events.tenancy.permissions import Permission

READ_OR_WRITE = require_http_methods(["GET", "HEAD", "POST"])


@staff_page(Permission.MANAGE_PLANS)
@READ_OR_WRITE
def plan_create(request: StaffRequest) -> HttpResponse:
    form = PlanForm(request.POST or None, tenant=request.tenant, initial={"owner": request.tenant.name})
    if request.method == "POST" and form.is_valid():
        owner = form.cleaned_data["owner"]
        with kept(form) as saving:
            plan = services.add_plan(tenant=request.tenant, by=request.user, owner=owner, facts=form.facts())
        if saving.done:
            messages.success(request, _("The draft is made. Now enter its focus areas and measures."))
            return to_plan(request, plan)
    up = (f"/t/{request.tenant.slug}/plans/", _("Plans"))
    return form_page(request, form, heading=_("New plan"), up=up)


@staff_page(Permission.MANAGE_PLANS)
@READ_OR_WRITE
def plan_edit(request: StaffRequest, pk: int) -> HttpResponse:
    plan = plan_of(request, pk)
    start = PlanForm.as_it_is(plan)
    form = PlanForm(request.POST or None, tenant=request.tenant, plan=plan, initial=start)
    if request.method == "POST" and form.is_valid():
        facts = {"owner": form.cleaned_data["owner"], "facts": form.facts(), "reason": form.why()}
        with kept(form) as saving:
            services.change_plan(plan, by=request.user, **facts)
        if saving.done:
            messages.success(request, _("The plan is saved."))
            return to_plan(request, plan)
    return form_page(
        request, form, heading=_("Change the plan"), up=up_to_plan(request, plan_of(request, pk))
    )


@staff_page(Permission.MANAGE_PLANS)
@READ_OR_WRITE
def plan_adopt(request: StaffRequest, pk: int) -> HttpResponse:
    """A second press finds the plan adopted, and changes nothing."""
    plan = plan_of(request, pk)
    form = AdoptForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with kept(form) as saving:
            services.adopt(plan, by=request.user, **form.cleaned_data)
        if saving.done:
            messages.success(request, _("The plan is adopted."))
            return to_plan(request, plan)
    intro = _(
        "From now on titles and numbers change only as a correction with a reason. A plan that it succeeds is over."
    )
    return form_page(
        request, form, heading=_("Enter the adoption"), up=up_to_plan(request, plan), intro=intro
    )


@staff_page(Permission.MANAGE_PLANS)
@READ_OR_WRITE
def plan_end(request: StaffRequest, pk: int) -> HttpResponse:
    plan = plan_of(request, pk)
    form = EndForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.end(plan, by=request.user, **form.cleaned_data)
        messages.success(request, _("The plan is ended. Everything in it stays to be read."))
        return to_plan(request, plan)
    intro = _("A plan that another one follows ends by itself when that one is adopted.")
    return form_page(request, form, heading=_("End the plan"), up=up_to_plan(request, plan), intro=intro)


@staff_page(Permission.MANAGE_PLANS)
@READ_OR_WRITE
def area_create(request: StaffRequest, pk: int) -> HttpResponse:
    plan = plan_of(request, pk)
    last = plan.focus_areas.last()
    form = AreaForm(request.POST or None, initial={"number": last.number + 1 if last else 1})
    if request.method == "POST" and form.is_valid():
        with kept(form) as saving:
            measures.add_area(plan, by=request.user, facts=form.facts())
        if saving.done:
            messages.success(request, _("The focus area is saved."))
            return to_plan(request, plan)
    return form_page(request, form, heading=_("New focus area"), up=up_to_plan(request, plan))


@staff_page(Permission.MANAGE_PLANS)
@READ_OR_WRITE
def area_edit(request: StaffRequest, pk: int) -> HttpResponse:
    area = get_object_or_404(FocusArea.objects.of(request.tenant).select_related("plan__owner"), pk=pk)
    start = {"number": area.number, "title": area.title}
    form = AreaForm(request.POST or None, plan=area.plan, initial=start)
    if request.method == "POST" and form.is_valid():
        with kept(form) as saving:
            measures.change_area(area, by=request.user, facts=form.facts(), reason=form.why())
        if saving.done:
            messages.success(request, _("The focus area is saved."))
            return to_plan(request, area.plan)
    facts = {"also": "plans/_area_remove.html", "area": area}
    up = up_to_plan(request, area.plan)
    return form_page(request, form, heading=_("Change the focus area"), up=up, **facts)


@staff_page(Permission.MANAGE_PLANS)
@require_POST
def area_remove(request: StaffRequest, pk: int) -> HttpResponse:
    area = get_object_or_404(FocusArea.objects.of(request.tenant).select_related("plan"), pk=pk)
    try:
        measures.remove_area(area, by=request.user)
    except measures.InUse:
        messages.error(request, _("The focus area holds measures. Move them to another one first."))
    else:
        messages.success(request, _("The focus area is removed."))
    return to_plan(request, area.plan)


@staff_page(Permission.MANAGE_PLANS)
@READ_OR_WRITE
def plan_catalogue(request: StaffRequest, pk: int) -> HttpResponse:
    """The measures that the plan mentions as possible; a POST adds one."""
    plan = plan_of(request, pk)
    form = PossibleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with kept(form) as saving:
            catalogue.add_possible(plan, by=request.user, title=form.cleaned_data["title"])
        if saving.done:
            return redirect("plan-catalogue", tenant=request.tenant.slug, pk=plan.pk)
    entries = plan.possible_measures.select_related("taken_as")
    return render(request, "plans/catalogue.html", {"plan": plan, "form": form, "entries": entries})


@staff_page(Permission.MANAGE_PLANS)
@require_POST
def catalogue_remove(request: StaffRequest, pk: int) -> HttpResponse:
    entry = get_object_or_404(PossibleMeasure.objects.of(request.tenant).select_related("plan"), pk=pk)
    catalogue.remove_possible(entry, by=request.user)
    messages.success(request, _("“%(title)s” is removed from the list.") % {"title": entry.title})
    return redirect("plan-catalogue", tenant=request.tenant.slug, pk=entry.plan_id)
