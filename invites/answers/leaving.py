"""What is known of an invitee only while a yes stands, and is forgotten with it: rooms name here what forgets it.

An organiser who asks again after the time changed takes the answers back, not what was told: the next yes finds it.
"""

from collections.abc import Callable

from invites.invitations.models import Invitation, Reply

COMING = frozenset({Reply.ACCEPTED, Reply.WAITING})  # who waits for a seat has said yes, too
Forget = Callable[[Invitation], None]

_forget: list[Forget] = []


def register(forget: Forget) -> Forget:
    """`forget(invitation)` runs in the transaction of an answer that takes a yes back; must do no harm twice."""
    _forget.append(forget)
    return forget


def told_more(invitation: Invitation) -> None:
    """Notes that something lies beside the answer, so that an answer of whoever told nothing need not look for it."""
    Invitation.objects.of(invitation.tenant_id).filter(pk=invitation.pk).update(told_more=True)


def left(invitation: Invitation, *, reply: str) -> None:
    """Forgets when `reply`, which now stands, is no yes. Where nothing lies beside the answer, and with a yes, it asks
    the database nothing. What two answers at once leave behind goes with the daily jobs.
    """
    if invitation.told_more and reply not in COMING:
        for forget in _forget:
            forget(invitation)
        Invitation.objects.of(invitation.tenant_id).filter(pk=invitation.pk).update(told_more=False)
