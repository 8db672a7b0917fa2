"""How seats were given to a person: the part of the mix they count for, and each offer with its reason."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from events.directory.models import Contact
from invites.answers.own.holdings import Entry, Section
from invites.answers.own.sections import title_of
from invites.answers.seats.models import SeatOffer
from invites.invitations.models import Invitation


def show(contact: Contact) -> Iterator[Section]:
    places = Invitation.objects.of(contact.tenant_id).filter(contact=contact)
    places = places.filter(Q(seat_group__isnull=False) | Q(waiting_since__isnull=False))
    placed = map(_place, places.select_related("event", "seat_group").order_by("pk"))
    offered = map(_offer, _offers(contact).select_related("event").order_by("offered_at", "pk"))
    yield Section("seats", _("Seats"), tuple(placed), _("the organiser"))
    yield Section("seat_offers", _("Seats from the waiting list"), tuple(offered), _("the organiser"))


def forget(contact: Contact) -> Mapping[str, int]:
    """Deletes the offers, and takes withdrawn invitations out of their groups.

    For erasing, after the invitations of meetings to come were withdrawn and their seats handed on. At meetings that
    were the row without a person stays in its group, so that the numbers of the mix stay true.
    """
    withdrawn = Invitation.objects.of(contact.tenant_id).filter(contact=contact, revoked_at__isnull=False)
    withdrawn.update(seat_group=None)
    return {"seat offers": _offers(contact).delete()[0]}


def _offers(contact: Contact) -> Any:
    return SeatOffer.objects.of(contact.tenant_id).filter(invitation__contact=contact)


def _place(row: Invitation) -> tuple[Entry, ...]:
    return (
        Entry("meeting", _("Meeting"), title_of(row.event)),
        Entry("group", _("Group"), row.seat_group.name if row.seat_group else ""),
        Entry("waits_since", _("Waits since"), row.waiting_since),
    )


def _offer(row: SeatOffer) -> tuple[Entry, ...]:
    return (
        Entry("meeting", _("Meeting"), title_of(row.event)),
        Entry("at", _("When"), row.offered_at),
        Entry("why", _("Reason"), row.why()),
        Entry("until", _("Until"), row.until),
        Entry("outcome", _("What came of it"), row.get_outcome_display()),
    )
