"""The organiser's page "To decide", and the decisions about what invitees asked for."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from events.gatherings.models import Event
from events.tenancy.guards import StaffRequest, staff_page
from events.tenancy.permissions import Permission
from invites.answers import services as answers
from invites.answers.requests import services, words
from invites.answers.requests.forms import RefusalForm
from invites.answers.requests.models import AnswerRequest, RequestState
from invites.invitations import deciding


@staff_page(Permission.INVITE)
@require_safe
def decisions(request: StaffRequest, pk: int) -> HttpResponse:
    """All that waits for the organiser of one event, section by section, and what was decided."""
    event = get_object_or_404(Event.objects.of(request.tenant).select_related("tenant"), pk=pk)
    facts = {"event": event, "sections": deciding.shown(event), "history": deciding.history(event)}
    return render(request, "answers/requests/decisions.html", facts)


@staff_page(Permission.INVITE)
@require_POST
def grant(request: StaffRequest, pk: int) -> HttpResponse:
    """Approves. What stands against it is said on the page, and the request waits on; a second click does nothing."""
    asked = _asked(request, pk)
    try:
        services.grant(asked, by=request.user)
    except services.Settled:
        messages.info(request, _("It was decided already, or taken back."))
    except (answers.Refused, services.Invited) as refused:
        messages.error(request, why_not(refused))
    else:
        messages.success(request, _("Approved. The invitee is told by e-mail."))
    return _back(asked)


@staff_page(Permission.INVITE)
@require_http_methods(["GET", "HEAD", "POST"])
def refuse(request: StaffRequest, pk: int) -> HttpResponse:
    """Asks for the reason, which the invitee reads in a mail."""
    asked = _asked(request, pk)
    if asked.state != RequestState.PENDING:
        messages.info(request, _("It was decided already, or taken back."))
        return _back(asked)
    event = asked.invitation.event
    form = RefusalForm(request.POST if request.method == "POST" else None, event=event)
    if form.is_valid():
        services.refuse(asked, by=request.user, reason=form.cleaned_data["reason"])
        messages.success(request, _("Refused. The invitee is told by e-mail."))
        return _back(asked)
    facts = {"event": event, "asked": asked, "what": words.for_staff(asked), "form": form}
    return render(request, "answers/requests/refuse.html", facts)


def why_not(refused: Exception) -> str:
    """What stands against granting, for staff."""
    if isinstance(refused, answers.Full):
        return _("There is no seat for it. Make room first, or refuse.")
    if isinstance(refused, answers.Moved):
        return _("Time or place is new since it was asked. The invitee has to answer again.")
    if isinstance(refused, services.Invited):
        return _("The person is invited to this meeting already, or somebody comes instead already.")
    return _("The meeting is not open any more, or the invitation was withdrawn.")


def _asked(request: StaffRequest, pk: int) -> AnswerRequest:
    rows = AnswerRequest.objects.of(request.tenant)
    return get_object_or_404(rows.select_related("invitation__event__tenant", "invitation__contact"), pk=pk)


def _back(asked: AnswerRequest) -> HttpResponse:
    event = asked.invitation.event
    return redirect("event-decisions", tenant=event.tenant.slug, pk=event.pk)
