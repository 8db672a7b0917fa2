"""What an organiser decides about a mail in trouble. Both moves are conditional, so a double click does no harm."""

import uuid

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events import audit
from events.tenancy.models import User
from invites.post import outbox
from invites.post.models import OutgoingMail, OutgoingMailQuerySet

State = OutgoingMail.State


class NotAllowed(Exception):
    """The mail is not in a state that this may be done to; somebody was here before."""


@transaction.atomic
def send_again(mail: OutgoingMail, *, by: User) -> None:
    """Queues a failed mail, or one of unknown fate, as a new delivery of the same row, and wakes the workers.

    The composer still has its say: nothing goes out for an event that was cancelled or has begun. Raises NotAllowed.
    """
    moved = _in(
        mail, State.FAILED, State.UNKNOWN
    ).update(
        state=State.QUEUED,
        delivery_id=uuid.uuid4(),  # what the provider still says about the first delivery is not about this one
        due_at=timezone.now(),
        give_up_at=None,  # a day from now, or what its composer says
        attempts=0,
        crashes=0,
        claimed_by="",
        settled_at=None,
        problem="",
    )
    if not moved:
        raise NotAllowed
    audit.record("mail.sent_again", mail, by=by, kind=mail.kind)
    transaction.on_commit(lambda: outbox.wake(1))


@transaction.atomic
def treat_as_sent(mail: OutgoingMail, *, by: User) -> None:
    """Settles a mail of unknown fate as sent: the recipient has it, or it is no longer needed. Raises NotAllowed."""
    if not _in(mail, State.UNKNOWN).update(state=State.ACCEPTED, settled_at=timezone.now(), problem=""):
        raise NotAllowed
    audit.record("mail.treated_as_sent", mail, by=by, kind=mail.kind)


def _in(mail: OutgoingMail, *states: str) -> OutgoingMailQuerySet:
    return OutgoingMail.objects.of(mail.tenant_id).filter(pk=mail.pk, state__in=states)


audit.register(
    {
        "mail.sent_again": _("%(who)s sent a mail again that had not arrived."),
        "mail.treated_as_sent": _("%(who)s settled that a mail of unknown fate was sent."),
    }
)
