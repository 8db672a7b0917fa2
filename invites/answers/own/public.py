"""The person's own pages: what is held about them, without an account (ADR 0026).

An invitation may be forwarded, so its link opens nothing personal here: it only has a second link sent to the address
on file, good for a day. CSRF: exempt for the reason that `answers/public.py` gives. GET and HEAD change nothing.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from events.directory.services import NameTaken
from events.gatherings.models import Event
from events.languages import other_languages
from events.tenancy.guards import token_page
from events.tenancy.models import InviteeLanguage
from events.tokens import digest
from invites.answers.own import erasing, holdings, services
from invites.answers.own.forms import CorrectForm, EraseForm, ObjectForm
from invites.answers.own.models import OwnLink
from invites.answers.public import unknown_link
from invites.answers.services import Refused
from invites.answers.showing import masked
from invites.invitations.models import Invitation

ASK = require_http_methods(["GET", "HEAD", "POST"])
OwnView = Callable[[HttpRequest, OwnLink], HttpResponse]
WHY = "the link names its own row"


def own(view: OwnView) -> Callable[..., HttpResponseBase]:
    """Finds the link by its hash, or says that it does not work; answers in the person's language."""

    @wraps(view)
    def opened(request: HttpRequest, token: str) -> HttpResponse:
        rows = OwnLink.objects.across_tenants(WHY).alive().to_the_page().filter(token_hash=digest(token))
        link = rows.select_related("contact__organisation", "contact__succeeds", "tenant").first()
        return unknown_link(request) if link is None else _spoken(request, link.language, view, request, link)

    return opened


@token_page
@csrf_exempt
@ASK
def own_start(request: HttpRequest, token: str) -> HttpResponse:
    """From the invitation: one button that has the second link sent. Shows no more than the invitation's own page."""
    rows = Invitation.objects.across_tenants(WHY).open().exclude(event__state=Event.State.DRAFT)
    row = (
        rows.filter(token_hash=digest(token))
        .select_related("contact__tenant", "contact__organisation")
        .first()
    )
    if row is None:
        return unknown_link(request)
    return _spoken(request, row.language, _send if request.method == "POST" else _start, request, row)


@token_page
@require_safe
@own
def own_page(request: HttpRequest, link: OwnLink) -> HttpResponse:
    return _page(request, link, "page", sections=holdings.sections(link.contact), takeable=_takeable(link))


@token_page
@require_safe
@own
def own_export(request: HttpRequest, link: OwnLink) -> HttpResponse:
    """For machines (GDPR article 20)."""
    held = {"held_by": link.tenant.name, "at": timezone.now().isoformat(), **holdings.as_data(link.contact)}
    response = JsonResponse(held, json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Content-Disposition"] = 'attachment; filename="about-me.json"'
    return response


@token_page
@csrf_exempt
@ASK
@own
def own_correct(request: HttpRequest, link: OwnLink) -> HttpResponse:
    form = CorrectForm(request.POST if request.method == "POST" else None, contact=link.contact)
    if request.method == "POST" and form.is_valid() and _corrected(link, form):
        asked = form.cleaned_data["email"].lower() not in ("", link.contact.email.lower())
        return _back(request, "address" if asked else "corrected")
    return _page(request, link, "correct", form=form)


@token_page
@csrf_exempt
@ASK
@own
def own_object(request: HttpRequest, link: OwnLink) -> HttpResponse:
    form = ObjectForm(request.POST if request.method == "POST" else None, contact=link.contact)
    if request.method == "POST" and form.is_valid():
        services.object_(link.contact, **form.wishes())
        return _back(request, "objected")
    return _page(request, link, "object", form=form)


@token_page
@csrf_exempt
@require_POST
@own
def own_withdraw(request: HttpRequest, link: OwnLink) -> HttpResponse:
    pk = request.POST.get("invitation", "")
    row = _takeable(link).filter(pk=int(pk)).first() if pk.isdecimal() and len(pk) < 19 else None
    try:
        if row:
            services.withdraw(row)
    except Refused:
        return _back(request, "refused")
    return _back(request, "withdrawn" if row else "refused")


@token_page
@csrf_exempt
@require_POST
@own
def own_needs(request: HttpRequest, link: OwnLink) -> HttpResponse:
    """Consent is taken back as easily as it was given, also after the deadline."""
    services.remove_needs(link.contact)
    return _back(request, "needs")


@token_page
@csrf_exempt
@ASK
@own
def own_erase(request: HttpRequest, link: OwnLink) -> HttpResponse:
    """Asks first, and says what goes and what stays."""
    form = EraseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        told = bool(link.contact.email)
        erasing.erase(link.contact)
        return render(request, "answers/own/erased.html", {"tenant": link.tenant, "told": told})
    return _page(request, link, "erase", form=form)


@token_page
@csrf_exempt
@ASK
def own_address(request: HttpRequest, token: str) -> HttpResponse:
    """From the mail to a new address: one button that confirms it."""
    rows = OwnLink.objects.across_tenants(WHY).alive().to_an_address().filter(token_hash=digest(token))
    link = rows.select_related("contact__organisation", "tenant").first()
    return unknown_link(request) if link is None else _spoken(request, link.language, _address, request, link)


def _address(request: HttpRequest, link: OwnLink) -> HttpResponse:
    done, problem = False, ""
    if request.method == "POST":
        try:
            done = services.confirm_address(link)
        except NameTaken:
            problem = _("This name and address are entered already. Ask the organiser to put it right.")
    return _page(request, link, "address", done=done, problem=problem)


def _start(request: HttpRequest, row: Invitation, *, status: int = 200, **facts: Any) -> HttpResponse:
    """`sent` in the address says that the button was pressed, never whether or where a mail went."""
    tenant = row.contact.tenant
    shown = {"tenant": tenant, "name": masked(row.contact.name), "languages": other_languages()}
    shown |= {
        "sent": "sent" in request.GET,
        "by_mail": bool(row.contact.email),
        "erased": row.contact.erased_at,
    }
    return render(request, "answers/own/start.html", shown | facts, status=status)


def _send(request: HttpRequest, row: Invitation) -> HttpResponse:
    try:
        services.send_link(row.contact, language=translation.get_language() or row.language)
    except services.TooMany:
        return _start(request, row, status=429, too_many=True)
    except services.NoAddress:
        return _start(request, row, status=409)
    return redirect(
        f"{request.path}?sent=1" + (f"&lang={request.GET['lang']}" if "lang" in request.GET else "")
    )


def _corrected(link: OwnLink, form: CorrectForm) -> bool:
    """Writes what was corrected and has a new address confirmed; False when the form says why not."""
    email = form.cleaned_data["email"]
    try:
        services.correct(link.contact, facts=form.facts())
        if email:
            services.ask_address(link.contact, email=email, language=link.contact.language)
    except NameTaken:
        form.add_error(
            "name", _("This name and address are entered already. Ask the organiser to put it right.")
        )
    except services.TooMany:
        form.add_error("email", _("No more mails today. Try again tomorrow."))
    return not form.errors


def _takeable(link: OwnLink) -> Any:
    """The person's answers that can be taken back now."""
    rows = Invitation.objects.of(link.tenant_id).open().filter(contact=link.contact)
    return rows.filter(reply__in=("accepted", "tentative", "waiting")).select_related(
        "event", "contact", "tenant"
    )


def _page(request: HttpRequest, link: OwnLink, name: str, **facts: Any) -> HttpResponse:
    shown = {
        "contact": link.contact,
        "tenant": link.tenant,
        "link": link,
        "done": request.GET.get("done", ""),
    }
    return render(request, f"answers/own/{name}.html", shown | {"languages": other_languages()} | facts)


def _back(request: HttpRequest, done: str) -> HttpResponse:
    return redirect(request.path.rsplit("/", 2)[0] + f"/?done={done}")


def _spoken(request: HttpRequest, usual: str, view: Callable[..., HttpResponse], *args: Any) -> HttpResponse:
    asked = request.GET.get("lang", "")
    language = asked if asked in InviteeLanguage.values else usual
    with translation.override(language):
        response = view(*args)
    response["Content-Language"] = language
    return response
