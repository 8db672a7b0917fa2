"""Pages that make, change and remove a measure, and the ordered list of who is responsible for it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from events.plans.editing import bodies, measures
from events.plans.editing.forms import BodyForm, MeasureForm
from events.plans.editing.saving import kept
from events.plans.editing.uses import uses_of
from events.plans.models import Measure, Plan, PossibleMeasure, Responsibility, ResponsibilityPart
from events.plans.showing import (
    form_page,
    measure_of,
    plan_of,
    to_measure,
    to_plan,
    up_to_measure,
    up_to_plan,
)
from events.tenancy.guards import StaffRequest, staff_page
from events.tenancy.permissions import Permission

READ_OR_WRITE = require_http_methods(["GET", "HEAD", "POST"])


@staff_page(Permission.MANAGE_PLANS)
@READ_OR_WRITE
def measure_create(request: StaffRequest, pk: int) -> HttpResponse:
    """`?possible=` names the entry of the catalogue that is taken into the plan."""
    plan = plan_of(request, pk)
    possible = _possible(request, plan)
    form = MeasureForm(request.POST or None, initial=_start(plan, possible), plan=plan)
    form.fields.pop("reason", None)
    if request.method == "POST" and form.is_valid():
        with kept(form) as saving:
            row = measures.add_measure(plan, by=request.user, facts=form.facts(), possible=possible)
        if saving.done:
            messages.success(request, _("The measure is saved. Now say who is responsible."))
            return redirect("measure-bodies", tenant=request.tenant.slug, pk=row.pk)
    if not plan.focus_areas.exists():
        messages.info(request, _("Enter a focus area first; a measure stands in one."))
        return redirect("plan-area-create", tenant=request.tenant.slug, pk=plan.pk)
    return form_page(request, form, heading=_("New measure"), up=up_to_plan(request, plan))


@staff_page(Permission.MANAGE_PLANS)
@READ_OR_WRITE
def measure_edit(request: StaffRequest, pk: int) -> HttpResponse:
    measure = measure_of(request, pk)
    form = MeasureForm(request.POST or None, initial=MeasureForm.as_it_is(measure), plan=measure.plan)
    up, individuals = up_to_measure(request, measure), measure.about_individuals
    if request.method == "POST" and form.is_valid():
        with kept(form) as saving:
            measures.change_measure(measure, by=request.user, facts=form.facts(), reason=form.why())
        if saving.done:
            messages.success(request, _("The measure is saved."))
            return to_measure(request, measure)
    return form_page(request, form, heading=_("Change the measure"), up=up, individuals=individuals)


@staff_page(Permission.MANAGE_PLANS)
@READ_OR_WRITE
def measure_remove(request: StaffRequest, pk: int) -> HttpResponse:
    """Says what hangs on the measure; removes it when nothing does."""
    measure = measure_of(request, pk)
    if request.method == "POST":
        try:
            measures.remove_measure(measure, by=request.user)
        except measures.InUse:
            messages.error(request, _("The measure is not removed, because something hangs on it."))
            return redirect("measure-remove", tenant=request.tenant.slug, pk=pk)
        messages.success(request, _("The measure is removed."))
        return to_plan(request, measure.plan)
    return render(request, "plans/measure_remove.html", {"measure": measure, "uses": uses_of(measure)})


@staff_page(Permission.MANAGE_PLANS)
@READ_OR_WRITE
def measure_bodies(request: StaffRequest, pk: int) -> HttpResponse:
    """The list in order, with buttons that move; a POST adds a body at its end."""
    measure = measure_of(request, pk)
    form = BodyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with kept(form) as saving:
            bodies.add_body(measure, by=request.user, facts=form.cleaned_data)
        if saving.done:
            messages.success(
                request, _("“%(name)s” is added.") % {"name": form.cleaned_data["name_as_written"]}
            )
            return redirect("measure-bodies", tenant=request.tenant.slug, pk=pk)
    rows = list(measure.responsibilities.select_related("organisation"))
    responsible = [row for row in rows if row.part == ResponsibilityPart.RESPONSIBLE]
    helpers = [row for row in rows if row.part != ResponsibilityPart.RESPONSIBLE]
    facts = {"measure": measure, "form": form, "responsible": responsible, "helpers": helpers}
    return render(request, "plans/bodies.html", facts)


@staff_page(Permission.MANAGE_PLANS)
@READ_OR_WRITE
def body_edit(request: StaffRequest, pk: int) -> HttpResponse:
    row = _body(request, pk)
    start = {name: getattr(row, name) for name in BodyForm.base_fields}
    form = BodyForm(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        with kept(form) as saving:
            bodies.change_body(row, by=request.user, facts=form.cleaned_data)
        if saving.done:
            return redirect("measure-bodies", tenant=request.tenant.slug, pk=row.measure_id)
    up = up_to_measure(request, row.measure)
    return form_page(request, form, heading=_("Change a responsible body"), up=up)


@staff_page(Permission.MANAGE_PLANS)
@require_POST
def body_move(request: StaffRequest, pk: int) -> HttpResponse:
    """`to` is the place it gets; a second press finds it there."""
    row = _body(request, pk)
    to = request.POST.get("to", "")
    if to.isdecimal() and to.isascii() and len(to) < 5 and bodies.move_body(row, by=request.user, to=int(to)):
        facts = {"name": row.name_as_written, "n": int(to)}
        lead = _("“%(name)s” stands first and leads.") % facts
        messages.success(request, lead if to == "1" else _("“%(name)s” is number %(n)d now.") % facts)
    return redirect("measure-bodies", tenant=request.tenant.slug, pk=row.measure_id)


@staff_page(Permission.MANAGE_PLANS)
@require_POST
def body_remove(request: StaffRequest, pk: int) -> HttpResponse:
    row = _body(request, pk)
    try:
        bodies.remove_body(row, by=request.user)
    except bodies.LeadNeeded:
        messages.error(request, _("The plan is adopted, so somebody must lead. Add another body first."))
    else:
        messages.success(request, _("“%(name)s” is removed.") % {"name": row.name_as_written})
    return redirect("measure-bodies", tenant=request.tenant.slug, pk=row.measure_id)


def _body(request: StaffRequest, pk: int) -> Responsibility:
    rows = Responsibility.objects.of(request.tenant).select_related("measure__plan", "measure__tenant")
    return get_object_or_404(rows, pk=pk)


def _possible(request: StaffRequest, plan: Plan) -> PossibleMeasure | None:
    named = request.GET.get("possible", "")
    rows = PossibleMeasure.objects.of(request.tenant).filter(plan=plan, taken_as__isnull=True)
    return rows.filter(pk=int(named)).first() if named.isdecimal() and len(named) < 19 else None


def _start(plan: Plan, possible: PossibleMeasure | None) -> dict[str, Any]:
    last: Measure | None = plan.measures.order_by("number").last()
    start: dict[str, Any] = {"number": last.number + 1 if last else 1}
    return {**start, "title": possible.title} if possible else start
