"""Mails that are not handed over yet, when what they say has changed: taken out of a worker's hands, or called off."""

from django.utils import timezone

from events.gatherings.models import Event
from invites.invitations.models import Invitation
from invites.invitations.telling.people import ABOUT_INVITATION, SAYING_WHEN
from invites.post.models import OutgoingMail, OutgoingMailQuerySet
from invites.post.series import UNSENT

State = OutgoingMail.State


def write_anew(event: Event) -> int:
    """Mails that a worker has written but not handed over are written once more, with what holds now.

    The worker finds that they are no longer its own (calling.begin). Call it before asking who was reached: what
    it does not catch is being handed over, so its recipient counts as reached.
    """
    held = _mails(event, SAYING_WHEN).filter(state=State.CLAIMED)
    return held.update(state=State.QUEUED, due_at=timezone.now())


def call_off(event: Event) -> int:
    """No mail about an invitation to `event` that is not handed over yet goes out any more."""
    unsent = _mails(event, ABOUT_INVITATION).filter(state__in=UNSENT)
    return unsent.update(state=State.CANCELLED, settled_at=timezone.now(), problem="")


def _mails(event: Event, kinds: tuple[str, ...]) -> OutgoingMailQuerySet:
    invited = Invitation.objects.of(event.tenant_id).filter(event=event).order_by().values("pk")
    return OutgoingMail.objects.of(event.tenant_id).filter(kind__in=kinds, subject_id__in=invited)
