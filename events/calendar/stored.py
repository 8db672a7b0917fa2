"""A feed's bytes as they were last written, kept ready to send, and written anew when something changed.

SQL by hand, because a feed is asked for every hour by every client, nearly always in vain: a statement of Django's
costs as much CPU as a whole empty view, these a tenth of it.
"""

import datetime as dt
import gzip
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db import connection
from django.utils import timezone

from events.calendar.models import StoredBody

SECOND = dt.timedelta(seconds=1)
PLAIN = "SELECT etag, changed_at, plain FROM events_storedbody WHERE key = %s"
GZIPPED = "SELECT etag, changed_at, gzipped FROM events_storedbody WHERE key = %s"


@dataclass(frozen=True)
class Kept:
    """What a kept body is: which version of the calendar it shows, and since when it has these bytes."""

    version: str
    etag: str
    changed_at: dt.datetime


@dataclass(frozen=True)
class OpenedFeed:
    """A feed that an address opened. `write` makes its bytes from the tables; `version` is what they should show."""

    key: str
    version: str
    kept: Kept | None
    write: Callable[[], bytes]
    language: str
    file_name: str
    public: bool


def kept(version: str | None, etag: str | None, changed_at: Any) -> Kept | None:
    """From the columns of a joined row, all None when there is no body yet."""
    if version is None or etag is None:
        return None
    return Kept(version, etag, _moment(changed_at))


def current(feed: OpenedFeed) -> Kept:
    """The kept body when it is up to date; otherwise writes and keeps a new one first."""
    if feed.kept is not None and feed.kept.version == feed.version:
        return feed.kept
    return _keep(feed, feed.write())


def body(feed: OpenedFeed, shown: Kept, *, gzipped: bool) -> tuple[Kept, bytes]:
    """The kept bytes, compressed or plain, and what they are: not `shown` when they were replaced just now."""
    try:
        return shown, _with_hash(feed.key, shown.etag, gzipped)
    except LookupError:
        etag, changed_at, octets = _read(feed.key, gzipped)
        return Kept(shown.version, etag, _moment(changed_at)), octets


@lru_cache(maxsize=16)  # bodies: 40 kB compressed and 0.5 MB plain for a thousand events
def _with_hash(key: str, etag: str, gzipped: bool) -> bytes:
    """The bytes with this hash; what is remembered cannot be out of date. LookupError when they were replaced."""
    found, _changed_at, octets = _read(key, gzipped)
    if found != etag:
        raise LookupError(key)
    return octets


def _read(key: str, gzipped: bool) -> tuple[str, Any, bytes]:
    with connection.cursor() as cursor:
        cursor.execute(GZIPPED if gzipped else PLAIN, [key])
        etag, changed_at, octets = cursor.fetchone()
    return etag, changed_at, bytes(octets)


def _keep(feed: OpenedFeed, plain: bytes) -> Kept:
    etag = hashlib.sha256(plain).hexdigest()[:32]
    changed_at = timezone.now().replace(microsecond=0)
    if feed.kept is not None and feed.kept.etag == etag:
        changed_at = feed.kept.changed_at
    elif feed.kept is not None:  # two changes in one second are still told apart by If-Modified-Since
        changed_at = max(changed_at, feed.kept.changed_at + SECOND)
    facts = {"version": feed.version, "etag": etag, "changed_at": changed_at}
    octets = {"plain": plain, "gzipped": gzip.compress(plain, compresslevel=6, mtime=0)}
    StoredBody.objects.update_or_create(key=feed.key, defaults=facts | octets)
    return Kept(feed.version, etag, changed_at)


def _moment(value: Any) -> dt.datetime:
    """SQLite hands out text (UTC), PostgreSQL moments."""
    moment = value if isinstance(value, dt.datetime) else dt.datetime.fromisoformat(value)
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
