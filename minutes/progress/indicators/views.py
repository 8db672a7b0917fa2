"""Indicators of a plan or a measure: the plan's list, one indicator with its values, and what colleagues change."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from events.plans.models import Measure, Plan
from events.plans.showing import form_page, measure_of, plan_of, up_to_measure
from events.plans.showing import shown as if_allowed
from events.tenancy.guards import StaffRequest, staff_page
from events.tenancy.permissions import Permission
from minutes.progress.indicators import services
from minutes.progress.indicators.chart import chart, in_words
from minutes.progress.indicators.forms import ChangedValueForm, IndicatorForm, ValueForm
from minutes.progress.indicators.models import Indicator, IndicatorValue, period_words
from minutes.progress.indicators.showing import of_plan, shown

READ_OR_WRITE = require_http_methods(["GET", "HEAD", "POST"])
Up = tuple[str, str]


@staff_page(Permission.SEE_PLANS)
@require_safe
def indicator_list(request: StaffRequest, pk: int) -> HttpResponse:
    plan = plan_of(request, pk)
    return render(request, "progress/indicators.html", {"plan": plan, "indicators": of_plan(plan)})


@staff_page(Permission.SEE_PLANS)
@require_safe
def indicator_detail(request: StaffRequest, pk: int) -> HttpResponse:
    [one] = shown([_indicator(request, pk)])
    facts = {"one": one, "indicator": one.indicator, "chart": chart(one), "in_words": in_words(one)}
    return render(request, "progress/indicator.html", facts)


@staff_page(Permission.MANAGE_PLANS)
@READ_OR_WRITE
def plan_indicator_create(request: StaffRequest, pk: int) -> HttpResponse:
    plan = plan_of(request, pk)
    return _create(request, plan, None, (_address(request, "indicator-list", plan.pk), _("Indicators")))


@staff_page(Permission.MANAGE_PLANS)
@READ_OR_WRITE
def measure_indicator_create(request: StaffRequest, pk: int) -> HttpResponse:
    measure = measure_of(request, pk)
    return _create(request, measure.plan, measure, up_to_measure(request, measure))


@staff_page(Permission.MANAGE_PLANS)
@READ_OR_WRITE
def indicator_edit(request: StaffRequest, pk: int) -> HttpResponse:
    row = _indicator(request, pk)
    start = IndicatorForm.as_it_is(row)
    form = IndicatorForm(request.POST or None, plan=row.plan, indicator=row, initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_indicator(row, by=request.user, facts=form.facts())
        except services.NameTaken:
            form.add_error("name", _("The plan has an indicator of this name already."))
        except services.InUse:
            form.add_error("rhythm", _("It has values or parts already, so how often it is measured stays."))
        else:
            return _saved(request, row)
    up, also = _up(request, row), {"also": "progress/_indicator_remove.html", "indicator": row}
    return form_page(request, form, heading=_("Change the indicator"), up=up, **also)


@staff_page(Permission.MANAGE_PLANS)
@require_POST
def indicator_remove(request: StaffRequest, pk: int) -> HttpResponse:
    row = _indicator(request, pk)
    try:
        services.remove_indicator(row, by=request.user)
    except services.InUse:
        messages.error(request, _("The indicator has values, or others are part of it. Delete those first."))
        return redirect("indicator-detail", tenant=request.tenant.slug, pk=pk)
    messages.success(request, _("The indicator is removed."))
    return redirect("indicator-list", tenant=request.tenant.slug, pk=row.plan_id)


@staff_page(Permission.MANAGE_PLANS)
@READ_OR_WRITE
def value_create(request: StaffRequest, pk: int) -> HttpResponse:
    row = _indicator(request, pk)
    form = ValueForm(request.POST or None, indicator=row)
    if request.method == "POST" and form.is_valid():
        try:
            services.add_value(row, by=request.user, **form.facts())
        except services.PeriodTaken:
            form.add_error(
                "year",
                _("There is a value for this period already. Change that one on the indicator’s page."),
            )
        else:
            return _saved(request, row)
    return form_page(request, form, heading=_("Enter a value"), up=_up(request, row), intro=row.name)


@staff_page(Permission.MANAGE_PLANS)
@READ_OR_WRITE
def value_edit(request: StaffRequest, pk: int) -> HttpResponse:
    figure = _figure(request, pk)
    form = ChangedValueForm(request.POST or None, initial={"value": figure.value})
    if request.method == "POST" and form.is_valid():
        services.change_value(figure, by=request.user, value=form.cleaned_data["value"])
        return _saved(request, figure.indicator)
    heading = _("Value for %(period)s") % {"period": period_words(figure.year, figure.month)}
    facts = {"intro": figure.indicator.name, "also": "progress/_value_remove.html", "figure": figure}
    return form_page(request, form, heading=heading, up=_up(request, figure.indicator), **facts)


@staff_page(Permission.MANAGE_PLANS)
@require_POST
def value_remove(request: StaffRequest, pk: int) -> HttpResponse:
    figure = _figure(request, pk)
    services.remove_value(figure, by=request.user)
    messages.success(request, _("The value is deleted."))
    return redirect("indicator-detail", tenant=request.tenant.slug, pk=figure.indicator_id)


def _create(request: StaffRequest, plan: Plan, measure: Measure | None, up: Up) -> HttpResponse:
    form = IndicatorForm(request.POST or None, plan=plan)
    if request.method == "POST" and form.is_valid():
        try:
            row = services.add_indicator(plan, by=request.user, measure=measure, facts=form.facts())
        except services.NameTaken:
            form.add_error("name", _("The plan has an indicator of this name already."))
        else:
            return _saved(request, row)
    individuals = measure is not None and measure.about_individuals
    return form_page(request, form, heading=_("New indicator"), up=up, individuals=individuals)


def _saved(request: StaffRequest, row: Indicator) -> HttpResponse:
    messages.success(request, _("Saved."))
    return redirect("indicator-detail", tenant=request.tenant.slug, pk=row.pk)


def _indicator(request: StaffRequest, pk: int) -> Indicator:
    """Not yours, or of a draft you do not write = 404."""
    rows = Indicator.objects.of(request.tenant).select_related("plan__tenant", "measure", "whole")
    row = get_object_or_404(rows, pk=pk)
    return if_allowed(request, row.plan, row)


def _figure(request: StaffRequest, pk: int) -> IndicatorValue:
    rows = IndicatorValue.objects.of(request.tenant).select_related("indicator__plan")
    row = get_object_or_404(rows, pk=pk)
    return if_allowed(request, row.indicator.plan, row)


def _up(request: StaffRequest, row: Indicator) -> Up:
    return _address(request, "indicator-detail", row.pk), row.name


def _address(request: StaffRequest, name: str, pk: int) -> str:
    return reverse(name, kwargs={"tenant": request.tenant.slug, "pk": pk})
