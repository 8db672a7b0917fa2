"""Keeping needs, reading them, and forgetting them: with the yes, and soon after the event (rule 6)."""

import datetime as dt
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events import audit, keyring
from events.gatherings.models import Event
from events.tenancy.models import User
from invites.answers import leaving
from invites.answers.needs import kinds, reading
from invites.answers.needs.kinds import Told, packed
from invites.answers.needs.models import Need, place_of
from invites.answers.needs.reading import Person
from invites.answers.saying import Extra
from invites.invitations.models import Invitation, Reply

KEPT = dt.timedelta(days=14)  # after the event's end, or since it was cancelled
NOT_COMING = (Reply.TENTATIVE, Reply.DECLINED)
UNDATED = dt.timedelta(days=180)  # of an event that has no time any more


def keeper(invitation: Invitation, cleaned: Mapping[str, Any]) -> Extra | None:
    """What an answer with the cleaned fields of `forms.fields_for` does about needs, for `answer(extras=…)`.

    None, and so no query, when nothing was written: the needs told before stay with a yes, and go with it by
    themselves (`answers/leaving.py`). Needs written beside a maybe or a no are not kept.
    """
    if cleaned.get("answer") != Reply.ACCEPTED or not invitation.event.asks_needs:
        return None
    if told := kinds.told(cleaned):
        return partial(keep, needs=told)
    return forget if cleaned.get(kinds.REMOVE) else None


def keep(invitation: Invitation, *, needs: Iterable[Told]) -> None:
    """Puts `needs` in the place of those told before. For the transaction of the answer; twice does no harm."""
    sealed = keyring.seal(packed(needs), place=place_of(invitation.tenant_id, invitation.pk))
    row = Need(tenant_id=invitation.tenant_id, invitation_id=invitation.pk, sealed=sealed)
    Need.objects.of(invitation.tenant_id).bulk_create(
        [row], update_conflicts=True, unique_fields=["invitation"], update_fields=["sealed", "told_at"]
    )
    leaving.told_more(invitation)


@leaving.register
def forget(invitation: Invitation) -> None:
    """Deletes the needs told with this invitation. One statement; twice does no harm."""
    Need.objects.of(invitation.tenant_id).filter(invitation_id=invitation.pk).delete()


@transaction.atomic
def read(event: Event, *, by: User) -> list[Person]:
    """Who of those who come needs what. Every reading leaves an audit row: who, which event, how many; never what."""
    found = reading.people(event)
    audit.record("needs.read", event, by=by, title=event.title, number=len(found))
    return found


@transaction.atomic
def ask(event: Event, *, by: User, wanted: bool) -> None:
    """Switches the question about needs on or off. Switching it off deletes what was told; the same again does nothing.

    The row count decides, so that two clicks make one audit row.
    """
    events = Event.objects.of(event.tenant_id).filter(pk=event.pk, asks_needs=not wanted)
    if not events.update(asks_needs=wanted):
        return
    if not wanted:
        Need.objects.of(event.tenant_id).filter(invitation__event=event).delete()
    audit.record("needs.asked" if wanted else "needs.not_asked", event, by=by, title=event.title)


def forget_old() -> int:
    """Deletes the needs of events that ended or were cancelled two weeks ago, and of invitees who no longer come.

    Returns how many rows went. Once a day; twice does no harm.
    """
    now = timezone.now()
    event = "invitation__event__"
    over = Q(**{f"{event}ends_at__lte": now - KEPT}) | Q(**{f"{event}cancelled_at__lte": now - KEPT})
    undated = Q(**{f"{event}ends_at__isnull": True}, told_at__lte=now - UNDATED)
    away = Q(invitation__reply__in=NOT_COMING) | Q(invitation__revoked_at__isnull=False)
    rows = Need.objects.across_tenants("what is old is forgotten everywhere")
    gone: int = rows.filter(over | undated | away).delete()[0]
    return gone


audit.register(
    {
        "needs.read": _("%(who)s read what %(number)s invitees to “%(title)s” need."),
        "needs.asked": _("%(who)s had invitees to “%(title)s” asked what they need."),
        "needs.not_asked": _("%(who)s no longer asks invitees to “%(title)s” what they need."),
    }
)
