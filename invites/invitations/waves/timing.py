"""When a wave goes out: pure reckoning on the event's clock and the tenant's quiet hours."""

import datetime as dt
from dataclasses import dataclass

from events.gatherings.models import Event
from events.tenancy.quiet import earliest
from invites.invitations.waves.models import Wave


@dataclass(frozen=True)
class Timing:
    """What somebody decided on the page. `due_at` None means at once; `joins` adds to a planned wave instead."""

    due_at: dt.datetime | None = None
    in_quiet_hours: bool = False
    after: Wave | None = None
    after_days: int | None = None
    joins: Wave | None = None
    name: str = ""


def anchor(wave: Wave) -> dt.datetime:
    """The moment that the waves after it count from: when it went out, or is to go out."""
    return wave.settled_at if wave.state == Wave.State.SENT and wave.settled_at else wave.due_at


def days_after(wave: Wave, days: int, event: Event, *, in_quiet_hours: bool = False) -> dt.datetime:
    """The same time on the event's wall clock `days` later, also over a change of clocks; put off for quiet hours.

    An hour that the clock skips that day becomes the hour after. Needs `event.tenant`.
    """
    begins = anchor(wave).astimezone(event.zone)
    there = dt.datetime.combine(begins.date() + dt.timedelta(days=days), begins.time(), event.zone)
    moment = there.astimezone(dt.UTC)
    return moment if in_quiet_hours else earliest(moment, event.tenant)
