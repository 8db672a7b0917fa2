"""Reads a calendar from standard input with libical, by the zones in it, and prints its events. For Debian's Python."""

import json
import sys

import gi

gi.require_version("ICalGLib", "3.0")
from gi.repository import ICalGLib as Ical  # noqa: E402 - the version must be asked for first

UTC = Ical.Timezone.get_utc_timezone()


def moment(event, kind, zones):
    found = event.get_first_property(kind)
    time = Ical.Time.new_from_string(found.get_value_as_string())
    tzid = found.get_first_parameter(Ical.ParameterKind.TZID_PARAMETER)
    if tzid is not None:
        time.set_timezone(zones[tzid.get_tzid()])
        time.convert_to_zone_inplace(UTC)
    return time.as_ical_string()


def zones_of(calendar):
    found = {}
    part = calendar.get_first_component(Ical.ComponentKind.VTIMEZONE_COMPONENT)
    while part is not None:
        zone = Ical.Timezone.new()
        zone.set_component(part.clone())
        found[zone.get_tzid()] = zone
        part = calendar.get_next_component(Ical.ComponentKind.VTIMEZONE_COMPONENT)
    return found


def words(event, kind):
    found = event.get_first_property(kind)
    return found.get_value().get_text() if found else ""


calendar = Ical.Component.new_from_string(sys.stdin.buffer.read().decode())
assert calendar.count_errors() == 0
zones, told = zones_of(calendar), []
event = calendar.get_first_component(Ical.ComponentKind.VEVENT_COMPONENT)
while event is not None:
    kinds = Ical.PropertyKind
    told.append(
        {
            "title": event.get_summary(),
            "starts": moment(event, kinds.DTSTART_PROPERTY, zones),
            "ends": moment(event, kinds.DTEND_PROPERTY, zones),
            "purpose": words(event, kinds.DESCRIPTION_PROPERTY),
            "place": words(event, kinds.LOCATION_PROPERTY),
            "cancelled": event.get_status() == Ical.PropertyStatus.CANCELLED,
        }
    )
    event = calendar.get_next_component(Ical.ComponentKind.VEVENT_COMPONENT)
print(json.dumps(told))
