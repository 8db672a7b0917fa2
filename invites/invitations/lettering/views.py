"""Letters of an event: who is asked by letter, their letters as PDF, and who else wants one."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from events.gatherings.models import Event
from events.tenancy.guards import StaffRequest, staff_page
from events.tenancy.permissions import Permission
from invites.invitations.checks import Refused
from invites.invitations.lettering import pdf, services
from invites.invitations.lettering.facts import has_address
from invites.invitations.lettering.forms import MOST, PrintForm, WantedForm
from invites.invitations.models import Invitation
from invites.invitations.services import NotInvitable, invitable


@staff_page(Permission.INVITE)
@require_safe
def letter_list(request: StaffRequest, pk: int) -> HttpResponse:
    event = _event(request, pk)
    return render(
        request, "lettering/list.html", _facts(event, WantedForm(wanted=services.want_letters(event)))
    )


@staff_page(Permission.INVITE)
@require_POST
def letters_pdf(request: StaffRequest, pk: int) -> HttpResponse:
    """The letters that the page named; a POST, because it gives them their codes and may note them as printed."""
    event, form = _event(request, pk), PrintForm(request.POST)
    try:
        rows = services.make_letters(event, by=request.user, ids=form.ids())
        body = pdf.render(event, rows, on=timezone.localdate()) if rows else b""
    except NotInvitable:
        return _back(event)
    except (LookupError, Refused) as error:
        messages.error(request, _why_none(error))
        return _back(event)
    if not rows:
        return _back(event)
    if form.cleaned_data.get("printed"):
        services.note_printed(event, by=request.user, letters=rows)
    response = HttpResponse(body, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="letters-{event.pk}.pdf"'
    return response


@staff_page(Permission.INVITE)
@require_POST
def invite(request: StaffRequest, pk: int) -> HttpResponse:
    """Invites the ticked ones, without a mail. A second click invites nobody more."""
    event = _event(request, pk)
    form = WantedForm(request.POST, wanted=services.want_letters(event))
    if not form.is_valid():
        return render(request, "lettering/list.html", _facts(event, form))
    try:
        new = services.invite_by_letter(event, by=request.user, contacts=form.cleaned_data["contacts"])
    except NotInvitable:
        return _back(event)
    messages.success(request, _invited(new))
    return _back(event)


def _facts(event: Event, form: WantedForm) -> dict[str, Any]:
    letters = list(services.by_letter(event)[:MOST])
    unprinted = [row for row in letters if row.printed_at is None]
    return {
        "event": event,
        "form": form,
        "letters": letters,
        "unprinted": unprinted,
        "unprinted_ids": _ids(unprinted),
        "all_ids": _ids(letters),
        "without_address": {row.pk for row in letters if not has_address(row.contact)},
        "invitable": invitable(event),
    }


def _why_none(error: Exception) -> str:
    if isinstance(error, Refused):
        return error.words
    return _("A link can no longer be written. Withdraw the oldest invitations and invite anew.")


def _ids(rows: list[Invitation]) -> str:
    return ",".join(str(row.pk) for row in rows)


def _event(request: StaffRequest, pk: int) -> Event:
    return get_object_or_404(Event.objects.of(request.tenant).select_related("tenant"), pk=pk)


def _back(event: Event) -> HttpResponse:
    return redirect("invitation-letters", tenant=event.tenant.slug, pk=event.pk)


def _invited(new: int) -> str:
    return ngettext(
        "%(number)d is invited. Print the letter below.",
        "%(number)d are invited. Print the letters below.",
        new,
    ) % {"number": new}
