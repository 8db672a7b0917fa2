"""Alive and ready, for whoever watches the service. No login, no cookies, nothing about anybody."""

from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from events.tenancy.guards import open_page


@open_page("says nothing about anybody")
@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponseBase:
    """200 as long as the process answers; touches neither database nor files."""
    return JsonResponse({"alive": True})
