"""Mails of one series about one subject: the newest wins, and what was not sent can be taken back.

Newer is the higher revision, and of two kinds with the same revision the one that was queued later.
"""

from collections.abc import Collection, Iterator

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from events.tenancy.models import Tenant
from invites.post.models import OutgoingMail, OutgoingMailQuerySet

State = OutgoingMail.State
UNSENT = (State.QUEUED, State.CLAIMED)
REACHED = (State.CALLING, State.ACCEPTED, State.UNKNOWN)
AT_ONCE = 500  # ids a statement
NEWER = "a newer mail says it"


def supersede(series: str, *, tenant: Tenant | int, subject_ids: Collection[int]) -> int:
    """Unsent mails about these subjects that a newer one of the series replaces; returns how many. Any may be claimed:
    its worker meets the new state before it calls.
    """
    moved = 0
    for those in _chunks(subject_ids):
        mails = _about(tenant, series, those).filter(Exists(_newer_than_outer()), state__in=UNSENT)
        moved += mails.update(state=State.SUPERSEDED, settled_at=timezone.now(), problem=NEWER)
    return moved


@transaction.atomic
def cancel_unsent(
    *,
    tenant: Tenant | int,
    subject_ids: Collection[int],
    series: str = "",
    kinds: Collection[str] = (),
    why: str = "",
) -> set[int]:
    """Takes back what waits to be sent about these subjects, of a `series` or of `kinds`, also from a worker's hands.

    Returns the subjects that had such mails and none that was handed over: they never got anything. What is being
    handed over now is not taken back. A second call takes back nothing and returns nothing.
    """
    cancelled: set[int] = set()
    for those in _chunks(subject_ids):
        unsent = _about(tenant, series, those, kinds).filter(state__in=UNSENT)
        had = set(unsent.order_by().values_list("subject_id", flat=True))
        if unsent.update(state=State.CANCELLED, settled_at=timezone.now(), problem=why[:300]):
            cancelled |= had - _reached(tenant, series, those, kinds)
    return cancelled


def reached(series: str, *, tenant: Tenant | int, subject_ids: Collection[int]) -> set[int]:
    """Those of the subjects who got a mail of the series, may have got one, or are getting one now."""
    found: set[int] = set()
    for those in _chunks(subject_ids):
        found |= _reached(tenant, series, those, ())
    return found


def newer_exists(mail: OutgoingMail) -> bool:
    others = _about(mail.tenant_id, mail.series, [mail.subject_id])
    later = Q(revision__gt=mail.revision) | Q(revision=mail.revision, pk__gt=mail.pk)
    return bool(mail.series) and others.filter(later).exists()


def being_called(mail: OutgoingMail) -> bool:
    """Whether another mail of its series about its subject is in a worker's call."""
    others = _about(mail.tenant_id, mail.series, [mail.subject_id]).exclude(pk=mail.pk)
    return bool(mail.series) and others.filter(state=State.CALLING).exists()


def _newer_than_outer() -> OutgoingMailQuerySet:
    same = OutgoingMail.objects.across_tenants("the outer query names the tenant").filter(
        tenant=OuterRef("tenant"), series=OuterRef("series"), subject_id=OuterRef("subject_id")
    )
    later = Q(revision__gt=OuterRef("revision")) | Q(revision=OuterRef("revision"), pk__gt=OuterRef("pk"))
    return same.filter(later).order_by()


def _reached(tenant: Tenant | int, series: str, ids: Collection[int], kinds: Collection[str]) -> set[int]:
    mails = _about(tenant, series, ids, kinds).filter(state__in=REACHED)
    return set(mails.order_by().values_list("subject_id", flat=True))


def _about(
    tenant: Tenant | int, series: str, ids: Collection[int], kinds: Collection[str] = ()
) -> OutgoingMailQuerySet:
    mails = OutgoingMail.objects.of(tenant).filter(subject_id__in=ids)
    return mails.filter(kind__in=kinds) if kinds else mails.filter(series=series)


def _chunks(ids: Collection[int]) -> Iterator[list[int]]:
    every = list(ids)
    for start in range(0, len(every), AT_ONCE):
        yield every[start : start + AT_ONCE]
