"""The one line above every view that says who may open it. A house-rule test fails for a view without one."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.views.decorators.csrf import csrf_exempt

from events.tenancy import closed
from events.tenancy.models import Membership, Tenant, User
from events.tenancy.permissions import Permission

P = ParamSpec("P")
R = TypeVar("R", bound=HttpResponseBase)
PRIVATE = "private, no-store"
ASKED_EACH_TIME = "public, no-cache"  # no cache shows an event after it was locked (ADR 0027)
HIGHEST_ID = 2**63 - 1  # a foreign key compared with more is an OverflowError on SQLite


class StaffRequest(HttpRequest):
    """A request of a signed-in member of staff, at one of their tenants."""

    user: User
    tenant: Tenant
    membership: Membership
    other_memberships: list[Membership]


StaffView = Callable[Concatenate[StaffRequest, P], HttpResponseBase]
View = Callable[..., HttpResponseBase]


def staff_page(permission: Permission) -> Callable[[StaffView[P]], View]:
    """For pages under `/t/<tenant>/`: signed in, a current member (else 404), with `permission` (else 403).

    Sets `request.tenant` and `request.membership`, activates the user's language, forbids caching.
    """

    def guard(view: StaffView[P]) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, tenant: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return private(redirect_to_login(request.get_full_path()))
            staff = cast(StaffRequest, request)
            if any(isinstance(value, int) and value > HIGHEST_ID for value in kwargs.values()):
                raise Http404
            _take_seat(staff, tenant)
            if not staff.membership.may(permission):
                raise PermissionDenied(permission)
            return _in_language(staff, view, *args, **kwargs)

        guarded.guard = f"staff: {permission.name}"  # type: ignore[attr-defined]
        return guarded

    return guard


def signed_in_page(view: View) -> View:
    """For pages of a signed-in person that belong to no single tenant."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return private(redirect_to_login(request.get_full_path()))
        return private(view(request, *args, **kwargs))

    guarded.guard = "signed in"  # type: ignore[attr-defined]
    return guarded


def open_page(why: str) -> Callable[[View], View]:
    """For pages anybody may open; `why` says what makes that safe. Leaves caching to the view."""

    def guard(view: View) -> View:
        view.guard = f"open: {why}"  # type: ignore[attr-defined]
        return view

    return guard


def token_page(view: View) -> View:
    """For pages that a secret link opens: never cached, never indexed, never naming the link to another site.

    A link that opens nothing because its event is locked answers "closed" on every such page (closed.py).
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            response = view(request, *args, **kwargs)
        except Http404:
            if not closed.is_closed(kwargs.get("token", "")):
                raise
            response = closed.page(request)
        if response.status_code == 404 and closed.is_closed(kwargs.get("token", "")):
            response = closed.page(request)
        response["X-Robots-Tag"] = "noindex, nofollow"
        return private(response)

    guarded.guard = "token"  # type: ignore[attr-defined]
    return guarded


def hook(view: View) -> View:
    """For addresses that another machine posts to, with a signature or a secret that the view checks itself."""
    exempt = csrf_exempt(view)
    exempt.guard = "hook"  # type: ignore[attr-defined]
    return exempt


def private(response: R) -> R:
    response["Cache-Control"] = PRIVATE
    return response


def publicly(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The same for everybody when nobody is signed in; private when somebody is."""
    if request.user.is_authenticated:
        return private(response)
    response["Cache-Control"] = ASKED_EACH_TIME
    patch_vary_headers(response, ("Cookie", "Accept-Language"))
    return response


def _take_seat(request: StaffRequest, slug: str) -> None:
    """Sets the tenant, the membership there and the person's other ones (for the tenant switch), in one query."""
    memberships = (
        Membership.objects.across_tenants("which tenants are mine").current().select_related("tenant")
    )
    mine = list(memberships.filter(user=request.user).order_by("tenant__name", "pk"))
    here = next((each for each in mine if each.tenant.slug == slug), None)
    if here is None:
        raise Http404  # not yours = does not exist
    here.user = request.user
    request.membership, request.tenant = here, here.tenant
    request.other_memberships = [each for each in mine if each is not here]


def _in_language(
    request: StaffRequest, view: Callable[..., HttpResponseBase], *args: Any, **kwargs: Any
) -> HttpResponseBase:
    language = request.user.language or request.tenant.language
    with translation.override(language):
        request.LANGUAGE_CODE = language
        response = private(view(request, *args, **kwargs))
    response["Content-Language"] = language
    return response
