"""Telling those invited: whom, with which words, seeing the mail first, and one button."""

from csp.decorators import csp_update
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from events.gatherings.models import Event
from events.tenancy.guards import StaffRequest, staff_page
from events.tenancy.permissions import Permission
from invites.invitations.checks import Refused
from invites.invitations.models import Invitation
from invites.invitations.telling import mails, people, services, showing
from invites.invitations.telling.draft import Draft
from invites.invitations.telling.forms import TellForm, ticked
from invites.invitations.telling.models import Recipients
from invites.post.framing import framed
from invites.post.letters import Letter


@staff_page(Permission.INVITE)
@require_http_methods(["GET", "HEAD", "POST"])
def tell(request: StaffRequest, pk: int) -> HttpResponse:
    """What is new, and who is told. A POST leads to the mail, or settles that nobody is told."""
    event = _event(request, pk)
    told = showing.told_before(event)
    if not _open(event) or (told and told.who != Recipients.NOBODY):
        return render(request, "invitations/telling/settled.html", {"event": event, "told": told})
    now, draft = showing.situation(event), Draft(request.session, event)
    data = request.POST if request.method == "POST" else None
    form = TellForm(data, event=event, can_ask=now.can_ask, choices=now.choices(), initial=now.initial())
    if data is not None and data.get("do") == "nobody":
        return _decided(request, event, services.Decision(_number(data.get("sequence")), Recipients.NOBODY))
    if data is not None and _kept(event, form, draft):
        return redirect("event-tell-preview", tenant=request.tenant.slug, pk=event.pk)
    facts = {"event": event, "now": now, "form": form, "told": told, "ticked": ticked(form["chosen"])}
    return render(request, "invitations/telling/tell.html", facts)


@staff_page(Permission.INVITE)
@csp_update({"frame-src": ["'self'"]})  # type: ignore[arg-type]
@require_safe
def preview(request: StaffRequest, pk: int) -> HttpResponse:
    """Who is about to be told, the mail that one of them gets, and the button that sends."""
    event = _event(request, pk)
    decision = Draft(request.session, event).kept()
    told = showing.recipients(event, decision) if decision else []
    if decision is None or not told or not _open(event):
        messages.error(request, _("Nobody can be told by e-mail with this choice."))
        return redirect("event-tell", tenant=request.tenant.slug, pk=event.pk)
    wanted = request.GET.get("invitation", "")
    reader = next((one for one in told if str(one.pk) == wanted), told[0])
    facts = {"event": event, "people": told, "reader": reader, "decision": decision}
    facts["letter"] = _letter(event, reader, decision)
    return render(request, "invitations/telling/preview.html", facts)


@staff_page(Permission.INVITE)
@require_safe
def preview_mail(request: StaffRequest, pk: int, invitation: int) -> HttpResponse:
    """The mail's HTML for the frame in the preview. Its links lead nowhere; nothing is stored."""
    event = _event(request, pk)
    reader = get_object_or_404(people.to_tell(event), pk=invitation)
    decision = Draft(request.session, event).kept()
    return framed(_letter(event, reader, decision or services.Decision(event.sequence, Recipients.ALL)).html)


@staff_page(Permission.INVITE)
@require_POST
def send(request: StaffRequest, pk: int) -> HttpResponse:
    """Tells those whom the preview showed. A second click finds it done."""
    event = _event(request, pk)
    decision = Draft(request.session, event).kept()
    if decision is None:
        return redirect("event-tell", tenant=request.tenant.slug, pk=event.pk)
    return _decided(request, event, decision)


def _kept(event: Event, form: TellForm, draft: Draft) -> bool:
    """Keeps the decision that the form holds; otherwise what is wrong stands in the form."""
    if not form.is_valid():
        return False
    found = services.refusals(event, form.decision())
    for each in found:
        form.add_error("message" if each.field == "message" else None, each.what)
    if not found:
        draft.keep(form.decision())
    return not found


def _decided(request: StaffRequest, event: Event, decision: services.Decision) -> HttpResponse:
    try:
        number = services.tell(event, by=request.user, decision=decision)
    except services.NotTellable:
        messages.error(request, _("The meeting has changed since you opened the page. Look at what is new."))
        return redirect("event-tell", tenant=request.tenant.slug, pk=event.pk)
    except Refused as refused:
        messages.error(request, refused.words)
        return redirect("event-tell", tenant=request.tenant.slug, pk=event.pk)
    Draft(request.session, event).clear()
    messages.success(request, _done(decision, number))
    return redirect("event-detail", tenant=request.tenant.slug, pk=event.pk)


def _done(decision: services.Decision, number: int) -> str:
    if decision.who == Recipients.NOBODY:
        return _("Nobody is told. You can still change your mind on the page “Tell those invited”.")
    return ngettext("%(number)d invitee is told.", "%(number)d invitees are told.", number) % {
        "number": number
    }


def _letter(event: Event, reader: Invitation, decision: services.Decision) -> Letter:
    since: int = reader.knows  # type: ignore[attr-defined] # annotated by `people.invitees`
    return mails.preview(event, reader, showing.draft_of(event, decision), since=since)


def _open(event: Event) -> bool:
    """Whether anybody can still be told: a draft has no invitees, and what has begun needs no notice."""
    return event.sequence > 0 and event.state in people.TELLABLE and not event.has_begun


def _number(written: str | None) -> int:
    return int(written) if written and written.isascii() and written.isdigit() and len(written) < 10 else -1


def _event(request: StaffRequest, pk: int) -> Event:
    events = Event.objects.of(request.tenant).select_related("tenant")
    found = get_object_or_404(events, pk=pk)
    if found.published_at is None:
        raise Http404  # a draft that was never published has nobody to tell
    return found
