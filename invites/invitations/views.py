"""Seeing the mail first, sending; the guest list and its export; taking an invitation back."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from events import audit
from events.directory.models import Contact
from events.gatherings.models import Event
from events.tenancy.guards import StaffRequest, staff_page
from events.tenancy.permissions import Permission
from invites.invitations import choosing, columns, overview, services, words
from invites.invitations.checks import Refused
from invites.invitations.drafting import rounds
from invites.invitations.drafting import views as drafting
from invites.invitations.drafting.forms import NoteForm
from invites.invitations.drafting.notes import Notes
from invites.invitations.export import as_csv
from invites.invitations.forms import GuestFilter, SendForm
from invites.invitations.models import Invitation
from invites.invitations.telling import services as telling
from invites.invitations.waves import services as waves
from invites.invitations.waves.forms import WhenForm
from invites.invitations.waves.timing import Timing

GUESTS = 50  # a page of the guest list


@staff_page(Permission.INVITE)
@require_POST
def send(request: StaffRequest, pk: int) -> HttpResponse:
    """Invites those whom the preview showed, now or when the page says. A second click or tab does nothing more."""
    event, form = _event(request, pk), SendForm(request.POST)
    if not form.is_valid() or not services.invitable(event):
        return redirect("invitation-choose", tenant=request.tenant.slug, pk=event.pk)
    typed, when = NoteForm(request.POST), WhenForm(request.POST, event=event)
    round_ = rounds.among(request, event, **form.cleaned_data)
    if round_ and not (typed.is_valid() & when.is_valid()):
        return drafting.page(request, round_, typed, request.POST.get("reader", ""), when=when)
    Notes(request.session, event).take(typed)
    return _arranged(request, event, form.cleaned_data, when.timing())


@staff_page(Permission.SEE_GUESTS)
@require_safe
def guest_list(request: StaffRequest, pk: int) -> HttpResponse:
    form, sort = GuestFilter(request.GET), request.GET.get("sort", "")
    event = get_object_or_404(overview.with_counts(request.tenant.pk), pk=pk)
    rows = overview.ordered(overview.filtered(event, **form.values()), sort)
    page = Paginator(rows, GUESTS).get_page(request.GET.get("page"))
    page.object_list = overview.with_answers(page.object_list)  # type: ignore[arg-type]
    total, by_kind = overview.tallies(event)
    facts = {
        "event": event,
        "form": form,
        "filtered": bool(form.values()),
        "page_obj": page,
        "guests": overview.guests(event, page.object_list),
        "total": total,
        "by_kind": by_kind,
        "columns": columns.columns(sort),
        "invitable": services.invitable(event),
    }
    return render(request, "invitations/list.html", facts)


@staff_page(Permission.SEE_GUESTS)
@require_safe
def export(request: StaffRequest, pk: int) -> HttpResponse:
    """The guest list as the filter shows it. That it was taken out stands in the audit trail."""
    event, form = _event(request, pk), GuestFilter(request.GET)
    rows = overview.ordered(overview.filtered(event, **form.values()), request.GET.get("sort", ""))
    body = as_csv(overview.guests(event, overview.with_answers(rows)))
    if request.method == "GET":
        audit.record("invitations.exported", event, by=request.user, title=event.title)
    response = HttpResponse(body, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="invitations-{event.pk}.csv"'
    return response


@staff_page(Permission.INVITE)
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: StaffRequest, pk: int) -> HttpResponse:
    """Asks first; a POST takes the invitation back. A second one finds it taken back and says the same."""
    rows = Invitation.objects.of(request.tenant).select_related("event", "contact__organisation")
    invitation = get_object_or_404(rows, pk=pk)
    if request.method == "POST":
        told = telling.withdraw(invitation, by=request.user, tell=bool(request.POST.get("tell")))
        messages.success(request, _("The invitation is withdrawn, and its link no longer works."))
        if told:
            messages.info(request, _("The invitee is told by e-mail."))
        return redirect("invitation-list", tenant=request.tenant.slug, pk=invitation.event_id)
    facts = {"invitation": invitation, "event": invitation.event, "reached": telling.can_be_told(invitation)}
    return render(request, "invitations/withdraw.html", facts)


def _event(request: StaffRequest, pk: int) -> Event:
    events = Event.objects.of(request.tenant).select_related("tenant")
    return get_object_or_404(events, pk=pk)


def _arranged(request: StaffRequest, event: Event, asked: Mapping[str, Any], timing: Timing) -> HttpResponse:
    """Sends or plans, then says what became of it, on the list where it can be seen."""
    notes = Notes(request.session, event)
    people = Contact.objects.of(request.tenant).reachable().filter(pk__in=asked["contacts"])
    said: dict[str, Any] = {"quotas": asked["quotas"], "note": notes.greeting, "notes": notes.to_one}
    try:
        done = waves.arrange(event, by=request.user, contacts=people, timing=timing, **said)
    except Refused:
        return _to("invitation-preview", event)
    except services.NotInvitable:
        return _to("invitation-choose", event)
    except waves.NotPlanned:
        text = _("That wave went out or was called off meanwhile. Choose again when to send.")
        messages.error(request, text)
        return _to("invitation-preview", event)
    choosing.Draft(request.session, event).clear()
    notes.clear()
    messages.success(request, _sent(event, done))
    return _to("wave-list" if done.due_at else "invitation-list", event)


def _to(page: str, event: Event) -> HttpResponse:
    return redirect(page, tenant=event.tenant.slug, pk=event.pk)


def _sent(event: Event, done: waves.Arranged) -> str:
    if not done.number:
        return _("All of them were invited or planned already, so nothing more was done.")
    if done.due_at:
        text = ngettext(
            "%(number)d invitation goes out %(when)s.", "%(number)d invitations go out %(when)s.", done.number
        )
        return text % {"number": done.number, "when": words.moment(event.local(done.due_at))}
    return ngettext(
        "%(number)d invitation is on its way.", "%(number)d invitations are on their way.", done.number
    ) % {"number": done.number}
