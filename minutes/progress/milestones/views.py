"""What colleagues change of a measure's milestones. The measure's page (minutes/reports) shows them."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from events.plans.showing import form_page, measure_of, shown, to_measure, up_to_measure
from events.tenancy.guards import StaffRequest, staff_page
from events.tenancy.permissions import Permission
from minutes.progress.milestones import services
from minutes.progress.milestones.forms import MilestoneForm, ReachedForm
from minutes.progress.milestones.models import Milestone

READ_OR_WRITE = require_http_methods(["GET", "HEAD", "POST"])


@staff_page(Permission.MANAGE_PLANS)
@READ_OR_WRITE
def milestone_create(request: StaffRequest, pk: int) -> HttpResponse:
    measure = measure_of(request, pk)
    form = MilestoneForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.add_milestone(measure, by=request.user, **form.cleaned_data)
        messages.success(request, _("The milestone is saved."))
        return to_measure(request, measure)
    up, individuals = up_to_measure(request, measure), measure.about_individuals
    return form_page(request, form, heading=_("New milestone"), up=up, individuals=individuals)


@staff_page(Permission.MANAGE_PLANS)
@READ_OR_WRITE
def milestone_edit(request: StaffRequest, pk: int) -> HttpResponse:
    row = _milestone(request, pk)
    start = {"title": row.title, "owner": row.owner, "due": row.due}
    form = MilestoneForm(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        services.change_milestone(row, by=request.user, **form.cleaned_data)
        messages.success(request, _("The milestone is saved."))
        return to_measure(request, row.measure)
    facts = {"also": "progress/_milestone_remove.html", "milestone": row}
    up, individuals = up_to_measure(request, row.measure), row.measure.about_individuals
    return form_page(
        request, form, heading=_("Change the milestone"), up=up, individuals=individuals, **facts
    )


@staff_page(Permission.MANAGE_PLANS)
@READ_OR_WRITE
def milestone_reached(request: StaffRequest, pk: int) -> HttpResponse:
    """Asks on which day; today stands there already."""
    row = _milestone(request, pk)
    form = ReachedForm(request.POST or None, initial={"on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        services.reach(row, by=request.user, on=form.cleaned_data["on"])
        messages.success(request, _("The milestone is reached."))
        return to_measure(request, row.measure)
    up = up_to_measure(request, row.measure)
    return form_page(request, form, heading=_("The milestone is reached"), up=up, intro=row.title)


@staff_page(Permission.MANAGE_PLANS)
@require_POST
def milestone_undo(request: StaffRequest, pk: int) -> HttpResponse:
    row = _milestone(request, pk)
    services.undo(row, by=request.user)
    messages.success(request, _("The milestone counts as not reached again."))
    return to_measure(request, row.measure)


@staff_page(Permission.MANAGE_PLANS)
@require_POST
def milestone_remove(request: StaffRequest, pk: int) -> HttpResponse:
    row = _milestone(request, pk)
    services.remove_milestone(row, by=request.user)
    messages.success(request, _("The milestone is removed."))
    return to_measure(request, row.measure)


def _milestone(request: StaffRequest, pk: int) -> Milestone:
    """Not yours = 404."""
    rows = Milestone.objects.of(request.tenant).select_related("measure__plan")
    row = get_object_or_404(rows, pk=pk)
    return shown(request, row.measure.plan, row)
