"""What the page "Seats" tells: the mix in numbers and bars, the waiting list with its order and reasons. Read only."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from events.gatherings.models import Event
from invites.answers.seats import choosing, handing, services
from invites.answers.seats.models import OfferOutcome, SeatGroup, SeatOffer
from invites.invitations.models import Invitation, Reply

CELLS = 20


@dataclass(frozen=True)
class Gauge:
    """One part of the mix. `bar` is drawn in letters, so that it can be read without colour; "" without a measure."""

    pk: int | None
    name: str
    taken: int
    target: int | None
    most: int | None
    waiting: int
    invited: int
    bar: str


@dataclass(frozen=True)
class Place:
    """Somebody on the waiting list."""

    pk: int
    number: int
    name: str
    organisation: str
    people: int
    since: dt.datetime
    group: str
    why: str
    until: dt.datetime | None = None  # a seat is offered


def bar(taken: int, of: int | None) -> str:
    """ "■■■□□": seats held, of those there should be (or may be). More than that is shown as full."""
    if not of:
        return ""
    cells = min(of, CELLS)
    full = min(round(taken * cells / of), cells)
    full = max(full, 1) if taken else 0
    return "■" * full + "□" * (cells - full)


def gauges(event: Event) -> list[Gauge]:
    """The groups in their order, and who is in none; two queries. Empty when there are no groups."""
    valid = Q(invitations__revoked_at__isnull=True)
    groups = list(
        SeatGroup.objects.of(event.tenant_id)
        .filter(event=event)
        .annotate(
            invited=Count("invitations", filter=valid),
            waiting=Count("invitations", filter=valid & Q(invitations__reply=Reply.WAITING)),
        )
    )
    return [*map(_gauge, groups), _others(event, groups)] if groups else []


def waiting_list(event: Event) -> list[Place]:
    """Offered seats first, the soonest to lapse before; then the others in the order they would be chosen in now."""
    rows = Invitation.objects.of(event.tenant_id).valid().filter(event=event, reply=Reply.WAITING)
    known = {row.pk: row for row in rows.select_related("contact__organisation", "seat_group")}
    offers = SeatOffer.objects.of(event.tenant_id).filter(event=event, outcome=OfferOutcome.OPEN)
    found = [(offer.invitation_id, offer.why()) for offer in offers.order_by("until", "pk")]
    board, hopefuls = handing.board(event), handing.waiting(event)
    for one in choosing.in_order(hopefuls, board):
        reason, facts = choosing.why(one, board)
        found.append((one.pk, SeatOffer(reason=reason, facts=facts).why()))
    return [
        _place(event, known[pk], number, why)
        for number, (pk, why) in enumerate(found, start=1)
        if pk in known
    ]


def handed_on(event: Event, most: int) -> list[tuple[dt.datetime, SeatOffer]]:
    """The newest seats that were given or offered, with their invitees, each with its moment on the event's clock."""
    rows = SeatOffer.objects.of(event.tenant_id).filter(event=event).exclude(outcome=OfferOutcome.OPEN)
    newest = rows.select_related("invitation__contact").order_by("-offered_at", "-pk")[:most]
    return [(event.local(offer.offered_at), offer) for offer in newest]


def suggested(event: Event, capacity: int, rows: Iterable[Invitation]) -> list[int]:
    """Who might go to the waiting list when seats are fewer: of groups above their target first, the latest yes first.

    As many as it takes; ids of invitations.
    """
    over, ids = event.seats_taken - capacity, []
    latest = sorted(rows, key=lambda row: (row.said_at or row.replied_at, row.pk), reverse=True)
    for row in sorted(latest, key=lambda row: not _is_over(row.seat_group)):
        if over <= 0:
            break
        ids.append(row.pk)
        over -= row.seats
    return ids


def those_with_seats(event: Event) -> list[Any]:
    """Who said yes and holds seats, the latest first."""
    rows = services.with_seats(event).filter(reply=Reply.ACCEPTED)
    return list(rows.order_by("-said_at", "-replied_at", "-pk"))


def _is_over(group: SeatGroup | None) -> bool:
    return group is not None and group.target is not None and group.taken > group.target


def _gauge(group: Any) -> Gauge:
    measure = group.target or group.most
    return Gauge(
        group.pk,
        group.name,
        group.taken,
        group.target,
        group.most,
        group.waiting,
        group.invited,
        bar(group.taken, measure),
    )


def _others(event: Event, groups: list[Any]) -> Gauge:
    rows = Invitation.objects.of(event.tenant_id).valid().filter(event=event, seat_group=None)
    numbers = rows.aggregate(waiting=Count("pk", filter=Q(reply=Reply.WAITING)), invited=Count("pk"))
    taken = max(event.seats_taken - sum(group.taken for group in groups), 0)
    return Gauge(None, _("In no group"), taken, None, None, numbers["waiting"], numbers["invited"], "")


def _place(event: Event, row: Invitation, number: int, why: str) -> Place:
    contact, since = row.contact, row.waiting_since
    return Place(
        pk=row.pk,
        number=number,
        name=contact.name,
        organisation=contact.organisation.name if contact.organisation else "",
        people=row.party,
        since=event.local(since) if since else event.local(row.invited_at),
        group=row.seat_group.name if row.seat_group else "",
        why=why,
        until=event.local(row.offered_until) if row.offered_until else None,
    )
