"""The square code that an invitee shows at the door. It opens nothing by itself: it only finds a line of the list.

It is derived from the invitation's nonce as its links are (ADR 0003), so nothing is stored for it.
"""

import datetime as dt
import hashlib
import hmac
from collections.abc import Iterable

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from events.calendar.sharing import qr
from events.gatherings.models import Event
from events.tokens import derive
from invites.invitations.models import Invitation, Mode, Reply

LENGTH = 16  # 80 bits
SHOWN = dt.timedelta(days=7)  # before the beginning, on the invitee's page


def code_of(invitation: Invitation) -> str:
    return derive("door", invitation.nonce)[:LENGTH]


def mark_of(invitation: Invitation) -> str:
    """What a page holds of the code, so that a phone without a network can tell which line it belongs to."""
    return hashlib.sha256(code_of(invitation).encode()).hexdigest()


def square(invitation: Invitation) -> str:
    """The code as the address of an image: what it holds is an address that only the door's phone has an answer to."""
    return qr(settings.BASE_URL + reverse("door-show", args=[code_of(invitation)]))


def shown(invitation: Invitation) -> dict[str, str] | None:
    """The `square`, and the code in `letters` for where no camera reads it, for the invitee's own page; None unless
    the door expects this invitee within a week."""
    if not _is_expected_soon(invitation):
        return None
    code = code_of(invitation)
    return {"square": square(invitation), "letters": " ".join(code[n : n + 4] for n in range(0, LENGTH, 4))}


def _is_expected_soon(invitation: Invitation) -> bool:
    event, now = invitation.event, timezone.now()
    if invitation.reply != Reply.ACCEPTED or invitation.mode == Mode.ONLINE:
        return False
    if event.online_url and not event.is_hybrid:  # online only
        return False
    if event.state != Event.State.PUBLISHED or event.starts_at is None or event.ends_at is None:
        return False
    return event.starts_at - SHOWN <= now < event.ends_at


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
