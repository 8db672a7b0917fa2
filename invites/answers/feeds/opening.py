"""Which invitee's feed an address opens, and which version of it there should be now: one statement, by hand (ADR 8).

It reads the person's invitations themselves, not counts of them, so that no two states of them look the same.
"""

import datetime as dt
import hashlib
import zlib
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone

from events.calendar import schedule, scopes
from events.calendar.stored import OpenedFeed, kept, moment
from invites.answers.feeds.models import OwnFeed, key_of
from invites.answers.feeds.writing import Source, write

FORMAT = 1  # raise it when `writing` makes other bytes of the same facts
OPENED = """
SELECT f.id, t.id, t.slug, t.name, c.language, f.alarm, f.last_used_on, b.version, b.etag, b.changed_at,
    COALESCE(v.version, 0), c.id, c.organisation_id, f.detail,
    i.id, i.event_id, i.reply, i.replied_at, e.starts_at, e.place_hours_before
FROM invites_ownfeed f
JOIN events_tenant t ON t.id = f.tenant_id
JOIN events_contact c ON c.id = f.contact_id AND c.tenant_id = f.tenant_id
LEFT JOIN events_scheduleversion v ON v.tenant_id = t.id
LEFT JOIN events_storedbody b
    ON b.key = CAST(t.id AS TEXT) || ':own.' || CAST(f.id AS TEXT) || ':' || c.language || %s
LEFT JOIN invites_invitation i ON i.contact_id = c.id AND i.tenant_id = f.tenant_id AND i.revoked_at IS NULL
    AND (i.expires_at IS NULL OR i.expires_at > %s)
LEFT JOIN events_event e ON e.id = i.event_id
WHERE f.token_hash = %s AND f.revoked_at IS NULL AND c.erased_at IS NULL AND LOWER(c.email) = LOWER(f.email)
    AND (c.valid_from IS NULL OR c.valid_from <= %s) AND (c.valid_until IS NULL OR c.valid_until >= %s)
ORDER BY i.id
"""


def own(digest: str, everything: bool) -> OpenedFeed | None:
    """The feed whose token has this digest, None when it is revoked or its holder is not to be told any more.

    One statement, and once a day a second one that notes the use.
    """
    rows = _rows(digest, ":all" if everything else "")
    if not rows:
        return None
    pk, tenant_id, slug, name, language, alarm, used_on = rows[0][:7]
    today = timezone.now().date()
    if str(used_on) != str(today):
        with suppress(DatabaseError):  # a note is no reason to give no answer
            OwnFeed.objects.of(tenant_id).filter(pk=pk).update(last_used_on=today)
    contact_id, detail = rows[0][11], rows[0][13]
    source = Source(tenant_id, contact_id, name, language, alarm, detail, everything)
    return OpenedFeed(
        key=f"{key_of(tenant_id, pk)}:{language}{':all' if everything else ''}",
        version=_version(rows, name),
        kept=kept(*rows[0][7:10]),
        write=partial(write, source),
        language=language,
        file_name=f"{slug}.ics",
        public=False,
    )


scopes.register("own", own)


def _rows(digest: str, window: str) -> Sequence[tuple[Any, ...]]:
    now, today = timezone.now(), timezone.localdate()
    known = connection.ops.adapt_datetimefield_value(now), connection.ops.adapt_datefield_value(today)
    with connection.cursor() as cursor:
        cursor.execute(OPENED, [window, known[0], digest, known[1], known[1]])
        rows: Sequence[tuple[Any, ...]] = cursor.fetchall()
    return rows


def _version(rows: Sequence[tuple[Any, ...]], tenant_name: str) -> str:
    """The calendar's version, a digest of all that only this person's feed depends on, and the day."""
    now = timezone.now()
    facts = [rows[0][11:14], *((*row[14:18], _place_is_open(row, now)) for row in rows)]
    about = hashlib.sha256(repr(facts).encode()).hexdigest()[:24]
    words = zlib.crc32(f"{tenant_name} {settings.BASE_URL}".encode())
    return f"{rows[0][10]}.{about}.{now.date():%Y%m%d}.{schedule.FORMAT}.{FORMAT}.{words}"


def _place_is_open(row: tuple[Any, ...], now: dt.datetime) -> bool:
    """Whether the moment passed at which the meeting's exact place opens to those who come: no row changes then."""
    starts_at, hours = row[18:20]
    if starts_at is None or hours is None:
        return True
    return moment(starts_at) - dt.timedelta(hours=hours) <= now
