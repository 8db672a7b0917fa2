"""Submitting minutes, and the approver's page: what will be frozen, which measures will move, approve or send back."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from events.tenancy.guards import StaffRequest, staff_page
from events.tenancy.permissions import Permission
from minutes.approval import services
from minutes.approval.forms import SendBackForm
from minutes.records.document import document
from minutes.records.fields import whole_number
from minutes.records.models import Minutes
from minutes.records.refusals import NotAllowed
from minutes.records.sheet import sheet, with_html

NONE_READ = -1  # a post that does not say which text was read approves none


@staff_page(Permission.WRITE_MINUTES)
@require_POST
def submit(request: StaffRequest, pk: int) -> HttpResponse:
    minutes = _minutes(request, pk)
    try:
        services.submit(minutes, by=request.user)
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The minutes are waiting for approval."))
    return redirect("minutes-detail", tenant=request.tenant.slug, pk=pk)


@staff_page(Permission.APPROVE_MINUTES)
@require_POST
def send_back(request: StaffRequest, pk: int) -> HttpResponse:
    minutes, form = _minutes(request, pk), SendBackForm(request.POST)
    if not form.is_valid():
        return _approval_page(request, minutes, form)
    try:
        services.send_back(minutes, by=request.user, reason=form.cleaned_data["reason"])
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The minutes are a draft again."))
    return redirect("minutes-detail", tenant=request.tenant.slug, pk=pk)


@staff_page(Permission.APPROVE_MINUTES)
@require_http_methods(["GET", "HEAD", "POST"])
def approve(request: StaffRequest, pk: int) -> HttpResponse:
    minutes = _minutes(request, pk)
    if request.method != "POST":
        return _approval_page(request, minutes, SendBackForm())
    read = whole_number(request.POST.get("revision"))
    try:
        services.approve(minutes, by=request.user, revision=NONE_READ if read is None else read)
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
        return redirect("minutes-approve", tenant=request.tenant.slug, pk=pk)
    messages.success(request, _("The minutes are approved."))
    return redirect("minutes-detail", tenant=request.tenant.slug, pk=pk)


def _approval_page(request: StaffRequest, minutes: Minutes, form: SendBackForm) -> HttpResponse:
    if minutes.state != Minutes.State.SUBMITTED:
        messages.info(request, _("These minutes are not waiting for approval."))
        return redirect("minutes-detail", tenant=request.tenant.slug, pk=minutes.event_id)
    words = sheet(document(minutes), language=request.LANGUAGE_CODE)
    context = {"minutes": minutes, "event": minutes.event, "sheet": with_html(words), "form": form}
    return render(request, "approval/approve.html", context)


def _minutes(request: StaffRequest, pk: int) -> Minutes:
    rows = Minutes.objects.of(request.tenant).select_related("event", "author", "tenant")
    return get_object_or_404(rows, event_id=pk)
