"""What must hold of the seats of a meeting at any moment, counted from the invitations alone."""

from django.db.models import Sum

from events.gatherings.models import Event
from invites.answers.models import Answer
from invites.answers.seats import handing
from invites.answers.seats.models import SeatGroup, SeatOffer
from invites.answers.standing import same
from invites.invitations.models import Invitation


def broken(meeting) -> list[str]:
    """The promises that do not hold, in words."""
    event = Event.objects.of(meeting.tenant).get(pk=meeting.pk)
    rows = Invitation.objects.of(meeting.tenant).valid().filter(event=event)
    held = sum(row.seats for row in rows)
    found = []
    if event.seats_taken != held:
        found.append(f"{event.seats_taken} seats are counted, {held} are held")
    if event.capacity is not None and held > event.capacity:
        found.append(f"{held} of {event.capacity} seats are held")
    for group in SeatGroup.objects.of(meeting.tenant).filter(event=event):
        theirs = sum(row.seats for row in rows if row.seat_group_id == group.pk)
        if theirs != group.taken:
            found.append(f"{group} counts {group.taken}, {theirs} are held")
        if group.most is not None and theirs > group.most:
            found.append(f"{group} has more seats than it may")
    board, waiting = handing.board(event), handing.waiting(event)
    if event.waitlist != "none" and any(board.fits(one) for one in waiting):
        found.append("somebody waits while a seat is free")
    if waiting and not event.somebody_waits:
        found.append("somebody waits and the event does not know")
    return [*found, *_of_organisations(event, rows), *_of_offers(meeting, rows), *_of_answers(rows)]


def _of_organisations(event, rows):
    if event.per_organisation is None:
        return []
    by_organisation = rows.holding_seats().order_by().values("contact__organisation")
    most = max((each["n"] for each in by_organisation.annotate(n=Sum("party"))), default=0)
    return ["an organisation has more seats than it may"] if most > event.per_organisation else []


def _of_offers(meeting, rows):
    offered = {row.pk for row in rows if row.offered_until}
    offers = SeatOffer.objects.of(meeting.tenant).filter(event=meeting, outcome="open")
    return [] if {offer.invitation_id for offer in offers} == offered else ["offers and invitations differ"]


def _of_answers(rows):
    """The standing answer's row says what the invitation says."""
    wrong = []
    for row in rows.exclude(reply=""):
        rows_of = Answer.objects.of(row.tenant_id).filter(invitation=row)
        standing, top = rows_of.standing(row), rows_of.first()
        if standing is None or standing.reply != row.reply or not same(top.reply, row.reply):
            wrong.append(f"invitation {row.pk} is not as its standing answer")
    return wrong
