"""What those who come need: totals for kitchen and venue; by name for the few who arrange it, each look logged."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from events.gatherings.models import Event
from events.tenancy.guards import StaffRequest, staff_page
from events.tenancy.permissions import Permission
from invites.answers.needs import reading, services
from invites.answers.needs.export import as_csv


@staff_page(Permission.SEE_GUESTS)
@require_safe
def totals(request: StaffRequest, pk: int) -> HttpResponse:
    """How many need what, without a name; details only for whoever may see needs."""
    event, found, details = _totals(request, pk)
    facts: dict[str, Any] = {"event": event, "totals": found, "details": details}
    return render(request, "answers/needs/totals.html", facts)


@staff_page(Permission.SEE_GUESTS)
@require_safe
def totals_csv(request: StaffRequest, pk: int) -> HttpResponse:
    """The same for a spreadsheet, to be sent to the kitchen and the venue."""
    event, found, details = _totals(request, pk)
    response = HttpResponse(as_csv(found, details=details), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="needs-{event.pk}.csv"'
    return response


@staff_page(Permission.SEE_NEEDS)
@require_http_methods(["GET", "HEAD", "POST"])
def people(request: StaffRequest, pk: int) -> HttpResponse:
    """Who needs what. Opening the page shows nothing yet; the button does, and is logged."""
    event = _event(request, pk)
    asks = request.method != "POST"
    found = [] if asks else services.read(event, by=request.user)
    return render(request, "answers/needs/people.html", {"event": event, "asks": asks, "people": found})


@staff_page(Permission.MANAGE_EVENTS)
@require_POST
def ask(request: StaffRequest, pk: int) -> HttpResponse:
    """Asks for needs or not, as the button said; a second click changes nothing."""
    event, wanted = _event(request, pk), request.POST.get("to") == "on"
    services.ask(event, by=request.user, wanted=wanted)
    text = _("Invitees are asked what they need.") if wanted else _("Invitees are not asked what they need.")
    messages.success(request, text)
    return redirect("question-list", tenant=request.tenant.slug, pk=event.pk)


def _totals(request: StaffRequest, pk: int) -> tuple[Event, reading.Totals, bool]:
    event = _event(request, pk)
    return event, reading.totals(event), request.membership.may(Permission.SEE_NEEDS)


def _event(request: StaffRequest, pk: int) -> Event:
    return get_object_or_404(Event.objects.of(request.tenant), pk=pk)
