"""The waves of an event: when each goes out and to whom; moving, sending early, calling off, taking people out."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from events.gatherings.models import Event
from events.tenancy.guards import StaffRequest, staff_page
from events.tenancy.permissions import Permission
from events.tenancy.quiet import is_quiet
from invites.invitations.checks import Refused
from invites.invitations.services import NotInvitable, invitable
from invites.invitations.waves import sending, services, showing
from invites.invitations.waves.forms import MembersForm, WhenForm
from invites.invitations.waves.models import Wave

WAVES = 50  # a page
PEOPLE = 50


@staff_page(Permission.SEE_GUESTS)
@require_safe
def wave_list(request: StaffRequest, pk: int) -> HttpResponse:
    event = get_object_or_404(Event.objects.of(request.tenant).select_related("tenant"), pk=pk)
    page = Paginator(showing.waves(event), WAVES).get_page(request.GET.get("page"))
    facts = {
        "event": event,
        "page_obj": page,
        "waves": showing.lines(event, page),
        "invitable": invitable(event),
    }
    return render(request, "invitations/waves.html", facts)


@staff_page(Permission.SEE_GUESTS)
@require_safe
def wave_detail(request: StaffRequest, pk: int) -> HttpResponse:
    """Who is in it. A planned one can be moved, sent now, called off, or made smaller; a sent one is history."""
    wave = _wave(request, pk)
    people = showing.invited(wave) if wave.state == Wave.State.SENT else showing.members(wave)
    page = Paginator(people, PEOPLE).get_page(request.GET.get("page"))
    facts = {
        "event": wave.event,
        "wave": wave,
        "line": showing.line(wave.event, wave),
        "reasons": showing.reasons(wave),
        "page_obj": page,
        "changeable": wave.state == Wave.State.PLANNED and invitable(wave.event),
        "quiet": is_quiet(timezone.now(), request.tenant),
    }
    return render(request, "invitations/wave.html", facts)


@staff_page(Permission.INVITE)
@require_http_methods(["GET", "HEAD", "POST"])
def wave_move(request: StaffRequest, pk: int) -> HttpResponse:
    """Another time for a planned wave. One that went out meanwhile says so on its own page."""
    wave = _wave(request, pk)
    if wave.state != Wave.State.PLANNED:
        return _gone(request, wave)
    form = WhenForm(request.POST or None, event=wave.event, moving=wave)
    if form.is_valid():
        try:
            services.move(wave, by=request.user, timing=form.timing())
        except services.NotPlanned:
            return _gone(request, wave)
        messages.success(request, _("The wave has its new time."))
        return _back(request, wave)
    return render(
        request, "invitations/wave_move.html", {"event": wave.event, "wave": wave, "when_form": form}
    )


@staff_page(Permission.INVITE)
@require_POST
def wave_send(request: StaffRequest, pk: int) -> HttpResponse:
    """Sends a planned wave now. A second click finds it sent and sends nothing more."""
    wave = _wave(request, pk)
    try:
        new = sending.send_early(wave, by=request.user)
    except services.NotPlanned:
        return _gone(request, wave)
    except NotInvitable:
        messages.error(request, _("The meeting is not open any more, so nothing is sent."))
        return _back(request, wave)
    except Refused as refused:
        messages.error(request, _("Nothing is sent. %(reasons)s") % {"reasons": refused.words})
        return _back(request, wave)
    text = ngettext("%(number)d invitation is on its way.", "%(number)d invitations are on their way.", new)
    messages.success(request, text % {"number": new})
    return _back(request, wave)


@staff_page(Permission.INVITE)
@require_POST
def wave_call_off(request: StaffRequest, pk: int) -> HttpResponse:
    wave = _wave(request, pk)
    try:
        services.call_off(wave, by=request.user)
    except services.NotPlanned:
        return _gone(request, wave)
    messages.success(request, _("The wave is called off. Nobody is invited by it."))
    return _back(request, wave)


@staff_page(Permission.INVITE)
@require_POST
def wave_take_out(request: StaffRequest, pk: int) -> HttpResponse:
    """Takes the ticked people out of a planned wave; they can be chosen anew."""
    wave, form = _wave(request, pk), MembersForm(request.POST)
    try:
        gone = services.take_out(wave, by=request.user, members=form.members())
    except services.NotPlanned:
        return _gone(request, wave)
    if gone:
        text = ngettext("%(number)d contact is taken out.", "%(number)d contacts are taken out.", gone)
        messages.success(request, text % {"number": gone})
    else:
        messages.error(request, _("Tick those who are to be taken out."))
    return _back(request, wave)


def _wave(request: StaffRequest, pk: int) -> Wave:
    row = get_object_or_404(Wave.objects.of(request.tenant).select_related("event__tenant"), pk=pk)
    return showing.waves(row.event).select_related("event__tenant", "after", "created_by").get(pk=pk)


def _gone(request: StaffRequest, wave: Wave) -> HttpResponse:
    messages.error(request, _("This wave is not planned any more, so nothing was changed."))
    return _back(request, wave)


def _back(request: StaffRequest, wave: Wave) -> HttpResponse:
    return redirect("wave-detail", tenant=request.tenant.slug, pk=wave.pk)
