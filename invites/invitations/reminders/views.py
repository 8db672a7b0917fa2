"""The plan of reminders of one event, and asking by hand those who have not answered."""

from csp.decorators import csp_update
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from events.gatherings.models import Event
from events.tenancy.guards import StaffRequest, staff_page
from events.tenancy.permissions import Permission
from invites.invitations.checks import Refused
from invites.invitations.reminders import mails, people, services, showing
from invites.invitations.reminders.draft import Draft
from invites.invitations.reminders.forms import ChaseForm, PlanForm
from invites.invitations.reminders.models import plan_of
from invites.invitations.telling.forms import ticked
from invites.post.framing import framed

ASK = require_http_methods(["GET", "HEAD", "POST"])


@staff_page(Permission.INVITE)
@require_safe
def plan(request: StaffRequest, pk: int) -> HttpResponse:
    event = _event(request, pk)
    return render(request, "invitations/reminders/plan.html", {"event": event, **showing.plan(event)})


@staff_page(Permission.INVITE)
@ASK
def plan_edit(request: StaffRequest, pk: int) -> HttpResponse:
    event = _event(request, pk)
    form = PlanForm(request.POST if request.method == "POST" else None, plan=plan_of(event))
    if request.method == "POST" and form.is_valid():
        services.set_plan(event, by=request.user, facts=form.cleaned_data)
        messages.success(request, _("The reminders are saved."))
        return redirect("reminder-plan", tenant=request.tenant.slug, pk=event.pk)
    return render(request, "invitations/reminders/edit.html", {"event": event, "form": form})


@staff_page(Permission.INVITE)
@require_POST
def plan_switch(request: StaffRequest, pk: int) -> HttpResponse:
    """On or off, as the button said; a second click changes nothing."""
    event, on = _event(request, pk), request.POST.get("to") == "on"
    services.set_plan(event, by=request.user, facts={"is_on": on})
    messages.success(request, _("The reminders are on.") if on else _("The reminders are off."))
    return redirect("reminder-plan", tenant=request.tenant.slug, pk=event.pk)


@staff_page(Permission.INVITE)
@ASK
def chase(request: StaffRequest, pk: int) -> HttpResponse:
    """Those who got the invitation and have not answered, all ticked; a POST leads to the mail."""
    event = _event(request, pk)
    rows, draft = showing.silent(event), Draft(request.session, event)
    usual = [each.row.pk for each in rows if not each.why_not]
    data = request.POST if request.method == "POST" else None
    form = ChaseForm(data, initial={"chosen": draft.chosen or usual, "message": draft.message})
    if data is not None and _kept(event, form, draft):
        return redirect("chase-preview", tenant=request.tenant.slug, pk=event.pk)
    facts = {"event": event, "form": form, "rows": rows, "open": not event.answers_closed}
    facts["ticked"] = ticked(form["chosen"])
    return render(request, "invitations/reminders/chase.html", facts)


@staff_page(Permission.INVITE)
@csp_update({"frame-src": ["'self'"]})  # type: ignore[arg-type]
@require_safe
def chase_preview(request: StaffRequest, pk: int) -> HttpResponse:
    """Who is about to be asked, the mail that one of them gets, and the button that sends."""
    event = _event(request, pk)
    draft = Draft(request.session, event)
    chosen = draft.people()
    if not chosen or event.answers_closed:
        return redirect("chase", tenant=request.tenant.slug, pk=event.pk)
    wanted = request.GET.get("invitation", "")
    reader = next((one for one in chosen if str(one.pk) == wanted), chosen[0])
    letter = mails.preview(event, reader, message=draft.message)
    facts = {"event": event, "people": chosen, "reader": reader, "letter": letter}
    return render(request, "invitations/reminders/preview.html", facts)


@staff_page(Permission.INVITE)
@require_safe
def chase_mail(request: StaffRequest, pk: int, invitation: int) -> HttpResponse:
    """The mail's HTML for the frame in the preview. Its links lead nowhere; nothing is stored."""
    event = _event(request, pk)
    reader = get_object_or_404(people.silent(event), pk=invitation)
    return framed(mails.preview(event, reader, message=Draft(request.session, event).message).html)


@staff_page(Permission.INVITE)
@require_POST
def chase_send(request: StaffRequest, pk: int) -> HttpResponse:
    """Asks those whom the preview showed. A second click finds nothing left to send."""
    event = _event(request, pk)
    draft = Draft(request.session, event)
    if not draft.chosen:
        return redirect("reminder-plan", tenant=request.tenant.slug, pk=event.pk)
    try:
        number = services.chase(event, by=request.user, chosen=draft.chosen, message=draft.message)
    except (services.AskedEnough, services.NotChasable, Refused) as refused:
        messages.error(request, _why_refused(refused))
        return redirect("chase", tenant=request.tenant.slug, pk=event.pk)
    draft.clear()
    messages.success(request, _sent(number))
    return redirect("reminder-plan", tenant=request.tenant.slug, pk=event.pk)


def _kept(event: Event, form: ChaseForm, draft: Draft) -> bool:
    """Keeps what the form holds; otherwise what is wrong stands in the form."""
    if not form.is_valid():
        return False
    said = {"chosen": form.cleaned_data["chosen"], "message": form.cleaned_data["message"]}
    found = services.refusals(event, **said)
    for each in found:
        form.add_error("message" if each.field == "message" else None, each.what)
    if not found:
        draft.keep(**said)
    return not found


def _why_refused(refused: Exception) -> str:
    if isinstance(refused, Refused):
        return refused.words
    if not isinstance(refused, services.AskedEnough):
        return _("Answers are not taken any more, so nobody is asked.")
    often = ", ".join(row.contact.name for row in refused.often)
    today = ", ".join(row.contact.name for row in refused.today)
    said = [_("Nothing was sent.")]
    if often:
        said.append(_("Asked as often as the plan allows: %(names)s.") % {"names": often})
    if today:
        said.append(_("Asked today already: %(names)s.") % {"names": today})
    return " ".join(said)


def _sent(number: int) -> str:
    text = ngettext(
        "%(number)d invitee is asked once more.", "%(number)d invitees are asked once more.", number
    )
    return text % {"number": number}


def _event(request: StaffRequest, pk: int) -> Event:
    events = Event.objects.of(request.tenant).select_related("tenant", "reminder_plan")
    return get_object_or_404(events, pk=pk)
