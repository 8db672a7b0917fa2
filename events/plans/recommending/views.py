"""Pages of recommendations: the list for everyone who may see plans, the forms for who may change them."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from events.plans.editing.saving import kept
from events.plans.models import Plan
from events.plans.recommending import services
from events.plans.recommending.forms import GroupForm, RecommendationForm
from events.plans.recommending.models import ExpertGroup, Recommendation
from events.plans.showing import form_page, plan_of
from events.tenancy.guards import StaffRequest, staff_page
from events.tenancy.permissions import Permission

READ_OR_WRITE = require_http_methods(["GET", "HEAD", "POST"])


@staff_page(Permission.SEE_PLANS)
@require_safe
def recommendation_list(request: StaffRequest, pk: int) -> HttpResponse:
    plan = plan_of(request, pk)
    groups = plan.expert_groups.prefetch_related("recommendations__measures")
    return render(request, "plans/recommendations.html", {"plan": plan, "groups": groups})


@staff_page(Permission.MANAGE_PLANS)
@READ_OR_WRITE
def group_create(request: StaffRequest, pk: int) -> HttpResponse:
    plan = plan_of(request, pk)
    form = GroupForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with kept(form) as saving:
            services.add_group(plan, by=request.user, facts=form.facts())
        if saving.done:
            return _saved(request, plan)
    return form_page(request, form, heading=_("New expert group"), up=_up(request, plan))


@staff_page(Permission.MANAGE_PLANS)
@READ_OR_WRITE
def group_edit(request: StaffRequest, pk: int) -> HttpResponse:
    group = get_object_or_404(ExpertGroup.objects.of(request.tenant).select_related("plan"), pk=pk)
    form = GroupForm(request.POST or None, initial=GroupForm.as_it_is(group))
    if request.method == "POST" and form.is_valid():
        with kept(form) as saving:
            services.change_group(group, by=request.user, facts=form.facts())
        if saving.done:
            return _saved(request, group.plan)
    return form_page(request, form, heading=_("Change the expert group"), up=_up(request, group.plan))


@staff_page(Permission.MANAGE_PLANS)
@READ_OR_WRITE
def recommendation_create(request: StaffRequest, pk: int) -> HttpResponse:
    group = get_object_or_404(ExpertGroup.objects.of(request.tenant).select_related("plan"), pk=pk)
    last = group.recommendations.order_by("number").last()
    start = {"number": last.number + 1 if last else 1, "verdict": "open"}
    form = RecommendationForm(request.POST or None, plan=group.plan, initial=start)
    if request.method == "POST" and form.is_valid():
        facts = {"facts": form.facts(), "measures": form.cleaned_data["measures"]}
        with kept(form) as saving:
            services.add_recommendation(group, by=request.user, **facts)
        if saving.done:
            return _saved(request, group.plan)
    return form_page(request, form, heading=_("New recommendation"), up=_up(request, group.plan))


@staff_page(Permission.MANAGE_PLANS)
@READ_OR_WRITE
def recommendation_edit(request: StaffRequest, pk: int) -> HttpResponse:
    rows = Recommendation.objects.of(request.tenant).select_related("group__plan")
    row = get_object_or_404(rows, pk=pk)
    start = RecommendationForm.as_it_is(row)
    form = RecommendationForm(request.POST or None, plan=row.group.plan, initial=start)
    if request.method == "POST" and form.is_valid():
        facts = {"facts": form.facts(), "measures": form.cleaned_data["measures"]}
        with kept(form) as saving:
            services.change_recommendation(row, by=request.user, **facts)
        if saving.done:
            return _saved(request, row.group.plan)
    up = _up(request, row.group.plan)
    return form_page(request, form, heading=_("Change the recommendation"), up=up)


def _up(request: StaffRequest, plan: Plan) -> tuple[str, str]:
    at = {"tenant": request.tenant.slug, "pk": plan.pk}
    return reverse("plan-recommendations", kwargs=at), _("Recommendations")


def _saved(request: StaffRequest, plan: Plan) -> HttpResponse:
    messages.success(request, _("It is saved."))
    return redirect("plan-recommendations", tenant=request.tenant.slug, pk=plan.pk)
