"""The minute's job: offers that nobody answered in time, and seats that stayed free while nothing could be offered."""

import datetime as dt
import logging

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events import audit
from events.gatherings.attending import WaitlistMode
from events.gatherings.models import Event
from invites.answers import people
from invites.answers.seats import handing, placing
from invites.answers.seats.models import OfferOutcome, SeatOffer
from invites.answers.seats.services import release
from invites.invitations.models import Invitation, Reply

log = logging.getLogger(__name__)
WHY = "the minute's job serves all tenants"


def tick(now: dt.datetime | None = None) -> int:
    """Passes on what was not answered in time; returns how many offers lapsed. May run twice, late and at once.

    What is wrong with one event is logged and holds up no other.
    """
    now, lapsed = now or timezone.now(), 0
    due = SeatOffer.objects.across_tenants(WHY).filter(outcome=OfferOutcome.OPEN, until__lte=now)
    for offer in due.filter(event__locked_at=None).select_related("event").order_by("until", "pk"):
        try:
            lapsed += lapse(offer, now)
        except Exception:
            log.exception("offer %s could not be passed on", offer.pk)
    for event in _with_hopefuls(now):
        try:
            _look_again(event)
        except Exception:
            log.exception("the waiting list of event %s could not be looked through", event.pk)
    return lapsed


@transaction.atomic
def lapse(offer: SeatOffer, now: dt.datetime) -> bool:
    """The seat goes to the next. Who did not answer leaves the waiting list, is told, and may say yes again.

    False, and nothing changes, when the offer is settled already. Needs `offer.event`.
    """
    placing.hold(offer.event)
    rows = SeatOffer.objects.of(offer.tenant_id).filter(pk=offer.pk, outcome=OfferOutcome.OPEN)
    if not rows.update(outcome=OfferOutcome.LAPSED, settled_at=now):
        return False
    row = (
        Invitation.objects.of(offer.tenant_id).select_related("contact", "tenant").get(pk=offer.invitation_id)
    )
    seats = row.seats
    if handing.append(row, Reply.DECLINED, now, party=1, mode="", waiting_since=None, waiting_rank=0):
        if people.names_people(row):
            people.replace(row, ())
        release(row, offer.event, seats)
    audit.record("seat.lapsed", offer.event, by=None, title=offer.event.title)
    handing.hand_on(offer.event)
    return True


@transaction.atomic
def _look_again(event: Event) -> None:
    placing.hold(event)
    handing.hand_on(event)


def _with_hopefuls(now: dt.datetime) -> list[Event]:
    rows = Event.objects.across_tenants(WHY).filter(somebody_waits=True, starts_at__gt=now, locked_at=None)
    rows = rows.filter(state=Event.State.PUBLISHED).exclude(waitlist=WaitlistMode.NONE)
    return list(rows.order_by("pk"))


audit.register({"seat.lapsed": _("A seat at “%(title)s” was offered and not answered in time.")})
