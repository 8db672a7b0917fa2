"""A meeting as facts, without a database, and the golden files that its bytes are compared with."""

import datetime as dt
import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import icalendar
import pytest

from events.gatherings.visibility import SeenEvent

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "tests" / "data"
ICAL_JS = ROOT / "node_modules" / "ical.js" / "dist" / "ical.es5.min.cjs"
NODE = shutil.which("node")
STAMP = dt.datetime(2026, 1, 5, 9, 30, tzinfo=dt.UTC)


def meeting(starts: dt.datetime, hours: float = 2, **facts: Any) -> SeenEvent:
    """A meeting as the public sees it; `starts` is aware, and its zone is the meeting's."""
    zone = str(starts.tzinfo)
    ends = (starts.astimezone(dt.UTC) + dt.timedelta(hours=hours)).astimezone(ZoneInfo(zone))
    known: dict[str, Any] = {
        "uid": UUID(int=starts.year * 10000 + starts.month * 100 + starts.day),
        "title": "Dialogmøte",
        "kind_label": "dialogmøte",
        "purpose": "",
        "language": "nb",
        "vague_words": "",
        "place": "Sandefjord",
        "city": "Sandefjord",
        "hosts": (),
        "cancelled": False,
        "sequence": 0,
        "starts_at": starts.astimezone(dt.UTC),
        "ends_at": ends.astimezone(dt.UTC),
        "starts_local": starts,
        "ends_local": ends,
        "time_zone": zone,
    }
    return SeenEvent(**(known | facts))


def at(zone: str, *when: int) -> dt.datetime:
    return dt.datetime(*when, tzinfo=ZoneInfo(zone))  # type: ignore[misc,arg-type]


def golden(name: str, octets: bytes, ending: str = "ics") -> None:
    """Compares with tests/data/<name>.<ending>, byte by byte. WRITE_GOLDEN=1 writes it, for a person to review."""
    path = DATA / f"{name}.{ending}"
    if os.environ.get("WRITE_GOLDEN") == "1":
        path.write_bytes(octets)
    assert octets == path.read_bytes()


def unfolded(octets: bytes) -> list[str]:
    return octets.replace(b"\r\n ", b"").decode().split("\r\n")


def values(octets: bytes, name: str) -> list[str]:
    """The lines of a property, parameters and all."""
    return [line for line in unfolded(octets) if line.startswith((f"{name}:", f"{name};"))]


def events_in(octets: bytes) -> list[Any]:
    return list(icalendar.Calendar.from_ical(octets).walk("VEVENT"))


def thunderbird_reads(octets: bytes) -> list[dict[str, Any]]:
    """What ical.js, Thunderbird's reader, makes of a calendar: a list of uid, summary, wall clock and UTC times."""
    if NODE is None or not ICAL_JS.exists():
        if os.environ.get("REQUIRE_ALL") == "1":
            pytest.fail("node or ical.js is absent, and REQUIRE_ALL=1 allows no skip")
        pytest.skip("node or node_modules/ical.js is absent")
    reader = Path(__file__).with_name("read_with_ical_js.cjs")
    done = subprocess.run(
        [NODE, str(reader), str(ICAL_JS)], input=octets, capture_output=True, check=True, timeout=60
    )
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found
