"""A small world to break: a database, a provider with bad days, one meeting with many invitees, and real workers."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


class World:
    """`folder` is its VAR_DIR; `log` the provider's book of what it was sent."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.port = folder, port
        self.log = folder / "provider.log"
        self.workers: list[subprocess.Popen[bytes]] = []

    # --- What was sent -------------------------------------------------------------------------------------------
    def requests(self) -> list[dict[str, Any]]:
        """All requests the provider saw, in their order."""
        if not self.log.exists():
            return []
        return [json.loads(line) for line in self.log.read_text(encoding="ascii").splitlines() if line]

    def taken(self) -> Counter[str]:
        """How often the provider took each delivery."""
        return Counter(one["id"] for one in self.requests() if one["fate"] in ("202", "drop"))

    # --- Mails ---------------------------------------------------------------------------------------------------
    def states(self) -> Counter[str]:
        """How many mails are in each state. Waits for a database that is being restarted."""
        from django.db import DatabaseError, InterfaceError, connection

        from invites.post.models import OutgoingMail

        rows = OutgoingMail.objects.across_tenants("chaos counts all").order_by()
        for _try in range(60):
            try:
                return Counter(rows.values_list("state", flat=True))
            except (DatabaseError, InterfaceError):
                connection.close()
                time.sleep(0.5)
        raise TimeoutError("the database does not come back")

    def mails(self) -> dict[str, str]:
        """State by delivery id."""
        from invites.post.models import OutgoingMail

        rows = OutgoingMail.objects.across_tenants("chaos counts all").order_by()
        return {str(delivery): state for delivery, state in rows.values_list("delivery_id", "state")}

    def is_done(self) -> bool:
        return not set(self.states()) & {"queued", "claimed", "calling"}

    # --- Workers -------------------------------------------------------------------------------------------------
    def start_worker(self, *command: str) -> subprocess.Popen[bytes]:
        """The worker of production (`manage.py qcluster`), or another program of ours, in a group of its own."""
        with (self.folder / "worker.log").open("ab") as log:
            worker = subprocess.Popen(
                command or (sys.executable, "manage.py", "qcluster"),
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.workers.append(worker)
        return worker

    def stop_workers(self) -> None:
        for worker in self.workers:
            if worker.poll() is None:
                worker.send_signal(signal.SIGTERM)
        for worker in self.workers:
            with suppress(subprocess.TimeoutExpired):
                worker.wait(15)
            for pid in [*descendants(worker.pid), worker.pid]:
                kill(pid)
            worker.wait()
        self.workers.clear()

    def until(self, ready: Callable[[], bool], seconds: float, *, pause: float = 0.5) -> float:
        """Waits for `ready`; returns how long it took. Raises TimeoutError with the states as they are."""
        began = time.monotonic()
        while not ready():
            if time.monotonic() - began > seconds:
                raise TimeoutError(f"not ready after {seconds:.0f} s: {dict(self.states())}")
            time.sleep(pause)
        return time.monotonic() - began


@contextmanager
def world(*, database: str, plan: dict[str, Any]) -> Iterator[World]:
    """Once a process, because Django reads its settings once. `database` is a postgres:// URL of an empty database,
    or "" for SQLite. Everything it starts ends with it.
    """
    with tempfile.TemporaryDirectory(prefix="moteplass-chaos-") as name:
        folder = Path(name)
        provider = subprocess.Popen(
            [sys.executable, "-m", "tools.chaos.provider", str(folder / "provider.log"), json.dumps(plan)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
        )
        try:
            assert provider.stdout is not None  # noqa: S101 - asked for above
            made = World(folder, int(provider.stdout.readline()))
            _set_environment(made, database)
            try:
                yield made
            finally:
                made.stop_workers()
        finally:
            provider.kill()
            provider.wait()


def _set_environment(made: World, database: str) -> None:
    for name in ("SECRET_KEY", "BASE_URL", "ALLOWED_HOSTS", "REDIS_URL", "PORT", "DEBUG", "TESTING"):
        os.environ.pop(name, None)
    os.environ |= {
        "DEMO": "1",
        "VAR_DIR": str(made.folder),
        "DATABASE_URL": database,
        "MAIL_TRANSPORT": "sendgrid",
        "SENDGRID_API_KEY": "chaos",
        "SENDGRID_BASE_URL": f"http://127.0.0.1:{made.port}",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PYTHONUNBUFFERED": "1",
    }
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)


def invite(count: int) -> None:
    """One meeting in two weeks and `count` invitees whose invitations are due now. Wakes nobody."""
    from invites.post import outbox
    from tools.bench import people

    tenant = people.tenant("chaos")
    event = people.events(tenant, 20)[13]
    rows = people.invitations(event, count)
    woken, outbox.wake = outbox.wake, lambda recipients: None
    try:
        outbox.enqueue(
            "invitation",
            tenant=tenant,
            items=[(row.pk, row.contact.email) for row in rows],
            revision=event.sequence,
        )
    finally:
        outbox.wake = woken


def descendants(pid: int) -> list[int]:
    """Children, their children and so on (Linux), as /proc tells it now."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError, ValueError, IndexError):
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
                parents.setdefault(parent, []).append(int(entry.name))
    found, queue = [], [pid]
    while queue:
        children = parents.get(queue.pop(), [])
        found += children
        queue += children
    return found


def kill(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
