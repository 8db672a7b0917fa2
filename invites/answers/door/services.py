"""Making and taking back links to the door list; noting who came.

A phone at the door may be without a network for an hour and then send all its ticks, perhaps twice, while another phone
sent its own. So each tick has a key and the moment it was made: the newest word about a key stands, whatever order they
come in.
"""

import datetime as dt
import uuid

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events import audit
from events.gatherings.models import Event
from events.tenancy.models import User
from events.tokens import digest, new_token
from invites.answers.door.lines import is_expected
from invites.answers.door.models import OPENS, Arrival, DoorLink
from invites.invitations.models import Invitation


class NotExpected(Exception):
    """The line is not, or no longer, on the list of this event."""


@transaction.atomic
def make_link(event: Event, *, by: User | None, name: str) -> tuple[DoorLink, str]:
    """A new link and its token, which is never shown again. `name` says whom it is for."""
    token = new_token()
    link = DoorLink.objects.create(
        tenant_id=event.tenant_id, event=event, name=name, token_hash=digest(token), created_by=by
    )
    audit.record("door.link_made", event, by=by, title=event.title)
    return link, token


@transaction.atomic
def revoke(link: DoorLink, *, by: User | None) -> None:
    """At once. A second call does nothing."""
    rows = DoorLink.objects.of(link.tenant_id).filter(pk=link.pk, revoked_at__isnull=True)
    if rows.update(revoked_at=timezone.now()):
        audit.record("door.link_revoked", link.event, by=by, title=link.event.title)


def tick(event: Event, *, key: str, here: bool, at: dt.datetime | None = None) -> None:
    """Notes that the person of the line `key` came, or did not after all; `at` is when that was ticked (not later
    than now, not before the list opened). An older word than the one that stands changes nothing.

    Raises NotExpected for a key of nobody who is expected at this event.
    """
    pk, _dash, position = key.partition("-")
    if not (pk.isascii() and pk.isdigit() and len(pk) < 19 and position.isascii() and position.isdigit()):
        raise NotExpected
    rows = Invitation.objects.of(event.tenant_id).coming().filter(event=event, pk=int(pk))
    invitation = rows.select_related("contact__organisation").prefetch_related("representatives").first()
    if invitation is None or len(position) > 4 or not is_expected(invitation, int(position)):
        raise NotExpected
    key = f"{invitation.pk}-{int(position)}"
    _note(event, key, here, _clamped(event, at), invitation=invitation, position=int(position))


def walk_in(
    event: Event, *, key: uuid.UUID, name: str, organisation: str = "", at: dt.datetime | None = None
) -> None:
    """Somebody came who is not on the list. The same `key` again is the same person."""
    _note(event, f"w{key.hex}", True, _clamped(event, at), name=name, organisation=organisation)


def tick_walk_in(event: Event, *, key: str, here: bool, at: dt.datetime | None = None) -> None:
    """As `tick`, for somebody who was added at the door. Raises NotExpected for a key of no walk-in of this event."""
    rows = Arrival.objects.of(event.tenant_id).filter(event=event, key=key, invitation__isnull=True)
    if not rows.exists():
        raise NotExpected
    _settle(event, key, here=here, at=_clamped(event, at))


@transaction.atomic
def _note(event: Event, key: str, here: bool, at: dt.datetime, **facts: object) -> None:
    fresh = {"arrived_at": at, "changed_at": at, "undone_at": None if here else at, **facts}
    _row, made = Arrival.objects.of(event.tenant_id).get_or_create(
        event=event, key=key, defaults={"tenant_id": event.tenant_id, **fresh}
    )
    if not made:
        _settle(event, key, here=here, at=at)


def _settle(event: Event, key: str, *, here: bool, at: dt.datetime) -> None:
    """Lets the newer word stand; the same word again keeps the moment of the first."""
    row = Arrival.objects.of(event.tenant_id).filter(event=event, key=key, changed_at__lt=at)
    otherwise = Q(undone_at__isnull=not here)
    if here:
        row.filter(otherwise).update(arrived_at=at, undone_at=None, changed_at=at)
    else:
        row.filter(otherwise).update(undone_at=at, changed_at=at)


def _clamped(event: Event, at: dt.datetime | None) -> dt.datetime:
    now = timezone.now()
    earliest = min(now, (event.starts_at or now) - OPENS)
    return min(max(at, earliest), now) if at else now


audit.register(
    {
        "door.link_made": _("%(who)s made a link to the door list of “%(title)s”."),
        "door.link_revoked": _("%(who)s took back a link to the door list of “%(title)s”."),
    }
)
