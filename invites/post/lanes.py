"""Pauses of the way out, for all workers at once: the provider asked for one, or does not answer.

A pause is a row, committed when it is asked for and read in the statement that marks a mail as `calling`, so that
no worker starts a call in it. When it is over one worker tries with one mail; the others wait for what comes of it.
"""

import datetime as dt
from dataclasses import dataclass

from django.db.models import F, Q
from django.db.models.functions import Greatest
from django.utils import timezone

from invites.post import moves
from invites.post.models import MailLane

FIRST_PAUSE = dt.timedelta(seconds=2)
# Two tries a minute burden nobody, and a service that fails every second call is not left alone for minutes.
LONGEST_PAUSE = dt.timedelta(seconds=30)
LEASE = dt.timedelta(seconds=45)  # longer than a call; whoever tried and is not back by then is gone
WHILE_TRIED = 0.3  # seconds between two looks at a lane that another worker tries


@dataclass(frozen=True)
class Way:
    """Open when `wait`, in seconds, is 0; with `probing` for one mail only, and whoever got it says what came of it."""

    wait: float = 0.0
    probing: bool = False


def way(name: str, *, by: str) -> Way:
    """How the lane is for the worker `by`. After a pause the first who asks is to try it."""
    lane = MailLane.objects.filter(name=name, paused_until__isnull=False).first()
    now = timezone.now()
    if lane is None or lane.paused_until is None:
        return Way()
    if lane.paused_until > now:
        return Way(wait=(lane.paused_until - now).total_seconds())
    free = Q(probe_by="") | Q(probe_until__lt=now) | Q(probe_by=by)
    mine = MailLane.objects.filter(free, name=name, paused_until__lte=now)
    if mine.update(probe_by=by, probe_until=now + LEASE):
        return Way(probing=True)
    return Way(wait=WHILE_TRIED)


def pause(name: str, *, wait: dt.timedelta | None, problem: str) -> None:
    """Closes the lane: for as long as the provider asked, or longer each time. Never shortens a pause."""
    now = timezone.now()
    lane, _new = MailLane.objects.get_or_create(name=name)
    lanes = MailLane.objects.filter(name=name)
    until = now + (wait if wait is not None else _back_off(lane.pauses))
    nobody = {"problem": problem, "probe_by": "", "probe_until": None}
    closed = lanes.filter(paused_until__gt=now)  # another worker heard the same at the same time
    if not closed.update(paused_until=Greatest(F("paused_until"), until), **nobody):
        lanes.update(paused_until=until, pauses=F("pauses") + 1, **nobody)


def open_up(name: str, *, by: str) -> None:
    """The try of `by` went well. Changes nothing when the lane was closed again meanwhile."""
    lanes = MailLane.objects.filter(name=name, probe_by=by)
    lanes.update(paused_until=None, pauses=0, problem="", probe_by="", probe_until=None)


def leave(name: str, *, by: str) -> None:
    """`by` had nothing to try the lane with: the next who asks may."""
    MailLane.objects.filter(name=name, probe_by=by).update(probe_by="", probe_until=None)


def closed(name: str) -> MailLane | None:
    """The lane while it is paused or was not tried since; None when it is open. For pages that show it."""
    return MailLane.objects.filter(name=name, paused_until__isnull=False).first()


def _back_off(pauses: int) -> dt.timedelta:
    return moves.spread(min(FIRST_PAUSE * 2 ** min(pauses, 10), LONGEST_PAUSE))
