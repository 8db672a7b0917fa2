"""The one commit before each call to the provider (rule 2), which also settles the call before it.

Whoever dies during a call leaves one mail of unknown fate, not a window of them. This runs once for every mail, so it
is one statement written by hand and given to the driver as it is, committed by itself: the ORM takes a third of a
millisecond for it, Django's cursor and `atomic` three times as long as the database (ADR 0009). The names of tables
come from the models; the suite runs it on both databases.
"""

import logging
import re
from contextlib import nullcontext
from functools import lru_cache
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from invites.post.models import MailLane, OutgoingMail
from invites.post.turns import in_turn

log = logging.getLogger(__name__)
_MAILS, _LANES = OutgoingMail._meta.db_table, MailLane._meta.db_table
# Nobody gets an old revision after a new one: none newer is there, and none of the series is being called.
BEGIN = f"""
    UPDATE {_MAILS} SET
        state = CASE id WHEN %(done)s THEN 'accepted' ELSE 'calling' END,
        settled_at = CASE id WHEN %(done)s THEN %(now)s ELSE settled_at END,
        provider_id = CASE id WHEN %(done)s THEN %(provider_id)s ELSE provider_id END,
        problem = CASE id WHEN %(done)s THEN '' ELSE problem END,
        claimed_at = CASE id WHEN %(done)s THEN claimed_at ELSE %(now)s END,
        attempts = CASE id WHEN %(done)s THEN attempts ELSE attempts + 1 END
    WHERE claimed_by = %(me)s AND (
        id = %(done)s AND state IN ('calling', 'unknown')
        OR id = %(id)s AND state = 'claimed' AND NOT EXISTS (
            SELECT 1 FROM {_LANES} lane WHERE lane.name = %(lane)s AND lane.paused_until IS NOT NULL
            AND (lane.probe_by <> %(me)s OR lane.paused_until > %(now)s))
        AND (%(series)s = '' OR NOT EXISTS (
            SELECT 1 FROM {_MAILS} other
            WHERE other.subject_id = %(subject)s AND other.series = %(series)s AND other.tenant_id = %(tenant)s
            AND other.id <> %(id)s AND (
                other.state = 'calling' AND other.id <> %(done)s
                OR (other.revision, other.id) > (%(revision)s, %(id)s)))))
"""  # noqa: S608 - no value of anybody's is in it
NOBODY = 0  # no row has this id
Accepted = tuple[OutgoingMail, str]  # with the provider's id


def begin(mail: OutgoingMail, *, lane: str, done: Accepted | None = None) -> bool:
    """Says in the database that `mail` is about to be handed over, and that `done` was accepted; one commit.

    False when it must not be: it is no longer the caller's, the lane is paused, a newer mail of its series is there or
    one is being called. `done`, a mail of the same worker, is settled all the same. Refuses to run inside a
    transaction.
    """
    settled, provider_id = done or (None, "")
    changed = _changed(
        {
            "id": mail.pk,
            "me": mail.claimed_by,
            "lane": lane,
            "now": connection.ops.adapt_datetimefield_value(timezone.now()),
            "series": mail.series,
            "subject": mail.subject_id,
            "tenant": mail.tenant_id,
            "revision": mail.revision,
            "done": settled.pk if settled else NOBODY,
            "provider_id": provider_id,
        }
    )
    if settled is None or changed != 1:
        return changed > 0
    begun = _is_called(mail)
    if begun:  # the provider's event was faster, after the sweeper had called it unknown
        log.info("mail %s was settled by somebody else", settled.delivery_id)
    return begun


def _changed(facts: dict[str, Any]) -> int:
    """How many rows BEGIN changed. A statement by itself is a transaction; a test's transaction gets a savepoint."""
    alone = transaction.atomic(durable=True) if connection.in_atomic_block else nullcontext()
    connection.ensure_connection()
    with in_turn(connection), alone, connection.wrap_database_errors:
        return int(connection.connection.execute(_in_words_of(connection.vendor), facts).rowcount)


def _is_called(mail: OutgoingMail) -> bool:
    rows = OutgoingMail.objects.of(mail.tenant_id).filter(pk=mail.pk, claimed_by=mail.claimed_by)
    return rows.filter(state=OutgoingMail.State.CALLING).exists()


@lru_cache(maxsize=2)
def _in_words_of(vendor: str) -> str:
    """BEGIN with the driver's own kind of marks for values."""
    return re.sub(r"%\((\w+)\)s", r":\1", BEGIN) if vendor == "sqlite" else BEGIN
