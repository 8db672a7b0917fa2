"""Writing one answer: its transaction, each statement conditional on what was read before it."""

import datetime as dt

from django.db import transaction
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Greatest
from django.utils.translation import gettext_lazy as _

from events import audit
from invites.answers import leaving, saying
from invites.answers import people as naming
from invites.answers.appending import TICK, append, moment, receipt
from invites.answers.models import RECORDED, Answer, AnswerSource
from invites.answers.requests import echo
from invites.answers.saying import After, Said
from invites.answers.seats import handing, placing
from invites.answers.standing import YES, Told
from invites.answers.writing import CURRENT, SEATS
from invites.invitations.models import Invitation, Reply


class Overtaken(Exception):
    """What we read before the transaction is no longer so."""


def after(invitation: Invitation, said: Said, *, waits: bool = False) -> After:
    """What holds on the invitation after this answer. One query when it came late."""
    if not said.is_late(invitation):
        return saying.after(invitation, said, waits=waits)
    history = [told(row) for row in Answer.objects.about(invitation)]
    return saying.after_late(invitation, said, history, moment(invitation))


def repeat(invitation: Invitation, said: Said) -> bool:
    """Notes that what stands was said once more, later; False when something else stands by now.

    Not a row: but a no that was said in between, and comes in after this, must not count.
    """
    rows = Invitation.objects.of(invitation.tenant_id).filter(
        pk=invitation.pk, reply=invitation.reply, replied_at=invitation.replied_at, revoked_at__isnull=True
    )
    last = Case(
        When(said_sequence=said.sequence, then=Greatest("said_at", Value(said.at))), default=F("said_at")
    )
    return bool(rows.update(said_at=last))


def same_message(said: Said) -> Q:
    """The rows that hold the same saying already: a mail that was delivered, or applied, twice."""
    reply = YES if said.reply == Reply.ACCEPTED else (said.reply,)
    return Q(
        event_sequence=said.sequence,
        said_at=said.at,
        source=said.source,
        comment=said.comment,
        reply__in=reply,
    )


def needs_the_place_back(said: Said) -> bool:
    """Whether it is not for the invitee to say while somebody comes instead (see `requests`)."""
    return said.reply != Reply.DECLINED and said.source not in RECORDED


@transaction.atomic
def write(invitation: Invitation, said: Said, *, waits: bool) -> Answer:
    """Raises Overtaken, and writes nothing, when anything is not as it was read."""
    if said.is_late(invitation):  # what came before it must not change while all answers are read
        placing.hold(invitation.event)
    becomes = after(invitation, said, waits=waits)
    leads = becomes.stands or becomes.leads
    now = moment(invitation, ticks=2 if leads else 1)  # never the moment of one that came late
    _move_seats(invitation, said, becomes, now)
    twin: Answer | None = (
        None if becomes.stands else Answer.objects.about(invitation).filter(same_message(said)).first()
    )
    if twin is not None:
        return twin
    _keep_current(invitation, said, becomes, now)
    given = _add(invitation, said, becomes, now)
    _name(invitation, becomes)
    if said.by:
        audit.record("answer.recorded", invitation, by=said.by, title=invitation.event.title)
    if becomes.stands:
        leaving.left(invitation, reply=becomes.reply)
        echo.of(invitation, said.reply)
    for extra in said.extras:
        extra(invitation)
    _settle_seats(invitation, becomes, now)
    return given


def told(row: Answer) -> Told:
    return Told(
        sequence=row.event_sequence,
        said_at=row.said_at,
        answered_at=row.answered_at,
        pk=row.pk,
        reply=row.reply,
        party=row.party,
        says_who=row.says_who,
        mode=row.mode,
        silent=saying.is_silent(row.source, row.comment, row.says_who, row.mode),
    )


def _move_seats(invitation: Invitation, said: Said, becomes: After, now: dt.datetime) -> None:
    """Takes or frees seats, and makes sure in the same statement that the event still takes answers."""
    event, more = invitation.event, becomes.seats - invitation.seats
    moved = SEATS.update(
        tenant=invitation.tenant_id,
        event=event.pk,
        now=now,
        sequence=said.sequence,
        until_deadline=said.source not in RECORDED and not invitation.offered_until,
        per_organisation=event.per_organisation,
        more=more,
        takes=more > 0,
        somebody_waits=event.somebody_waits if more < 0 else None,
        waits=becomes.waits,
    )
    if not moved:
        raise Overtaken
    if not placing.move(invitation, more):
        raise Overtaken
    if becomes.waits and placing.fits(invitation, becomes.party):
        raise Overtaken  # a seat became free meanwhile


def _keep_current(invitation: Invitation, said: Said, becomes: After, now: dt.datetime) -> None:
    kept = CURRENT.update(
        tenant=invitation.tenant_id,
        invitation=invitation.pk,
        reply=invitation.reply,
        replied_at=invitation.replied_at,
        said_at=invitation.said_at,
        party=invitation.party,
        mode=invitation.mode,
        offered_until=invitation.offered_until,
        seat_group=invitation.seat_group_id,
        beside_others=not needs_the_place_back(said),
        now=now,
        since=None if becomes.stands else standing_since(invitation, becomes, now),
        new_said_at=said.at or now,
        new_said_sequence=said.sequence,
        new_reply=becomes.reply if becomes.stands else None,
        new_party=becomes.party,
        new_mode=becomes.mode,
        waits=becomes.waits,
        on_page=said.source == AnswerSource.WEB,
    )
    if not kept:
        raise Overtaken


def _add(invitation: Invitation, said: Said, becomes: After, now: dt.datetime) -> Answer:
    """The answer with its receipt, and the repeat of a calendar that has to be written out because of it."""
    if saying.may_end_a_repeat(invitation, becomes):  # what was said before it, and comes in later, is over
        for one in saying.unwritten(invitation, [told(row) for row in Answer.objects.about(invitation)]):
            _append_again(invitation, one, invitation.party, now - TICK)
    given = _append(invitation, said, becomes, now)
    if becomes.stands or becomes.leads:
        receipt(invitation, given)
    if becomes.again:
        receipt(invitation, _append_again(invitation, becomes.again, becomes.party, now + TICK))
    return given


def standing_since(invitation: Invitation, becomes: After, now: dt.datetime) -> dt.datetime | None:
    """The moment that names the row that stands after an answer came late."""
    if becomes.leads:
        return now
    return now + TICK if becomes.again else becomes.back or invitation.replied_at


def _append(invitation: Invitation, said: Said, becomes: After, now: dt.datetime) -> Answer:
    counts = becomes.stands or becomes.leads
    return append(
        invitation,
        reply=becomes.reply if counts else said.reply,
        party=becomes.party if counts else said.party(invitation),
        says_who=said.says_who,
        mode=said.mode,
        comment=said.comment,
        source=said.source,
        said_at=said.at,
        at=now,
        sequence=said.sequence,
        recorded_by=said.by,
    )


def _append_again(invitation: Invitation, again: Told, party: int, now: dt.datetime) -> Answer:
    """The repeat of a calendar, as the answer that it would have been had all come in as it was said."""
    return append(
        invitation,
        reply=again.reply,
        party=party,
        source=AnswerSource.CALENDAR,
        said_at=again.said_at,
        at=now,
        sequence=again.sequence,
    )


def _name(invitation: Invitation, becomes: After) -> None:
    if becomes.names is not None and naming.names_people(invitation):
        naming.replace(invitation, becomes.names)


def _settle_seats(invitation: Invitation, becomes: After, now: dt.datetime) -> None:
    """An offer is taken or declined by the answer, and what became free goes to those who wait."""
    if invitation.offered_until and becomes.stands:
        handing.settle(invitation, taken=becomes.seats > 0, at=now)
    if becomes.seats < invitation.seats and invitation.event.somebody_waits:
        handing.hand_on(invitation.event)


audit.register({"answer.recorded": _("%(who)s recorded an answer to the invitation to “%(title)s”.")})
