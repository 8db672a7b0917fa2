"""One invitee's history, and the list of those to call."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from events.gatherings.models import Event
from events.tenancy.guards import StaffRequest, staff_page
from events.tenancy.permissions import Permission
from invites.invitations import reach, truth
from invites.invitations.guests import calls
from invites.invitations.guests.forms import CallForm
from invites.invitations.guests.services import note_call
from invites.invitations.models import Invitation
from invites.invitations.services import invitable

PAGE = 50


@staff_page(Permission.SEE_GUESTS)
@require_safe
def detail(request: StaffRequest, pk: int) -> HttpResponse:
    """What is known of one invitation, step by step. A withdrawn one keeps its history."""
    rows = reach.with_reach(Invitation.objects.of(request.tenant), request.tenant.pk)
    rows = rows.select_related("event__tenant", "contact__organisation", "invited_by")
    invitation: Any = get_object_or_404(rows, pk=pk)
    facts = {
        "invitation": invitation,
        "event": invitation.event,
        "reach": reach.Reach(invitation.reach).label,
        "reach_colour": reach.COLOURS.get(invitation.reach, "neutral"),
        "steps": truth.steps(invitation),
        "form": CallForm(prefix=str(invitation.pk)),
        "open": invitation.revoked_at is None and not invitation.event.has_begun,
        "answerable": invitation.revoked_at is None and invitable(invitation.event),
    }
    return render(request, "invitations/guests/detail.html", facts)


@staff_page(Permission.SEE_GUESTS)
@require_safe
def call_list(request: StaffRequest, pk: int) -> HttpResponse:
    """Who has not answered and can be called, the most urgent first, with the reason and the last attempt."""
    event = get_object_or_404(Event.objects.of(request.tenant).select_related("tenant"), pk=pk)
    still_open = invitable(event)
    rows = calls.to_call(event) if still_open else ()  # nobody is called for an answer that is not taken
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    facts = {"event": event, "page_obj": page, "people": calls.people(event, page), "open": still_open}
    return render(request, "invitations/guests/call_list.html", facts)


@staff_page(Permission.INVITE)
@require_POST
def called(request: StaffRequest, pk: int) -> HttpResponse:
    """Notes an attempt to call. What came of it must be chosen; the same note within a minute is kept once."""
    rows = Invitation.objects.of(request.tenant).valid().select_related("event")
    invitation = get_object_or_404(rows, pk=pk)
    form = CallForm(request.POST, prefix=str(invitation.pk))
    if form.is_valid():
        note_call(invitation, outcome=form.cleaned_data["outcome"], by=request.user)
        messages.success(request, _("The call is noted."))
    else:
        messages.error(request, _("Choose what came of the call."))
    if request.POST.get("from") == "detail":
        return redirect("invitation-detail", tenant=request.tenant.slug, pk=invitation.pk)
    return redirect("invitation-call-list", tenant=request.tenant.slug, pk=invitation.event_id)
