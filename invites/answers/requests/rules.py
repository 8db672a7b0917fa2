"""Whether an invitee may ask, and for whom: read only."""

from django.core.cache import cache
from django.db.models import Exists, OuterRef, Q

from events.gatherings.attending import SubstituteRule
from events.gatherings.models import Event
from invites.answers.requests.models import AnswerRequest
from invites.invitations.models import Invitation, InvitationQuerySet, Reply, Representative

TRIES = 5  # addresses refused for one invitation in a day; from then on none is looked up
A_DAY = 24 * 60 * 60


def on(event: Event) -> bool:
    """Whether anything can still be asked or decided about `event`."""
    return event.state == Event.State.PUBLISHED and not event.has_begun and not event.is_locked


def late(event: Event) -> bool:
    """The deadline passed, and the meeting is still ahead: answers become requests."""
    return on(event) and event.answers_closed


def may_name(invitation: Invitation) -> bool:
    """Whether somebody may be named to come instead: no organisation (it names its people anyway), no stand-in."""
    event = invitation.event
    if invitation.revoked_at or invitation.for_organisation or invitation.stands_in_for_id:
        return False
    return event.substitutes != SubstituteRule.NONE and on(event)


def stand_ins(invitation: Invitation) -> InvitationQuerySet:
    """Those who come instead of the invitee now, or have not said no: at most one."""
    rows = Invitation.objects.of(invitation.tenant_id).valid().filter(stands_in_for=invitation)
    return rows.exclude(reply=Reply.DECLINED)


def replaced() -> Exists:
    """For filters on invitations: somebody comes instead."""
    rows = Invitation.objects.across_tenants("a stand-in belongs to the same tenant").valid()
    return Exists(rows.filter(stands_in_for=OuterRef("pk")).exclude(reply=Reply.DECLINED).order_by())


def is_known(invitation: Invitation, address: str, *, but: AnswerRequest | None = None) -> bool:
    """Whether `address` has to do with the event already: invited at any time, named, or asked for by somebody else.

    The page tells the invitee the same words whatever the reason, and stops looking after TRIES in a day, so that
    nobody can find out by trying who else is invited.
    """
    tenant, event = invitation.tenant_id, invitation.event_id
    asked = AnswerRequest.objects.of(tenant).filter(invitation__event=event, email__iexact=address)
    asked = asked.pending().exclude(invitation=invitation)
    if but:
        asked = asked.exclude(pk=but.pk)
    return (
        Invitation.objects.of(tenant).filter(event=event, contact__email__iexact=address).exists()
        or Representative.objects.of(tenant).filter(invitation__event=event, email__iexact=address).exists()
        or asked.exists()
    )


def is_invited(invitation: Invitation, address: str) -> bool:
    """For staff, who may know: whether `address` holds a valid invitation to the event."""
    rows = Invitation.objects.of(invitation.tenant_id).valid()
    return rows.filter(Q(event=invitation.event_id), Q(contact__email__iexact=address)).exists()


def tried_enough(invitation: Invitation) -> bool:
    return int(cache.get(_key(invitation), 0)) >= TRIES


def note_try(invitation: Invitation) -> None:
    """One more address that could not be taken."""
    key = _key(invitation)
    cache.add(key, 0, timeout=A_DAY)
    try:
        cache.incr(key)
    except ValueError:  # it ran out between the two lines
        cache.set(key, 1, timeout=A_DAY)


def _key(invitation: Invitation) -> str:
    return f"substitute-tries:{invitation.pk}"
