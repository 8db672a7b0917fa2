"""The addresses under calendar/. No sign-in, no cookie, no HTML: calendars ask, not people."""

from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from events.calendar import schedule, scopes, serving
from events.calendar.forms import NarrowingForm
from events.tenancy.guards import open_page
from events.tokens import digest


@open_page("published events marked as public, public fields only")
@csrf_exempt  # so that POST gets 405 like the other verbs, not 403; nothing is ever changed here
@require_safe
def public_feed(request: HttpRequest, tenant: str) -> HttpResponseBase:
    """Narrowed by `kind`, `measure`, `place`, `language` and `detail`; 400 for a value that means nothing."""
    everything = "all" in request.GET
    if not request.GET.keys() - {"all"}:  # nearly always, and then a form would be no small part of the work
        return serving.answer(request, lambda: schedule.public(tenant, everything=everything))
    form = NarrowingForm(request.GET)
    if not form.is_valid():
        return serving.misasked(form.complaint())
    asked = form.asked()
    return serving.answer(request, lambda: schedule.public(tenant, everything=everything, **asked))


@open_page("the token in the address is the key; a wrong one opens nothing")
@csrf_exempt
@require_safe
def secret_feed(request: HttpRequest, token: str) -> HttpResponseBase:
    everything, key = "all" in request.GET, digest(token)
    return serving.answer(request, lambda: scopes.open_feed(key, everything=everything), token=key)
