"""Keeps a worker alive: starts the django-q2 cluster as a child, and again when it died or its heart stopped.

django-q2 can dead-lock when an idle worker is killed (STACK.md), and its store may be emptied. So this process looks by
itself: it sweeps the outbox, rouses the workers when mails are due, and asks for a heartbeat job every few seconds.
"""

import contextlib
import logging
import os
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Sequence

from django.db import DatabaseError, InterfaceError, connection
from django_q.models import OrmQ
from django_q.tasks import async_task

from invites.post import outbox
from invites.post.leash import CLUSTER, GRACE, LEASH
from invites.post.models import WorkerHeartbeat

log = logging.getLogger(__name__)
TICK = 1.0
ROUSE_EVERY, BEAT_EVERY, SWEEP_EVERY = 5.0, 15.0, 30.0
HEART_STOPPED = 90.0  # seconds without a heartbeat: longer than any job may run
STARTING = 120.0  # seconds to the first one
SHORT_LIFE, LONGEST_WAIT = (
    10.0,
    30.0,
)  # a child that dies within so many seconds is started again ever more slowly
LOST = (DatabaseError, InterfaceError)


class Watchdog:
    """`prepare` is run before a child starts and at every sweep (it may fail while the database is away)."""

    def __init__(self, command: Sequence[str], *, prepare: Callable[[], None]) -> None:
        self.command, self.prepare = list(command), prepare
        self.name = f"{socket.gethostname()[:40]}-{os.getpid()}"
        self.stopping = threading.Event()
        self.child: subprocess.Popen[bytes] | None = None
        self.leash = -1  # our end of the pipe
        self.started = self.seen_alive = 0.0
        self.short_lives = 0
        self.next_at = dict.fromkeys(("rouse", "beat", "sweep"), 0.0)

    def run(self) -> None:
        """Until a signal, or `stop`. The child is gone when it returns; should this process die, the leash ends it."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda _number, _frame: self.stop())
        try:
            while not self.stopping.is_set():
                self._tick()
                self.stopping.wait(TICK)
        finally:
            self._end_child()

    def stop(self) -> None:
        self.stopping.set()

    def _tick(self) -> None:
        if self.child is None or self.child.poll() is not None:
            self._restart("ended" if self.child else "is to start")
        try:
            if not self._has_heartbeat():
                self._restart("has no heartbeat")
        except LOST:
            self.seen_alive = time.monotonic()  # nobody can leave a heartbeat now
        try:
            self._look_after_outbox()
        except LOST as error:
            log.warning("the database does not answer: %s", type(error).__name__)
            connection.close()

    def _look_after_outbox(self) -> None:
        if self._is_time_to("sweep", SWEEP_EVERY):
            self.prepare()
            outbox.sweep()
        if self._is_time_to("beat", BEAT_EVERY) and OrmQ.objects.count() < outbox.MANY_JOBS:
            async_task("invites.post.tasks.beat", save=False)
        if self._is_time_to("rouse", ROUSE_EVERY):
            outbox.rouse()

    def _is_time_to(self, what: str, every: float) -> bool:
        now = time.monotonic()
        if now < self.next_at[what]:
            return False
        self.next_at[what] = now + every
        return True

    def _has_heartbeat(self) -> bool:
        beat_at = WorkerHeartbeat.objects.filter(name=self.name).values_list("beat_at", flat=True).first()
        if beat_at:
            self.seen_alive = max(self.seen_alive, time.monotonic() - (time.time() - beat_at.timestamp()))
        patience = HEART_STOPPED if self.seen_alive > self.started else STARTING
        return time.monotonic() - max(self.seen_alive, self.started) < patience

    # --- The child ----------------------------------------------------------------------------------------------------
    def _restart(self, why: str) -> None:
        log.warning("the worker %s and is started", why)
        self._end_child(grace=0)
        self.short_lives = self.short_lives + 1 if time.monotonic() - self.started < SHORT_LIFE else 0
        if self.started and self.short_lives:
            self.stopping.wait(min(2.0**self.short_lives, LONGEST_WAIT))
        if not self.stopping.is_set():
            self._start()

    def _start(self) -> None:
        theirs, self.leash = os.pipe()
        try:
            self.child = subprocess.Popen(  # noqa: S603 - our own program
                self.command,
                env=os.environ | {LEASH: str(theirs), CLUSTER: self.name},
                pass_fds=[theirs],
                start_new_session=True,
            )
        finally:
            os.close(theirs)
        self.started = time.monotonic()

    def _end_child(self, grace: float = GRACE - 1) -> None:
        """Lets go of the leash, so that workers put back what they hold; after `grace` seconds nobody is left."""
        if self.child is None:
            return
        os.close(self.leash)
        if grace:
            self.child.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.child.wait(grace)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.child.pid, signal.SIGKILL)
        self.child.wait()
        self.child = None
