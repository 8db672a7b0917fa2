"""Which feed an address opens: a tenant's public one, or the secret one of a member of its staff."""

import zlib
from contextlib import suppress
from functools import partial
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone

from events.calendar import scopes
from events.calendar.models import Feed
from events.calendar.stored import OpenedFeed, kept
from events.calendar.writing import Source, write

FORMAT = 1  # raise it when `render` writes other bytes from the same facts

# Which tenant, in which language, and what is kept for it: all that an unchanged feed needs to know (see stored.py).
PUBLIC = """
SELECT t.id, t.slug, t.name, t.language, COALESCE(v.version, 0), b.version, b.etag, b.changed_at
FROM events_tenant t
LEFT JOIN events_scheduleversion v ON v.tenant_id = t.id
LEFT JOIN events_storedbody b ON b.key = 'public:' || t.slug || ':' || t.language || %s
WHERE t.slug = %s
"""
STAFF = """
SELECT t.id, t.slug, t.name, COALESCE(NULLIF(u.language, ''), t.language), COALESCE(v.version, 0),
    b.version, b.etag, b.changed_at, f.id, f.last_used_on
FROM events_feed f
JOIN events_membership m ON m.id = f.membership_id
JOIN events_user u ON u.id = m.user_id
JOIN events_tenant t ON t.id = f.tenant_id
LEFT JOIN events_scheduleversion v ON v.tenant_id = t.id
LEFT JOIN events_storedbody b
    ON b.key = 'staff:' || t.slug || ':' || COALESCE(NULLIF(u.language, ''), t.language) || %s
WHERE f.token_hash = %s AND f.revoked_at IS NULL AND m.ended_at IS NULL AND u.is_active
"""


def public(slug: str, *, everything: bool) -> OpenedFeed | None:
    """The public feed of the tenant `slug`, None when there is no such tenant. One statement."""
    row = _row(PUBLIC, [_window_name(everything), slug])
    return _opened("public", row, everything) if row else None


def staff(digest: str, everything: bool) -> OpenedFeed | None:
    """The feed of a member of staff whose token has this digest, None when revoked or the membership has ended.

    One statement, and once a day a second one that notes the use.
    """
    row = _row(STAFF, [_window_name(everything), digest])
    if row is None:
        return None
    today = timezone.now().date()
    if str(row[9]) != str(today):
        with suppress(DatabaseError):  # a note is no reason to give no answer
            Feed.objects.of(row[0]).filter(pk=row[8]).update(last_used_on=today)
    return _opened("staff", row, everything)


scopes.register("staff", staff)


def _window_name(everything: bool) -> str:
    return ":all" if everything else ""


def _row(statement: str, values: list[str]) -> tuple[Any, ...] | None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        row: tuple[Any, ...] | None = cursor.fetchone()
    return row


def _opened(scope: str, row: tuple[Any, ...], everything: bool) -> OpenedFeed:
    tenant_id, slug, name, language, version, *body = row[:8]
    # The day, because what lies in the window changes with it; the rest, because it is written into the bytes.
    about = zlib.crc32(f"{name} {settings.BASE_URL}".encode())
    epoch = f"{timezone.now().date():%Y%m%d}.{FORMAT}.{about}"
    source = Source(scope, tenant_id, slug, name, language, everything, epoch)
    return OpenedFeed(
        key=source.key + _window_name(everything),
        version=f"{version}.{epoch}",
        kept=kept(*body),
        write=partial(write, source),
        language=language,
        file_name=f"{slug}.ics",
        public=scope == "public",
    )
