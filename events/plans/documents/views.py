"""The plan's documents: the list and the download for who may see plans, the form for who may change them."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from events.filetypes import NotAccepted
from events.plans.documents import services
from events.plans.documents.forms import DocumentForm
from events.plans.documents.models import PlanDocument
from events.plans.showing import plan_of, shown
from events.tenancy.guards import StaffRequest, staff_page
from events.tenancy.permissions import Permission


@staff_page(Permission.MANAGE_PLANS)
@require_http_methods(["GET", "HEAD", "POST"])
def document_list(request: StaffRequest, pk: int) -> HttpResponse:
    """The files, and the form that adds one."""
    plan = plan_of(request, pk)
    posted = request.method == "POST"
    form = DocumentForm(request.POST if posted else None, request.FILES if posted else None)
    if posted and form.is_valid():
        upload = form.cleaned_data["file"]
        content = upload.read(services.LARGEST + 1)
        try:
            services.add_document(plan, by=request.user, name=upload.name, content=content)
        except NotAccepted as error:
            form.add_error("file", str(error))
        else:
            messages.success(request, _("The file is attached."))
            return redirect("plan-documents", tenant=request.tenant.slug, pk=plan.pk)
    return render(request, "plans/documents.html", {"plan": plan, "form": form})


@staff_page(Permission.SEE_PLANS)
@require_safe
def document_file(request: StaffRequest, pk: int) -> HttpResponse:
    """The file as a download, never shown by the browser itself."""
    rows = PlanDocument.objects.of(request.tenant).select_related("plan")
    document = get_object_or_404(rows, pk=pk)
    shown(request, document.plan, document)
    try:
        content = services.content_of(document)
    except services.Damaged as error:
        raise Http404 from error
    response = HttpResponse(content, content_type=document.content_type)
    response["Content-Disposition"] = content_disposition_header(True, document.name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@staff_page(Permission.MANAGE_PLANS)
@require_POST
def document_remove(request: StaffRequest, pk: int) -> HttpResponse:
    document = get_object_or_404(PlanDocument.objects.of(request.tenant).select_related("plan"), pk=pk)
    services.remove_document(document, by=request.user)
    messages.success(request, _("“%(title)s” is removed.") % {"title": document.name})
    return redirect("plan-documents", tenant=request.tenant.slug, pk=document.plan_id)
