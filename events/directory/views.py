"""Pages of the directory: organisations and contacts."""

import copy
from typing import TypeVar

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from events.directory import services
from events.directory.forms import ContactForm, OrganisationForm, SearchForm
from events.directory.merging.beside import beside, tell_of_likes
from events.directory.models import Contact, Organisation
from events.tenancy.guards import StaffRequest, staff_page
from events.tenancy.permissions import Permission

PAGE = 50
Row = TypeVar("Row", Organisation, Contact)


@staff_page(Permission.SEE_DIRECTORY)
@require_safe
def contact_list(request: StaffRequest) -> HttpResponse:
    search = SearchForm(request.GET)
    contacts = Contact.objects.of(request.tenant).select_related("organisation").matching(search.words())
    if search.kind():
        contacts = contacts.filter(organisation__kind=search.kind())
    page = Paginator(contacts, PAGE).get_page(request.GET.get("page"))
    return render(request, "directory/contacts.html", {"form": search, "page_obj": page})


@staff_page(Permission.SEE_DIRECTORY)
@require_safe
def organisation_list(request: StaffRequest) -> HttpResponse:
    search = SearchForm(request.GET)
    found = Organisation.objects.of(request.tenant).matching(search.words())
    if search.kind():
        found = found.filter(kind=search.kind())
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    ids = [row.pk for row in page]
    counted = Organisation.objects.of(request.tenant).filter(pk__in=ids).annotate(people=Count("contacts"))
    page.object_list = counted.select_related("successor").order_by("name", "pk")
    return render(request, "directory/organisations.html", {"form": search, "page_obj": page})


@staff_page(Permission.SEE_DIRECTORY)
@require_safe
def organisation_detail(request: StaffRequest, pk: int) -> HttpResponse:
    organisations = Organisation.objects.of(request.tenant).select_related("umbrella", "successor")
    organisation = get_object_or_404(organisations.prefetch_related("aliases", "earlier", "parts"), pk=pk)
    contacts = organisation.contacts.all()
    return render(
        request,
        "directory/organisation.html",
        {"organisation": organisation, "contacts": contacts, **beside(organisation, request)},
    )


@staff_page(Permission.MANAGE_DIRECTORY)
@require_http_methods(["GET", "HEAD", "POST"])
def organisation_create(request: StaffRequest) -> HttpResponse:
    form = OrganisationForm(request.POST or None, tenant=request.tenant)
    if request.method == "POST" and form.is_valid():
        try:
            row = services.add_organisation(
                tenant=request.tenant,
                by=request.user,
                facts=form.facts(),
                aliases=form.cleaned_data["aliases"],
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
            services.change_organisation(
                row, by=request.user, facts=form.facts(), aliases=form.cleaned_data["aliases"]
            )
        except services.NameTaken:
            form.add_error("name", _("Another organisation has this name or one of its other names."))
        else:
            return _saved(request, row)
    return render(request, "directory/organisation_form.html", {"form": form, "organisation": row})


@staff_page(Permission.SEE_DIRECTORY)
@require_safe
def contact_detail(request: StaffRequest, pk: int) -> HttpResponse:
    contact = get_object_or_404(Contact.objects.of(request.tenant).select_related("organisation"), pk=pk)
    return render(request, "directory/contact.html", {"contact": contact, **beside(contact, request)})


@staff_page(Permission.MANAGE_DIRECTORY)
@require_http_methods(["GET", "HEAD", "POST"])
def contact_create(request: StaffRequest) -> HttpResponse:
    at = request.GET.get("organisation", "")
    initial = {"organisation": at if at.isdigit() else None, "language": request.tenant.language}
    form = ContactForm(request.POST or None, initial=initial, tenant=request.tenant)
    if request.method == "POST" and form.is_valid():
        try:
            row = services.add_contact(tenant=request.tenant, by=request.user, facts=form.facts())
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
            services.change_contact(row, by=request.user, facts=form.facts())
        except services.NameTaken:
            form.add_error("email", _("A contact with this name and address exists already."))
        else:
            return _saved(request, row)
    return render(request, "directory/contact_form.html", {"form": form, "contact": row})


def _copy(row: Row) -> Row:
    """For the form, which writes into its instance: the service compares with the row as it was."""
    return copy.copy(row)


def _saved(request: StaffRequest, row: Organisation | Contact) -> HttpResponse:
    messages.success(request, _("“%(name)s” is saved.") % {"name": row.name})
    tell_of_likes(request, row)
    page = "organisation-detail" if isinstance(row, Organisation) else "contact-detail"
    return redirect(page, tenant=request.tenant.slug, pk=row.pk)
