"""The list of minutes, opening them, and the page they are written on."""

import re
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Case, IntegerField, Value, When
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from events.audit import AuditEntry
from events.directory.models import Contact, Organisation
from events.gatherings.models import Event
from events.tenancy.guards import StaffRequest, staff_page
from events.tenancy.permissions import Permission
from minutes.records import services
from minutes.records.content import SECTIONS
from minutes.records.formsets import MinutesForms
from minutes.records.models import Minutes
from minutes.records.refusals import ChangedMeanwhile, Locked, NotAllowed

MOST_SUGGESTIONS = 500
DRAFT = re.compile(r"[a-z0-9-]{1,40}")  # the page's own name for what it keeps until it is saved
WAITING_FIRST = Case(
    When(state=Minutes.State.SUBMITTED, then=Value(0)),
    When(state=Minutes.State.DRAFT, then=Value(1)),
    default=Value(2),
    output_field=IntegerField(),
)


@staff_page(Permission.SEE_MINUTES)
@require_safe
def list_minutes(request: StaffRequest) -> HttpResponse:
    minutes = Minutes.objects.of(request.tenant).visible_to(request.membership)
    found = minutes.select_related("event", "author").order_by(WAITING_FIRST, "-event__sort_on", "-pk")
    page = Paginator(found, 50).get_page(request.GET.get("page"))
    return render(request, "records/list.html", {"page_obj": page})


@staff_page(Permission.WRITE_MINUTES)
@require_POST
def open_minutes(request: StaffRequest, pk: int) -> HttpResponse:
    event = get_object_or_404(Event.objects.of(request.tenant), pk=pk)
    try:
        services.open_minutes(event, by=request.user)
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
        return redirect("minutes-detail", tenant=request.tenant.slug, pk=pk)
    return redirect("minutes-edit", tenant=request.tenant.slug, pk=pk)


@staff_page(Permission.WRITE_MINUTES)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: StaffRequest, pk: int) -> HttpResponse:
    minutes = get_object_or_404(Minutes.objects.of(request.tenant).select_related("event"), event_id=pk)
    if request.method == "POST":
        return _save(request, minutes)
    if not minutes.is_editable:
        messages.warning(request, str(Locked(approved=minutes.state == Minutes.State.APPROVED)))
        return redirect("minutes-detail", tenant=request.tenant.slug, pk=pk)
    return _edit_page(request, MinutesForms.stored(minutes), is_stored=True)


def _save(request: StaffRequest, minutes: Minutes) -> HttpResponse:
    """Nothing typed is ever lost: whatever is refused comes back on the page."""
    typed = MinutesForms.typed(minutes, request.POST)
    added = request.POST.get("add", "")
    if added in SECTIONS and minutes.is_editable:
        return _edit_page(request, typed.with_row(added), added=added)
    if not typed.is_valid():
        return _edit_page(request, typed)
    try:
        services.save(minutes, by=request.user, revision=typed.revision, content=typed.content())
    except ChangedMeanwhile:
        return _edit_page(request, typed.joined(), status=409, other=_last_writer(minutes))
    except NotAllowed as refusal:
        return _edit_page(request, typed, status=403, refusal=str(refusal))
    messages.success(request, _("Saved."))
    target = "minutes-detail" if request.POST.get("then") == "read" else "minutes-edit"
    address = reverse(target, kwargs={"tenant": request.tenant.slug, "pk": minutes.event_id})
    draft = request.POST.get("draft", "")
    return redirect(address + (f"?saved={draft}" if DRAFT.fullmatch(draft) else ""))


@staff_page(Permission.WRITE_MINUTES)
@require_POST
def autosave(request: StaffRequest, pk: int) -> HttpResponse:
    """The same as saving, for the page itself: it asks again with what the answer says, or leaves it to the writer."""
    minutes = get_object_or_404(Minutes.objects.of(request.tenant).select_related("event"), event_id=pk)
    typed = MinutesForms.typed(minutes, request.POST)
    if not typed.is_valid():
        return JsonResponse({}, status=422)
    content = typed.content()
    try:
        services.save(minutes, by=request.user, revision=typed.revision, content=content, by_itself=True)
    except ChangedMeanwhile:
        return JsonResponse({}, status=409)
    except NotAllowed:
        return JsonResponse({}, status=423)
    at = timezone.localtime().strftime("%H:%M")
    return JsonResponse({"revision": minutes.revision, "rows": typed.as_saved(content), "at": at})


def _edit_page(request: StaffRequest, forms: MinutesForms, *, status: int = 200, **more: Any) -> HttpResponse:
    context = {
        "minutes": forms.minutes,
        "event": forms.minutes.event,
        "parts": forms,
        "people": Contact.objects.of(request.tenant)
        .current()
        .values_list("name", flat=True)[:MOST_SUGGESTIONS],
        "organisations": Organisation.objects.of(request.tenant).values_list("name", flat=True)[
            :MOST_SUGGESTIONS
        ],
        **more,
    }
    return render(request, "records/edit.html", context, status=status)


def _last_writer(minutes: Minutes) -> AuditEntry | None:
    entries = AuditEntry.objects.of(minutes.tenant_id).about(minutes)
    return entries.filter(action="minutes.changed").first()
