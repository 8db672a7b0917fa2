"""Pages of saved groups."""

import copy

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from events.directory.groups import services
from events.directory.groups.forms import GroupForm, RuleForm, initial
from events.directory.groups.models import ContactGroup, members_of, sizes
from events.directory.groups.wording import conditions
from events.directory.models import Contact
from events.tenancy.guards import StaffRequest, staff_page
from events.tenancy.permissions import Permission

PAGE, OFFERED = 50, 20


@staff_page(Permission.SEE_DIRECTORY)
@require_safe
def group_list(request: StaffRequest) -> HttpResponse:
    groups = list(ContactGroup.objects.of(request.tenant))
    counts = sizes(groups)
    rows = [(group, counts[group.pk]) for group in groups]
    return render(request, "directory/groups.html", {"rows": rows})


@staff_page(Permission.MANAGE_DIRECTORY)
@require_http_methods(["GET", "HEAD", "POST"])
def group_create(request: StaffRequest) -> HttpResponse:
    by_rule = request.GET.get("by") == "rule"
    form = (RuleForm if by_rule else GroupForm)(request.POST or None, tenant=request.tenant)
    if request.method == "POST" and form.is_valid():
        try:
            group = services.add_group(
                tenant=request.tenant, by=request.user, name=form.cleaned_data["name"], rule=form.rule()
            )
        except services.GroupNameTaken:
            form.add_error("name", _("There is a group of this name already."))
        else:
            return redirect("group-detail", tenant=request.tenant.slug, pk=group.pk)
    return render(request, "directory/group_form.html", {"form": form, "by_rule": by_rule})


@staff_page(Permission.MANAGE_DIRECTORY)
@require_http_methods(["GET", "HEAD", "POST"])
def group_edit(request: StaffRequest, pk: int) -> HttpResponse:
    group = _group(request, pk)
    kind = RuleForm if group.is_rule else GroupForm
    form = kind(request.POST or None, tenant=request.tenant, initial=initial(group))
    if request.method == "POST" and form.is_valid():
        name, rule = form.cleaned_data["name"], form.rule()
        try:
            services.change_group(copy.copy(group), by=request.user, name=name, rule=rule)
        except services.GroupNameTaken:
            form.add_error("name", _("There is a group of this name already."))
        else:
            messages.success(request, _("“%(name)s” is saved.") % {"name": name})
            return _shown(request, group)
    return render(
        request, "directory/group_form.html", {"form": form, "group": group, "by_rule": group.is_rule}
    )


@staff_page(Permission.SEE_DIRECTORY)
@require_safe
def group_detail(request: StaffRequest, pk: int) -> HttpResponse:
    group = _group(request, pk)
    members = members_of(group).select_related("organisation")
    words = request.GET.get("q", "")[:200].replace("\x00", "")
    others = Contact.objects.of(request.tenant).current().select_related("organisation").matching(words)
    facts = {
        "group": group,
        "conditions": conditions(group.rule, request.tenant) if group.rule else [],
        "page_obj": Paginator(members, PAGE).get_page(request.GET.get("page")),
        "q": words,
        "found": [] if group.is_rule or not words else others.exclude(chosen_in=group)[:OFFERED],
    }
    return render(request, "directory/group.html", facts)


@staff_page(Permission.MANAGE_DIRECTORY)
@require_http_methods(["GET", "HEAD", "POST"])
def group_remove(request: StaffRequest, pk: int) -> HttpResponse:
    group = _group(request, pk)
    if request.method == "POST":
        services.remove_group(group, by=request.user)
        messages.success(request, _("“%(name)s” is removed.") % {"name": group.name})
        return redirect("group-list", tenant=request.tenant.slug)
    return render(request, "directory/group_remove.html", {"group": group})


@staff_page(Permission.MANAGE_DIRECTORY)
@require_POST
def group_member_add(request: StaffRequest, pk: int) -> HttpResponse:
    group = _group(request, pk)
    ids = [int(each) for each in request.POST.getlist("contact") if each.isdecimal() and len(each) <= 18]
    _choose(request, group, list(Contact.objects.of(request.tenant).filter(pk__in=ids)))
    return _shown(request, group)


@staff_page(Permission.MANAGE_DIRECTORY)
@require_POST
def group_member_remove(request: StaffRequest, pk: int) -> HttpResponse:
    group = _group(request, pk)
    contact = Contact.objects.of(request.tenant).filter(pk=_id(request, "contact")).first()
    if contact and services.take_out_of(group, contact, by=request.user):
        messages.success(request, _("%(name)s is taken out of the group.") % {"name": contact.name})
    return _shown(request, group)


@staff_page(Permission.MANAGE_DIRECTORY)
@require_POST
def contact_group_add(request: StaffRequest, pk: int) -> HttpResponse:
    contact = get_object_or_404(Contact.objects.of(request.tenant), pk=pk)
    if group := ContactGroup.objects.of(request.tenant).filter(pk=_id(request, "group")).first():
        _choose(request, group, [contact])
    else:
        messages.error(request, _("Choose a group first."))
    return redirect("contact-detail", tenant=request.tenant.slug, pk=pk)


def _choose(request: StaffRequest, group: ContactGroup, contacts: list[Contact]) -> None:
    try:
        count = services.choose_into(group, contacts, by=request.user)
    except services.RuleDecides:
        messages.error(request, _("The members of this group follow from its rule. Change the rule instead."))
        return
    if count:
        said = ngettext(
            "%(n)s person is added to “%(name)s”.", "%(n)s people are added to “%(name)s”.", count
        )
        messages.success(request, said % {"n": count, "name": group.name})
    elif not contacts:
        messages.error(request, _("Tick the people to add first."))


def _group(request: StaffRequest, pk: int) -> ContactGroup:
    return get_object_or_404(ContactGroup.objects.of(request.tenant), pk=pk)


def _id(request: StaffRequest, name: str) -> int:
    """The id that was posted; 0, which no row has, for anything else."""
    typed = request.POST.get(name, "")
    return int(typed) if typed.isdecimal() and len(typed) <= 18 else 0


def _shown(request: StaffRequest, group: ContactGroup) -> HttpResponse:
    return redirect("group-detail", tenant=request.tenant.slug, pk=group.pk)
