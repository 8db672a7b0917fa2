"""What an organiser decides about a mail in trouble. Every move is conditional, so a double click does no harm."""

import contextlib
import uuid
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events import audit
from events.tenancy.models import Tenant, User
from invites.post import outbox
from invites.post.models import RETURNED, OutgoingMail, OutgoingMailQuerySet
from invites.post.provider_models import FormerDelivery

State = OutgoingMail.State
AT_ONCE = 1000  # mails settled by one press of a button


class NotAllowed(Exception):
    """The mail is not in a state that this may be done to; somebody was here before."""


@transaction.atomic
def send_again(mail: OutgoingMail, *, by: User, to: str = "") -> None:
    """Queues a mail that failed, came back or is of unknown fate as a new delivery of the same row; wakes the workers.

    `to` is a corrected address. What is still told of the former delivery finds the mail, but does not speak for this
    one (ADR 0010). The composer still has its say: nothing goes out for an event that was cancelled or has begun.
    Raises NotAllowed.
    """
    _queue_again(mail, by=by, to=to)
    transaction.on_commit(lambda: outbox.wake(1))


@transaction.atomic
def repeat(mail: OutgoingMail) -> bool:
    """Queues a mail that was sent as a new delivery of the same row: its recipient's calendar asked for it.

    False when it is not a mail that was sent and arrived, or somebody repeated it since it was read. The composer still
    has its say. Wakes the workers.
    """
    sent = _of(mail).filter(state=State.ACCEPTED, delivery_id=mail.delivery_id).exclude(_sendable())
    if not _requeue(sent, mail):
        return False
    transaction.on_commit(lambda: outbox.wake(1))
    return True


def _queue_again(mail: OutgoingMail, *, by: User, to: str = "") -> None:
    if not _requeue(_of(mail).filter(_sendable(), delivery_id=mail.delivery_id), mail, to=to):
        raise NotAllowed
    audit.record("mail.sent_again", mail, by=by, kind=mail.kind)


def _requeue(rows: OutgoingMailQuerySet, mail: OutgoingMail, *, to: str = "") -> bool:
    """Makes `mail`, if it is still among `rows`, a new delivery; the former one stays known."""
    moved = rows.update(
        state=State.QUEUED,
        delivery_id=uuid.uuid4(),
        to_address=to or mail.to_address,
        due_at=timezone.now(),
        give_up_at=None,  # a day from now, or what its composer says
        attempts=0,
        crashes=0,
        claimed_by="",
        settled_at=None,
        dealt_with_at=None,
        problem="",
        delivery="",
        delivery_at=None,
        delivery_detail="",
    )
    if moved:
        FormerDelivery.objects.create(delivery_id=mail.delivery_id, mail=mail)
    return bool(moved)


@transaction.atomic
def treat_as_sent(mail: OutgoingMail, *, by: User) -> None:
    """Settles a mail of unknown fate as sent: the recipient has it, or it is no longer needed. Raises NotAllowed."""
    unknown = _of(mail).filter(state=State.UNKNOWN)
    if not unknown.update(state=State.ACCEPTED, settled_at=timezone.now(), problem=""):
        raise NotAllowed
    audit.record("mail.treated_as_sent", mail, by=by, kind=mail.kind)


@transaction.atomic
def deal_with(mail: OutgoingMail, *, by: User) -> None:
    """Takes a mail that did not arrive off the list: the recipient was called, say. Raises NotAllowed."""
    open_ones = _of(mail).in_trouble().exclude(state=State.UNKNOWN)
    if not open_ones.update(dealt_with_at=timezone.now()):
        raise NotAllowed
    audit.record("mail.dealt_with", mail, by=by, kind=mail.kind)


@transaction.atomic
def settle_unknown(tenant: Tenant, *, by: User, ids: Iterable[int] | None, again: bool) -> int:
    """Sends many mails of unknown fate again, or treats them as sent; returns how many moved. None means all.

    What somebody else settled meanwhile is left alone; what is beyond AT_ONCE is left for a second call.
    """
    mails = OutgoingMail.objects.of(tenant).in_trouble().filter(state=State.UNKNOWN).order_by("pk")
    if ids is not None:
        mails = mails.filter(pk__in=list(ids)[:AT_ONCE])
    move, moved = _queue_again if again else treat_as_sent, 0
    for mail in mails[:AT_ONCE]:
        with contextlib.suppress(NotAllowed):
            move(mail, by=by)
            moved += 1
    if moved and again:
        transaction.on_commit(lambda: outbox.wake(moved))
    return moved


def _sendable() -> Q:
    """As `OutgoingMail.may_be_sent_again`, for the database."""
    returned = Q(state=State.ACCEPTED, delivery__in=RETURNED)
    return returned | Q(state__in=(State.FAILED, State.UNKNOWN))


def _of(mail: OutgoingMail) -> OutgoingMailQuerySet:
    return OutgoingMail.objects.of(mail.tenant_id).filter(pk=mail.pk)


audit.register(
    {
        "mail.sent_again": _("%(who)s sent a mail again that had not arrived."),
        "mail.treated_as_sent": _("%(who)s settled that a mail of unknown fate was sent."),
        "mail.dealt_with": _("%(who)s dealt with a mail that had not arrived."),
    }
)
