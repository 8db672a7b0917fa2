"""Puts an event into a network, says who takes part, and takes it out again. Both their pages show it (beside.py)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from events.campaigns.networks import services
from events.campaigns.networks.forms import NetworkForm, TakingPartForm
from events.campaigns.networks.models import EventNetwork
from events.gatherings.models import Event
from events.tenancy.guards import StaffRequest, staff_page
from events.tenancy.permissions import Permission

ASK = require_http_methods(["GET", "HEAD", "POST"])


@staff_page(Permission.MANAGE_EVENTS)
@ASK
def event_network_add(request: StaffRequest, pk: int) -> HttpResponse:
    event = get_object_or_404(Event.objects.of(request.tenant), pk=pk)
    form = NetworkForm(request.POST if request.method == "POST" else None, event=event)
    if request.method == "POST" and form.is_valid():
        services.put_into(event, by=request.user, **form.cleaned_data)
        messages.success(request, _("The meeting is in the network."))
        return redirect("event-detail", tenant=request.tenant.slug, pk=event.pk)
    return render(request, "campaigns/network_form.html", {"form": form, "event": event})


@staff_page(Permission.MANAGE_EVENTS)
@ASK
def event_network_edit(request: StaffRequest, pk: int) -> HttpResponse:
    link = _link(request, pk)
    data = request.POST if request.method == "POST" else None
    form = TakingPartForm(data, initial={"taking_part": link.taking_part})
    if request.method == "POST" and form.is_valid():
        services.put_into(link.event, link.network, by=request.user, **form.cleaned_data)
        messages.success(request, _("The changes are saved."))
        return redirect("event-detail", tenant=request.tenant.slug, pk=link.event_id)
    return render(request, "campaigns/network_form.html", {"form": form, "event": link.event, "link": link})


@staff_page(Permission.MANAGE_EVENTS)
@require_POST
def event_network_remove(request: StaffRequest, pk: int) -> HttpResponse:
    link = _link(request, pk)
    services.take_out(link, by=request.user)
    messages.success(request, _("The meeting is no longer in the network."))
    return redirect("event-detail", tenant=request.tenant.slug, pk=link.event_id)


def _link(request: StaffRequest, pk: int) -> EventNetwork:
    rows = EventNetwork.objects.of(request.tenant).select_related("event", "network")
    return get_object_or_404(rows, pk=pk)
