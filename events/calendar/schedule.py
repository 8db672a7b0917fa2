"""Which feed an address opens: a tenant's public one, narrowed as the asker likes, or a secret one."""

import zlib
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone

from events.calendar import scopes
from events.calendar.formats import ICS, Format
from events.calendar.models import Feed
from events.calendar.reading import Source
from events.calendar.selections import EVERY, Detail, Scope, Selection, Wanted
from events.calendar.stored import OpenedFeed, kept

FORMAT = 3  # raise it when `render` writes other bytes from the same facts

# Which tenant, in which language, and what is kept for it: all that an unchanged feed needs to know (see stored.py).
PUBLIC = """
SELECT t.id, t.slug, t.name, t.language, COALESCE(v.version, 0), b.version, b.etag, b.changed_at
FROM events_tenant t
LEFT JOIN events_scheduleversion v ON v.tenant_id = t.id
LEFT JOIN events_storedbody b ON b.key = CAST(t.id AS TEXT) || %s || ':' || t.language || %s
WHERE t.slug = %s
"""
# A campaign's meetings lie at all who take part. Rows of participations are never deleted and versions never fall, so
# neither does the sum; the campaign's own version tells of links and of who joined or left (ADR 33).
VERSION = """
COALESCE(v.version, 0) + CASE WHEN f.campaign_id IS NULL THEN 0 ELSE c.version + CAST((
    SELECT COALESCE(SUM(s.version), 0) FROM events_participation p
    JOIN events_scheduleversion s ON s.tenant_id = p.tenant_id WHERE p.campaign_id = f.campaign_id
) AS BIGINT) END"""
ADDRESSED = f"""
SELECT t.id, t.slug, t.name, COALESCE(NULLIF(u.language, ''), t.language), {VERSION},
    b.version, b.etag, b.changed_at, f.id, f.last_used_on,
    f.scope, COALESCE(f.campaign_id, f.organisation_id, f.membership_id, 0), COALESCE(c.title, o.name, ''),
    f.kind, f.measure_id, f.city, f.language, f.detail, f.alarm
FROM events_feed f
JOIN events_tenant t ON t.id = f.tenant_id
LEFT JOIN events_membership m ON m.id = f.membership_id
LEFT JOIN events_user u ON u.id = m.user_id
LEFT JOIN events_organisation o ON o.id = f.organisation_id
LEFT JOIN events_campaign c ON c.id = f.campaign_id
LEFT JOIN events_scheduleversion v ON v.tenant_id = t.id
LEFT JOIN events_storedbody b
    ON b.key = f.key || ':' || COALESCE(NULLIF(u.language, ''), t.language) || %s
WHERE f.token_hash = %s AND f.revoked_at IS NULL AND (
    (m.ended_at IS NULL AND u.is_active)
    OR (f.membership_id IS NULL AND f.role = '')
    OR (f.membership_id IS NULL AND EXISTS (
        SELECT 1 FROM events_membership h JOIN events_user p ON p.id = h.user_id
        WHERE h.tenant_id = f.tenant_id AND h.role = f.role AND h.ended_at IS NULL AND p.is_active
    ))
) AND (
    f.campaign_id IS NULL OR c.tenant_id = f.tenant_id OR EXISTS (
        SELECT 1 FROM events_participation p
        WHERE p.campaign_id = f.campaign_id AND p.tenant_id = f.tenant_id AND p.state = 'joined'
    )
)
"""  # noqa: S608 - our own names


def public(
    slug: str,
    *,
    everything: bool,
    wanted: Wanted = EVERY,
    detail: str = Detail.FULL,
    form: Format = ICS,
) -> OpenedFeed | None:
    """The public feed of the tenant `slug`, None when there is no such tenant. One statement."""
    asked = Selection(0, wanted=wanted, detail=detail)
    row = _row(PUBLIC, [asked.key.removeprefix("0"), _window_name(everything) + form.mark, slug])
    return _opened(replace(asked, tenant_id=row[0]), row, everything, form) if row else None


def secret(digest: str, everything: bool) -> OpenedFeed | None:
    """The feed whose token has this digest, None when it is revoked or nobody is left who holds it.

    One statement, and once a day a second one that notes the use.
    """
    row = _row(ADDRESSED, [_window_name(everything), digest])
    if row is None:
        return None
    today = timezone.now().date()
    if str(row[9]) != str(today):
        with suppress(DatabaseError):  # a note is no reason to give no answer
            Feed.objects.of(row[0]).filter(pk=row[8]).update(last_used_on=today)
    scope, who, about, kind, measure, city, language, detail, alarm = row[10:]
    wanted = Wanted(kind, measure, city, language)
    who = 0 if scope == Scope.STAFF else who
    return _opened(Selection(row[0], scope, who, about, wanted, detail, alarm), row, everything)


scopes.register("feed", secret)


def _window_name(everything: bool) -> str:
    return ":all" if everything else ""


def _row(statement: str, values: list[str]) -> tuple[Any, ...] | None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        row: tuple[Any, ...] | None = cursor.fetchone()
    return row


def _opened(selection: Selection, row: tuple[Any, ...], everything: bool, form: Format = ICS) -> OpenedFeed:
    _tenant_id, slug, name, language, version, *body = row[:8]
    # What is written into the lines; the month, so that what is not named here (new rules of a zone) lasts no longer.
    # Those who take part in a campaign share the lines of its events, so their own names are not in it.
    whose = "" if selection.scope == Scope.CAMPAIGN else name
    about = zlib.crc32(f"{whose} {settings.BASE_URL} {selection.about}".encode())
    today = timezone.now().date()
    lines = f"{today:%Y%m}.{FORMAT}.{about}"
    source = Source(selection, slug, name, language, everything, today, lines)
    return OpenedFeed(
        key=f"{selection.key}:{language}{_window_name(everything)}{form.mark}",
        version=f"{version}.{today:%d}.{lines}",  # the day, because what lies in the window changes with it
        kept=kept(*body),
        write=partial(form.write, source),
        language=language,
        file_name=f"{slug}.{form.ending}",
        public=selection.scope == Scope.PUBLIC,
        media_type=form.media_type,
    )
