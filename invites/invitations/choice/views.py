"""Choosing whom to ask: contacts one by one or by a search, and organisations that name their people themselves."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from events.directory.models import Contact, Organisation
from events.gatherings.models import Event
from events.tenancy.guards import StaffRequest, staff_page
from events.tenancy.permissions import Permission
from invites.invitations import choosing, organisations, services
from invites.invitations.forms import ChooseForm, OrganisationForm, TickForm, is_id

CONTACTS = 50  # a page of the list to choose from


@staff_page(Permission.INVITE)
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: StaffRequest, pk: int) -> HttpResponse:
    """Contacts by type, organisation or name. Ticks are kept from page to page; every button of the form is a POST."""
    event = _event(request, pk)
    if not services.invitable(event):
        return render(request, "invitations/not_open.html", {"event": event})
    data = request.POST if request.method == "POST" else request.GET
    form = ChooseForm(data, offers=choosing.offers(event))
    if request.method == "POST":
        return _ticked(request, event, form)
    found = choosing.found(choosing.askable(event), event=event, **form.narrowing())
    page = Paginator(found, CONTACTS).get_page(request.GET.get("page"))
    facts = {
        "event": event,
        "form": form,
        "page_obj": page,
        "shown": ",".join(map(str, choosing.tickable(page))),
        "listed": urlencode(form.values()),
    }
    return render(request, "invitations/choose.html", facts | _drafted(request, event))


@staff_page(Permission.INVITE)
@require_http_methods(["GET", "HEAD", "POST"])
def ask_organisation(request: StaffRequest, pk: int) -> HttpResponse:
    """Which organisation, then through whom and how many people it names itself. A POST puts it into the draft."""
    event = _event(request, pk)
    if not services.invitable(event):
        return render(request, "invitations/not_open.html", {"event": event})
    wanted = request.GET.get("organisation", "")
    if not is_id(wanted):
        found = organisations.matching(event, request.GET.get("q", ""))
        page = Paginator(found, CONTACTS).get_page(request.GET.get("page"))
        return render(request, "invitations/organisations.html", {"event": event, "page_obj": page})
    organisation = get_object_or_404(Organisation.objects.of(request.tenant), pk=int(wanted))
    form = OrganisationForm(request.POST or None, through=organisations.through(event, organisation))
    if form.is_valid():
        return _asked_organisation(request, event, organisation, form)
    return render(
        request, "invitations/organisation.html", {"event": event, "organisation": organisation, "form": form}
    )


def _event(request: StaffRequest, pk: int) -> Event:
    return get_object_or_404(Event.objects.of(request.tenant).select_related("tenant"), pk=pk)


def _drafted(request: StaffRequest, event: Event) -> dict[str, Any]:
    """What was chosen so far: ids of contacts, and the organisations among them."""
    draft = choosing.Draft(request.session, event)
    return {"chosen": draft.ids, "asked": organisations.asked(event, draft.quotas)}


def _ticked(request: StaffRequest, event: Event, form: ChooseForm) -> HttpResponse:
    """Keeps the ticks, then goes where the button points."""
    ticks, draft = TickForm(request.POST), choosing.Draft(request.session, event)
    ticks.is_valid()
    said = ticks.cleaned_data
    _tick(draft, event, form, said)
    if said.get("do") == "preview":
        if draft.ids:
            return redirect("invitation-preview", tenant=request.tenant.slug, pk=event.pk)
        messages.error(request, _("Choose at least one contact."))
    query: dict[str, Any] = form.values()
    if said.get("page"):
        query["page"] = said["page"]
    address = reverse("invitation-choose", kwargs={"tenant": request.tenant.slug, "pk": event.pk})
    return redirect(f"{address}?{urlencode(query)}" if query else address)


def _tick(draft: choosing.Draft, event: Event, form: ChooseForm, said: dict[str, Any]) -> None:
    draft.tick(shown=said.get("shown") or (), ticked=said.get("contact") or ())
    if said.get("all"):
        listed = ChooseForm(QueryDict(said.get("listed", "")), offers=form.offers)
        found = choosing.found(choosing.left_to_ask(event), event=event, **listed.narrowing())
        draft.tick(shown=(), ticked=found.values_list("pk", flat=True))
    if is_id(said.get("drop", "")):
        draft.drop(int(said["drop"]))
    if said.get("do") == "clear":
        draft.clear()


def _asked_organisation(
    request: StaffRequest, event: Event, organisation: Organisation, form: OrganisationForm
) -> HttpResponse:
    said = form.cleaned_data
    try:
        contact = organisations.contact_for(
            organisation, event=event, by=request.user, chosen=said["through"]
        )
    except Contact.DoesNotExist:
        messages.error(request, _("That contact was invited meanwhile. Choose again."))
        return redirect(request.get_full_path())
    choosing.Draft(request.session, event).ask(contact.pk, quota=said["quota"])
    text = _("%(organisation)s is chosen. Choose more, or see the mail before sending.")
    messages.success(request, text % {"organisation": organisation.name})
    return redirect("invitation-choose", tenant=request.tenant.slug, pk=event.pk)
