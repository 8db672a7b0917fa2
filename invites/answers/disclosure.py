"""What others see of an invitee's answer, said before it is given; and what the invitee sees of the others.

Both are the event's matrix: the words of `promises`, and the engine's `guests`. Labels are in the active language.
"""

from typing import Any

from django.db.models import Q

from events.gatherings.models import Event
from events.gatherings.visibility import Audience, GuestFacts, SeenGuests, guests, line, sight
from invites.invitations import promises
from invites.invitations.models import Invitation, Reply
from invites.invitations.notices import audience_of

LISTED = (Reply.ACCEPTED, Reply.TENTATIVE)
MOST = 200  # rows on a page that a phone loads in a mosque's cellar (30 kB)


def facts(invitation: Invitation) -> dict[str, Any]:
    """For `answers/_who_sees.html`. No query."""
    event = invitation.event
    return {
        "host": line(event.tenant.name),
        "who_sees": list(promises.who_sees(event, for_organisation=invitation.for_organisation)),
        "count_told": promises.count_told(event),
        "ex_officio": promises.ex_officio(event),
        "unlisted": invitation.unlisted,
    }


def guest_list(invitation: Invitation) -> dict[str, Any]:
    """For `answers/_guests.html`: what the invitee may see of the guests now. At most two queries."""
    return of_event(invitation.event, audience_of(invitation), viewer=invitation)


def of_event(event: Event, audience: Audience, *, viewer: Invitation | None = None) -> dict[str, Any]:
    """The guests of `event` as `audience` may see them. One query, none where it may see nothing."""
    if not sight(event, audience):
        return _on_page(SeenGuests())
    return _on_page(guests(event, audience, known(event, viewer=viewer)))


def known(event: Event, *, viewer: Invitation | None = None) -> list[GuestFacts]:
    """All who come or may come, as the organiser knows them: for the engine, never for a page. One query."""
    rows = Invitation.objects.of(event.tenant_id).valid().filter(Q(event=event), reply__in=LISTED)
    return [_known(row, viewer) for row in rows.select_related("contact__organisation").order_by()]


def _known(row: Invitation, viewer: Invitation | None) -> GuestFacts:
    contact = row.contact
    own = not row.for_organisation  # else the contact answers for an organisation, and others come
    return GuestFacts(
        name=contact.name if own else "",
        organisation=contact.organisation.name if contact.organisation else "",
        role=contact.role if own else "",
        email=contact.email if own else "",
        phone=contact.phone if own else "",
        answer=str(row.get_reply_display()),
        comes=row.reply == Reply.ACCEPTED,
        may_come=row.reply == Reply.TENTATIVE,
        seats=row.party,
        unlisted=row.unlisted,
        is_self=viewer is not None and row.pk == viewer.pk,
    )


def _on_page(found: SeenGuests) -> dict[str, Any]:
    return {
        "people": found.people[:MOST],
        "organisations": found.organisations[:MOST],
        "count": found.count,
        "few": found.few,
        "is_cut": max(len(found.people), len(found.organisations)) > MOST,
        "any": bool(found.people or found.organisations or found.count or found.few),
    }
