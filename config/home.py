"""Front page and dashboard, the public page of an event; what belongs to no single room."""

import uuid

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from config import front
from config.dashboard import panels
from events.tenancy import closed
from events.tenancy.guards import StaffRequest, open_page, private, publicly, signed_in_page, staff_page
from events.tenancy.models import Membership, User
from events.tenancy.permissions import Permission


@open_page("published events, public fields only")
@require_safe
def home(request: HttpRequest) -> HttpResponseBase:
    if isinstance(request.user, User):
        return private(redirect(_first_desk(request, request.user)))
    page = front.notices(request.GET.get("page"))
    told = {
        "page": page,
        "linked_data": front.linked_data(page),
        "arrangers": sorted({(notice.arranged_by, notice.tenant) for notice in page}),
    }
    return publicly(request, render(request, "home/front.html", told))


@open_page("one published event, public fields only")
@require_safe
def public_event(request: HttpRequest, uid: uuid.UUID) -> HttpResponseBase:
    notice = front.notice(uid)
    if notice is None:
        if front.is_closed(uid):
            return private(closed.page(request))
        raise Http404
    told = {"notice": notice, "event": notice.event, "linked_data": front.linked_data([notice])}
    return publicly(request, render(request, "home/public_event.html", told))


@open_page("leads to the next meeting of a series that the public may know of")
@require_safe
def public_series(request: HttpRequest, uid: uuid.UUID) -> HttpResponseBase:
    """The next one, or the last when none is ahead."""
    event = front.of_series(uid)
    if event is None:
        raise Http404
    return publicly(request, redirect("public-event", uid=event))


@open_page("tells about the product, nothing about anybody")
@require_safe
def about(request: HttpRequest) -> HttpResponseBase:
    return publicly(request, render(request, "home/about.html"))


@staff_page(Permission.SEE_EVENTS)
@require_safe
def dashboard(request: StaffRequest) -> HttpResponseBase:
    if request.session.get("desk") != request.tenant.slug:
        request.session["desk"] = request.tenant.slug
    return render(request, "home/dashboard.html", {"panels": panels(request.membership)})


@signed_in_page
@require_safe
def no_desk(request: HttpRequest) -> HttpResponseBase:
    return render(request, "home/no_desk.html")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return private(render(request, "403_csrf.html", status=403))


def _first_desk(request: HttpRequest, user: User) -> str:
    """The address of the dashboard last used, else of the tenant joined first."""
    mine = Membership.objects.across_tenants("where do I work").current().filter(user=user)
    slugs = list(mine.order_by("pk").values_list("tenant__slug", flat=True))
    last = request.session.get("desk")
    if not slugs:
        return reverse("no-desk")
    return reverse("dashboard", kwargs={"tenant": last if last in slugs else slugs[0]})
