"""Action points: the list with what is overdue, one of them with its history, and what colleagues do about it."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from events.directory.models import Contact
from events.tenancy.guards import StaffRequest, staff_page
from events.tenancy.permissions import Permission
from minutes.records.actions import services, showing
from minutes.records.actions.forms import EditForm, MoveForm
from minutes.records.actions.models import ActionItem
from minutes.records.actions.owners import reached
from minutes.records.refusals import NotAllowed

MOST_SUGGESTIONS = 500


@staff_page(Permission.SEE_MINUTES)
@require_safe
def list_actions(request: StaffRequest) -> HttpResponse:
    chosen = request.GET.get("show", "open")
    chosen = chosen if chosen in showing.FILTERS else "open"
    page = Paginator(showing.rows(request.membership, chosen), 50).get_page(request.GET.get("page"))
    names = showing.sees_names(request.membership)
    facts = {
        "page_obj": page,
        "rows": [showing.shown(one, names=names) for one in page.object_list],
        "chosen": chosen,
        "overdue": ActionItem.objects.of(request.tenant).overdue().count(),
    }
    return render(request, "actions/list.html", facts)


@staff_page(Permission.SEE_MINUTES)
@require_safe
def detail(request: StaffRequest, pk: int) -> HttpResponse:
    return _detail(request, _action(request, pk), MoveForm())


@staff_page(Permission.WRITE_MINUTES)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: StaffRequest, pk: int) -> HttpResponse:
    action = _action(request, pk)
    first = {name: getattr(action, name) for name in ("owner", "due", "not_before")}
    form = EditForm(request.POST if request.method == "POST" else None, initial=first)
    if request.method == "POST" and form.is_valid():
        return _done(request, pk, services.edit, action, facts=form.cleaned_data)
    people = Contact.objects.of(request.tenant).current().values_list("name", flat=True)[:MOST_SUGGESTIONS]
    return render(request, "actions/edit.html", {"action": action, "form": form, "people": people})


@staff_page(Permission.WRITE_MINUTES)
@require_POST
def move(request: StaffRequest, pk: int) -> HttpResponse:
    action, form = _action(request, pk), MoveForm(request.POST)
    if not form.is_valid():
        return _detail(request, action, form)
    return _done(request, pk, services.move, action, **form.cleaned_data)


@staff_page(Permission.WRITE_MINUTES)
@require_POST
def accept(request: StaffRequest, pk: int) -> HttpResponse:
    """Sets the date that the owner asked for."""
    action = _action(request, pk)
    wanted = showing.proposal(action, showing.history(action))
    if wanted is None:
        return redirect("action-detail", tenant=request.tenant.slug, pk=pk)
    facts = {"owner": action.owner, "not_before": action.not_before, "due": wanted.due}
    return _done(request, pk, services.edit, action, facts=facts)


@staff_page(Permission.WRITE_MINUTES)
@require_POST
def revoke(request: StaffRequest, pk: int) -> HttpResponse:
    return _done(request, pk, services.revoke_link, _action(request, pk))


def _done(request: StaffRequest, pk: int, service: Any, action: ActionItem, **facts: Any) -> HttpResponse:
    try:
        service(action, by=request.user, **facts)
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Saved."))
    return redirect("action-detail", tenant=request.tenant.slug, pk=pk)


def _detail(request: StaffRequest, action: ActionItem, form: MoveForm) -> HttpResponse:
    names = showing.sees_names(request.membership)
    changes = showing.history(action) if names else []
    facts = {
        "action": showing.shown(action, names=names),
        "form": form,
        "names": names,
        "changes": changes,
        "proposal": showing.proposal(action, changes),
        "is_reached": reached(action) is not None,
        "has_link": action.token_hash is not None,
    }
    return render(request, "actions/detail.html", facts)


def _action(request: StaffRequest, pk: int) -> ActionItem:
    rows = ActionItem.objects.of(request.tenant).select_related(
        "tenant",
        "outcome__minutes__event",
        "owner_contact",
        "owner_membership__user",
        "owner_organisation",
    )
    return get_object_or_404(rows, pk=pk)
