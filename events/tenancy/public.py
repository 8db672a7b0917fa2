"""Sign-in in demo mode. All other sign-in pages are allauth's."""

from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from events.tenancy import demo
from events.tenancy.guards import open_page, private

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@open_page("answers 404 unless this is a demo, and then only signs in invented people")
@require_POST
def demo_sign_in(request: HttpRequest) -> HttpResponseBase:
    user = demo.account(request.POST.get("email", ""))
    if user is None:
        raise Http404
    login(request, user, backend=BACKEND)
    there = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(there, {request.get_host()}, require_https=request.is_secure())
    return private(redirect(there if safe else "home"))
