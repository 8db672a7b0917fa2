"""Moments in words, on the clock of the event's own zone (rule 11). Templates' own `date` would move them to Oslo."""

import datetime as dt
from typing import TYPE_CHECKING

from django.utils.formats import date_format
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from events.gatherings.visibility import SeenEvent


def day(local: dt.datetime) -> str:
    """Such as "mandag 7. desember 2026", in the active language."""
    return date_format(local, _("l j F Y"))


def moment(local: dt.datetime) -> str:
    """Such as "mandag 7. desember 2026 kl. 17:00"."""
    return _("%(day)s at %(time)s") % {"day": day(local), "time": f"{local:%H:%M}"}


def when(seen: "SeenEvent") -> str:
    """From when to when, with the zone; a vague date as a person would say it; "" when neither is known."""
    starts, ends = seen.starts_local, seen.ends_local
    if starts is None or ends is None:
        return seen.vague_words
    zone = seen.time_zone.rpartition("/")[2].replace("_", " ")
    if starts.date() == ends.date():
        times = _("%(day)s, %(starts)s–%(ends)s") % {
            "day": day(starts),
            "starts": f"{starts:%H:%M}",
            "ends": f"{ends:%H:%M}",
        }
    else:
        times = _("%(starts)s to %(ends)s") % {"starts": moment(starts), "ends": moment(ends)}
    return _("%(times)s (%(zone)s time)") % {"times": times, "zone": zone}
