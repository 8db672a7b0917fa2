"""The demo's five accounts (CONTRACT.md), and signing in as one of them without a password: in demo mode only."""

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from events.tenancy.models import User

ROLES: dict[str, Promise] = {
    "coordinator@sandefjord.example": _("Coordinator, Sandefjord"),
    "minutes@sandefjord.example": _("Minute-taker, Sandefjord"),
    "reader@sandefjord.example": _("Reader, Sandefjord"),
    "coordinator@kristiansand.example": _("Coordinator, Kristiansand"),
    "national@ministry.example": _("National coordinator, the ministry"),
}


def account(email: str) -> User | None:
    """The demo user with this address. None outside demo mode, for any other address, and before the demo is loaded."""
    if not settings.DEMO or email not in ROLES:
        return None
    return User.objects.filter(email=email, is_active=True).first()
