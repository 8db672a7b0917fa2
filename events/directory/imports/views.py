"""Pages of an import: upload, what the columns hold, what would change, what was imported; and the export."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from events import audit
from events.directory.filters import SearchForm
from events.directory.imports import export, services, undoing
from events.directory.imports.forms import ColumnsForm, ListForm
from events.directory.imports.models import ImportBatch, ImportDraft, ImportDraftQuerySet
from events.directory.imports.report import kept_in_words, shown_changes, told
from events.directory.imports.tables import Table
from events.directory.models import ContactQuerySet
from events.tenancy.guards import StaffRequest, staff_page
from events.tenancy.permissions import Permission

PAGE = 50


@staff_page(Permission.MANAGE_DIRECTORY)
@require_safe
def batch_list(request: StaffRequest) -> HttpResponse:
    batches = ImportBatch.objects.of(request.tenant).select_related("by")
    page = Paginator(batches, PAGE).get_page(request.GET.get("page"))
    return render(request, "directory/imports/list.html", {"page_obj": page})


@staff_page(Permission.MANAGE_DIRECTORY)
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: StaffRequest) -> HttpResponse:
    """`?instead=` names the draft that the list corrects; what was chosen for its columns is kept."""
    form = ListForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        table: Table = form.cleaned_data["table"]
        named = request.GET.get("instead", "")
        instead = _drafts(request).filter(pk=named[:18] if named.isdecimal() else 0).first()
        draft = services.keep(
            tenant=request.tenant,
            user=request.user,
            source=form.cleaned_data["source"],
            table=table,
            instead=instead,
        )
        known = table.columns or (instead and instead.table["header"] == table.header)
        return redirect(
            "import-preview" if known else "import-columns", tenant=request.tenant.slug, pk=draft.pk
        )
    return render(request, "directory/imports/start.html", {"form": form})


@staff_page(Permission.MANAGE_DIRECTORY)
@require_http_methods(["GET", "HEAD", "POST"])
def columns(request: StaffRequest, pk: int) -> HttpResponse:
    draft = get_object_or_404(_drafts(request), pk=pk)
    table = Table.from_kept(draft.table)
    form = ColumnsForm(request.POST or None, table=table, columns=draft.columns)
    if request.method == "POST" and form.is_valid():
        services.choose(draft, columns=form.columns())
        return redirect("import-preview", tenant=request.tenant.slug, pk=pk)
    context = {"form": form, "draft": draft, "table": table, "first_rows": table.rows[:5]}
    return render(request, "directory/imports/columns.html", context)


@staff_page(Permission.MANAGE_DIRECTORY)
@require_http_methods(["GET", "HEAD", "POST"])
def preview(request: StaffRequest, pk: int) -> HttpResponse:
    """A GET shows what the list would do; a POST does it, if it is still what was shown."""
    draft = get_object_or_404(_drafts(request), pk=pk)
    if request.method == "POST":
        try:
            batch = services.run(draft, by=request.user, seen=request.POST.get("seen", "-"))
        except services.NotAsSeen:
            messages.warning(request, _("The directory has changed meanwhile. Look once more, then import."))
        except services.AlreadyDone:
            return redirect("import-list", tenant=request.tenant.slug)
        else:
            messages.success(request, _("The contacts are imported."))
            return redirect("import-detail", tenant=request.tenant.slug, pk=batch.pk)
    found = services.dry_run_of(draft)
    return render(request, "directory/imports/preview.html", {"draft": draft, "plan": found, **told(found)})


@staff_page(Permission.MANAGE_DIRECTORY)
@require_POST
def discard(request: StaffRequest, pk: int) -> HttpResponse:
    services.discard(get_object_or_404(_drafts(request), pk=pk))
    messages.info(request, _("The list is put away. Nothing was imported."))
    return redirect("directory", tenant=request.tenant.slug)


@staff_page(Permission.MANAGE_DIRECTORY)
@require_safe
def batch_detail(request: StaffRequest, pk: int) -> HttpResponse:
    batch = get_object_or_404(ImportBatch.objects.of(request.tenant).select_related("by", "undone_by"), pk=pk)
    changes = batch.changes.select_related("contact__organisation", "organisation")
    page = Paginator(changes, PAGE).get_page(request.GET.get("page"))
    context = {"batch": batch, "page_obj": page, "changes": shown_changes(page), "kept": kept_in_words(batch)}
    return render(request, "directory/imports/batch.html", context)


@staff_page(Permission.MANAGE_DIRECTORY)
@require_POST
def undo(request: StaffRequest, pk: int) -> HttpResponse:
    batch = get_object_or_404(ImportBatch.objects.of(request.tenant), pk=pk)
    batch = undoing.undo(batch, by=request.user)
    if batch.kept:
        messages.warning(request, _("The import is taken back, as far as possible. See below what stays."))
    else:
        messages.success(request, _("The import is taken back."))
    return redirect("import-detail", tenant=request.tenant.slug, pk=pk)


@staff_page(Permission.MANAGE_DIRECTORY)
@require_safe
def export_csv(request: StaffRequest) -> HttpResponse:
    return _download(request, export.as_csv(_wanted(request)), "csv", "text/csv; charset=utf-8")


@staff_page(Permission.MANAGE_DIRECTORY)
@require_safe
def export_vcards(request: StaffRequest) -> HttpResponse:
    return _download(request, export.as_vcards(_wanted(request)), "vcf", "text/vcard; charset=utf-8")


def _drafts(request: StaffRequest) -> ImportDraftQuerySet:
    """What this person uploaded here within a day; a colleague's list does not exist for them."""
    return ImportDraft.objects.of(request.tenant).fresh().filter(user=request.user)


def _wanted(request: StaffRequest) -> ContactQuerySet:
    """The contacts that the list shows with the same filters."""
    search = SearchForm(request.GET, tenant=request.tenant)
    return search.contacts().select_related("organisation__type")


def _download(request: StaffRequest, content: bytes, ending: str, kind: str) -> HttpResponse:
    """A HEAD tells no more than that the file is there; only a GET takes contacts out, so only it is written down."""
    if request.method == "GET":
        audit.record_about_tenant("contacts.exported", request.tenant, by=request.user)
    response = HttpResponse(content, content_type=kind)
    name = f"{request.tenant.slug}-{timezone.localdate():%Y-%m-%d}.{ending}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
