"""Pages of networks and their members."""

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from events.directory.models import Organisation, OrganisationKind
from events.directory.networks import services
from events.directory.networks.forms import JoinForm, MembershipForm
from events.directory.networks.models import NetworkMember
from events.tenancy.guards import StaffRequest, staff_page
from events.tenancy.permissions import Permission


@staff_page(Permission.SEE_DIRECTORY)
@require_safe
def network_list(request: StaffRequest) -> HttpResponse:
    here = Q(network_members__left_on__isnull=True) | Q(network_members__left_on__gte=timezone.localdate())
    networks = Organisation.objects.of(request.tenant).filter(kind=OrganisationKind.NETWORK)
    counted = networks.annotate(members_count=Count("network_members", filter=here)).order_by("name", "pk")
    return render(request, "directory/networks.html", {"networks": counted})


@staff_page(Permission.MANAGE_DIRECTORY)
@require_http_methods(["GET", "HEAD", "POST"])
def network_member_add(request: StaffRequest, pk: int) -> HttpResponse:
    networks = Organisation.objects.of(request.tenant).filter(kind=OrganisationKind.NETWORK)
    network = get_object_or_404(networks, pk=pk)
    form = JoinForm(request.POST or None, network=network)
    if request.method == "POST" and form.is_valid():
        try:
            services.join_network(network=network, by=request.user, **form.cleaned_data)
        except services.MemberAlready:
            form.add_error("member", _("It is a member already."))
        else:
            return _saved(request, network)
    return render(request, "directory/membership_form.html", {"form": form, "network": network})


@staff_page(Permission.MANAGE_DIRECTORY)
@require_http_methods(["GET", "HEAD", "POST"])
def network_member_edit(request: StaffRequest, pk: int) -> HttpResponse:
    row = _membership(request, pk)
    start = {"joined": row.joined, "left_on": row.left_on}
    form = MembershipForm(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_membership(row, by=request.user, **form.cleaned_data)
        except services.MemberAlready:
            form.add_error("left_on", _("It is a member already, by another entry."))
        else:
            return _saved(request, row.network)
    facts = {"form": form, "network": row.network, "membership": row}
    return render(request, "directory/membership_form.html", facts)


@staff_page(Permission.MANAGE_DIRECTORY)
@require_POST
def network_member_remove(request: StaffRequest, pk: int) -> HttpResponse:
    row = _membership(request, pk)
    services.remove_membership(row, by=request.user)
    messages.success(request, _("“%(name)s” is removed.") % {"name": row.member.name})
    return redirect("organisation-detail", tenant=request.tenant.slug, pk=row.network_id)


def _membership(request: StaffRequest, pk: int) -> NetworkMember:
    rows = NetworkMember.objects.of(request.tenant).select_related("network", "member")
    return get_object_or_404(rows, pk=pk)


def _saved(request: StaffRequest, network: Organisation) -> HttpResponse:
    messages.success(request, _("“%(name)s” is saved.") % {"name": network.name})
    return redirect("organisation-detail", tenant=request.tenant.slug, pk=network.pk)
