"""Pages of a plan that follows another, and of what became of each measure."""

from django.contrib import messages
from django.db.models import Prefetch
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from events.plans.editing.saving import kept
from events.plans.models import Measure
from events.plans.predecessors import successor_of
from events.plans.showing import form_page, measure_of, plan_of, shown, to_plan, up_to_measure, up_to_plan
from events.plans.succession import services
from events.plans.succession.forms import FateForm, SucceedForm
from events.plans.succession.models import MeasureStep
from events.tenancy.guards import StaffRequest, staff_page
from events.tenancy.permissions import Permission

READ_OR_WRITE = require_http_methods(["GET", "HEAD", "POST"])


@staff_page(Permission.MANAGE_PLANS)
@READ_OR_WRITE
def plan_succeed(request: StaffRequest, pk: int) -> HttpResponse:
    """A second press finds the draft that is there."""
    plan = plan_of(request, pk)
    form = SucceedForm(request.POST or None, initial={"title": plan.title})
    if request.method == "POST" and form.is_valid():
        with kept(form) as saving:
            new = services.succeed(plan, by=request.user, title=form.cleaned_data["title"])
        if saving.done:
            messages.success(request, _("The draft is made. Change what the new plan has otherwise."))
            return to_plan(request, new)
    intro = _(
        "The focus areas, measures and responsible bodies are copied into a draft; deadlines are not. "
        "This plan stays as it is."
    )
    up = up_to_plan(request, plan)
    return form_page(request, form, heading=_("Make the plan that follows"), up=up, intro=intro)


@staff_page(Permission.SEE_PLANS)
@require_safe
def plan_mapping(request: StaffRequest, pk: int) -> HttpResponse:
    """Each measure of the plan and what became of it in the plan that follows."""
    plan = plan_of(request, pk)
    later = successor_of(plan)
    if later is None:
        raise Http404
    shown(request, later, later)
    steps = MeasureStep.objects.of(request.tenant).select_related("new")
    rows = Measure.objects.of(request.tenant).filter(plan=plan)
    measures = rows.prefetch_related(Prefetch("steps_on", steps))
    origins = MeasureStep.objects.of(request.tenant).filter(new__plan=later)
    added = Measure.objects.of(request.tenant).filter(plan=later).exclude(pk__in=origins.values("new"))
    facts = {"plan": plan, "later": later, "measures": measures, "added": added}
    return render(request, "plans/mapping.html", facts)


@staff_page(Permission.MANAGE_PLANS)
@READ_OR_WRITE
def measure_step(request: StaffRequest, pk: int) -> HttpResponse:
    measure = measure_of(request, pk)
    later = successor_of(measure.plan)
    if later is None:
        raise Http404
    start = FateForm.as_it_is(list(measure.steps_on.all()))
    form = FateForm(request.POST or None, later=later, initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            services.say_fate(measure, by=request.user, **form.cleaned_data)
        except services.NotPossible as error:
            form.add_error("reason" if form.cleaned_data["fate"] == "ended" else "new", str(error))
        else:
            messages.success(request, _("It is saved."))
            return redirect("plan-mapping", tenant=request.tenant.slug, pk=measure.plan_id)
    intro = _("What “%(measure)s” became in “%(plan)s”.") % {"measure": measure, "plan": later.title}
    up = up_to_measure(request, measure)
    return form_page(request, form, heading=_("What became of the measure"), up=up, intro=intro)
