"""From what a person writes (a day, a time, a zone) to a moment, and the zones we offer."""

import datetime as dt
import zoneinfo

from django.utils.translation import gettext_lazy as _

from events.dates import exists_in_zone, is_twice_in_zone
from events.gatherings.days import MINUTE

DEADLINE_BEFORE = dt.timedelta(days=3)
END_OF_DAY = dt.time(23, 59)

# Where meetings and visits take place; a tenant's or an event's own zone is added where it is missing.
ZONES = {
    "Europe/Oslo": _("Oslo"),
    "Europe/Copenhagen": _("Copenhagen"),
    "Europe/Stockholm": _("Stockholm"),
    "Europe/Helsinki": _("Helsinki"),
    "Atlantic/Reykjavik": _("Reykjavik"),
    "Atlantic/Faroe": _("Tórshavn"),
    "America/Nuuk": _("Nuuk"),
    "Europe/London": _("London"),
    "Europe/Brussels": _("Brussels"),
    "Europe/Berlin": _("Berlin"),
    "Africa/Nairobi": _("Nairobi"),
    "America/New_York": _("New York"),
    "UTC": _("UTC"),
}


class SkippedHour(ValueError):
    """The clock never shows this time on this day: it was put forward."""


class TwiceHour(ValueError):
    """The clock shows this time twice on this day, because it was put back; say which one is meant."""


def moment(day: dt.date, time: dt.time, zone: str, which: str = "") -> dt.datetime:
    """The moment (UTC) at which the clock in `zone` shows `time` on `day`.

    `which` is "first" or "second" for an hour that comes twice, and means nothing otherwise. Raises SkippedHour and,
    without `which`, TwiceHour.
    """
    naive, there = dt.datetime.combine(day, time), zoneinfo.ZoneInfo(zone)
    if not exists_in_zone(naive, there):
        raise SkippedHour
    if is_twice_in_zone(naive, there) and which not in ("first", "second"):
        raise TwiceHour
    return naive.replace(tzinfo=there, fold=int(which == "second")).astimezone(dt.UTC)


def which(local: dt.datetime) -> str:
    """ "first" or "second" for a time on the wall that comes twice that day, else ""."""
    naive = local.replace(tzinfo=None)
    if local.tzinfo is None or not is_twice_in_zone(naive, local.tzinfo):
        return ""
    return "second" if local.fold else "first"


def usual_deadline(
    starts_at: dt.datetime, zone: str, *, now: dt.datetime, all_day: bool = False
) -> dt.datetime:
    """Three days before `starts_at` by the clock on the wall, or `starts_at` itself when that is already past.

    For an all-day event it is the minute before that midnight: nobody reads "by Friday at 00:00" as Thursday night.
    """
    there = zoneinfo.ZoneInfo(zone)
    last = starts_at - MINUTE if all_day and starts_at - MINUTE > now else starts_at
    usual = (last.astimezone(there) - DEADLINE_BEFORE).astimezone(dt.UTC)
    return usual if usual > now else last


def zone_choices(*needed: str) -> list[tuple[str, str]]:
    """The zones to choose from, with those `needed` among them."""
    extra = {zone: zone.rpartition("/")[2].replace("_", " ") for zone in needed if zone}
    return [(zone, str(name)) for zone, name in {**extra, **ZONES}.items()]
