"""The one commit before each call to the provider (rule 2), which also settles the call before it.

Whoever dies during a call leaves one mail of unknown fate, not a window of them. This runs once for every mail, so it
is two statements written by hand: the ORM takes a third of a millisecond to write them, which alone is a worker's
whole budget for a mail (ADR 0009). The names of tables come from the models; the suite runs it on both databases.
"""

import datetime as dt
import logging
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from invites.post.models import MailLane, OutgoingMail
from invites.post.turns import in_turn

log = logging.getLogger(__name__)
_MAILS, _LANES = OutgoingMail._meta.db_table, MailLane._meta.db_table
SETTLE = f"""
    UPDATE {_MAILS} SET state = 'accepted', settled_at = %s, provider_id = %s, problem = ''
    WHERE id = %s AND claimed_by = %s AND state IN ('calling', 'unknown')
"""  # noqa: S608 - no value of anybody's is in it
MARK = f"""
    UPDATE {_MAILS} SET state = 'calling', claimed_at = %s, attempts = attempts + 1
    WHERE id = %s AND claimed_by = %s AND state = 'claimed' AND NOT EXISTS (
        SELECT 1 FROM {_LANES} lane WHERE lane.name = %s AND lane.paused_until IS NOT NULL
        AND (lane.probe_by <> %s OR lane.paused_until > %s))
"""  # noqa: S608
# Nobody gets an old revision after a new one: none newer is there, and none of the series is being called.
IN_SERIES = f"""
    AND NOT EXISTS (
        SELECT 1 FROM {_MAILS} other WHERE other.subject_id = %s AND other.series = %s AND other.tenant_id = %s
        AND other.id <> %s AND (other.state = 'calling' OR (other.revision, other.id) > (%s, %s)))
"""  # noqa: S608
Accepted = tuple[OutgoingMail, str]  # with the provider's id


def begin(mail: OutgoingMail, *, lane: str, done: Accepted | None = None) -> bool:
    """Says in the database that `mail` is about to be handed over, and that `done` was accepted; one commit.

    False when it must not be: it is no longer the caller's, the lane is paused, a newer mail of its series is there or
    one is being called. `done` is settled all the same. Refuses to run inside a transaction.
    """
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    with in_turn(connection), transaction.atomic(durable=True), connection.cursor() as cursor:
        if done:
            _settle(cursor, *done, now)
        sql, facts = MARK, [now, mail.pk, mail.claimed_by, lane, mail.claimed_by, now]
        if mail.series:
            sql += IN_SERIES
            facts += [mail.subject_id, mail.series, mail.tenant_id, mail.pk, mail.revision, mail.pk]
        cursor.execute(sql, facts)
        return bool(cursor.rowcount == 1)


def _settle(cursor: Any, mail: OutgoingMail, provider_id: str, now: str | dt.datetime | None) -> None:
    cursor.execute(SETTLE, [now, provider_id, mail.pk, mail.claimed_by])
    if cursor.rowcount != 1:  # the provider's event was faster, after the sweeper had called it unknown
        log.info("mail %s was settled by somebody else", mail.delivery_id)
