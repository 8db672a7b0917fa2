"""Mails that say something about a locked event wait until it is unlocked (the kill switch, ADR 0027).

This room knows no events: the rooms above say for each kind of mail how its subject's row leads to one.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from invites.post.letters import Postponed
from invites.post.models import OutgoingMail

WAIT = Postponed(dt.timedelta(minutes=5))
WHY = "the outbox writes for all tenants"
_events: dict[str, tuple[Any, str]] = {}


def register(kind: str, model: Any, event: str) -> None:
    """Mails of `kind` are about rows of `model`; `event` is the lookup from there ("invitation__event")."""
    _events[kind] = (model, event)


def knows(kind: str) -> bool:
    return kind in _events


def held(mails: Sequence[OutgoingMail]) -> dict[int, Postponed]:
    """Those of `mails` whose event is locked now, by id; one query for each kind."""
    found: dict[int, Postponed] = {}
    for kind in {mail.kind for mail in mails} & _events.keys():
        model, event = _events[kind]
        those = [mail for mail in mails if mail.kind == kind]
        rows = model.objects.across_tenants(WHY).filter(pk__in=[mail.subject_id for mail in those])
        locked = set(
            rows.filter(**{f"{event}__locked_at__isnull": False}).order_by().values_list("pk", flat=True)
        )
        found |= {mail.pk: WAIT for mail in those if mail.subject_id in locked}
    return found


def take_back(event: Any) -> None:
    """Takes mails about `event` out of the hands of workers that have written them and not yet handed them over: a
    worker meets the new state before it calls, and writes them again when they are next due.
    """
    for kind, (model, lookup) in _events.items():
        about = model.objects.of(event.tenant_id).filter(**{lookup: event}).order_by().values("pk")
        mails = OutgoingMail.objects.of(event.tenant_id).filter(kind=kind, subject_id__in=about)
        mails.filter(state=OutgoingMail.State.CLAIMED).update(state=OutgoingMail.State.QUEUED)
