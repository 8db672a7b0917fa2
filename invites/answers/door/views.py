"""Staff's page for the door: links for those who receive, the list on paper, who has come."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from events.calendar.sharing import qr
from events.gatherings.models import Event
from events.tenancy.guards import StaffRequest, staff_page
from events.tenancy.permissions import Permission
from invites.answers.door import pdf, services
from invites.answers.door.forms import LinkForm
from invites.answers.door.lines import door_list
from invites.answers.door.models import OPENS, STAYS, DoorLink
from invites.invitations import words


@staff_page(Permission.INVITE)
@require_http_methods(["GET", "HEAD", "POST"])
def door_links(request: StaffRequest, pk: int) -> HttpResponse:
    """Makes a link and shows it once. The page is never cached, and a reload makes no second one without asking."""
    event = _event(request, pk)
    form = LinkForm(request.POST or None)
    shown: dict[str, Any] = {}
    if form.is_valid() and event.state == Event.State.PUBLISHED:
        link, token = services.make_link(event, by=request.user, name=form.cleaned_data["name"])
        address = settings.BASE_URL + reverse("door", args=[token])
        shown = {"made": link, "address": address, "square": qr(address)}
        form = LinkForm()
    return render(request, "door/links.html", _facts(event, form) | shown)


@staff_page(Permission.INVITE)
@require_POST
def revoke(request: StaffRequest, pk: int) -> HttpResponse:
    link = get_object_or_404(DoorLink.objects.of(request.tenant).select_related("event"), pk=pk)
    services.revoke(link, by=request.user)
    messages.success(request, _("The link no longer works."))
    return redirect("door-links", tenant=request.tenant.slug, pk=link.event_id)


@staff_page(Permission.SEE_GUESTS)
@require_safe
def door_pdf(request: StaffRequest, pk: int) -> HttpResponse:
    """The list on paper, with a box to tick."""
    event = _event(request, pk)
    body = pdf.render(event, door_list(event), on=timezone.now())
    response = HttpResponse(body, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="door-{event.pk}.pdf"'
    return response


def _facts(event: Event, form: LinkForm) -> dict[str, Any]:
    begins, ends = event.starts_at, event.ends_at
    return {
        "event": event,
        "form": form,
        "links": list(DoorLink.objects.of(event.tenant_id).kept().filter(event=event)),
        "list": door_list(event),
        "opens_at": words.moment(event.local(begins - OPENS)) if begins else "",
        "dies_at": words.moment(event.local(ends + STAYS)) if ends else "",
        "can_make": event.state == Event.State.PUBLISHED and not event.is_over,
    }


def _event(request: StaffRequest, pk: int) -> Event:
    return get_object_or_404(Event.objects.of(request.tenant).select_related("tenant"), pk=pk)
