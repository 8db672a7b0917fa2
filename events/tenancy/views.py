"""An administrator's pages: who works here with which role; and the audit trail."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from events.audit import AuditEntry
from events.tenancy import services
from events.tenancy.forms import MemberForm, RoleForm, TenantForm
from events.tenancy.guards import StaffRequest, staff_page
from events.tenancy.models import Membership, Tenant
from events.tenancy.permissions import Permission

ON_A_PAGE = 50


@staff_page(Permission.MANAGE_STAFF)
@require_safe
def staff_list(request: StaffRequest) -> HttpResponseBase:
    page = Paginator(_staff(request), ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "tenancy/staff.html", {"page": page})


@staff_page(Permission.MANAGE_STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def staff_add(request: StaffRequest) -> HttpResponseBase:
    form = MemberForm(request.POST or None)
    if form.is_valid():
        try:
            services.add_member(tenant=request.tenant, by=request.user, **form.cleaned_data)
        except services.AlreadyMember:
            form.add_error("email", _("This person is on the staff already."))
        except services.AccountClosed:
            form.add_error("email", _("The account with this address is closed."))
        else:
            messages.success(request, _("The person is on the staff now and can sign in."))
            return redirect("staff-list", tenant=request.tenant.slug)
    return render(request, "tenancy/staff_add.html", {"form": form})


@staff_page(Permission.MANAGE_STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def staff_edit(request: StaffRequest, pk: int) -> HttpResponseBase:
    member = get_object_or_404(_staff(request), pk=pk)
    form = RoleForm(request.POST or None, role=member.role)
    if form.is_valid():
        try:
            services.change_role(member, by=request.user, role=form.cleaned_data["role"])
        except services.LastAdministrator:
            form.add_error("role", _("Give somebody else the role of administrator first."))
        else:
            messages.success(request, _("The role is changed."))
            return redirect("staff-list", tenant=request.tenant.slug)
    return render(request, "tenancy/staff_edit.html", {"form": form, "member": member})


@staff_page(Permission.MANAGE_STAFF)
@require_POST
def staff_end(request: StaffRequest, pk: int) -> HttpResponseBase:
    member = get_object_or_404(Membership.objects.of(request.tenant).select_related("user"), pk=pk)
    try:
        services.end_membership(member, by=request.user)
    except services.LastAdministrator:
        messages.error(request, _("Give somebody else the role of administrator first."))
        return redirect("staff-edit", tenant=request.tenant.slug, pk=pk)
    messages.success(request, _("The person is no longer on the staff."))
    return redirect("staff-list", tenant=request.tenant.slug)


@staff_page(Permission.MANAGE_TENANT)
@require_http_methods(["GET", "HEAD", "POST"])
def tenant_edit(request: StaffRequest) -> HttpResponseBase:
    as_stored = Tenant.objects.get(pk=request.tenant.pk)
    form = TenantForm(request.POST or None, instance=request.tenant)
    if form.is_valid():
        services.change_tenant(as_stored, by=request.user, facts=form.cleaned_data)
        messages.success(request, _("The details are saved."))
        return redirect("tenant-edit", tenant=as_stored.slug)
    return render(request, "tenancy/tenant_edit.html", {"form": form})


@staff_page(Permission.SEE_AUDIT)
@require_safe
def audit_list(request: StaffRequest) -> HttpResponseBase:
    page = Paginator(AuditEntry.objects.of(request.tenant), ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "tenancy/audit.html", {"page": page})


def _staff(request: StaffRequest) -> "QuerySet[Membership]":
    return Membership.objects.of(request.tenant).current().select_related("user").order_by("user__name", "pk")
