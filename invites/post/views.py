"""Mails in trouble: what happened, what to do, and the two moves an organiser has."""

from collections.abc import Callable

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from events.tenancy.guards import StaffRequest, staff_page
from events.tenancy.permissions import Permission
from invites.post import letters, services
from invites.post.models import OutgoingMail

PAGE = 25


@staff_page(Permission.INVITE)
@require_safe
def mail_trouble(request: StaffRequest) -> HttpResponse:
    rows = OutgoingMail.objects.of(request.tenant).in_trouble()
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    names = letters.names_of(list(page))
    mails = [(mail, names[mail.pk]) for mail in page]
    return render(request, "post/trouble.html", {"page_obj": page, "mails": mails})


@staff_page(Permission.INVITE)
@require_POST
def mail_send_again(request: StaffRequest, pk: int) -> HttpResponse:
    return _settle(request, pk, services.send_again, _("The mail is on its way again."))


@staff_page(Permission.INVITE)
@require_POST
def mail_treat_as_sent(request: StaffRequest, pk: int) -> HttpResponse:
    return _settle(request, pk, services.treat_as_sent, _("The mail now counts as sent."))


def _settle(request: StaffRequest, pk: int, move: Callable[..., None], done: str) -> HttpResponseRedirect:
    mail = get_object_or_404(OutgoingMail.objects.of(request.tenant), pk=pk)
    try:
        move(mail, by=request.user)
        messages.success(request, done)
    except services.NotAllowed:
        messages.info(request, _("The mail was already dealt with."))
    return redirect("mail-trouble", tenant=request.tenant.slug)
