"""What mails are about: the event and the person. The rooms above say it for each kind; this room knows neither.

Two promises rest on it: mails about a locked event wait (the kill switch, ADR 0027), and whoever asks what is held
about them, or to be forgotten, is answered for every mail (ADR 0026).
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db.models import Q

from invites.post.letters import Postponed
from invites.post.models import OutgoingMail, OutgoingMailQuerySet

WAIT = Postponed(dt.timedelta(minutes=5))
WHY = "the outbox writes for all tenants"
State = OutgoingMail.State
_subjects: dict[str, tuple[Any, str, str]] = {}


def register(kind: str, model: Any, *, event: str = "", contact: str = "") -> None:
    """Mails of `kind` are about rows of `model`; `event` and `contact` are the lookups from there to the event and to
    whoever gets the mail ("invitation__event", "invitation__contact"), "" for none.
    """
    _subjects[kind] = (model, event, contact)


def knows(kind: str) -> bool:
    return kind in _subjects


def held(mails: Sequence[OutgoingMail]) -> dict[int, Postponed]:
    """Those of `mails` whose event is locked now, by id; one query for each kind."""
    found: dict[int, Postponed] = {}
    for kind in sorted({mail.kind for mail in mails} & _subjects.keys()):
        model, event, _contact = _subjects[kind]
        those = [mail for mail in mails if mail.kind == kind]
        if event:
            rows = model.objects.across_tenants(WHY).filter(pk__in=[mail.subject_id for mail in those])
            rows = rows.filter(**{f"{event}__locked_at__isnull": False}).order_by()
            locked = set(rows.values_list("pk", flat=True))
            found |= {mail.pk: WAIT for mail in those if mail.subject_id in locked}
    return found


def take_back(event: Any) -> None:
    """Takes mails about `event` out of the hands of workers that have written them and not yet handed them over: a
    worker meets the new state before it calls, and writes them again when they are next due.
    """
    for kind, (model, lookup, _contact) in _subjects.items():
        if lookup:
            about = model.objects.of(event.tenant_id).filter(**{lookup: event}).order_by().values("pk")
            mails = OutgoingMail.objects.of(event.tenant_id).filter(kind=kind, subject_id__in=about)
            mails.filter(state=State.CLAIMED).update(state=State.QUEUED)


def mails_to(contact: Any) -> OutgoingMailQuerySet:
    """Every mail to `contact`, whatever address it had then."""
    about = Q(pk__in=[])
    for kind, (model, _event, lookup) in _subjects.items():
        if lookup:
            rows = model.objects.of(contact.tenant_id).filter(**{lookup: contact}).order_by().values("pk")
            about |= Q(kind=kind, subject_id__in=rows)
    mails: OutgoingMailQuerySet = OutgoingMail.objects.of(contact.tenant_id).filter(about)
    return mails.order_by("created_at", "pk")
