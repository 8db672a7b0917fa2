"""What every template knows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def house(request: HttpRequest) -> dict[str, Any]:
    """The demo flag, and the tenant and role of a staff page (None elsewhere)."""
    return {
        "demo": settings.DEMO,
        "tenant": getattr(request, "tenant", None),
        "membership": getattr(request, "membership", None),
    }
