"""The days an event is on, by the clock of its own zone. Pure."""

import datetime as dt
import zoneinfo

DAY = dt.timedelta(days=1)
MINUTE = dt.timedelta(minutes=1)
_INSTANT = dt.timedelta(microseconds=1)


def day_begins(day: dt.date, zone: str) -> dt.datetime:
    """The moment (UTC) at which `day` begins in `zone`: midnight there, the first of two where it comes twice.

    Where clocks skip midnight (Beirut, Cairo, Havana in spring) the day begins at the moment they jump.
    A day that a zone left out as a whole (Apia, 30 December 2011) begins when the next one does.
    """
    midnight = dt.datetime.combine(day, dt.time(), zoneinfo.ZoneInfo(zone))
    return midnight.astimezone(
        dt.UTC
    )  # fold=0: the first of two; in a gap read with the offset before it, so the jump


def begins_a_day(moment: dt.datetime, zone: str) -> bool:
    """Whether a day begins at `moment` (aware) in `zone`: what an all-day event's start and end must do."""
    return day_begins(moment.astimezone(zoneinfo.ZoneInfo(zone)).date(), zone) == moment


def are_whole_days(starts_at: dt.datetime | None, ends_at: dt.datetime | None, zone: str) -> bool:
    """Whether both are moments at which a day begins in `zone`."""
    return all(moment is not None and begins_a_day(moment, zone) for moment in (starts_at, ends_at))


def last_day_of(starts: dt.datetime | None, ends: dt.datetime | None) -> dt.date | None:
    """The last day that anything between the two moments is on, by their own clock: what ends at midnight was on the
    day before. So for an all-day event, whose end is the midnight after it (RFC 5545, section 3.6.1), what people say.
    """
    if starts is None or ends is None:
        return None
    just_before = (ends.astimezone(dt.UTC) - _INSTANT).astimezone(ends.tzinfo)
    return max(just_before.date(), starts.date())
