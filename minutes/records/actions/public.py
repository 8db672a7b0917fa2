"""The owner's page: the action itself and how it stands, nothing else of the minutes. No account, no JavaScript.

GET and HEAD change nothing (rule 1). CSRF: exempt for the reason that `invites/answers/public.py` gives.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from events.languages import InviteeLanguage, other_languages
from events.tenancy import closed
from events.tenancy.guards import token_page
from events.tokens import digest
from invites.answers.public import unknown_link
from minutes.records.actions.answer_form import OwnerForm
from minutes.records.actions.answering import TooMany, answer
from minutes.records.actions.models import ActionItem, ActionItemQuerySet
from minutes.records.actions.owners import reached
from minutes.records.refusals import NotAllowed

WHY = "the link names its own row"


def links() -> ActionItemQuerySet:
    """Action points whose link works, apart from the kill switch."""
    rows: ActionItemQuerySet = ActionItem.objects.across_tenants(WHY)
    return rows.filter(link_expires_at__gt=timezone.now())


@closed.register
def leads_to_a_locked_event(token: str) -> bool:
    locked = links().filter(outcome__minutes__event__locked_at__isnull=False)
    return locked.filter(token_hash=digest(token)).exists()


@token_page
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def action_answer(request: HttpRequest, token: str) -> HttpResponse:
    rows = links().filter(outcome__minutes__event__locked_at__isnull=True, token_hash=digest(token))
    action = rows.select_related(
        "tenant", "owner_contact", "owner_membership__user", "owner_organisation"
    ).first()
    where = reached(action) if action else None
    if action is None or where is None:
        return unknown_link(request)
    asked = request.GET.get("lang", "")
    language = asked if asked in InviteeLanguage.values else where.language
    with translation.override(language):
        response = _take(request, action) if request.method == "POST" else _page(request, action, OwnerForm())
    response["Content-Language"] = language
    return response


def _take(request: HttpRequest, action: ActionItem) -> HttpResponse:
    form = OwnerForm(request.POST)
    if not form.is_valid():
        return _page(request, action, form)
    try:
        answer(action, **form.cleaned_data)
    except TooMany:
        form.add_error(None, _("No more answers today. Try again tomorrow."))
        return _page(request, action, form, status=429)
    except NotAllowed:
        return redirect(request.path)
    return redirect(
        f"{request.path}?thanks=1" + (f"&lang={request.GET['lang']}" if "lang" in request.GET else "")
    )


def _page(request: HttpRequest, action: ActionItem, form: OwnerForm, *, status: int = 200) -> HttpResponse:
    facts = {
        "action": action,
        "tenant": action.tenant,
        "form": form,
        "thanks": "thanks" in request.GET and not form.is_bound,
        "languages": other_languages(),
    }
    return render(request, "actions/answer.html", facts, status=status)
