"""What a locked event means for its invitations: their links are closed, their mails wait (ADR 0027)."""

from events.gatherings import locking
from events.tenancy import closed
from events.tokens import digest
from invites.invitations.models import Invitation
from invites.invitations.truth import MAILS
from invites.post import subjects


@closed.register
def leads_to_a_locked_event(token: str) -> bool:
    """Not for a link that is dead anyway: it stays as unknown as any other."""
    rows = Invitation.objects.across_tenants("the link names its own row").known()
    return rows.filter(token_hash=digest(token), event__locked_at__isnull=False).exists()


locking.register(subjects.take_back)
for kind in MAILS:
    subjects.register(kind, Invitation, event="event", contact="contact")
