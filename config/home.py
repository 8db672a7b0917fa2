"""Front page and dashboard, the public page of an event; what belongs to no single room."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from events.tenancy.guards import StaffRequest, open_page, staff_page
from events.tenancy.permissions import Permission


@open_page("published events, public fields only")
@require_safe
def home(request: HttpRequest) -> HttpResponseBase:
    return render(request, "home/front.html")


@staff_page(Permission.SEE_EVENTS)
@require_safe
def dashboard(request: StaffRequest) -> HttpResponseBase:
    return render(request, "home/dashboard.html")


@open_page("tells about the product, nothing about anybody")
@require_safe
def about(request: HttpRequest) -> HttpResponseBase:
    return render(request, "home/about.html")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "403_csrf.html", status=403)
