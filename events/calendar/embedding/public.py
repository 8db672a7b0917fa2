"""The list itself: a page without script and cookie, which only the hosts that its tenant listed may frame."""

from csp.constants import NONE
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.loader import render_to_string
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from events.calendar import serving
from events.calendar.embedding import hosts
from events.calendar.embedding.forms import ListForm
from events.calendar.embedding.models import EmbedHost
from events.calendar.listing import facts
from events.languages import direction
from events.tenancy.guards import open_page
from events.tenancy.models import Tenant


@open_page(
    "coming events marked as public, public fields only; framed only by the hosts that the tenant listed"
)
@csrf_exempt  # so that POST gets 405, not 403; nothing is ever changed here
@require_safe
def embed(request: HttpRequest, tenant: str) -> HttpResponseBase:
    """Narrowed like the public feed, in the tenant's language or that of `lang`; 400 for a value that means nothing."""
    at = Tenant.objects.filter(slug=tenant).first()
    if at is None:
        return serving.nothing()
    form = ListForm(request.GET)
    if not form.is_valid():
        return serving.misasked(form.complaint())
    language = form.cleaned_data["lang"] or at.language
    looks = {"direction": direction(language), "scheme": form.cleaned_data["scheme"]}
    with translation.override(language):
        told = {"tenant": at, "listed": facts.coming(at, **form.asked())}
        # Without the request: nothing on the page depends on who asks.
        page = render_to_string("calendar/embed.html", told | looks)
    return _framed(HttpResponse(page, headers={"Content-Language": language}), at)


def _framed(response: HttpResponse, tenant: Tenant) -> HttpResponse:
    """Lets the tenant's hosts frame the page, and nobody else. Asked for each time and without a validator, so that
    neither a removed host nor a locked event lives on in somebody's cache.
    """
    listed = EmbedHost.objects.of(tenant).values_list("host", flat=True)
    origins = [hosts.origin(host) for host in listed]
    policy = {"frame-ancestors": origins or [NONE], "script-src": [NONE], "form-action": [NONE]}
    response._csp_replace = policy  # type: ignore[attr-defined]  # django-csp's own name, as its decorator sets it
    if origins:
        # It cannot name a host; browsers that know frame-ancestors do without it (CSP level 3, section 6.4.2).
        response.xframe_options_exempt = True
    response["Cache-Control"] = "public, no-cache"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
