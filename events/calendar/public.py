"""The addresses under calendar/, and the file of one event. No sign-in, cookie or HTML: programs ask, not people."""

import uuid

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from events.calendar import files, formats, schedule, scopes, serving
from events.calendar.formats import Format
from events.calendar.forms import PublicFeedForm
from events.tenancy.guards import open_page
from events.tokens import digest


@open_page("published events marked as public, public fields only")
@csrf_exempt  # so that POST gets 405 like the other verbs, not 403; nothing is ever changed here
@require_safe
def public_feed(request: HttpRequest, tenant: str) -> HttpResponseBase:
    """Narrowed by `kind`, `measure`, `place`, `language` and `detail`; 400 for a value that means nothing."""
    return _listed(request, tenant, formats.ICS)


@open_page("published events marked as public, public fields only")
@csrf_exempt
@require_safe
def public_json(request: HttpRequest, tenant: str) -> HttpResponseBase:
    """Narrowed like the feed. A script of any site may read it: it is everybody's, and says nothing of who asks."""
    response = _listed(request, tenant, formats.JSON)
    response["Access-Control-Allow-Origin"] = "*"
    response["Access-Control-Expose-Headers"] = "ETag, Last-Modified"
    return response


@open_page("published events marked as public, public fields only")
@csrf_exempt
@require_safe
def public_atom(request: HttpRequest, tenant: str) -> HttpResponseBase:
    """Narrowed like the feed."""
    return _listed(request, tenant, formats.ATOM)


@open_page("one published event marked as public, public fields only")
@csrf_exempt
@require_safe
def event_file(request: HttpRequest, uid: uuid.UUID) -> HttpResponseBase:
    return serving.one(request, files.for_public(uid))


@open_page("the token in the address is the key; a wrong one opens nothing")
@csrf_exempt
@require_safe
def secret_feed(request: HttpRequest, token: str) -> HttpResponseBase:
    everything, key = "all" in request.GET, digest(token)
    return serving.answer(request, lambda: scopes.open_feed(key, everything=everything), token=key)


def _listed(request: HttpRequest, tenant: str, form: Format) -> HttpResponse:
    everything = "all" in request.GET
    if not request.GET.keys() - {"all"}:  # nearly always, and then a form would be no small part of the work
        return serving.answer(request, lambda: schedule.public(tenant, everything=everything, form=form))
    asked = PublicFeedForm(request.GET)
    if not asked.is_valid():
        return serving.misasked(asked.complaint())
    wanted = asked.asked()
    return serving.answer(
        request, lambda: schedule.public(tenant, everything=everything, form=form, **wanted)
    )
