"""The standing items of a body, and the button that fetches them into a draft."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from events.directory.models import Organisation
from events.gatherings.models import Event
from events.gatherings.refusals import NotAllowed
from events.gatherings.standing import services
from events.gatherings.standing.forms import StandingPage
from events.tenancy.guards import StaffRequest, staff_page
from events.tenancy.permissions import Permission


@staff_page(Permission.MANAGE_EVENTS)
@require_http_methods(["GET", "HEAD", "POST"])
def standing_items(request: StaffRequest, pk: int) -> HttpResponse:
    body = get_object_or_404(Organisation.objects.of(request.tenant), pk=pk)
    page = StandingPage(request.POST if request.method == "POST" else None, body=body)
    if request.method == "POST" and page.is_valid():
        services.set_items(body, by=request.user, items=page.items())
        messages.success(request, _("The standing items of “%(name)s” are saved.") % {"name": body.name})
        return redirect("standing-items", tenant=request.tenant.slug, pk=pk)
    return render(
        request,
        "gatherings/standing/items.html",
        {"body": body, "rows": page.rows, "problems_of": [page.rows]},
    )


@staff_page(Permission.MANAGE_EVENTS)
@require_POST
def standing_fetch(request: StaffRequest, pk: int) -> HttpResponse:
    event = get_object_or_404(Event.objects.of(request.tenant), pk=pk)
    try:
        added = services.fetch(event, by=request.user)
    except NotAllowed as refused:
        messages.error(request, str(refused))
    else:
        said = ngettext("%(n)s standing item was added.", "%(n)s standing items were added.", added)
        none = _("The standing items are on the agenda already.")
        messages.success(request, said % {"n": added} if added else none)
    return redirect("event-detail", tenant=request.tenant.slug, pk=pk)
