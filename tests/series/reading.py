"""A series as facts, without a database, and what readers other than our own make of its lines."""

import datetime as dt
import json
import os
import subprocess
from dataclasses import replace
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
import recurring_ical_events
import vobject
from icalendar import Calendar

from events.calendar import recurring, render
from events.gatherings.series.models import Series
from events.gatherings.series.rules import Frequency, occurrences
from events.gatherings.visibility import SeenOccurrence
from tests.calendar.facts import ICAL_JS, NODE, ROOT, STAMP, meeting
from tests.factories import OSLO

UID = UUID(int=7)


def series(starts, *, hours=2, zone="Europe/Oslo", **facts):
    """Weekly from `starts`, which is what the clock shows."""
    return Series(
        uid=UID,
        title="Samarbeidsforum",
        first_day=starts.date(),
        starts=starts.time(),
        lasts=dt.timedelta(hours=hours),
        time_zone=zone,
        **{"frequency": Frequency.WEEKLY, **facts},
    )


def days(of):
    """The moments by the rule."""
    return [one.starts_at for one in occurrences(of.rule)]


def shown(of, at, *, moved=dt.timedelta(0), longer=dt.timedelta(0), zone="", **facts):
    """The meeting of the series at the moment `at` by its rule."""
    by_rule = next(one for one in occurrences(of.rule) if one.starts_at == at)
    which = SeenOccurrence(of.uid, at, of.time_zone, of.all_day)
    known = {
        "title": "Samarbeidsforum",
        "occurrence": which,
        "sequence": int(bool(moved or longer)),
        "all_day": of.all_day,
    }
    starts, ends, zone = at + moved, by_rule.ends_at + moved + longer, zone or of.time_zone
    one = replace(meeting(at, **(known | facts)), starts_at=starts, ends_at=ends, time_zone=zone)
    there = ZoneInfo(zone)
    one = replace(one, starts_local=starts.astimezone(there), ends_local=ends.astimezone(there))
    octets = render.vevent(one, dtstamp=STAMP, last_modified=STAMP)
    state = "cancelled" if one.cancelled else "published"
    return recurring.Shown(1, octets, at, starts, ends, zone, one.all_day, state, one.sequence, STAMP)


def written(of, rows):
    """The calendar of a feed that shows these."""
    master = recurring.master(of, rows)
    parts = [one.octets for one in rows]
    if master:
        first = master.vevent(render.uid_of(of.uid), sequence=3, changed_at=STAMP)
        parts = [first, *(one.octets for one in master.apart)]
    zones = {of.time_zone} | {one.time_zone for one in rows}
    return render.calendar(parts, name="Sandefjord kommune", zones=zones)


def as_told(rows):
    """What a reader has to find: when, and in which words."""
    return sorted((one.starts_at, one.ends_at, _title(one)) for one in rows)


def _title(one):
    whole = b"BEGIN:VCALENDAR\r\n%sEND:VCALENDAR\r\n" % one.octets
    return str(Calendar.from_ical(whole).walk("VEVENT")[0]["SUMMARY"])


def expanded(octets):
    """As recurring-ical-events reads it."""
    found = recurring_ical_events.of(Calendar.from_ical(octets)).between((1990, 1, 1), (2100, 1, 1))
    return sorted(
        (*(_utc(one[end].dt) for end in ("DTSTART", "DTEND")), str(one["SUMMARY"])) for one in found
    )


def _read(written):
    return dt.date.fromisoformat(written) if len(written) == 10 else dt.datetime.fromisoformat(written)


def _utc(when):
    """A day begins at midnight in Oslo, as every all-day meeting here does."""
    if not isinstance(when, dt.datetime):
        when = dt.datetime.combine(when, dt.time(), OSLO)
    return when.astimezone(dt.UTC)


def expanded_by_thunderbird(octets):
    """As ical.js reads it."""
    if NODE is None or not ICAL_JS.exists():
        if os.environ.get("REQUIRE_ALL") == "1":
            pytest.fail("node or ical.js is absent, and REQUIRE_ALL=1 allows no skip")
        pytest.skip("node or node_modules/ical.js is absent")
    reader = ROOT / "tests" / "series" / "expand_with_ical_js.cjs"
    command = [NODE, str(reader), str(ICAL_JS)]
    done = subprocess.run(command, input=octets, capture_output=True, check=True, timeout=60)
    return sorted(
        (*(_utc(_read(one[end])) for end in ("starts", "ends")), one["summary"])
        for one in json.loads(done.stdout)
    )


def expanded_by_vobject(octets):
    """The moments of the rule that vobject and dateutil leave, before any is replaced by a VEVENT of its own."""
    found = vobject.readOne(octets.decode()).vevent_list
    (master,) = [one for one in found if not hasattr(one, "recurrence_id")]
    found = list(master.getrruleset(addRDate=True))
    return [_utc(at.date() if at.tzinfo is None else at) for at in found]
