"""Pages of the directory: organisations and contacts."""

import copy
from typing import TypeVar

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from events.directory import services
from events.directory.filters import SearchForm
from events.directory.forms import ContactForm, OrganisationForm, SuccessorForm
from events.directory.groups.models import groups_to_choose
from events.directory.merging.beside import beside, tell_of_likes
from events.directory.models import Contact, Organisation, OrganisationKind
from events.directory.networks.beside import facts_beside
from events.directory.paging import page_of
from events.directory.succession import SucceededAlready, TooEarly, chain, succeed
from events.tenancy.guards import StaffRequest, staff_page
from events.tenancy.permissions import Permission

Row = TypeVar("Row", Organisation, Contact)


@staff_page(Permission.SEE_DIRECTORY)
@require_safe
def contact_list(request: StaffRequest) -> HttpResponse:
    search = SearchForm(request.GET, tenant=request.tenant)
    shown = Contact.objects.of(request.tenant).select_related("organisation")
    page = page_of(search.contacts(), shown, request.GET.get("page"), narrowed=search.asks_something)
    return render(request, "directory/contacts.html", {"form": search, "page_obj": page})


@staff_page(Permission.SEE_DIRECTORY)
@require_safe
def organisation_list(request: StaffRequest) -> HttpResponse:
    search = SearchForm(request.GET, tenant=request.tenant)
    shown = Organisation.objects.of(request.tenant).annotate(people=Count("contacts"))
    shown = shown.select_related("successor", "type")
    page = page_of(search.organisations(), shown, request.GET.get("page"), narrowed=search.asks_something)
    return render(request, "directory/organisations.html", {"form": search, "page_obj": page})


@staff_page(Permission.SEE_DIRECTORY)
@require_safe
def organisation_detail(request: StaffRequest, pk: int) -> HttpResponse:
    organisations = Organisation.objects.of(request.tenant).select_related("umbrella", "successor", "type")
    related = ("aliases", "earlier", "parts", "tags", "contacts")
    organisation = get_object_or_404(organisations.prefetch_related(*related), pk=pk)
    joined = organisation.network_members.select_related("member")
    facts = {
        "organisation": organisation,
        "contacts": organisation.contacts.all(),
        "members": joined if organisation.kind == OrganisationKind.NETWORK or joined else None,
        "networks": organisation.network_memberships.select_related("network"),
        **facts_beside(organisation, request.membership),
    }
    return render(request, "directory/organisation.html", facts | beside(organisation, request))


@staff_page(Permission.MANAGE_DIRECTORY)
@require_http_methods(["GET", "HEAD", "POST"])
def organisation_create(request: StaffRequest) -> HttpResponse:
    initial = {"kind": request.GET.get("kind", "")}
    form = OrganisationForm(request.POST or None, initial=initial, tenant=request.tenant)
    if request.method == "POST" and form.is_valid():
        try:
            row = services.add_organisation(
                tenant=request.tenant,
                by=request.user,
                facts=form.facts(),
                aliases=form.cleaned_data["aliases"],
                tags=form.cleaned_data["tags"],
            )
        except services.NameTaken:
            form.add_error("name", _("Another organisation has this name or one of its other names."))
        else:
            return _saved(request, row)
    return render(request, "directory/organisation_form.html", {"form": form})


@staff_page(Permission.MANAGE_DIRECTORY)
@require_http_methods(["GET", "HEAD", "POST"])
def organisation_edit(request: StaffRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Organisation.objects.of(request.tenant), pk=pk)
    form = OrganisationForm(request.POST or None, instance=_copy(row), tenant=request.tenant)
    if request.method == "POST" and form.is_valid():
        try:
            words = {name: form.cleaned_data[name] for name in ("aliases", "tags")}
            services.change_organisation(row, by=request.user, facts=form.facts(), **words)
        except services.NameTaken:
            form.add_error("name", _("Another organisation has this name or one of its other names."))
        else:
            return _saved(request, row)
    return render(request, "directory/organisation_form.html", {"form": form, "organisation": row})


@staff_page(Permission.SEE_DIRECTORY)
@require_safe
def contact_detail(request: StaffRequest, pk: int) -> HttpResponse:
    contacts = Contact.objects.of(request.tenant).select_related("organisation", "succeeds")
    contact = get_object_or_404(contacts.prefetch_related("tags", "chosen_in"), pk=pk)
    facts = {
        "contact": contact,
        "chain": chain(contact),
        "successor": contact.successors.first(),
        "groups": groups_to_choose(contact) if request.membership.may(Permission.MANAGE_DIRECTORY) else [],
    }
    return render(request, "directory/contact.html", facts | beside(contact, request))


@staff_page(Permission.MANAGE_DIRECTORY)
@require_http_methods(["GET", "HEAD", "POST"])
def contact_create(request: StaffRequest) -> HttpResponse:
    at = request.GET.get("organisation", "")
    initial = {"organisation": at if at.isdigit() else None, "language": request.tenant.language}
    form = ContactForm(request.POST or None, initial=initial, tenant=request.tenant)
    if request.method == "POST" and form.is_valid():
        try:
            row = services.add_contact(
                tenant=request.tenant, by=request.user, facts=form.facts(), tags=form.cleaned_data["tags"]
            )
        except services.NameTaken:
            form.add_error("email", _("A contact with this name and address exists already."))
        else:
            return _saved(request, row)
    return render(request, "directory/contact_form.html", {"form": form})


@staff_page(Permission.MANAGE_DIRECTORY)
@require_http_methods(["GET", "HEAD", "POST"])
def contact_edit(request: StaffRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Contact.objects.of(request.tenant), pk=pk)
    form = ContactForm(request.POST or None, instance=_copy(row), tenant=request.tenant)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_contact(row, by=request.user, facts=form.facts(), tags=form.cleaned_data["tags"])
        except services.NameTaken:
            form.add_error("email", _("A contact with this name and address exists already."))
        else:
            return _saved(request, row)
    return render(request, "directory/contact_form.html", {"form": form, "contact": row})


@staff_page(Permission.MANAGE_DIRECTORY)
@require_http_methods(["GET", "HEAD", "POST"])
def contact_succeed(request: StaffRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Contact.objects.of(request.tenant).select_related("organisation"), pk=pk)
    form = SuccessorForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            new = succeed(row, by=request.user, facts=form.facts(), from_day=form.cleaned_data["from_day"])
        except SucceededAlready as error:
            form.add_error(None, _("%(name)s has this role already.") % {"name": error.by_contact.name})
        except TooEarly:
            form.add_error("from_day", _("Choose a later day: the role had only just begun then."))
        except services.NameTaken:
            form.add_error("email", _("A contact with this name and address exists already."))
        else:
            return _saved(request, new)
    return render(request, "directory/succeed.html", {"form": form, "contact": row})


def _copy(row: Row) -> Row:
    """For the form, which writes into its instance: the service compares with the row as it was."""
    return copy.copy(row)


def _saved(request: StaffRequest, row: Organisation | Contact) -> HttpResponse:
    messages.success(request, _("“%(name)s” is saved.") % {"name": row.name})
    tell_of_likes(request, row)
    page = "organisation-detail" if isinstance(row, Organisation) else "contact-detail"
    return redirect(page, tenant=request.tenant.slug, pk=row.pk)
