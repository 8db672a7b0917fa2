"""The one place that adds to the answers of an invitation (rule 7), its moment, and the receipt that tells of it."""

import datetime as dt
from typing import Any

from django.utils import timezone

from events import prepared
from invites.answers.models import Answer
from invites.invitations.models import Invitation
from invites.post import outbox

TICK = dt.timedelta(microseconds=1)


def moment(invitation: Invitation, *, ticks: int = 1, now: dt.datetime | None = None) -> dt.datetime:
    """Now, but later than the standing answer by `ticks`, also when the servers' clocks differ."""
    now = now or timezone.now()
    return max(now, invitation.replied_at + ticks * TICK) if invitation.replied_at else now


def append(
    invitation: Invitation,
    *,
    reply: str,
    source: str,
    at: dt.datetime,
    sequence: int,
    said_at: dt.datetime | None = None,
    **told: Any,
) -> Answer:
    """Adds an answer that came in `at`, and was said then unless `said_at`; `told` are other fields of `Answer`.

    It changes neither the invitation nor seats; a second call adds a second row. One statement.
    """
    given = Answer(
        tenant_id=invitation.tenant_id,
        invitation=invitation,
        reply=reply,
        source=source,
        said_at=said_at or at,
        answered_at=at,
        event_sequence=sequence,
        **told,
    )
    prepared.insert(given)
    return given


def receipt(invitation: Invitation, given: Answer) -> None:
    """Queues the mail that says what was noted; none for who has no address. Reads tenant and contact."""
    address = invitation.contact.email
    outbox.enqueue("receipt", tenant=invitation.tenant, items=[(given.pk, address)] if address else [])
