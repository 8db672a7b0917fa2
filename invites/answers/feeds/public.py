"""The person's calendar addresses, on the own page: behind the fresh link that was mailed (ADR 0026, 0031).

CSRF: exempt for the reason that `answers/public.py` gives. GET and HEAD change nothing.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from events.calendar import sharing
from events.calendar.forms import NonceForm
from events.calendar.services import secret_address
from events.languages import other_languages
from events.tenancy.guards import token_page
from invites.answers.feeds import services
from invites.answers.feeds.forms import OwnFeedForm
from invites.answers.feeds.models import MOST, OwnFeed
from invites.answers.own.models import OwnLink
from invites.answers.own.public import own


@token_page
@require_safe
@own
def own_calendar(request: HttpRequest, link: OwnLink) -> HttpResponse:
    return _list(request, link, OwnFeedForm())


@token_page
@csrf_exempt
@require_POST
@own
def own_calendar_new(request: HttpRequest, link: OwnLink) -> HttpResponse:
    """Shows the address at once instead of redirecting: it is in no table, so no later page could."""
    form = OwnFeedForm(request.POST)
    if not form.is_valid():
        return _list(request, link, form)
    try:
        feed, token = services.create(link.contact, **form.cleaned_data)
    except services.TooMany:
        form.add_error(None, _("You have as many addresses as one may have. End one first."))
        return _list(request, link, form)
    except services.NoAddress:  # taken away by the organiser since the link was sent
        return _back(request, "refused")
    return _shown_once(request, link, feed, token)


@token_page
@csrf_exempt
@require_POST
@own
def own_calendar_renew(request: HttpRequest, link: OwnLink) -> HttpResponse:
    feed, form = _named(request, link), NonceForm(request.POST)
    if feed is None or not form.is_valid():
        return _back(request, "refused")
    return _shown_once(request, link, feed, services.renew(feed, nonce=form.cleaned_data["nonce"]))


@token_page
@csrf_exempt
@require_POST
@own
def own_calendar_end(request: HttpRequest, link: OwnLink) -> HttpResponse:
    feed = _named(request, link)
    if feed is not None:
        services.end(feed)
    return _back(request, "ended")


def _named(request: HttpRequest, link: OwnLink) -> OwnFeed | None:
    """The person's own feed that the button is of; None for anybody else's, and for one that is ended."""
    pk = request.POST.get("feed", "")
    if not (pk.isascii() and pk.isdecimal() and len(pk) < 19):
        return None
    return services.of(link.contact).select_related("contact").filter(pk=int(pk)).first()


def _list(request: HttpRequest, link: OwnLink, form: OwnFeedForm) -> HttpResponse:
    feeds = list(services.of(link.contact))
    nonce = NonceForm()["nonce"].initial
    return _page(request, link, "list", form=form, feeds=feeds, full=len(feeds) >= MOST, nonce=nonce)


def _shown_once(request: HttpRequest, link: OwnLink, feed: OwnFeed, token: str) -> HttpResponse:
    address = secret_address(token)
    qr = sharing.qr(address)
    return _page(request, link, "address", feed=feed, address=address, qr=qr, clients=sharing.CLIENTS)


def _page(request: HttpRequest, link: OwnLink, name: str, **facts: Any) -> HttpResponse:
    shown = {
        "tenant": link.tenant,
        "link": link,
        "done": request.GET.get("done", ""),
        "asked": _asked(request),
    }
    languages = other_languages() if request.method != "POST" else ()
    return render(request, f"answers/feeds/{name}.html", shown | {"languages": languages} | facts)


def _back(request: HttpRequest, done: str) -> HttpResponse:
    asked = _asked(request).replace("?", "&")
    return redirect(request.path.rsplit("/", 2)[0] + f"/?done={done}{asked}")


def _asked(request: HttpRequest) -> str:
    """The language chosen at the foot of the page, to go along with every step from here."""
    return f"?lang={translation.get_language()}" if "lang" in request.GET else ""
