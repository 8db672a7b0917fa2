"""The calendars that people use, run as they run them: each subscribes to an address, and tells what it has then."""

import datetime as dt
import io
import json
import os
import shutil
import sqlite3
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path
from typing import Any, Self

import icalendar
import recurring_ical_events
import vobject

from tests.calendar.clients.agenda import Told
from tests.calendar.facts import NODE, ROOT

HERE = Path(__file__).parent
SYSTEM_PYTHON = "/usr/bin/python3"  # Debian's, which has its packages
NODE_ICAL = ROOT / "node_modules" / "node-ical"
SECONDS = 60  # the longest a program may take
KHAL_LINE = (
    "\x1f".join(("{start-long}", "{end-long}", "{status}", "{title}", "{location}", "{description}")) + "\x1e"
)


def fetched(address: str) -> bytes:
    with urllib.request.urlopen(address, timeout=10) as answer:
        octets: bytes = answer.read()
    return octets


def libical(address: str, _home: Path) -> list[Told]:
    reader = str(HERE / "read_with_libical.py")
    return _from_json(_run([SYSTEM_PYTHON, reader], stdin=fetched(address)).stdout)


def node_ical(address: str, _home: Path) -> list[Told]:
    reader = str(HERE / "read_with_node_ical.cjs")
    return _from_json(_run([NODE or "node", reader, str(NODE_ICAL), address]).stdout)


def with_icalendar(address: str, _home: Path) -> list[Told]:
    return _from_components(icalendar.Calendar.from_ical(fetched(address)).walk("VEVENT"))


def with_recurring_ical_events(address: str, _home: Path) -> list[Told]:
    calendar = icalendar.Calendar.from_ical(fetched(address))
    now = dt.datetime.now(dt.UTC)
    return _from_components(recurring_ical_events.of(calendar).between(now, now + dt.timedelta(days=548)))


def with_vobject(address: str, _home: Path) -> list[Told]:
    events = vobject.readOne(io.StringIO(fetched(address).decode(), newline="")).vevent_list
    return [
        Told(
            event.summary.value,
            event.dtstart.value.astimezone(dt.UTC),
            event.dtend.value.astimezone(dt.UTC),
            event.description.value if hasattr(event, "description") else "",
            event.location.value if hasattr(event, "location") else "",
            event.status.value == "CANCELLED",
        )
        for event in events
    ]


def vdirsyncer(address: str, home: Path) -> list[Told]:
    """A file an event, as vdirsyncer keeps them; synchronised anew at each call. Raises when it does not succeed."""
    config = home / "vdirsyncer.conf"
    config.write_text(
        f"""[general]
status_path = "{home}/status"
[pair feed]
a = "theirs"
b = "ours"
collections = null
[storage theirs]
type = "http"
url = "{address}"
[storage ours]
type = "filesystem"
path = "{home}/vdir"
fileext = ".ics"
"""
    )
    for verb in (["discover", "feed"], ["sync"]):
        _run(["vdirsyncer", "--config", str(config), *verb], home=home, stdin=b"y\n")
    return kept_by_vdirsyncer(home)


def kept_by_vdirsyncer(home: Path) -> list[Told]:
    files = sorted((home / "vdir").glob("*.ics"))
    return _from_components(icalendar.Event.from_ical(one.read_bytes()).walk("VEVENT")[0] for one in files)


def khal(address: str, home: Path) -> list[Told]:
    """What khal lists from the files that vdirsyncer fetched."""
    vdirsyncer(address, home)
    config = home / "khal.conf"
    config.write_text(
        f"""[calendars]
[[feed]]
path = {home}/vdir
readonly = True
[locale]
local_timezone = UTC
default_timezone = UTC
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
[sqlite]
path = {home}/khal.db
"""
    )
    asked = ["list", "--once", "--format", KHAL_LINE, "--day-format", "", "today", "548d"]
    listed = _run(["khal", "--config", str(config), "--no-color", *asked], home=home).stdout.decode()
    return [_from_khal(line) for line in listed.split("\x1e") if line.strip()]


def _from_khal(line: str) -> Told:
    starts, ends, status, title, place, purpose = line.lstrip("\n").split("\x1f")
    moments = (dt.datetime.fromisoformat(f"{words}+00:00") for words in (starts, ends))
    return Told(title, *moments, purpose, place, "CANCELLED" in status)


class Thunderbird:
    """A profile with one subscription, started without a screen and read from its own database."""

    def __init__(self, address: str, home: Path) -> None:
        self.home, self.profile, self.log = home, home / "profile", home / "thunderbird.log"
        self.profile.mkdir()
        prefs: dict[str, Any] = {
            "calendar.registry.feed.type": "ics",
            "calendar.registry.feed.uri": address,
            "calendar.registry.feed.name": "Feed",
            "calendar.registry.feed.cache.enabled": True,
            "calendar.registry.feed.refreshInterval": "0.04",  # minutes
            "calendar.list.sortOrder": "feed",
            "mail.provider.suppress_dialog_on_startup": True,
            "app.update.enabled": False,
            "extensions.update.enabled": False,
            "network.captive-portal-service.enabled": False,
            "network.connectivity-service.enabled": False,
            "network.proxy.type": 1,  # nothing but our server is reached
            "network.proxy.http": "127.0.0.1",
            "network.proxy.http_port": 9,
            "network.proxy.ssl": "127.0.0.1",
            "network.proxy.ssl_port": 9,
            "network.proxy.no_proxies_on": "127.0.0.1",
        }
        lines = (f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in prefs.items())
        (self.profile / "user.js").write_text("".join(lines))

    def __enter__(self) -> Self:
        command = ["thunderbird", "--headless", "--no-remote", "-profile", str(self.profile)]
        with self.log.open("ab") as log:
            self.program = subprocess.Popen(command, env=_home(self.home), stdout=log, stderr=log)
        return self

    def __exit__(self, *error: object) -> None:
        self.program.terminate()
        self.program.wait(SECONDS)

    def until(self, enough: Callable[[list[Told]], bool]) -> list[Told]:
        """What it has as soon as that is `enough`, and at the latest after a minute."""
        end = time.monotonic() + SECONDS
        while not enough(has := self.told()) and time.monotonic() < end:
            assert self.program.poll() is None, self.log.read_text()
            time.sleep(0.2)
        return has

    def told(self) -> list[Told]:
        """From a copy, because the program holds the database for itself. Nothing while it takes its data over anew."""
        data, copy = self.profile / "calendar-data", self.home / "copy"
        copy.mkdir(exist_ok=True)
        for name in ("cache.sqlite", "cache.sqlite-wal"):
            (copy / name).unlink(missing_ok=True)
            if (data / name).exists():
                shutil.copy(data / name, copy / name)
        with closing(sqlite3.connect(copy / "cache.sqlite")) as database:
            try:
                events = database.execute(
                    "SELECT id, title, event_start, event_end, ical_status FROM cal_events"
                ).fetchall()
                more = database.execute("SELECT item_id, key, value FROM cal_properties").fetchall()
            except sqlite3.DatabaseError:  # not made yet, or copied while it was written
                return []
        texts = {(item, name): value for item, name, value in more}
        return [
            Told(
                title,
                _from_microseconds(starts),
                _from_microseconds(ends),
                texts.get((uid, "DESCRIPTION"), ""),
                texts.get((uid, "LOCATION"), ""),
                status == "CANCELLED",
            )
            for uid, title, starts, ends, status in events
        ]


def _from_microseconds(moment: int) -> dt.datetime:
    return dt.datetime.fromtimestamp(moment / 1_000_000, dt.UTC)


def _from_components(events: Iterable[Any]) -> list[Told]:
    return [
        Told(
            str(event["SUMMARY"]),
            event.start.astimezone(dt.UTC),
            event.end.astimezone(dt.UTC),
            str(event.get("DESCRIPTION", "")),
            str(event.get("LOCATION", "")),
            event.get("STATUS") == "CANCELLED",
        )
        for event in events
    ]


def _from_json(octets: bytes) -> list[Told]:
    moments = ("starts", "ends")
    return [
        Told(**one | {name: dt.datetime.strptime(one[name], "%Y%m%dT%H%M%S%z") for name in moments})
        for one in json.loads(octets)
    ]


def _home(home: Path) -> dict[str, str]:
    """An environment in which nothing of this machine's user is read or written."""
    return {"PATH": os.environ["PATH"], "HOME": str(home), "XDG_RUNTIME_DIR": str(home), "LC_ALL": "C.UTF-8"}


def _run(
    command: list[str], *, stdin: bytes = b"", home: Path | None = None
) -> subprocess.CompletedProcess[bytes]:
    done = subprocess.run(
        command,
        input=stdin,
        capture_output=True,
        timeout=SECONDS,
        check=False,
        env=_home(home) if home else None,
    )
    if done.returncode:
        raise RuntimeError(f"{command[0]}: {done.stderr.decode()[-2000:]}")
    return done
