"""What a reader chooses for every page: the language, and light or dark. No JavaScript, no session.

The addresses are open and take a POST without a CSRF token, so that public pages set no cookie and can be cached. A
forged POST carries no session (SameSite=Lax) and could at most change a stranger's language.
"""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from events.tenancy import services
from events.tenancy.guards import open_page, private

SCHEME_COOKIE = "scheme"
SCHEMES = {"auto": _("As on my device"), "light": _("Light"), "dark": _("Dark")}
NATIVE_NAMES = {"nb": "Norsk bokmål", "en": "English"}
A_YEAR = 365 * 24 * 3600


def other_languages() -> list[tuple[str, str]]:
    """The languages the reader could switch to, each with its own name."""
    return [
        (code, NATIVE_NAMES[code]) for code, _name in settings.LANGUAGES if code != translation.get_language()
    ]


def scheme_of(request: HttpRequest) -> str:
    chosen = request.COOKIES.get(SCHEME_COOKIE, "auto")
    return chosen if chosen in SCHEMES else "auto"


@csrf_exempt
@open_page("changes only how the reader's own pages look")
@require_POST
def language_set(request: HttpRequest) -> HttpResponseBase:
    """Keeps the language in a cookie, and on the user when signed in; then back to the page. Unknown: unchanged."""
    response = _back(request)
    language = request.POST.get("language", "")
    if language in NATIVE_NAMES:
        _remember(response, settings.LANGUAGE_COOKIE_NAME, language)
        if request.user.is_authenticated:
            services.choose_language(request.user, language=language)
    return private(response)


@csrf_exempt
@open_page("changes only how the reader's own pages look")
@require_POST
def scheme_set(request: HttpRequest) -> HttpResponseBase:
    """Keeps light, dark or auto in a cookie; then back to the page. Unknown: unchanged."""
    response = _back(request)
    if (scheme := request.POST.get("scheme", "")) in SCHEMES:
        _remember(response, SCHEME_COOKIE, scheme)
    return private(response)


def _back(request: HttpRequest) -> HttpResponse:
    there = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(there, {request.get_host()}, require_https=request.is_secure())
    return HttpResponseRedirect(there if safe else reverse("home"))


def _remember(response: HttpResponse, name: str, value: str) -> None:
    options: dict[str, Any] = {"secure": settings.SECURE_SITE, "samesite": "Lax", "httponly": True}
    response.set_cookie(name, value, max_age=A_YEAR, **options)
