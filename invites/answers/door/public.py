"""The list at the door, for those who receive: no account, the link is the only key. It dies after the event.

CSRF: exempt, as on the invitee's page (answers/public.py): the token is in the address, and no cookie is trusted. The
cookie set here says only which list this phone shows, so that a square code finds it; it opens nothing the address in
it would not.
"""

import datetime as dt
import uuid
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from events.languages import wished
from events.tenancy import closed
from events.tenancy.guards import open_page, private, token_page
from events.tokens import digest
from invites.answers.door import services
from invites.answers.door.codes import find
from invites.answers.door.forms import TickForm, WalkInForm
from invites.answers.door.lines import Line, door_list, expected, people_of
from invites.answers.door.models import STAYS, DoorLink

COOKIE = "door"
SCRIPTS = Path(settings.BASE_DIR) / "static/moteplass/door"
WORKER = ("kept.js", "worker.js")  # a worker's own imports would need addresses below its own too
CAME = Line(key="", name="", organisation="", arrived="HH:MM", mark="")  # for the script to fill in


@token_page
@require_safe
def door(request: HttpRequest, token: str) -> HttpResponse:
    """The list with a button a line, and the form for who is not on it."""
    link = _link(token)
    if link is None:
        return _closed(request)
    with translation.override(link.tenant.language):
        response = _page(request, link, token, WalkInForm(initial={"key": uuid.uuid4()}))
    response["Content-Language"] = link.tenant.language
    response.set_cookie(COOKIE, token, max_age=36 * 3600, path="/door/", **_only_here())
    return response


@token_page
@csrf_exempt
@require_POST
def tick(request: HttpRequest, token: str) -> HttpResponse:
    """Somebody came, or did not after all. A line that is gone is no error at the door: the page shows what holds."""
    link, form = _link(token), TickForm(request.POST)
    if link is None:
        return _closed(request)
    if not form.is_valid():
        return _done(request, token, status=400)
    said = form.cleaned_data
    try:
        change = services.tick_walk_in if said["key"].startswith("w") else services.tick
        change(link.event, key=said["key"], here=said["here"], at=said["at"])
    except services.NotExpected:
        return _done(request, token, status=409)
    return _done(request, token)


@token_page
@csrf_exempt
@require_POST
def walk_in(request: HttpRequest, token: str) -> HttpResponse:
    link, form = _link(token), WalkInForm(request.POST)
    if link is None:
        return _closed(request)
    if form.is_valid():
        said = form.cleaned_data
        services.walk_in(
            link.event, key=said["key"], name=said["name"], organisation=said["organisation"], at=said["at"]
        )
        return _done(request, token)
    if _is_script(request):
        return _done(request, token, status=400)
    with translation.override(link.tenant.language):
        return _page(request, link, token, form)


@open_page(
    "says nothing but “show this at the door”, unless this phone holds the link of the code's own event"
)
@require_safe
def show(request: HttpRequest, code: str) -> HttpResponse:
    """What a square code leads to: on the door's phone the person's line, on any other nothing."""
    token = request.COOKIES.get(COOKIE, "")
    link = _link(token)
    if token and link is None:
        return private(_closed(request))
    found = find(code, expected(link.event)) if link else None
    if found is None:
        with translation.override(wished(request.GET, request.headers)):
            response = private(render(request, "door/show.html", {"at_door": link is not None}))
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response
    position = next((each for each, _name in people_of(found)), 0)
    return private(redirect(f"{reverse('door', args=[token])}#line-{found.pk}-{position}"))


@open_page("the script that keeps the list for a phone without a network; no data")
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """Served from here, because a service worker may only speak for addresses below its own."""
    scripts = "\n".join((SCRIPTS / name).read_text(encoding="utf-8") for name in WORKER)
    response = HttpResponse(scripts, content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "public, no-cache"
    return response


def _link(token: str) -> DoorLink | None:
    links = (
        DoorLink.objects.across_tenants("the link names its own row").open().filter(token_hash=digest(token))
    )
    return links.select_related("event__tenant", "tenant").order_by().first()


@closed.register
def _locked(token: str) -> bool:
    links = DoorLink.objects.across_tenants("the link names its own row").of_a_live_event()
    return links.filter(token_hash=digest(token), event__locked_at__isnull=False).exists()


def _closed(request: HttpRequest) -> HttpResponse:
    """The same for a wrong, a revoked, a locked and a dead link. A phone that showed a list, and shows no other that is
    open, forgets all it kept; nobody else's browser is told to forget anything."""
    response = closed.page(request)
    token = request.COOKIES.get(COOKIE)
    if token is not None and _link(token) is None:
        response["Clear-Site-Data"] = '"storage"'
        response.delete_cookie(COOKIE, path="/door/")
    return response


def _page(request: HttpRequest, link: DoorLink, token: str, form: WalkInForm) -> HttpResponse:
    dies_at = ((link.event.ends_at or timezone.now()) + STAYS).astimezone(dt.UTC).isoformat()
    facts = {
        "event": link.event,
        "token": token,
        "dies_at": dies_at,
        "list": door_list(link.event),
        "form": form,
        "new_line": CAME,
    }
    response = render(request, "door/list.html", facts)
    response["X-Door-Until"] = dies_at  # the phone's worker shows the kept list no longer
    return response


def _done(request: HttpRequest, token: str, *, status: int = 204) -> HttpResponse:
    return HttpResponse(status=status) if _is_script(request) else redirect(reverse("door", args=[token]))


def _is_script(request: HttpRequest) -> bool:
    """The page's own, which reads the list anew by itself."""
    return request.headers.get("X-Door") == "1"


def _only_here() -> dict[str, Any]:
    return {"httponly": True, "samesite": "Lax", "secure": settings.SECURE_SITE}
