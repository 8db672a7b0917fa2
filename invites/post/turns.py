"""Workers on one machine take turns at writing to SQLite. Only for speed: the database is what keeps the promise.

SQLite has one writer at a time, and whoever comes second sleeps a millisecond or more before it looks again: two
workers would sleep more than they work. The next in a queue for a file lock is woken at once.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

from django.db.backends.base.base import BaseDatabaseWrapper


@contextmanager
def in_turn(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Does nothing for PostgreSQL, whose writers do not wait for each other."""
    if connection.vendor != "sqlite":
        yield
        return
    handle = _lock(os.getpid(), f"{connection.settings_dict['NAME']}-turn")
    fcntl.flock(handle, fcntl.LOCK_EX)
    try:
        yield
    finally:
        fcntl.flock(handle, fcntl.LOCK_UN)


@lru_cache(maxsize=4)
def _lock(_process: int, path: str) -> int:
    """A file of each process's own: one inherited from a parent would be locked for both."""
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
