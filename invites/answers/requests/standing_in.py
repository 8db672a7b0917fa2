"""Somebody comes instead: the seat changes hands in one transaction that nobody can get into.

The first statement frees the seat on the event's row and so holds that row until the end: whoever answers meanwhile
waits there, and nobody on a waiting list can be called in between, for the seat is freed here and not by an answer.
Then, in the order of every answer: the invitation, its answer, and the stand-in's own invitation and answer, which
takes the seat by the ordinary way with all its limits.
"""

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest
from django.utils import timezone

from events.directory.models import Contact
from events.directory.services import NameTaken, add_contact
from events.gatherings.models import Event
from events.tenancy.models import User
from events.tenancy.quiet import earliest
from invites.answers import appending
from invites.answers import people as naming
from invites.answers import services as answers
from invites.answers.models import Answer, AnswerSource
from invites.answers.requests import asking, rules
from invites.answers.requests.models import AnswerRequest, RequestState
from invites.answers.seats import handing, placing
from invites.invitations.models import Invitation, Reply
from invites.invitations.services import withdraw
from invites.post import outbox
from invites.post.letters import deadlines

KIND = "stand_in"
TURNS = 200  # a lost turn means that an answer of the same invitee got in


class Settled(Exception):
    """The request does not wait any more: somebody else decided, or the invitee took it back."""


class Invited(Exception):
    """The person named is invited to the meeting already."""


class _Overtaken(Exception):
    """What we read before the transaction is no longer so."""


def hand_over(request: AnswerRequest, *, by: User | None) -> Invitation:
    """Lets the person named come instead; returns the stand-in's invitation, accepted. Queues no mail to the invitee.

    The invitee becomes one who declined, and the seat moves. Of two calls at once one does it; the other raises
    Settled. Raises answers.Full where the invitee held no seat and none is left, answers.Closed when the meeting is not
    on any more or the invitation was withdrawn, Invited when the person was invited meanwhile; nothing is changed then.
    """
    for _turn in range(TURNS):
        rows = Invitation.objects.of(request.tenant_id).select_related("event__tenant", "contact", "tenant")
        invitation = rows.get(pk=request.invitation_id)
        if invitation.revoked_at or not rules.on(invitation.event):
            raise answers.Closed
        try:
            return _hand_over(request, invitation, by)
        except _Overtaken:
            continue
    raise RuntimeError("a stand-in found no turn")


@transaction.atomic
def _hand_over(request: AnswerRequest, invitation: Invitation, by: User | None) -> Invitation:
    freed = _free(invitation)
    _decline(invitation, request, by)
    if not asking.settle(request, to=RequestState.GRANTED, decided_by=by):
        raise Settled
    if rules.stand_ins(invitation).exists() or rules.is_invited(invitation, request.email):
        raise Invited
    _close_others(invitation)
    row = _invite(invitation, request)
    late = invitation.event.answers_closed  # only staff may grant then, and are named as its source
    given = answers.answer(
        row,
        reply=Reply.ACCEPTED,
        comment="",
        source=AnswerSource.STAFF if late and by else AnswerSource.STAND_IN,
        by=by,
        mode=invitation.mode,
    )
    if given.reply != Reply.ACCEPTED:
        raise answers.Full
    _tell(row, given)
    AnswerRequest.objects.of(request.tenant_id).filter(pk=request.pk).update(stand_in=row)
    if freed > row.party:  # the invitee's companions do not come
        handing.hand_on(invitation.event)
    return row


def _free(invitation: Invitation) -> int:
    """Gives the invitee's seats back, if any, and holds the event's row from here on; returns how many they were."""
    events = Event.objects.of(invitation.tenant_id).filter(pk=invitation.event_id)
    on = events.filter(state=Event.State.PUBLISHED, locked_at__isnull=True, starts_at__gt=timezone.now())
    if not on.update(seats_taken=Greatest(F("seats_taken") - invitation.seats, 0)):
        raise _Overtaken
    placing.take_of_group(invitation, -invitation.seats)
    if invitation.offered_until:
        handing.settle(invitation, taken=False, at=timezone.now())
    return invitation.seats


def _decline(invitation: Invitation, request: AnswerRequest, by: User | None) -> None:
    """The invitee's own answer becomes no, whatever it was; one that was no already stays."""
    now = appending.moment(invitation)
    as_read = Invitation.objects.of(invitation.tenant_id).filter(
        pk=invitation.pk,
        reply=invitation.reply,
        replied_at=invitation.replied_at,
        party=invitation.party,
        mode=invitation.mode,
        offered_until=invitation.offered_until,
        seat_group=invitation.seat_group_id,
        revoked_at__isnull=True,
    )
    facts: dict[str, Any] = {"waiting_since": None, "offered_until": None, "waiting_rank": 0}
    if invitation.reply != Reply.DECLINED:
        facts |= {"reply": Reply.DECLINED, "party": 1, "mode": "", "replied_at": now, "said_at": now}
        facts["said_sequence"] = invitation.event.sequence
    if not as_read.update(**facts):
        raise _Overtaken
    if invitation.reply == Reply.DECLINED:
        return
    naming.replace(invitation, ())
    appending.append(
        invitation,
        reply=Reply.DECLINED,
        comment=request.comment,
        source=request.source,
        at=now,
        sequence=invitation.event.sequence,
        recorded_by=by,
    )


def _close_others(invitation: Invitation) -> None:
    """Whatever else the invitee asked for, and whoever was named before and said no, is off."""
    waiting = AnswerRequest.objects.of(invitation.tenant_id).filter(invitation=invitation).pending()
    waiting.update(state=RequestState.WITHDRAWN, decided_at=timezone.now(), email="", role="")
    earlier = Invitation.objects.of(invitation.tenant_id).valid().filter(stands_in_for=invitation)
    for row in earlier.select_related("event"):
        withdraw(row, by=None)


def _invite(invitation: Invitation, request: AnswerRequest) -> Invitation:
    contact = _contact(invitation, request)
    row = Invitation(
        tenant=invitation.tenant,
        event=invitation.event,
        contact=contact,
        language=request.language,
        stands_in_for=invitation,
        quota=invitation.quota,
        seat_group_id=invitation.seat_group_id,
        grouped_by_hand=invitation.grouped_by_hand,
    )
    row.seal()
    row.save()
    return row


def _contact(invitation: Invitation, request: AnswerRequest) -> Contact:
    """The contact with this name and address, or a new one that is valid until the day after the meeting.

    A calendar may know no name but the address; then it is the only contact that has it.
    """
    known = Contact.objects.of(invitation.tenant_id).filter(email__iexact=request.email).order_by("pk")
    if request.name != request.email:
        found = known.filter(name__iexact=request.name).first()
    else:
        found = known.first() if known.count() == 1 else None
    if found:
        return found
    event = invitation.event
    ends = event.ends_at or event.starts_at or timezone.now()
    facts = {
        "name": request.name,
        "role": request.role,
        "email": request.email,
        "language": request.language,
        "organisation": invitation.contact.organisation,
        "valid_until": event.local(ends).date() + dt.timedelta(days=1),
    }
    try:
        return add_contact(tenant=invitation.tenant, by=None, facts=facts)
    except NameTaken as taken:  # entered at this moment
        raise _Overtaken from taken


def _tell(row: Invitation, given: Answer) -> None:
    """One mail to the stand-in: it says what the receipt would, so there is no receipt."""
    outbox.cancel_unsent(
        tenant=row.tenant_id,
        kinds=("receipt",),
        subject_ids=[given.pk],
        why="the mail to the substitute says it",
    )
    event, now = row.event, timezone.now()
    when = earliest(now, row.tenant)
    outbox.enqueue(
        KIND,
        tenant=row.tenant,
        items=[(row.pk, row.contact.email)],
        revision=event.sequence,
        due_at=when if event.starts_at and when < event.starts_at else now,
        give_up_at=deadlines(event.starts_at)["give_up_at"],
    )
