"""The page "Seats" of an event: how many, for whom, the mix, and the waiting list."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from events.gatherings.models import Event
from events.gatherings.refusals import TooFewSeats
from events.tenancy.guards import StaffRequest, staff_page
from events.tenancy.permissions import Permission
from invites.answers.seats import handing, services, showing
from invites.answers.seats.forms import ChosenGroupForm, FewerForm, SeatGroupForm, SeatsForm
from invites.answers.seats.grouping import TooManyInGroup
from invites.answers.seats.models import SeatGroup
from invites.invitations.models import Invitation
from invites.invitations.telling.forms import ticked

ASK = require_http_methods(["GET", "HEAD", "POST"])
HISTORY = 20


@staff_page(Permission.SEE_GUESTS)
@require_safe
def seats(request: StaffRequest, pk: int) -> HttpResponse:
    event = _event(request, pk)
    facts = {
        "event": event,
        "gauges": showing.gauges(event),
        "waiting": showing.waiting_list(event),
        "handed_on": showing.handed_on(event, HISTORY),
        "open": handing.open_for_offers(event),
        "whole_bar": showing.bar(event.seats_taken, event.capacity),
    }
    return render(request, "seats/detail.html", facts)


@staff_page(Permission.MANAGE_EVENTS)
@ASK
def seats_edit(request: StaffRequest, pk: int) -> HttpResponse:
    """A number below the seats that are held leads to the page that asks what to do."""
    event = _event(request, pk)
    form = SeatsForm(request.POST if request.method == "POST" else None, event=event)
    facts: dict[str, Any] = {"event": event, "form": form}
    if request.method == "POST" and form.is_valid():
        try:
            services.set_seats(event, by=request.user, facts=form.cleaned_data)
        except TooFewSeats as refused:
            form.add_error("capacity", str(refused))
            facts["fewer"] = form.cleaned_data.get("capacity") or form["capacity"].value()
        else:
            messages.success(request, _("The rules for seats are saved."))
            return _to(request, event)
    return render(request, "seats/edit.html", facts)


@staff_page(Permission.MANAGE_EVENTS)
@ASK
def fewer(request: StaffRequest, pk: int) -> HttpResponse:
    """Fewer seats than are held: keep the number, or choose who goes to the waiting list."""
    event = _event(request, pk)
    form = FewerForm(request.POST if request.method == "POST" else {"capacity": request.GET.get("capacity")})
    valid = form.is_valid()
    if request.method == "POST" and valid:
        try:
            moved = services.reduce(event, by=request.user, **form.cleaned_data)
        except TooFewSeats as refused:
            form.add_error("chosen", _not_enough(refused, form.cleaned_data["capacity"]))
            event.refresh_from_db()
        else:
            messages.success(request, _moved(moved))
            return _to(request, event)
    if not valid and request.method != "POST":
        return redirect("event-seats-edit", tenant=request.tenant.slug, pk=event.pk)
    return render(request, "seats/fewer.html", _fewer(event, form, posted=request.method == "POST"))


@staff_page(Permission.MANAGE_EVENTS)
@ASK
def group_create(request: StaffRequest, pk: int) -> HttpResponse:
    return _group_form(request, _event(request, pk), None)


@staff_page(Permission.MANAGE_EVENTS)
@ASK
def group_edit(request: StaffRequest, pk: int) -> HttpResponse:
    group = _group(request, pk)
    return _group_form(request, group.event, group)


@staff_page(Permission.MANAGE_EVENTS)
@ASK
def group_remove(request: StaffRequest, pk: int) -> HttpResponse:
    group = _group(request, pk)
    if request.method == "POST":
        services.remove_group(group, by=request.user)
        messages.success(request, _("The group is removed. Nobody lost a seat."))
        return _to(request, group.event)
    return render(request, "seats/group_remove.html", {"event": group.event, "group": group})


@staff_page(Permission.INVITE)
@require_POST
def offer(request: StaffRequest, pk: int) -> HttpResponse:
    """Offers the free seats to this one now. A second click finds them offered."""
    invitation = _invitation(request, pk)
    try:
        services.offer_now(invitation, by=request.user)
    except services.NotOffered:
        messages.error(
            request, _("No seat was offered: none that fits is free, or the invitee waits no more.")
        )
    else:
        messages.success(request, _("The seat is held, and the invitee is told."))
    return _to(request, invitation.event)


@staff_page(Permission.INVITE)
@require_POST
def move_up(request: StaffRequest, pk: int) -> HttpResponse:
    invitation = _invitation(request, pk)
    services.move_up(invitation, by=request.user)
    messages.success(request, _("The waiting list has its new order."))
    return _to(request, invitation.event)


@staff_page(Permission.INVITE)
@ASK
def choose_group(request: StaffRequest, pk: int) -> HttpResponse:
    """Puts one invitee into a group by hand."""
    invitation = _invitation(request, pk)
    data = request.POST if request.method == "POST" else None
    form = ChosenGroupForm(data, event=invitation.event, initial={"group": invitation.seat_group_id})
    if data is not None and form.is_valid():
        try:
            services.put_in_group(invitation, by=request.user, group=form.cleaned_data["group"])
        except TooManyInGroup as refused:
            form.add_error("group", _too_many(refused))
        else:
            messages.success(request, _("The group is saved."))
            return _to(request, invitation.event)
    return render(
        request,
        "seats/choose_group.html",
        {"event": invitation.event, "invitation": invitation, "form": form},
    )


def _group_form(request: StaffRequest, event: Event, group: SeatGroup | None) -> HttpResponse:
    form = SeatGroupForm(request.POST if request.method == "POST" else None, event=event, group=group)
    if request.method == "POST" and form.is_valid():
        try:
            services.save_group(event, group, by=request.user, **form.given())
        except services.NameTaken:
            form.add_error("name", _("This meeting has a group of that name already."))
        except TooManyInGroup as refused:
            form.add_error("most", _too_many(refused))
        else:
            messages.success(request, _("The group is saved, and everybody is put into the groups anew."))
            return _to(request, event)
    return render(request, "seats/group_form.html", {"event": event, "group": group, "form": form})


def _fewer(event: Event, form: FewerForm, *, posted: bool) -> dict[str, Any]:
    rows = showing.those_with_seats(event)
    capacity = form.cleaned_data.get("capacity", event.seats_taken) if form.is_bound else event.seats_taken
    chosen = ticked(form["chosen"]) if posted else set(showing.suggested(event, capacity, rows))
    return {"event": event, "form": form, "rows": rows, "ticked": chosen, "wanted": capacity}


def _not_enough(refused: TooFewSeats, capacity: int) -> str:
    more = refused.taken - capacity
    return ngettext(
        "This is not enough: %(number)d more seat must become free.",
        "This is not enough: %(number)d more seats must become free.",
        more,
    ) % {"number": more}


def _moved(number: int) -> str:
    text = ngettext(
        "The number of seats is saved. %(number)d invitee is on the waiting list now and is told by e-mail.",
        "The number of seats is saved. %(number)d invitees are on the waiting list now and are told by e-mail.",
        number,
    )
    return text % {"number": number} if number else _("The number of seats is saved.")


def _too_many(refused: TooManyInGroup) -> str:
    text = ngettext(
        "%(number)d seat is held in “%(group)s” already. It cannot have fewer.",
        "%(number)d seats are held in “%(group)s” already. It cannot have fewer.",
        refused.taken,
    )
    return text % {"number": refused.taken, "group": refused.group.name}


def _event(request: StaffRequest, pk: int) -> Event:
    return get_object_or_404(Event.objects.of(request.tenant).select_related("tenant"), pk=pk)


def _group(request: StaffRequest, pk: int) -> SeatGroup:
    return get_object_or_404(SeatGroup.objects.of(request.tenant).select_related("event__tenant"), pk=pk)


def _invitation(request: StaffRequest, pk: int) -> Invitation:
    rows = Invitation.objects.of(request.tenant).valid().select_related("event__tenant", "contact")
    return get_object_or_404(rows, pk=pk)


def _to(request: StaffRequest, event: Event) -> HttpResponse:
    return redirect("event-seats", tenant=request.tenant.slug, pk=event.pk)
