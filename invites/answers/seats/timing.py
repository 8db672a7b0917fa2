"""How long a seat is held for somebody: a day, less when the meeting is near, never ending in the quiet hours."""

import datetime as dt

from events.gatherings.models import Event
from events.tenancy.quiet import earliest

USUAL = dt.timedelta(hours=24)
LEAST = dt.timedelta(hours=1)
MORNING = dt.timedelta(hours=2)  # after quiet hours, for who reads the mail only then
SHARE = 4  # near the meeting: a quarter of the time that is left


def window(event: Event, now: dt.datetime) -> tuple[dt.datetime, dt.datetime]:
    """When the offer is sent and until when it holds. Needs `event.tenant` and a begin.

    It is sent when no quiet hours are; its end is pushed out of them, and then by MORNING. It never ends after the
    meeting began; where that is sooner than any waking hour, it is sent at once and holds until then.
    """
    begin = event.starts_at
    if begin is None:
        raise ValueError("an event without a begin hands on no seats")
    sent = earliest(now, event.tenant)
    if sent >= begin:
        return now, begin
    until = sent + max(LEAST, min(USUAL, (begin - sent) / SHARE))
    awake = earliest(until, event.tenant)
    if awake > until:
        awake = earliest(awake + MORNING, event.tenant)
    return sent, min(awake, begin)
