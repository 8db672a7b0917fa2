"""What every template knows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from config.navigation import MAIN, MORE, navigation
from config.preferences import SCHEMES, other_languages, scheme_of
from events.tenancy.permissions import Permission


def house(request: HttpRequest) -> dict[str, Any]:
    """The demo flag; the tenant and role of a staff page (None elsewhere) with its navigation; the reader's choices."""
    return {
        "demo": settings.DEMO,
        "tenant": getattr(request, "tenant", None),
        "membership": getattr(request, "membership", None),
        "may": _may(request),
        "other_memberships": getattr(request, "other_memberships", ()),
        "navigation": navigation(request, MAIN),
        "navigation_more": navigation(request, MORE),
        "other_languages": other_languages(),
        "scheme": scheme_of(request),
        "schemes": list(SCHEMES.items()),
    }


def _may(request: HttpRequest) -> dict[str, bool]:
    """`{% if may.INVITE %}` in templates: what the role allows; nothing outside staff pages."""
    membership = getattr(request, "membership", None)
    return {each.name: membership is not None and membership.may(each) for each in Permission}
