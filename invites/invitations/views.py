"""Seeing the mail first, sending; the guest list and its export; taking an invitation back."""

from collections.abc import Collection, Iterable

from csp.decorators import csp_update
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
from invites.invitations import choosing, columns, mails, organisations, overview, services, words
from invites.invitations.export import as_csv
from invites.invitations.forms import GuestFilter, SendForm
from invites.invitations.models import Invitation
from invites.invitations.telling import services as telling
from invites.invitations.waves import services as waves
from invites.invitations.waves.forms import WhenForm
from invites.invitations.waves.models import Wave
from invites.invitations.waves.timing import Timing
from invites.post.framing import framed

GUESTS = 50  # a page of the guest list


@staff_page(Permission.INVITE)
@csp_update({"frame-src": ["'self'"]})  # type: ignore[arg-type]
@require_safe
def preview(request: StaffRequest, pk: int) -> HttpResponse:
    """Who is about to be asked, the mail that one of them will get, and the button that sends."""
    event = _event(request, pk)
    draft = choosing.Draft(request.session, event)
    return _preview(request, event, draft.ids, draft.quotas, WhenForm(None, event=event, waves=_waves(event)))


@staff_page(Permission.INVITE)
@require_safe
def preview_mail(request: StaffRequest, pk: int, contact: int) -> HttpResponse:
    """The mail's HTML for the frame in the preview. Its links lead nowhere; nothing is stored."""
    event = _event(request, pk)
    reader = get_object_or_404(Contact.objects.of(request.tenant).reachable(), pk=contact)
    if not services.invitable(event):
        return redirect("invitation-choose", tenant=request.tenant.slug, pk=event.pk)
    return framed(mails.preview(event, reader).html)


@staff_page(Permission.INVITE)
@csp_update({"frame-src": ["'self'"]})  # type: ignore[arg-type]
@require_POST
def send(request: StaffRequest, pk: int) -> HttpResponse:
    """Invites those whom the preview showed, now or when the page says. A second click or tab does nothing more."""
    event, form = _event(request, pk), SendForm(request.POST)
    if not form.is_valid():
        return redirect("invitation-choose", tenant=request.tenant.slug, pk=event.pk)
    said = form.cleaned_data
    when = WhenForm(request.POST, event=event, waves=_waves(event))
    if not when.is_valid():
        return _preview(request, event, said["contacts"], said["quotas"], when)
    people = Contact.objects.of(request.tenant).reachable().filter(pk__in=said["contacts"])
    return _arranged(request, event, people, said["quotas"], when.timing())


@staff_page(Permission.SEE_GUESTS)
@require_safe
def guest_list(request: StaffRequest, pk: int) -> HttpResponse:
    form, sort = GuestFilter(request.GET), request.GET.get("sort", "")
    event = get_object_or_404(overview.with_planned_waves(Event.objects.of(request.tenant)), pk=pk)
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


def _waves(event: Event) -> list[Wave]:
    return list(Wave.objects.of(event.tenant_id).filter(event=event).order_by("number"))


def _preview(
    request: StaffRequest, event: Event, ids: Collection[int], quotas: dict[int, int], when: WhenForm
) -> HttpResponse:
    """The preview of a round to those of `ids` who are left to ask."""
    people = list(choosing.left_to_ask(event).filter(pk__in=ids)) if ids else []
    if not people or not services.invitable(event):
        return redirect("invitation-choose", tenant=request.tenant.slug, pk=event.pk)
    wanted = request.GET.get("contact", "")
    reader = next((one for one in people if str(one.pk) == wanted), people[0])
    facts = {
        "event": event,
        "people": people,
        "reader": reader,
        "letter": mails.preview(event, reader),
        "contacts": ",".join(str(one.pk) for one in people),
        "quotas": ",".join(f"{one.pk}:{quotas[one.pk]}" for one in people if one.pk in quotas),
        "asked": [organisations.Asked(one, quotas[one.pk]) for one in people if one.pk in quotas],
        "when": when,
    }
    return render(request, "invitations/preview.html", facts)


def _arranged(
    request: StaffRequest,
    event: Event,
    people: Iterable[Contact],
    quotas: dict[int, int],
    timing: Timing,
) -> HttpResponse:
    """Sends or plans, then says what became of it, on the list where it can be seen."""
    try:
        done = waves.arrange(event, by=request.user, contacts=people, timing=timing, quotas=quotas)
    except services.NotInvitable:
        return redirect("invitation-choose", tenant=request.tenant.slug, pk=event.pk)
    except waves.NotPlanned:
        messages.error(
            request, _("That wave went out or was called off meanwhile. Choose again when to send.")
        )
        return redirect("invitation-preview", tenant=request.tenant.slug, pk=event.pk)
    choosing.Draft(request.session, event).clear()
    messages.success(request, _sent(event, done))
    page = "wave-list" if done.due_at else "invitation-list"
    return redirect(page, tenant=request.tenant.slug, pk=event.pk)


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
