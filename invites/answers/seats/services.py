"""What the organiser decides about seats: how many, for whom, and who of those waiting goes next."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Max, Q
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events import audit
from events.directory.groups.rules import Rule
from events.gatherings.attending import WaitlistMode
from events.gatherings.models import Event
from events.gatherings.refusals import TooFewSeats
from events.tenancy.models import User
from invites.answers.seats import grouping, handing, placing
from invites.answers.seats.choosing import Choice
from invites.answers.seats.models import OfferReason, SeatGroup
from invites.invitations.models import Invitation, Mode, Reply

SETTINGS = ("capacity", "waitlist", "per_organisation", "companions", "substitutes")


class NameTaken(Exception):
    """The event has a group of that name already. Nothing was written."""


class NotOffered(Exception):
    """No seat can be handed on now, nobody waits any more by this invitation, or there is no seat that fits."""


@transaction.atomic
def set_seats(event: Event, *, by: User | None, facts: Mapping[str, Any]) -> Event:
    """Writes the rules for seats; `facts` are of SETTINGS. Seats that are new go to those who wait, at once.

    Nobody loses a seat by this: raises TooFewSeats for a number below the seats that are held (see `reduce`); fewer
    companions or seats for one organisation count for new answers alone. The same facts again change nothing.
    """
    if unknown := set(facts) - set(SETTINGS):
        raise TypeError(f"not about seats: {sorted(unknown)}")
    placing.hold(event)
    event.refresh_from_db()
    if all(getattr(event, name) == value for name, value in facts.items()):
        return event
    capacity = facts.get("capacity", event.capacity)
    if capacity is not None and capacity < event.seats_taken:
        raise TooFewSeats(event.seats_taken)
    rows = Event.objects.of(event.tenant_id).filter(pk=event.pk)
    rows.update(**facts, changed_at=timezone.now())
    event.refresh_from_db()
    people = Invitation.objects.of(event.tenant_id).filter(event=event, for_organisation=False)
    people.update(quota=Greatest(1 + event.companions, F("party")))
    handing.hand_on(event)
    audit.record("seats.changed", event, by=by, title=event.title)
    return event


@transaction.atomic
def reduce(event: Event, *, by: User | None, capacity: int, chosen: Iterable[int]) -> int:
    """Fewer seats than are held: of `chosen` (invitations' ids) those who said yes go to the waiting list, told so.

    They wait since they said yes. Returns how many. Raises TooFewSeats, and writes nothing, when that is not enough.
    What is left over goes to those who wait. A second call finds them waiting and moves nobody more.
    """
    placing.hold(event)
    event.refresh_from_db()
    now, moved = timezone.now(), 0
    for row in with_seats(event).filter(pk__in=list(chosen), reply=Reply.ACCEPTED):
        seats, since = row.seats, row.said_at or row.replied_at or now
        if handing.append(row, Reply.WAITING, now, waiting_since=since):
            release(row, event, seats)
            moved += 1
    rows = Event.objects.of(event.tenant_id).filter(pk=event.pk)
    if moved:
        rows.update(somebody_waits=True)
    if not rows.filter(seats_taken__lte=capacity).update(capacity=capacity, changed_at=now):
        raise TooFewSeats(rows.get().seats_taken)
    handing.hand_on(event)
    if moved or event.capacity != capacity:
        audit.record("seats.reduced", event, by=by, title=event.title, number=moved)
    event.refresh_from_db()
    return moved


@transaction.atomic
def save_group(
    event: Event,
    group: SeatGroup | None = None,
    *,
    by: User | None,
    name: str,
    rule: Rule | None,
    target: int | None = None,
    most: int | None = None,
) -> SeatGroup:
    """A group of the mix, new or changed; everybody is put into the groups anew. A second call changes nothing.

    Raises NameTaken, TooManyInGroup (nothing is written), ValueError for a target above the most.
    """
    if target is not None and most is not None and target > most:
        raise ValueError("a target above the most that the group may have")
    placing.hold(event)
    facts = {"name": name, "stored_rule": rule.as_json() if rule else {}, "target": target, "most": most}
    groups = SeatGroup.objects.of(event.tenant_id).filter(event=event)
    if group is not None and all(getattr(group, key) == value for key, value in facts.items()):
        return group
    others = groups.exclude(pk=group.pk) if group else groups
    if others.filter(name=name).exists():
        raise NameTaken
    if group is None:
        last = groups.aggregate(last=Max("position"))["last"] or 0
        group = SeatGroup(tenant_id=event.tenant_id, event=event, position=last + 1)
    for key, value in facts.items():
        setattr(group, key, value)
    group.taken, limit = 0, group.most
    group.most = None  # the limit is asked of the members it has after this
    group.save()
    group.most = limit
    _regroup(event, group)
    audit.record("seat_group.saved", event, by=by, title=event.title, name=name)
    return group


@transaction.atomic
def remove_group(group: SeatGroup, *, by: User | None) -> bool:
    """Its members go into the next group that fits, or none; their seats stay. False when it was gone already."""
    event = group.event
    placing.hold(event)
    rows = Invitation.objects.of(event.tenant_id).filter(event=event, seat_group=group)
    rows.update(seat_group=None, grouped_by_hand=False)
    if not SeatGroup.objects.of(event.tenant_id).filter(pk=group.pk).delete()[0]:
        return False
    grouping.regroup(event)
    handing.hand_on(event)
    audit.record("seat_group.removed", event, by=by, title=event.title, name=group.name)
    return True


@transaction.atomic
def put_in_group(invitation: Invitation, *, by: User | None, group: SeatGroup | None) -> bool:
    """By hand, which no rule changes again; None takes it out of all. False when it is so already.

    Raises TooManyInGroup when the group has no room for the seats it holds, ValueError for another event's group.
    """
    if group and (group.tenant_id, group.event_id) != (invitation.tenant_id, invitation.event_id):
        raise ValueError("the group belongs to another event")
    event = invitation.event
    placing.hold(event)
    rows = Invitation.objects.of(invitation.tenant_id).filter(pk=invitation.pk)
    if rows.filter(seat_group=group, grouped_by_hand=True).exists():
        return False
    rows.update(seat_group=group, grouped_by_hand=True)
    grouping.count(event)
    handing.hand_on(event)
    audit.record("seat_group.chosen", invitation, by=by, title=event.title)
    return True


@transaction.atomic
def offer_now(invitation: Invitation, *, by: User | None) -> bool:
    """Offers (or gives, where that is automatic) the next free seats to this one; False when they have an offer.

    Raises NotOffered. Needs `invitation.event`.
    """
    placing.hold(invitation.event)
    event = Event.objects.of(invitation.tenant_id).select_related("tenant").get(pk=invitation.event_id)
    if Invitation.objects.of(event.tenant_id).valid().filter(pk=invitation.pk).exclude(offered_until=None):
        return False
    one = next((each for each in handing.waiting(event) if each.pk == invitation.pk), None)
    if one is None or not handing.open_for_offers(event) or not handing.board(event).fits(one):
        raise NotOffered
    choice = Choice(one, OfferReason.BY_HAND, {})
    if not handing.give(event, choice, at_once=event.waitlist == WaitlistMode.AUTOMATIC):
        raise NotOffered
    audit.record("seat.offered_by_hand", invitation, by=by, title=event.title)
    return True


@transaction.atomic
def move_up(invitation: Invitation, *, by: User | None) -> bool:
    """To the head of the waiting list; False when it stands there already, or waits no more."""
    placing.hold(invitation.event)
    rows = Invitation.objects.of(invitation.tenant_id).filter(event=invitation.event_id).waiting()
    highest = rows.aggregate(rank=Max("waiting_rank"))["rank"] or 0
    if not rows.filter(Q(waiting_rank__lt=highest) | Q(waiting_rank=0), pk=invitation.pk).update(
        waiting_rank=highest + 1
    ):
        return False
    audit.record("seat.moved_up", invitation, by=by, title=invitation.event.title)
    return True


def with_seats(event: Event) -> Any:
    """Those who hold seats, with all that moving them needs."""
    rows = Invitation.objects.of(event.tenant_id).filter(event=event).holding_seats()
    return rows.exclude(mode=Mode.ONLINE).select_related(
        "event", "contact__organisation", "seat_group", "tenant"
    )


def release(row: Invitation, event: Event, seats: int) -> None:
    """Frees seats that the invitation holds no more. The caller holds the event's row."""
    rows = Event.objects.of(event.tenant_id).filter(pk=event.pk)
    rows.update(seats_taken=Greatest(F("seats_taken") - seats, 0))
    placing.take_of_group(row, -seats)


def _regroup(event: Event, group: SeatGroup) -> None:
    limit = group.most
    grouping.regroup(event)
    group.refresh_from_db()
    if limit is not None and group.taken > limit:
        raise grouping.TooManyInGroup(group, group.taken)
    try:
        with transaction.atomic():
            SeatGroup.objects.of(event.tenant_id).filter(pk=group.pk).update(most=limit)
    except IntegrityError as error:
        raise grouping.TooManyInGroup(group, group.taken) from error
    group.most = limit
    handing.hand_on(event)


audit.register(
    {
        "seats.changed": _("%(who)s changed the rules for seats of “%(title)s”."),
        "seats.reduced": _(
            "%(who)s reduced the seats of “%(title)s”; invitations moved to the waiting list: %(number)s."
        ),
        "seat_group.saved": _("%(who)s saved the group “%(name)s” of “%(title)s”."),
        "seat_group.removed": _("%(who)s removed the group “%(name)s” of “%(title)s”."),
        "seat_group.chosen": _("%(who)s put an invitation to “%(title)s” into a group by hand."),
        "seat.offered_by_hand": _("%(who)s chose who gets the next seat at “%(title)s”."),
        "seat.moved_up": _("%(who)s moved an invitee up the waiting list of “%(title)s”."),
    }
)
