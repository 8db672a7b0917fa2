"""A feed's bytes as they were last written, kept ready to send, and written anew when something changed.

SQL by hand, because a feed is asked for every hour by every client, nearly always in vain: a statement of Django's
costs as much CPU as a whole empty view, these a tenth of it.
"""

import datetime as dt
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import brotli  # type: ignore[import-untyped]
from django.db import connection
from django.utils import timezone

from events import prepared
from events.calendar import packing
from events.calendar.models import StoredBody, StoredSeries

ICALENDAR = "text/calendar; charset=utf-8"
SECOND = dt.timedelta(seconds=1)
BROTLI_LEVEL = 5  # as quick as gzip at 6, and a tenth smaller
MOST_NARROWED = 100  # kept bodies of a tenant's public feed, narrowed as strangers like
COLUMNS = {"": "gzipped", "gzip": "gzipped", "br": "brotlied"}
GZIP = zlib.MAX_WBITS | 16  # RFC 1952
READ = {
    name: f"SELECT etag, changed_at, {column} FROM events_storedbody WHERE key = %s"  # noqa: S608 - our own names
    for name, column in COLUMNS.items()
}
READ_PACKED = "SELECT gzipped, pieces FROM events_storedbody WHERE key = %s"


@dataclass(frozen=True)
class Kept:
    """What a kept body is: which version of the calendar it shows, and since when it has these bytes."""

    version: str
    etag: str
    changed_at: dt.datetime


@dataclass(frozen=True)
class OpenedFeed:
    """A feed that an address opened. `write` makes its pieces from the tables; `version` is what they should show."""

    key: str
    version: str
    kept: Kept | None
    write: Callable[[], Iterable[bytes]]
    language: str
    file_name: str
    public: bool
    media_type: str = ICALENDAR


def kept(version: str | None, etag: str | None, changed_at: Any) -> Kept | None:
    """From the columns of a joined row, all None when there is no body yet."""
    if version is None or etag is None:
        return None
    return Kept(version, etag, moment(changed_at))


def current(feed: OpenedFeed) -> Kept:
    """The kept body when it is up to date; otherwise writes and keeps a new one first."""
    if feed.kept is not None and feed.kept.version == feed.version:
        return feed.kept
    return _keep(feed, list(feed.write()))


def body(feed: OpenedFeed, shown: Kept, encoding: str) -> tuple[Kept, bytes]:
    """The kept bytes in `encoding` ("br", "gzip" or ""), and what they are: not `shown` if they were just replaced."""
    try:
        return shown, _with_hash(feed.key, shown.etag, encoding)
    except LookupError:
        etag, changed_at, octets = _read(feed.key, encoding)
        return Kept(shown.version, etag, moment(changed_at)), octets


@lru_cache(maxsize=16)  # bodies: 50 kB compressed and 0.6 MB plain for a thousand events
def _with_hash(key: str, etag: str, encoding: str) -> bytes:
    """The bytes with this hash; what is remembered cannot be out of date. LookupError when they were replaced."""
    found, _changed_at, octets = _read(key, encoding)
    if found != etag:
        raise LookupError(key)
    return octets


def _read(key: str, encoding: str) -> tuple[str, Any, bytes]:
    with connection.cursor() as cursor:
        cursor.execute(READ[encoding], [key])
        etag, changed_at, octets = cursor.fetchone()
    if octets is None:
        return _with_brotli(key)
    return etag, changed_at, bytes(octets) if encoding else zlib.decompress(octets, GZIP)


def _with_brotli(key: str) -> tuple[str, Any, bytes]:
    """Packs the body for the first reader who asks for brotli; until then it would be packed in vain.

    Read anew with its hash: it may have been replaced since.
    """
    etag, changed_at, plain = _read(key, "")
    octets: bytes = brotli.compress(plain, quality=BROTLI_LEVEL)
    StoredBody.objects.filter(key=key, etag=etag).update(brotlied=octets)
    return etag, changed_at, octets


def _keep(feed: OpenedFeed, pieces: list[bytes]) -> Kept:
    packed = packing.pack(pieces, _packed_before(feed.key) if feed.kept else None)
    changed_at = timezone.now().replace(microsecond=0)
    if feed.kept is not None and feed.kept.etag == packed.etag:
        changed_at = feed.kept.changed_at
    elif feed.kept is not None:  # two changes in one second are still told apart by If-Modified-Since
        changed_at = max(changed_at, feed.kept.changed_at + SECOND)
    facts = {"version": feed.version, "etag": packed.etag, "changed_at": changed_at, "brotlied": None}
    prepared.put(StoredBody(key=feed.key, gzipped=packed.octets, pieces=packed.index, **facts), by=("key",))
    if feed.public and feed.kept is None:
        _forget_oldest(feed.key)
    return Kept(feed.version, packed.etag, changed_at)


def _packed_before(key: str) -> tuple[bytes, bytes] | None:
    with connection.cursor() as cursor:
        cursor.execute(READ_PACKED, [key])
        row = cursor.fetchone()
    return (bytes(row[0]), bytes(row[1])) if row and row[1] else None


def _forget_oldest(key: str) -> None:
    """Anybody may narrow a public feed in thousands of ways: only the newest of them stay."""
    tenant = key.partition(":")[0]
    bodies = StoredBody.objects.filter(key__startswith=f"{tenant}:public:").order_by("-changed_at", "key")
    oldest = list(bodies.values_list("key", flat=True)[MOST_NARROWED:])
    if oldest:
        StoredBody.objects.filter(key__in=oldest).delete()
        selections = {
            ":".join(each.split(":")[:4]) for each in oldest
        }  # a body's key: selection, language, window
        StoredSeries.objects.of(int(tenant)).filter(key__in=selections).delete()


def forget(selection_key: str) -> None:
    """Throws away the bytes kept for a selection in every language: whoever revokes the last feed wants none left."""
    StoredBody.objects.filter(key__startswith=f"{selection_key}:").delete()
    StoredSeries.objects.across_tenants("a selection's key names its tenant").filter(
        key=selection_key
    ).delete()


def moment(value: Any) -> dt.datetime:
    """SQLite hands out text (UTC), PostgreSQL moments."""
    moment = value if isinstance(value, dt.datetime) else dt.datetime.fromisoformat(value)
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
