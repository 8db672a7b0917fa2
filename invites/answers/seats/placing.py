"""Where there is room: the event's seats, those of a group of its mix, and those of one organisation together.

Whoever changes seats updates the event's row first and holds it until commit. So all that is read after that, in the
same transaction, is as it stays, on SQLite and on PostgreSQL alike.
"""

from dataclasses import dataclass

from django.db.models import F, Q, Sum
from django.db.models.functions import Greatest
from django.utils import timezone

from events.gatherings.models import Event
from invites.answers.seats.models import OfferOutcome, SeatGroup, SeatOffer
from invites.invitations.models import Invitation


@dataclass(frozen=True)
class Limit:
    most: int | None
    taken: int

    @property
    def left(self) -> int | None:
        return None if self.most is None else max(self.most - self.taken, 0)


def hold(event: Event) -> None:
    """Holds the event's row until commit, so that no seat moves meanwhile."""
    Event.objects.of(event.tenant_id).filter(pk=event.pk).update(seats_taken=F("seats_taken"))


def room(invitation: Invitation, event: Event) -> int | None:
    """How many may come by this invitation, with those who hold seats by it already; None without any limit.

    Reads anew what groups and organisations hold; at most two queries.
    """
    left = [limit.left for limit in _limits(invitation, event)]
    known = [number for number in left if number is not None]
    return min(known) + invitation.seats if known else None


def could_ever_fit(invitation: Invitation, event: Event, seats: int) -> bool:
    """Whether there were room if nobody else came: who could never get in is not to wait in vain."""
    return all(limit.most is None or seats <= limit.most for limit in _limits(invitation, event))


def fits(invitation: Invitation, seats: int) -> bool:
    """Whether `seats` are free for somebody who holds none. For a transaction that holds the event's row."""
    event = Event.objects.of(invitation.tenant_id).get(pk=invitation.event_id)
    left = room(invitation, event)
    return left is None or seats <= left


def move(invitation: Invitation, more: int) -> bool:
    """Takes (or frees, below zero) seats of the group, and makes sure that the organisation has no more than it may.

    False when there are too few. No statement without groups and limits. The event's own seats are the caller's.
    """
    if not take_of_group(invitation, more):
        return False
    if more <= 0 or invitation.event.per_organisation is None:
        return True
    limit = of_organisation(invitation, invitation.event)
    return limit.left is None or more <= limit.left


def take_of_group(invitation: Invitation, more: int) -> bool:
    """Takes (or frees, below zero) seats of the invitation's group; False when it has too few left."""
    if not invitation.seat_group_id or not more:
        return True
    groups = SeatGroup.objects.of(invitation.tenant_id).filter(pk=invitation.seat_group_id)
    if more < 0:
        return bool(groups.update(taken=Greatest(F("taken") + more, 0)))
    enough = Q(most__isnull=True) | Q(taken__lte=F("most") - more)
    return bool(groups.filter(enough).update(taken=F("taken") + more))


def of_organisation(invitation: Invitation, event: Event) -> Limit:
    """What all invitations to people of the same organisation hold together."""
    organisation = invitation.contact.organisation_id if event.per_organisation is not None else None
    if organisation is None:
        return Limit(None, 0)
    rows = Invitation.objects.of(event.tenant_id).filter(event=event, contact__organisation=organisation)
    taken = rows.holding_seats().order_by().aggregate(taken=Sum("party"))["taken"]
    return Limit(event.per_organisation, taken or 0)


def recount(event: Event) -> None:
    """Counts all seats of the event anew, and ends offers whose invitation holds none any more.

    For changes of a whole event; the caller holds its row. A second call changes nothing.
    """
    rows = Invitation.objects.of(event.tenant_id).filter(event=event).holding_seats().order_by()
    by_group: dict[int | None, int] = dict(rows.values_list("seat_group").annotate(held=Sum("party")))
    Event.objects.of(event.tenant_id).filter(pk=event.pk).update(seats_taken=sum(by_group.values()))
    for group in SeatGroup.objects.of(event.tenant_id).filter(event=event):
        if group.taken != by_group.get(group.pk, 0):
            SeatGroup.objects.of(event.tenant_id).filter(pk=group.pk).update(taken=by_group.get(group.pk, 0))
    gone = SeatOffer.objects.of(event.tenant_id).filter(event=event, outcome=OfferOutcome.OPEN)
    gone = gone.filter(Q(invitation__offered_until__isnull=True) | Q(invitation__revoked_at__isnull=False))
    ids = list(gone.values_list("pk", flat=True))
    if ids:
        settled = {"outcome": OfferOutcome.WITHDRAWN, "settled_at": timezone.now()}
        SeatOffer.objects.of(event.tenant_id).filter(pk__in=ids).update(**settled)


def _limits(invitation: Invitation, event: Event) -> list[Limit]:
    found = [Limit(event.capacity, event.seats_taken), of_organisation(invitation, event)]
    if invitation.seat_group_id:
        group = SeatGroup.objects.of(event.tenant_id).get(pk=invitation.seat_group_id)
        found.append(Limit(group.most, group.taken))
    return found
