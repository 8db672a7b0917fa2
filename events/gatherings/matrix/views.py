"""The page where staff decide who sees what of the guests."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from events.gatherings.matrix import presets, services, showing
from events.gatherings.matrix.forms import MatrixForm, with_preset
from events.gatherings.matrix.promised import promised
from events.gatherings.models import Event
from events.gatherings.refusals import ChangedMeanwhile, NotAllowed
from events.tenancy.guards import StaffRequest, staff_page
from events.tenancy.permissions import Permission


@staff_page(Permission.MANAGE_EVENTS)
@require_http_methods(["GET", "HEAD", "POST"])
def event_visibility(request: StaffRequest, pk: int) -> HttpResponse:
    event = get_object_or_404(Event.objects.of(request.tenant), pk=pk)
    form = MatrixForm(_sent(request, event), event=event)
    if form.is_valid() and _set(request, event, form):
        messages.success(request, _("Saved. It holds at once, on every page and in every mail from now on."))
        return redirect("event-visibility", tenant=request.tenant.slug, pk=pk)
    chosen = form.facts() if form.is_bound and form.is_valid() else {}
    facts = {
        "event": event,
        "form": form,
        "presets": presets.PRESETS,
        "current": presets.current(event),
        "promised": promised(event),
        "examples": showing.examples(event, chosen),
    }
    return render(request, "gatherings/visibility.html", facts)


def _sent(request: StaffRequest, event: Event) -> Any:
    """What the form was sent with; one click on a preset counts as the form with its choices."""
    if request.method != "POST":
        return None
    preset = presets.preset_of(request.POST.get("preset", ""))
    return with_preset(event, preset) if preset else request.POST


def _set(request: StaffRequest, event: Event, form: MatrixForm) -> bool:
    """Sets it; False when it was refused, which then stands in the form."""
    confirmed = form.cleaned_data["confirm"]
    try:
        services.set_matrix(event, by=request.user, facts=form.facts(), confirmed=confirmed)
    except services.NotConfirmed:
        form.ask_to_confirm()
        return False
    except NotAllowed as refused:
        form.add_error(None, str(refused))
        return False
    except ChangedMeanwhile:
        form.add_error(None, _("Somebody else set it at the same moment. Look at it, and save again."))
        return False
    return True
