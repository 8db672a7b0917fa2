"""Staff record what an invitee said on the telephone, in a letter or at the door."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from events.tenancy.guards import StaffRequest, staff_page
from events.tenancy.models import User
from events.tenancy.permissions import Permission
from invites.answers import services
from invites.answers.choices import offered, said_before, standpoint
from invites.answers.forms import RecordForm, written
from invites.answers.people import named
from invites.invitations.models import Invitation


@staff_page(Permission.INVITE)
@require_http_methods(["GET", "HEAD", "POST"])
def record(request: StaffRequest, pk: int) -> HttpResponse:
    """The form for one invitee, and the answer taken. A full or closed event says so beside the answer.

    `?source=phone` preselects how it was got.
    """
    rows = Invitation.objects.of(request.tenant).valid().select_related("event", "contact", "tenant")
    invitation = get_object_or_404(rows, pk=pk)
    initial = {"answer": said_before(invitation), "source": request.GET.get("source", "")}
    form = RecordForm(
        request.POST or None, invitation=invitation, initial=initial | written(named(invitation))
    ).offer(offered(standpoint(invitation)))
    if form.is_valid() and _recorded(invitation, form, request.user):
        messages.success(request, _("The answer is recorded."))
        return redirect("invitation-list", tenant=request.tenant.slug, pk=invitation.event_id)
    return render(request, "answers/record.html", {"form": form, "invitation": invitation})


def _recorded(invitation: Invitation, form: RecordForm, by: User) -> bool:
    """Takes the answer; False when it was refused, which then stands in the form."""
    said: dict[str, Any] = {key: form.cleaned_data[key] for key in ("comment", "source", "mode")}
    said |= {"people": form.people(), "extras": form.extras(), "by": by}
    try:
        services.answer(invitation, reply=form.cleaned_data["answer"], **said)
    except services.Full as full:
        if full.room and form.people():
            form.too_many(full.room)
        else:
            form.add_error("answer", _("All seats are taken. Maybe and no can still be recorded."))
    except services.Closed:
        form.add_error(None, _("The meeting has begun or is not open, so no answer can be recorded."))
    else:
        return True
    return False
