"""Front page and dashboard, health, language; what belongs to no single room."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from events.tenancy.guards import open_page


@open_page("says nothing about anybody")
def healthz(request: HttpRequest) -> HttpResponse:
    return HttpResponse("alive\n", content_type="text/plain")


@open_page("published events, public fields only")
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "home/front.html")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "403_csrf.html", status=403)
