"""Handing free seats on to those who wait, in the transaction that freed them. The caller holds the event's row."""

import datetime as dt

from django.db.models import F, Q, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events import audit
from events.gatherings import freeing
from events.gatherings.attending import WaitlistMode
from events.gatherings.models import Event
from invites.answers import appending
from invites.answers.models import Answer, AnswerSource
from invites.answers.seats import placing, timing
from invites.answers.seats.choosing import Board, Choice, Hopeful, Part, choose
from invites.answers.seats.models import OfferOutcome, SeatGroup, SeatOffer
from invites.invitations.models import Invitation, Reply
from invites.post import outbox


def open_for_offers(event: Event) -> bool:
    """No seat is handed on once the event began, while it is locked, and unless it is published."""
    return event.state == Event.State.PUBLISHED and not event.has_begun and not event.is_locked


def hand_on(event: Event) -> int:
    """Gives or offers the seats that are free, one after the other, to whom `choosing` names; returns to how many.

    Reads all numbers anew. A second call finds nothing to hand on. Also says on the event when nobody waits any more.
    """
    event = Event.objects.of(event.tenant_id).select_related("tenant").get(pk=event.pk)
    hopefuls = waiting(event)
    if not hopefuls:
        Event.objects.of(event.tenant_id).filter(pk=event.pk).update(somebody_waits=False)
        return 0
    if event.waitlist == WaitlistMode.NONE or not open_for_offers(event):
        return 0
    given, seats = 0, board(event)
    while choice := choose(hopefuls, seats):
        hopefuls.remove(choice.who)
        if give(event, choice, at_once=event.waitlist == WaitlistMode.AUTOMATIC):
            seats.take(choice.who)
            given += 1
    return given


@freeing.register
def after_seats_were_freed(event: Event) -> None:
    """An invitation was withdrawn, people are asked again, or there are more seats."""
    placing.recount(event)
    hand_on(event)


def waiting(event: Event) -> list[Hopeful]:
    """Everybody who waits without an offer; one query."""
    rows = (
        Invitation.objects.of(event.tenant_id).filter(event=event).waiting().order_by("waiting_since", "pk")
    )
    columns = ("pk", "party", "waiting_since", "waiting_rank", "seat_group_id", "contact__organisation_id")
    return [Hopeful(*row) for row in rows.values_list(*columns)]


def board(event: Event) -> Board:
    """The seats as they are; one query, two where an organisation has a limit."""
    groups = SeatGroup.objects.of(event.tenant_id).filter(event=event)
    columns = ("pk", "name", "taken", "target", "most")
    held: dict[int, int] = {}
    if event.per_organisation is not None:
        rows = Invitation.objects.of(event.tenant_id).filter(event=event).holding_seats().order_by()
        rows = rows.exclude(contact__organisation=None)
        held = dict(rows.values_list("contact__organisation").annotate(held=Sum("party")))
    parts = {row[0]: Part(*row) for row in groups.values_list(*columns)}
    return Board(event.seats_left, event.per_organisation, parts, held)


def give(event: Event, choice: Choice, *, at_once: bool) -> bool:
    """Gives the chosen one a seat, or offers it and holds it. False, and nothing is written, when they wait no more.

    Needs `event.tenant`; the database refuses more seats than there are.
    """
    now = timezone.now()
    rows = Invitation.objects.of(event.tenant_id).filter(event=event).waiting()
    row = rows.select_related("contact").filter(pk=choice.who.pk, party=choice.who.seats).first()
    if row is None:
        return False
    sent, until = timing.window(event, now)
    taken = _accept(row, now) if at_once else _offer(row, until)
    if not taken:
        return False
    _take(row, event)
    offer = SeatOffer.objects.create(
        tenant_id=event.tenant_id,
        event=event,
        invitation=row,
        offered_at=now,
        reason=choice.reason,
        facts=choice.facts,
        **_as_taken(now) if at_once else {"until": until},
    )
    if not at_once and row.contact.email:
        items = [(offer.pk, row.contact.email)]
        outbox.enqueue("seat_offer", tenant=event.tenant, items=items, due_at=sent, give_up_at=until)
    audit.record("seat.given" if at_once else "seat.offered", event, by=None, title=event.title)
    return True


def settle(invitation: Invitation, *, taken: bool, at: dt.datetime) -> None:
    """The invitee answered while a seat was offered. A second call changes nothing."""
    outcome = OfferOutcome.TAKEN if taken else OfferOutcome.DECLINED
    rows = SeatOffer.objects.of(invitation.tenant_id).filter(invitation=invitation, outcome=OfferOutcome.OPEN)
    rows.update(outcome=outcome, settled_at=at)


def append(row: Invitation, reply: str, now: dt.datetime, **facts: object) -> bool:
    """The waiting list's own answer: right after the one that stands, so that anything said later still counts.

    `row` needs its contact. False when the invitation is no longer as read. The receipt tells the invitee.
    """
    last = Answer.objects.standing(row)
    at = appending.moment(row, ticks=2, now=now)
    as_read = Invitation.objects.of(row.tenant_id).filter(
        pk=row.pk,
        reply=row.reply,
        replied_at=row.replied_at,
        party=row.party,
        mode=row.mode,
        revoked_at__isnull=True,
    )
    if not as_read.update(reply=reply, replied_at=at, offered_until=None, **facts):
        return False
    given = appending.append(
        row,
        reply=reply,
        party=row.party if reply != Reply.DECLINED else 1,
        comment=last.comment if last else "",
        source=AnswerSource.WAITLIST,
        said_at=row.said_at,
        at=at,
        sequence=row.said_sequence,
    )
    appending.receipt(row, given)
    return True


def _accept(row: Invitation, now: dt.datetime) -> bool:
    return append(row, Reply.ACCEPTED, now, waiting_since=None, waiting_rank=0)


def _offer(row: Invitation, until: dt.datetime) -> bool:
    rows = Invitation.objects.of(row.tenant_id).waiting().filter(pk=row.pk, party=row.party)
    return bool(rows.update(offered_until=until))


def _take(row: Invitation, event: Event) -> None:
    """The seats of the event and of the group. The row is held, so what `choosing` saw is so still."""
    events = Event.objects.of(event.tenant_id).filter(
        Q(capacity__isnull=True) | Q(seats_taken__lte=F("capacity") - row.party), pk=event.pk
    )
    row.event = event
    if not events.update(seats_taken=F("seats_taken") + row.party) or not placing.take_of_group(
        row, row.party
    ):
        raise RuntimeError("a seat that was handed on was not there")


def _as_taken(now: dt.datetime) -> dict[str, object]:
    return {"outcome": OfferOutcome.TAKEN, "settled_at": now}


audit.register(
    {
        "seat.given": _("%(who)s gave a free seat at “%(title)s” to the next on the waiting list."),
        "seat.offered": _("%(who)s offered a free seat at “%(title)s” to the next on the waiting list."),
    }
)
