"""Choosing whom to ask, seeing the mail first, sending; the guest list and its export; taking an invitation back."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from events import audit
from events.directory.models import Contact
from events.gatherings.models import Event
from events.tenancy.guards import StaffRequest, staff_page
from events.tenancy.permissions import Permission
from invites.invitations import choosing, columns, overview, services
from invites.invitations.checks import Refused
from invites.invitations.drafting import rounds
from invites.invitations.drafting import views as drafting
from invites.invitations.drafting.forms import NoteForm
from invites.invitations.drafting.notes import Notes
from invites.invitations.export import as_csv
from invites.invitations.forms import ChooseForm, GuestFilter, SendForm, TickForm
from invites.invitations.models import Invitation

CONTACTS = 50  # a page of the list to choose from
GUESTS = 50  # a page of the guest list


@staff_page(Permission.INVITE)
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: StaffRequest, pk: int) -> HttpResponse:
    """Contacts by type, organisation or name. Ticks are kept from page to page; every button of the form is a POST."""
    event = _event(request, pk)
    if not services.invitable(event):
        return render(request, "invitations/not_open.html", {"event": event})
    data = request.POST if request.method == "POST" else request.GET
    form = ChooseForm(data, organisations=choosing.organisations(event))
    if request.method == "POST":
        return _ticked(request, event, form)
    found = choosing.found(choosing.askable(event), **_narrowing(form))
    page = Paginator(found, CONTACTS).get_page(request.GET.get("page"))
    draft = choosing.Draft(request.session, event)
    facts = {
        "event": event,
        "form": form,
        "page_obj": page,
        "chosen": draft.ids,
        "shown": ",".join(map(str, choosing.tickable(page))),
        "listed": urlencode(form.values()),
    }
    return render(request, "invitations/choose.html", facts)


@staff_page(Permission.INVITE)
@require_POST
def send(request: StaffRequest, pk: int) -> HttpResponse:
    """Invites those whom the preview showed. A second click or tab finds them invited and sends nothing more."""
    event, form, typed = _event(request, pk), SendForm(request.POST), NoteForm(request.POST)
    round_, notes = rounds.of(request, event), Notes(request.session, event)
    if not form.is_valid() or not services.invitable(event):
        return redirect("invitation-choose", tenant=request.tenant.slug, pk=event.pk)
    if round_ and not typed.is_valid():
        return drafting.page(request, round_, typed, request.POST.get("reader", ""))
    notes.take(typed)
    people = Contact.objects.of(request.tenant).reachable().filter(pk__in=form.cleaned_data["contacts"])
    try:
        new = services.invite(
            event, by=request.user, contacts=people, note=notes.greeting, notes=notes.to_one
        )
    except Refused:
        return redirect("invitation-preview", tenant=request.tenant.slug, pk=event.pk)
    except services.NotInvitable:
        return redirect("invitation-choose", tenant=request.tenant.slug, pk=event.pk)
    _forget(request, event, new)
    return redirect("invitation-list", tenant=request.tenant.slug, pk=event.pk)


@staff_page(Permission.SEE_GUESTS)
@require_safe
def guest_list(request: StaffRequest, pk: int) -> HttpResponse:
    event, form, sort = _event(request, pk), GuestFilter(request.GET), request.GET.get("sort", "")
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
        services.withdraw(invitation, by=request.user)
        messages.success(request, _("The invitation is withdrawn, and its link no longer works."))
        return redirect("invitation-list", tenant=request.tenant.slug, pk=invitation.event_id)
    return render(request, "invitations/withdraw.html", {"invitation": invitation, "event": invitation.event})


def _event(request: StaffRequest, pk: int) -> Event:
    events = Event.objects.of(request.tenant).select_related("tenant")
    return get_object_or_404(events, pk=pk)


def _ticked(request: StaffRequest, event: Event, form: ChooseForm) -> HttpResponse:
    """Keeps the ticks, then goes where the button points."""
    ticks, draft = TickForm(request.POST), choosing.Draft(request.session, event)
    ticks.is_valid()
    said = ticks.cleaned_data
    draft.tick(shown=said.get("shown") or (), ticked=said.get("contact") or ())
    if said.get("all"):
        listed = ChooseForm(QueryDict(said.get("listed", "")), organisations=form.organisations)
        found = choosing.found(choosing.left_to_ask(event), **_narrowing(listed))
        draft.tick(shown=(), ticked=found.values_list("pk", flat=True))
    if said.get("do") == "clear":
        draft.clear()
    if said.get("do") == "preview":
        if draft.ids:
            return redirect("invitation-preview", tenant=request.tenant.slug, pk=event.pk)
        messages.error(request, _("Choose at least one contact."))
    query: dict[str, Any] = form.values()
    if said.get("page"):
        query["page"] = said["page"]
    address = reverse("invitation-choose", kwargs={"tenant": request.tenant.slug, "pk": event.pk})
    return redirect(f"{address}?{urlencode(query)}" if query else address)


def _forget(request: StaffRequest, event: Event, new: int) -> None:
    """A round that was sent leaves nothing behind for the next one but word of it."""
    messages.success(request, _sent(new))
    choosing.Draft(request.session, event).clear()
    Notes(request.session, event).clear()


def _narrowing(form: ChooseForm) -> dict[str, str]:
    return {name: form.value(name) for name in ("kind", "organisation")} | {"words": form.value("q")}


def _sent(new: int) -> str:
    if not new:
        return _("All of them were invited already, so nothing more was sent.")
    return ngettext(
        "%(number)d invitation is on its way.", "%(number)d invitations are on their way.", new
    ) % {"number": new}
