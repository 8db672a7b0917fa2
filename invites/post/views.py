"""Mails in trouble: what happened, what to do, and the moves an organiser has."""

from collections.abc import Callable

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from events.tenancy.guards import StaffRequest, staff_page
from events.tenancy.permissions import Permission
from invites.post import outbox, services, trouble
from invites.post.forms import SettleForm
from invites.post.models import OutgoingMail

PAGE = 25


@staff_page(Permission.INVITE)
@require_safe
def mail_trouble(request: StaffRequest) -> HttpResponse:
    """Over all events, latest first; `show` narrows it to one kind of trouble."""
    show, groups = request.GET.get("show", ""), trouble.groups(request.tenant)
    chosen = next((group for group in groups if group.key == show), None)
    rows = trouble.in_trouble(request.tenant, show if chosen else "").prefetch_related("events")
    total = sum(group.count for group in groups)
    paginator = Paginator(rows, PAGE)
    paginator.count = chosen.count if chosen else total  # every mail in trouble is in one group: a query less
    page = paginator.get_page(request.GET.get("page"))
    entries = trouble.entries(list(page))
    facts = {
        "page_obj": page,
        "entries": entries,
        "groups": groups,
        "chosen": chosen,
        "total": total,
        "unknown": next((group.count for group in groups if group.key == "unknown"), 0),
        "lane": outbox.closed_lane(),
        "unknown_here": sum(entry.mail.state == OutgoingMail.State.UNKNOWN for entry in entries),
    }
    return render(request, "post/trouble.html", facts)


@staff_page(Permission.INVITE)
@require_POST
def mail_send_again(request: StaffRequest, pk: int) -> HttpResponse:
    return _settle(request, pk, services.send_again, _("The mail is on its way again."))


@staff_page(Permission.INVITE)
@require_POST
def mail_treat_as_sent(request: StaffRequest, pk: int) -> HttpResponse:
    return _settle(request, pk, services.treat_as_sent, _("The mail now counts as sent."))


@staff_page(Permission.INVITE)
@require_POST
def mail_deal_with(request: StaffRequest, pk: int) -> HttpResponse:
    return _settle(request, pk, services.deal_with, _("The mail counts as dealt with, and is off the list."))


@staff_page(Permission.INVITE)
@require_POST
def mail_settle_many(request: StaffRequest) -> HttpResponse:
    """Mails of unknown fate that were ticked, or all of them."""
    wanted = SettleForm(request.POST).wanted()
    if wanted is None:
        messages.error(request, _("Choose at least one mail."))
    else:
        moved = services.settle_unknown(request.tenant, by=request.user, **wanted)
        messages.success(request, _settled(moved, again=wanted["again"]))
    return redirect("mail-trouble", tenant=request.tenant.slug)


def _settle(request: StaffRequest, pk: int, move: Callable[..., None], done: str) -> HttpResponseRedirect:
    mail = get_object_or_404(OutgoingMail.objects.of(request.tenant), pk=pk)
    try:
        move(mail, by=request.user)
        messages.success(request, done)
    except services.NotAllowed:
        messages.info(request, _("The mail was already dealt with."))
    return redirect("mail-trouble", tenant=request.tenant.slug)


def _settled(moved: int, *, again: bool) -> str:
    if not moved:
        return _("They were already dealt with.")
    if again:
        text = ngettext("%(n)d mail is on its way again.", "%(n)d mails are on their way again.", moved)
    else:
        text = ngettext("%(n)d mail now counts as sent.", "%(n)d mails now count as sent.", moved)
    return text % {"n": moved}
