"""Tells a worker to stop: its supervisor holds the other end of a pipe, and lets go when it stops or ends."""

import os
import select
import threading
import time

LEASH = "MOTEPLASS_LEASH"  # the pipe's number, in the environment of a supervised worker
CLUSTER = "MOTEPLASS_CLUSTER"  # the name its heartbeat goes by
GRACE = 8.0  # seconds between letting go and the end of whoever is still there


def let_go() -> bool:
    """Whether this process is to finish what it does. False for a process without a supervisor. Costs a microsecond."""
    handle = os.environ.get(LEASH)
    if not handle:
        return False
    ready, _writable, _broken = select.select([int(handle)], [], [], 0)
    return bool(ready)


def wear() -> None:
    """Sees to it that this process and all it forks end with the supervisor, GRACE seconds later at the latest."""
    _watch()
    os.register_at_fork(after_in_child=_watch)


def _watch() -> None:
    threading.Thread(target=_end_when_let_go, name="leash", daemon=True).start()


def _end_when_let_go() -> None:
    select.select([int(os.environ[LEASH])], [], [])
    time.sleep(GRACE)
    os._exit(1)
