"""The kill switch (ADR 0027): a locked event shows nothing to anybody without an account, from the next request on.

Its public page, every link of its invitations and the codes of its letters answer "closed", all feeds drop it, its
mails wait, its waves and reminders too, and no answer is taken. Staff see it as before. Unlocking brings all back.
"""

from collections.abc import Callable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events import audit
from events.gatherings.models import Event
from events.gatherings.schedule import schedule_changed
from events.tenancy.models import User

Follower = Callable[[Event], None]
_followers: list[Follower] = []


def register(follower: Follower) -> Follower:
    """What a floor above does in the transaction that locks an event, such as taking mails out of workers' hands."""
    _followers.append(follower)
    return follower


@transaction.atomic
def lock(event: Event, *, by: User | None) -> bool:
    """Closes every way in to `event` that needs no account. Tells nobody, changes no answer, no sequence, no date.

    Returns False, and changes nothing, when it is locked already (a second click). Writes an audit entry.
    """
    rows = Event.objects.of(event.tenant_id).filter(pk=event.pk, locked_at__isnull=True)
    done = rows.update(locked_at=timezone.now(), locked_by=by)
    if done:
        for follow in _followers:
            follow(event)
    return _noted(event, "event.locked", by) if done else _unchanged(event)


@transaction.atomic
def unlock(event: Event, *, by: User | None) -> bool:
    """Opens everything again as it was; what waited goes on by itself. False when it is not locked (a second click)."""
    rows = Event.objects.of(event.tenant_id).filter(pk=event.pk, locked_at__isnull=False)
    done = rows.update(locked_at=None, locked_by=None)
    return _noted(event, "event.unlocked", by) if done else _unchanged(event)


def _noted(event: Event, action: str, by: User | None) -> bool:
    event.refresh_from_db()
    schedule_changed(event.tenant_id)  # so that every feed is written anew at its next request
    audit.record(action, event, by=by, title=event.title)
    return True


def _unchanged(event: Event) -> bool:
    event.refresh_from_db()
    return False


audit.register(
    {
        "event.locked": _("%(who)s locked “%(title)s”."),
        "event.unlocked": _("%(who)s unlocked “%(title)s”."),
    }
)
