"""The pages of the events: the list, one event, its form, and the moves between states."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from events.audit import AuditEntry
from events.gatherings import agenda, locking, overview, services
from events.gatherings.forms import CancelForm, Entry, FilterForm
from events.gatherings.models import Event
from events.gatherings.refusals import ChangedMeanwhile, NotAllowed, NotPublishable, TooFewSeats
from events.gatherings.revisions import somebody_to_tell
from events.tenancy.guards import StaffRequest, staff_page
from events.tenancy.permissions import Permission

ON_A_PAGE = 50
HISTORY = 30
ASK = require_http_methods(["GET", "HEAD", "POST"])
SHELVES = {
    "upcoming": "upcoming",
    "drafts": "drafts",
    "past": "closed",
}  # the filter's word -> the queryset's


@staff_page(Permission.SEE_EVENTS)
@require_safe
def event_list(request: StaffRequest) -> HttpResponse:
    search = FilterForm(request.GET)
    shelf = request.GET.get("show", "")
    shelf = shelf if shelf in SHELVES else "upcoming"
    events = getattr(Event.objects.of(request.tenant), SHELVES[shelf])().matching(search.words())
    page = Paginator(events.select_related("format"), ON_A_PAGE).get_page(request.GET.get("page"))
    facts = {"form": search, "shelf": shelf, "page_obj": page}
    return render(request, "gatherings/list.html", facts)


@staff_page(Permission.SEE_EVENTS)
@require_safe
def event_detail(request: StaffRequest, pk: int) -> HttpResponse:
    event = _event(request, pk)
    facts: dict[str, Any] = {
        "event": event,
        "places": overview.places(event),
        "programme": agenda.readable(event, may_see_guests=request.membership.may(Permission.SEE_GUESTS)),
        "as_invited": agenda.as_invited(event),
        "hosts": event.host_links.select_related("organisation"),
        "measures": event.measures.select_related("focus_area"),
        **overview.facts_beside(event, request.membership),
    }
    if request.membership.may(Permission.MANAGE_EVENTS):
        facts |= {"actions": overview.actions(event), "can_change": overview.can_change(event)}
    if request.membership.may(Permission.INVITE):
        facts["untold"] = somebody_to_tell(event)
    if request.membership.may(Permission.SEE_AUDIT):
        facts["history"] = AuditEntry.objects.of(request.tenant).about(event)[:HISTORY]
    return render(request, "gatherings/detail.html", facts)


@staff_page(Permission.MANAGE_EVENTS)
@ASK
def event_create(request: StaffRequest) -> HttpResponse:
    entry = Entry(request.POST if request.method == "POST" else None, tenant=request.tenant, by=request.user)
    if request.method == "POST" and entry.is_valid():
        event = services.create(tenant=request.tenant, by=request.user, uid=entry.uid(), **entry.given())
        messages.success(request, _("The draft is saved. Nobody outside your organisation sees it yet."))
        return _to(request, event)
    return render(request, "gatherings/form.html", {"entry": entry})


@staff_page(Permission.MANAGE_EVENTS)
@ASK
def event_edit(request: StaffRequest, pk: int) -> HttpResponse:
    event = _event(request, pk)
    if not overview.can_change(event):
        messages.error(request, _("A meeting that was held or cancelled can no longer be changed."))
        return _to(request, event)
    data = request.POST if request.method == "POST" else None
    entry = Entry(data, tenant=request.tenant, by=request.user, event=event)
    if request.method == "POST" and entry.is_valid() and _change(request, event, entry):
        return _to_telling(request, event)
    facts = {"entry": entry, "event": _event(request, pk) if data else event}
    return render(request, "gatherings/form.html", facts)


@staff_page(Permission.MANAGE_EVENTS)
@ASK
def event_publish(request: StaffRequest, pk: int) -> HttpResponse:
    event = _event(request, pk)
    if request.method == "POST":
        try:
            services.publish(event, by=request.user)
        except NotPublishable:
            pass  # the page says what is missing
        except NotAllowed as refused:
            return _refused(request, event, refused, to=Event.State.PUBLISHED)
        else:
            messages.success(request, _("The meeting is published. You can now invite."))
            return _to(request, event)
    facts = {"event": event, "lacking": services.not_ready(event), "places": overview.places(event)}
    return render(request, "gatherings/publish.html", facts)


@staff_page(Permission.MANAGE_EVENTS)
@ASK
def event_hold(request: StaffRequest, pk: int) -> HttpResponse:
    event = _event(request, pk)
    if request.method == "POST":
        try:
            services.hold(event, by=request.user)
        except NotAllowed as refused:
            return _refused(request, event, refused, to=Event.State.HELD)
        messages.success(request, _("The meeting is marked as held."))
        return _to(request, event)
    return render(request, "gatherings/hold.html", {"event": event})


@staff_page(Permission.MANAGE_EVENTS)
@ASK
def event_cancel(request: StaffRequest, pk: int) -> HttpResponse:
    event = _event(request, pk)
    form = CancelForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.cancel(event, by=request.user, reason=form.cleaned_data["reason"])
        except NotAllowed as refused:
            return _refused(request, event, refused, to=Event.State.CANCELLED)
        messages.success(request, _("The meeting is cancelled."))
        return _to_telling(request, event)
    return render(request, "gatherings/cancel.html", {"event": event, "form": form})


@staff_page(Permission.MANAGE_EVENTS)
@ASK
def event_lock(request: StaffRequest, pk: int) -> HttpResponse:
    """The kill switch; says first what happens."""
    event = _event(request, pk)
    if request.method == "POST":
        if locking.lock(event, by=request.user):
            messages.success(request, _("The meeting is locked. All its links answer “closed”."))
        return _to(request, event)
    return render(request, "gatherings/lock.html", {"event": event})


@staff_page(Permission.MANAGE_EVENTS)
@ASK
def event_unlock(request: StaffRequest, pk: int) -> HttpResponse:
    event = _event(request, pk)
    if request.method == "POST":
        if locking.unlock(event, by=request.user):
            messages.success(request, _("The meeting is unlocked. Its links work again."))
        return _to(request, event)
    return render(request, "gatherings/lock.html", {"event": event})


def _event(request: StaffRequest, pk: int) -> Event:
    return get_object_or_404(
        Event.objects.of(request.tenant).select_related("tenant", "format", "series", "responsible__user"),
        pk=pk,
    )


def _change(request: StaffRequest, event: Event, entry: Entry) -> bool:
    """Saves, or shows at the fields why not."""
    try:
        services.change(event, by=request.user, version=entry.facts.seen_version(), **entry.given())
    except ChangedMeanwhile as refused:
        entry.facts.add_error(None, str(refused))
        entry.carry_version(event.changed_at)
    except TooFewSeats as refused:
        entry.fewer = entry.facts.cleaned_data["capacity"]
        entry.facts.add_error("capacity", str(refused))
    except NotPublishable as refused:
        entry.refuse(refused.errors)
    except NotAllowed as refused:
        entry.facts.add_error(None, str(refused))
    else:
        messages.success(request, _("The changes are saved."))
        return True
    return False


def _refused(request: StaffRequest, event: Event, refused: NotAllowed, *, to: str) -> HttpResponse:
    """Says why not; says nothing to the second of two clicks, because what was asked for is done."""
    if event.state != to:
        messages.error(request, str(refused))
    return _to(request, event)


def _to(request: StaffRequest, event: Event) -> HttpResponse:
    return redirect("event-detail", tenant=request.tenant.slug, pk=event.pk)


def _to_telling(request: StaffRequest, event: Event) -> HttpResponse:
    """After a change of time or place, and after a cancellation: whom to tell is decided next."""
    if request.membership.may(Permission.INVITE) and somebody_to_tell(event):
        return redirect("event-tell", tenant=request.tenant.slug, pk=event.pk)
    return _to(request, event)
