"""What the organiser decides about a message that waits: it counts as an answer, or it is set aside. Each once."""

from dataclasses import replace

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events import audit
from events.tenancy.models import User
from invites.answers import services as answers
from invites.answers.models import AnswerSource
from invites.invitations.models import Invitation, Reply
from invites.replies.answering import coming, comment_of
from invites.replies.keeping import said
from invites.replies.models import InboundMail, InboundState, Topic

CAN_COUNT = frozenset({Topic.ANSWER, Topic.SUGGESTION, Topic.MESSAGE})


class DecidedBefore(Exception):
    """Somebody was here before, or the message does not wait."""


class Forgotten(Exception):
    """What was said is no longer kept, so nobody knows which time it was meant for."""


@transaction.atomic
def apply_held(row: InboundMail, *, reply: str, by: User) -> None:
    """Counts the message as the answer `reply` of the one who was invited, recorded by `by`, and queues the receipt.

    It answers to the time it was meant for. Raises DecidedBefore, Forgotten, ValueError for an answer that is none, and
    what `answers.services.answer` raises (Full, Closed, Moved); then the message goes on waiting.
    """
    if reply not in (Reply.ACCEPTED, Reply.TENTATIVE, Reply.DECLINED):
        raise ValueError("an invitee says yes, maybe or no")
    _settle(row, InboundState.APPLIED, by)
    known = said(row)
    if known is None:
        raise Forgotten
    invitation, meant = _invitation(row), replace(known, reply=reply)
    answers.answer(
        invitation,
        reply=reply,
        comment=comment_of(invitation, meant),
        coming=coming(invitation, meant),
        source=AnswerSource.STAFF,
        by=by,
        to_sequence=known.sequence,
    )
    audit.record("reply.applied", invitation, by=by, title=invitation.event.title)


@transaction.atomic
def dismiss(row: InboundMail, *, by: User) -> None:
    """Sets the message aside: it has been read, or is of no use. Raises DecidedBefore."""
    _settle(row, InboundState.DISMISSED, by)
    invitation = _invitation(row)
    audit.record("reply.dismissed", invitation, by=by, title=invitation.event.title)


def _settle(row: InboundMail, state: InboundState, by: User) -> None:
    """What was said is emptied: it stands in the answer now, or nobody wants it."""
    waiting = InboundMail.objects.waiting().filter(pk=row.pk)
    if not waiting.update(state=state, settled_at=timezone.now(), settled_by=by, said=None):
        raise DecidedBefore


def _invitation(row: InboundMail) -> Invitation:
    """Whoever waits has one."""
    rows = Invitation.objects.across_tenants("the row belongs to the tenant of its invitation")
    return rows.select_related("event__tenant", "contact", "tenant").get(inbound=row.pk)


audit.register(
    {
        "reply.applied": _("%(who)s counted a message to “%(title)s” as an answer."),
        "reply.dismissed": _("%(who)s set a message to “%(title)s” aside."),
    }
)
