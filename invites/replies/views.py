"""Mail that needs you: what came from invitees and did not count by itself."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from events.tenancy.guards import StaffRequest, staff_page
from events.tenancy.permissions import Permission
from invites.answers import services as answers
from invites.replies import settling, showing
from invites.replies.forms import DecisionForm
from invites.replies.models import InboundMail

PAGE = 25


@staff_page(Permission.INVITE)
@require_safe
def reply_list(request: StaffRequest) -> HttpResponse:
    """Over all events, the longest waiting first."""
    rows = InboundMail.objects.of(request.tenant).waiting()
    rows = rows.select_related("invitation__event", "invitation__contact").defer("raw", "envelope")
    page = Paginator(rows.order_by("received_at", "pk"), PAGE).get_page(request.GET.get("page"))
    return render(request, "replies/list.html", {"page_obj": page, "entries": showing.entries(page)})


@staff_page(Permission.INVITE)
@require_POST
def reply_apply(request: StaffRequest, pk: int) -> HttpResponse:
    """Counts the message as an answer of the one who was invited."""
    row, form = _row(request, pk), DecisionForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose what the message is to count as."))
        return _back(request, row)
    try:
        settling.apply_held(row, reply=form.cleaned_data["reply"], by=request.user)
        messages.success(request, _("The message counts as an answer."))
    except settling.DecidedBefore:
        messages.info(request, _("The message was already dealt with."))
    except (settling.Forgotten, answers.Refused) as refusal:
        messages.error(request, _why(refusal))
    return _back(request, row)


@staff_page(Permission.INVITE)
@require_POST
def reply_dismiss(request: StaffRequest, pk: int) -> HttpResponse:
    row = _row(request, pk)
    try:
        settling.dismiss(row, by=request.user)
        messages.success(request, _("The message is set aside."))
    except settling.DecidedBefore:
        messages.info(request, _("The message was already dealt with."))
    return _back(request, row)


def _row(request: StaffRequest, pk: int) -> InboundMail:
    rows = InboundMail.objects.of(request.tenant).select_related("invitation")
    return get_object_or_404(rows.defer("raw", "envelope"), pk=pk)


def _back(request: StaffRequest, row: InboundMail) -> HttpResponseRedirect:
    """To the page the button stood on."""
    if request.POST.get("from") == "event" and row.invitation:
        return redirect("event-decisions", tenant=request.tenant.slug, pk=row.invitation.event_id)
    return redirect("reply-list", tenant=request.tenant.slug)


def _why(refusal: Exception) -> str:
    words = {
        settling.Forgotten: _("The message is no longer kept. Ask the person, and record the answer."),
        answers.Moved: _("The answer was meant for an earlier time. Ask the person anew."),
        answers.Full: _("All seats are taken. Make room first, or set the message aside."),
    }
    return words.get(type(refusal), _("No answer is taken any more: the meeting has begun or is off."))
