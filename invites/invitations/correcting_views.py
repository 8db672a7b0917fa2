"""The page on which a coordinator sets right the address that a mail came back from."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from events.directory.models import Contact
from events.tenancy.guards import StaffRequest, staff_page
from events.tenancy.permissions import Permission
from invites.invitations import correcting
from invites.post import letters, trouble
from invites.post.models import OutgoingMail


@staff_page(Permission.INVITE)
@require_http_methods(["GET", "HEAD", "POST"])
def correct_address(request: StaffRequest, pk: int) -> HttpResponse:
    """Asks for the address; a POST sends the mail again to it. A second one finds it under way and says so."""
    mail, contact = _loaded(request, pk)
    if not trouble.may_be_corrected(mail):
        messages.info(request, _("The mail was already dealt with."))
        return redirect("mail-trouble", tenant=request.tenant.slug)
    form = correcting.AddressForm(request.POST or None, mail=mail, contact=contact)
    if request.method == "POST" and form.is_valid() and _corrected(request, form):
        return redirect("mail-trouble", tenant=request.tenant.slug)
    facts = {
        "form": form,
        "mail": mail,
        "contact": contact,
        "name": letters.names_of([mail])[mail.pk],
        "why": mail.problem_words,
    }
    return render(request, "invitations/correct_address.html", facts)


def _loaded(request: StaffRequest, pk: int) -> tuple[OutgoingMail, Contact]:
    if not request.membership.may(Permission.MANAGE_DIRECTORY):
        raise PermissionDenied(Permission.MANAGE_DIRECTORY)
    mail = get_object_or_404(OutgoingMail.objects.of(request.tenant), pk=pk)
    contact = correcting.contact_of(mail)
    if contact is None:
        raise Http404
    return mail, contact


def _corrected(request: StaffRequest, form: correcting.AddressForm) -> bool:
    """Whether all is said and done; otherwise the form holds what is wrong."""
    try:
        correcting.correct(form.mail, form.contact, address=form.cleaned_data["email"], by=request.user)
    except correcting.NameTaken:
        form.add_error("email", _("A contact with this name and address exists already."))
        return False
    except correcting.NotAllowed:
        messages.info(request, _("The mail was already dealt with."))
        return True
    messages.success(request, _("The address is corrected, and the mail is on its way again."))
    return True
