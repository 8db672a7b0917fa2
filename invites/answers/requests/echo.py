"""When somebody who was to come instead says no, whoever named them is told. Called where answers are written."""

from invites.invitations.models import Invitation, Reply
from invites.post import outbox


def of(invitation: Invitation, reply: str) -> None:
    """Queues one mail to the invitee, once however often the stand-in changes the answer. For the transaction that
    takes the answer; does nothing, and asks nothing of the database, for anybody who stands in for nobody.
    """
    if not invitation.stands_in_for_id or reply != Reply.DECLINED:
        return
    rows = Invitation.objects.of(invitation.tenant_id).valid().filter(pk=invitation.stands_in_for_id)
    addresses = [email for email in rows.values_list("contact__email", flat=True) if email]
    outbox.enqueue(
        "substitute_lost",
        tenant=invitation.tenant,
        items=[(invitation.pk, address) for address in addresses],
    )
