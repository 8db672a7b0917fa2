"""The square code that an invitee shows at the door. It opens nothing by itself: it only finds a line of the list.

It is derived from the invitation's nonce as its links are (ADR 0003), so nothing is stored for it.
"""

import hashlib
import hmac
from collections.abc import Iterable

import segno
from django.conf import settings
from django.urls import reverse

from events.tokens import derive
from invites.invitations.models import Invitation

LENGTH = 16  # 80 bits


def code_of(invitation: Invitation) -> str:
    return derive("door", invitation.nonce)[:LENGTH]


def mark_of(invitation: Invitation) -> str:
    """What a page holds of the code, so that a phone without a network can tell which line it belongs to."""
    return hashlib.sha256(code_of(invitation).encode()).hexdigest()


def square(invitation: Invitation) -> str:
    """The code as SVG: an address that only the door's phone has an answer to."""
    address = settings.BASE_URL + reverse("door-show", args=[code_of(invitation)])
    return str(segno.make(address, error="m", micro=False).svg_inline(border=4, scale=4))


def find(code: str, invitations: Iterable[Invitation]) -> Invitation | None:
    """The one of `invitations` whose code it is, also when the server's key was rotated since."""
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    for one in invitations:
        if any(
            hmac.compare_digest(derive("door", one.nonce, key=key)[:LENGTH].encode(), code.lower().encode())
            for key in keys
        ):
            return one
    return None
