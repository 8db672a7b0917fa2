"""The page where staff say which web sites may show the list, copy what to paste there, and see how it looks."""

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from events.calendar.embedding import services
from events.calendar.embedding.forms import USUAL, HostForm
from events.calendar.embedding.models import EmbedHost
from events.calendar.listing import facts
from events.tenancy.guards import StaffRequest, staff_page
from events.tenancy.permissions import Permission


@staff_page(Permission.MANAGE_TENANT)
@require_http_methods(["GET", "HEAD", "POST"])
def embed_show(request: StaffRequest) -> HttpResponseBase:
    form = HostForm(request.POST or None)
    if form.is_valid():
        try:
            row = services.add(tenant=request.tenant, by=request.user, **form.cleaned_data)
        except services.TooMany:
            form.add_error(
                "host", _("No more than %(most)s hosts fit. Remove one first.") % {"most": services.MOST}
            )
        else:
            messages.success(request, _("%(host)s may show the list now.") % {"host": row})
            return redirect("embed-show", tenant=request.tenant.slug)
    slug = request.tenant.slug
    told = {
        "form": form,
        "hosts": EmbedHost.objects.of(request.tenant),
        "listed": facts.coming(request.tenant, limit=USUAL),
        **{name: facts.address(route, slug) for name, route in ADDRESSES.items()},
    }
    return render(request, "calendar/embed_show.html", told)


ADDRESSES = {"address": "embed", "json_address": "public-json", "atom_address": "public-atom"}


@staff_page(Permission.MANAGE_TENANT)
@require_POST
def embed_remove(request: StaffRequest, pk: int) -> HttpResponseBase:
    row = get_object_or_404(EmbedHost.objects.of(request.tenant), pk=pk)
    services.remove(row, by=request.user)
    messages.success(request, _("%(host)s no longer shows the list.") % {"host": row})
    return redirect("embed-show", tenant=request.tenant.slug)
