"""In which forms a tenant's public events are handed out. All are kept and served alike (ADR 8, 32)."""

from collections.abc import Callable
from dataclasses import dataclass

from events.calendar import writing
from events.calendar.listing import as_atom, as_json
from events.calendar.reading import Source
from events.calendar.stored import ICALENDAR


@dataclass(frozen=True)
class Format:
    """`mark` ends the key of the kept bytes, "" for the calendar itself; `ending` the name of the file."""

    mark: str
    ending: str
    media_type: str
    write: Callable[[Source], list[bytes]]


ICS = Format("", "ics", ICALENDAR, writing.write)
JSON = Format(".json", "json", "application/json", as_json.write)
ATOM = Format(".atom", "atom", "application/atom+xml; charset=utf-8", as_atom.write)
