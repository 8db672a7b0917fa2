"""Pages of the tenant's own words: types of organisations, tags."""

import copy

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from events.directory.labels import services
from events.directory.labels.forms import TagForm, TypeForm
from events.directory.labels.models import OrganisationType, Tag, uses
from events.directory.searching import fold
from events.tenancy.guards import StaffRequest, staff_page
from events.tenancy.permissions import Permission


@staff_page(Permission.SEE_DIRECTORY)
@require_safe
def type_list(request: StaffRequest) -> HttpResponse:
    types = OrganisationType.objects.of(request.tenant).annotate(used=Count("organisations"))
    types = types.order_by("kind", "name", "pk")
    return render(request, "directory/types.html", {"types": types})


@staff_page(Permission.MANAGE_DIRECTORY)
@require_http_methods(["GET", "HEAD", "POST"])
def type_create(request: StaffRequest) -> HttpResponse:
    form = TypeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.add_type(tenant=request.tenant, by=request.user, **form.cleaned_data)
        except services.WordTaken:
            form.add_error("name", _("There is a type of this name already."))
        else:
            messages.success(request, _("“%(name)s” is saved.") % {"name": form.cleaned_data["name"]})
            return redirect("type-list", tenant=request.tenant.slug)
    return render(request, "directory/type_form.html", {"form": form})


@staff_page(Permission.MANAGE_DIRECTORY)
@require_http_methods(["GET", "HEAD", "POST"])
def type_edit(request: StaffRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(OrganisationType.objects.of(request.tenant), pk=pk)
    form = TypeForm(request.POST or None, initial={"name": row.name, "kind": row.kind})
    if request.method == "POST" and form.is_valid():
        try:
            services.change_type(copy.copy(row), by=request.user, **form.cleaned_data)
        except services.WordTaken:
            form.add_error("name", _("There is a type of this name already."))
        else:
            messages.success(request, _("“%(name)s” is saved.") % {"name": form.cleaned_data["name"]})
            return redirect("type-list", tenant=request.tenant.slug)
    return render(request, "directory/type_form.html", {"form": form, "type": row})


@staff_page(Permission.MANAGE_DIRECTORY)
@require_http_methods(["GET", "HEAD", "POST"])
def type_remove(request: StaffRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(OrganisationType.objects.of(request.tenant), pk=pk)
    used = row.organisations.count()
    if request.method == "POST":
        try:
            services.remove_type(row, by=request.user)
        except services.TypeInUse as error:
            messages.error(request, _still_used(error.count) % {"name": row.name, "n": error.count})
        else:
            messages.success(request, _("“%(name)s” is removed.") % {"name": row.name})
        return redirect("type-list", tenant=request.tenant.slug)
    return render(request, "directory/type_remove.html", {"type": row, "used": used})


@staff_page(Permission.SEE_DIRECTORY)
@require_safe
def tag_list(request: StaffRequest) -> HttpResponse:
    tags = Tag.objects.of(request.tenant).annotate(
        contacts_count=Count("on_contacts", distinct=True),
        organisations_count=Count("on_organisations", distinct=True),
    )
    tags = tags.order_by("name", "pk")
    return render(request, "directory/tags.html", {"tags": tags})


@staff_page(Permission.MANAGE_DIRECTORY)
@require_http_methods(["GET", "HEAD", "POST"])
def tag_edit(request: StaffRequest, pk: int) -> HttpResponse:
    """Renames; a name that another tag has asks first, and the second press makes the two one."""
    tag = get_object_or_404(Tag.objects.of(request.tenant), pk=pk)
    form, other = TagForm(request.POST or None, initial={"name": tag.name}), None
    if request.method == "POST" and form.is_valid():
        name = form.cleaned_data["name"]
        other = Tag.objects.of(request.tenant).filter(search=fold(name)).exclude(pk=pk).first()
        if other is None or request.POST.get("merge") == str(other.pk):
            return _renamed(request, tag, other, name)
    return render(request, "directory/tag_form.html", {"form": form, "tag": tag, "other": other})


@staff_page(Permission.MANAGE_DIRECTORY)
@require_http_methods(["GET", "HEAD", "POST"])
def tag_remove(request: StaffRequest, pk: int) -> HttpResponse:
    tag = get_object_or_404(Tag.objects.of(request.tenant).annotate(used=uses()), pk=pk)
    if request.method == "POST":
        services.remove_tag(tag, by=request.user)
        messages.success(request, _("“%(name)s” is removed.") % {"name": tag.name})
        return redirect("tag-list", tenant=request.tenant.slug)
    return render(request, "directory/tag_remove.html", {"tag": tag})


def _renamed(request: StaffRequest, tag: Tag, other: Tag | None, name: str) -> HttpResponse:
    """A name that somebody took this very moment is asked about again, on the page that is opened anew."""
    try:
        if other:
            services.merge_tags(tag, into=other, by=request.user)
        else:
            services.rename_tag(tag, by=request.user, name=name)
    except services.WordTaken:
        messages.error(request, _("Another tag got this name just now. Try again."))
        return redirect("tag-edit", tenant=request.tenant.slug, pk=tag.pk)
    messages.success(request, _("“%(name)s” is saved.") % {"name": other.name if other else name})
    return redirect("tag-list", tenant=request.tenant.slug)


def _still_used(count: int) -> str:
    return ngettext(
        "“%(name)s” is the type of %(n)s organisation. Give it another type first.",
        "“%(name)s” is the type of %(n)s organisations. Give them another type first.",
        count,
    )
