"""The mailbox of demo mode: the mails sent so far, as a client would show them. Elsewhere these pages are 404."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from csp.constants import SELF
from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from events.tenancy.guards import open_page, private
from invites.post import folder
from invites.post.cards import card
from invites.post.framing import framed

PAGE = 25
HEADERS = {"From": _("From"), "To": _("To"), "Reply-To": _("Reply to")}  # those a reader asks for


def demo_only(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """404 outside demo mode, and for a mail that is not there; never cached."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not settings.DEMO:
            raise Http404
        try:
            return private(view(request, *args, **kwargs))
        except folder.NoSuchMail:
            raise Http404 from None

    return checked


@open_page("demo mode only: invented people")
@require_safe
@demo_only
def mailbox(request: HttpRequest) -> HttpResponse:
    words = request.GET.get("q", "").strip()
    page = Paginator(folder.to_whom(words) if words else folder.names(), PAGE).get_page(
        request.GET.get("page")
    )
    facts = {"page_obj": page, "entries": folder.entries(list(page)), "words": words}
    return render(request, "post/mailbox.html", facts)


@open_page("demo mode only: invented people")
@require_safe
@demo_only
def mailbox_mail(request: HttpRequest, name: str) -> HttpResponse:
    message = folder.mail(name)
    text = folder.part(message, "text/plain")
    facts = {
        "name": name,
        "subject": message["Subject"],
        "headers": [(label, message[name]) for name, label in HEADERS.items() if message[name]],
        "sent": getattr(message["Date"], "datetime", None),
        "has_html": bool(folder.part(message, "text/html")),
        "text": text,
        "card": card(folder.part(message, "text/calendar"), text),
    }
    return _with_frame(render(request, "post/mail.html", facts))


@open_page("demo mode only: invented people")
@require_safe
@demo_only
def mailbox_body(request: HttpRequest, name: str) -> HttpResponse:
    return framed(folder.part(folder.mail(name), "text/html"))


@open_page("demo mode only: invented people")
@require_safe
@demo_only
def mailbox_raw(request: HttpRequest, name: str) -> HttpResponse:
    disposition = {"Content-Disposition": f'attachment; filename="{name}.eml"'}
    return HttpResponse(folder.raw(name), content_type="message/rfc822", headers=disposition)


def _with_frame(response: HttpResponse) -> HttpResponse:
    """The page may frame our own pages, which only `mailbox_body` allows."""
    response._csp_update = {"frame-src": [SELF]}  # type: ignore[attr-defined]  # as csp.decorators.csp_update does
    return response
