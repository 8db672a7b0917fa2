"""Taking answers (rule 7): append one, move the seats, keep the current answer on the invitation.

Four statements in one transaction, always in this order, so that no two answers can wait for each other in a ring:
the event (seats), the invitation (current answer), the answer, its receipt; the names an organisation gives come after,
and then whoever waits for the seats that became free. A group of the target mix is one statement more, after the event.
Who was overtaken between reading and writing finds it in a row count and begins again; nothing is read under a lock, so
SQLite and PostgreSQL behave alike.
"""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction

from events.gatherings.attending import WaitlistMode
from events.gatherings.models import Event
from events.tenancy.models import User
from invites.answers import people as naming
from invites.answers import taking
from invites.answers.models import RECORDED, Answer, AnswerSource
from invites.answers.people import Person
from invites.answers.requests import rules
from invites.answers.saying import Extra, Said
from invites.answers.seats import placing
from invites.answers.standing import same
from invites.answers.taking import Overtaken
from invites.invitations.models import Invitation, Reply

TURNS = 200  # a lost turn means that another answer of the same invitee got in, so this is never reached


class Refused(Exception):
    """The answer was not taken; nothing was written."""


class Full(Refused):
    """Fewer seats are left than the answer asks for. "Maybe" and "no" are still taken.

    `room` is how many may come by this invitation, with those who hold seats by it already.
    """

    def __init__(self, room: int = 0) -> None:
        super().__init__(room)
        self.room = room


class Closed(Refused):
    """Answers are not taken: the deadline passed, the event began, is locked or off, the invitation was withdrawn."""


class Moved(Refused):
    """The answer was meant for an older time, or for one that the organiser has asked about again since."""


class Replaced(Refused):
    """Somebody comes instead of the invitee; only staff can take another yes or maybe (see `requests`)."""


def answer(
    invitation: Invitation,
    *,
    reply: str,
    comment: str,
    source: str,
    by: User | None = None,
    people: Sequence[Person] | None = None,
    coming: int | None = None,
    to_sequence: int | None = None,
    mode: str = "",
    said_at: dt.datetime | None = None,
    extras: Sequence[Extra] = (),
) -> Answer:
    """Takes one answer and queues its receipt; returns its row, or the one that says the same already.

    The answer that stands is the highest by (event_sequence, said_at, answered_at, pk), in whatever order they come in
    (`standing.py`). One that came late is kept as history: invitation, seats and receipt stay as they are (`stands`
    tells), only names that the standing yes left open are still taken over.

    `people` are those whom an organisation names with its yes, one seat each, or whom a person brings along, one seat
    each beside the person's own. None (a calendar) leaves the people of the yes that stood, and so does () of an
    organisation; () of a person is "alone". `coming` is how many come in all where nobody is named (a calendar's guest
    count). Anything but a yes forgets the names.

    `to_sequence` is the revision of time and place that the invitee had in mind (the page or calendar said it); as read
    with `invitation.event` when None. One that the organiser has asked about again since is not taken: Moved.

    `mode` is how somebody takes part where both are possible; "" leaves that of the yes before. Who joins online takes
    no seat. `said_at` is when it was said, where that is earlier than now (a calendar's DTSTAMP, clamped). `extras` are
    written in the same transaction, the last of all, also when the answer says nothing new.

    A yes that finds no seat waits (`reply` "waiting") where the event has a waiting list; seats that become free go to
    those who wait, in the same transaction (`seats/handing.py`). Whoever holds seats and asks for more than there are
    keeps those: Full.

    Saying the same again (double click, reload, two tabs, the same mail twice, the calendar's button after the page's)
    adds no row and sends no receipt. Staff
    (`source` one of RECORDED, with `by`) may also record after the deadline, until the event begins, which adds an
    audit row. Raises Full, Closed or Moved, and ValueError for people that are not asked for. Needs `invitation.event`
    and `invitation.contact`.
    """
    names = naming.fitting(invitation, people or ()) if reply == Reply.ACCEPTED else ()
    if coming is not None and not 1 <= coming <= invitation.quota:
        raise ValueError("more people than the invitation is for, or none")
    alone = people is not None and not invitation.for_organisation
    said = Said(
        Reply(reply),
        comment.strip(),
        AnswerSource(source),
        by,
        names,
        invitation.event.sequence if to_sequence is None else min(to_sequence, invitation.event.sequence),
        mode,
        said_at,
        coming=None if names else coming,
        says_who=bool(names) or coming is not None or alone,
        extras=tuple(extras),
    )
    return _take(invitation, said)


def stands(given: Answer) -> bool:
    """Whether `given` is the answer that counts now; False for one that came late. One query."""
    rows = Invitation.objects.of(given.tenant_id).filter(pk=given.invitation_id)
    return rows.filter(replied_at=given.answered_at).exists()


def closed_for(event: Event, source: str) -> bool:
    """True when no answer from `source` is taken; for pages, which also say why. See `closed_to` for an open offer."""
    if source in RECORDED:
        return event.state != Event.State.PUBLISHED or event.has_begun or event.is_locked
    return event.answers_closed


def closed_to(invitation: Invitation, source: str) -> bool:
    """As `closed_for`; whoever was offered a seat may take or decline it also after the answer deadline."""
    event = invitation.event
    on = event.state == Event.State.PUBLISHED and not event.is_locked
    if invitation.offered_until and on and not event.has_begun:
        return False
    return closed_for(event, source)


def says_nothing_new(
    invitation: Invitation, *, reply: str, comment: str, said_at: dt.datetime | None, to_sequence: int
) -> bool:
    """Whether a message is older than the answer that stands, or says the same without a word more. Reads nothing."""
    said = Said(Reply(reply), comment.strip(), AnswerSource.MAIL, None, (), to_sequence, at=said_at)
    if not invitation.reply or said.is_late(invitation):
        return bool(invitation.reply)
    known = same(said.reply, invitation.reply) and said.sequence <= invitation.said_sequence
    return known and not said.comment


def _take(invitation: Invitation, said: Said) -> Answer:
    waits = False
    for _turn in range(TURNS):
        if standing := _already_said(invitation, said):
            _write_extras(invitation, said)
            return standing
        try:
            return taking.write(invitation, said, waits=waits)
        except Overtaken:
            fresh = _fresh(invitation)
            unchanged = (fresh.reply, fresh.replied_at) == (invitation.reply, invitation.replied_at)
            waits = unchanged and _explain(fresh, said)
            invitation = fresh
    raise RuntimeError("an answer found no turn")


def _already_said(invitation: Invitation, said: Said) -> Answer | None:
    if said.at is not None:  # the same message once more, whatever came between
        twin = Answer.objects.about(invitation).filter(taking.same_message(said)).first()
        return twin or _repeated(invitation, said)
    if invitation.reply == Reply.WAITING and not invitation.offered_until:
        same = said.reply == Reply.ACCEPTED
    else:
        same = invitation.reply == said.reply
    if not same or (said.mode and said.mode != invitation.mode):
        return None
    last = Answer.objects.standing(invitation)
    if not last or (last.comment, last.source, last.event_sequence) != (
        said.comment,
        said.source,
        said.sequence,
    ):
        return None
    return last if _same_people(invitation, said) else None


def _repeated(invitation: Invitation, said: Said) -> Answer | None:
    """The answer that stands, where a calendar says it once more and no word beside it."""
    event = invitation.event
    moved = said.sequence < max(event.answers_from_sequence, event.time_sequence)
    if moved or not said.repeats(invitation) or closed_to(invitation, said.source):
        return None
    standing = Answer.objects.standing(invitation)
    return standing if standing and taking.repeat(invitation, said) else None


def _same_people(invitation: Invitation, said: Said) -> bool:
    if not said.says_who or said.reply != Reply.ACCEPTED:
        return True
    if said.coming:
        return said.coming == invitation.party
    return said.party(invitation) == invitation.party and said.people == naming.named(invitation)


@transaction.atomic
def _write_extras(invitation: Invitation, said: Said) -> None:
    for write in said.extras:
        write(invitation)


def _fresh(invitation: Invitation) -> Invitation:
    rows = Invitation.objects.of(invitation.tenant_id).select_related("event", "contact", "tenant")
    return rows.get(pk=invitation.pk)


def _explain(invitation: Invitation, said: Said) -> bool:
    """Whether an answer that nobody overtook is to wait for a seat; False when the reason is gone again.

    Raises why it is not taken.
    """
    event = invitation.event
    if invitation.revoked_at or closed_to(invitation, said.source):
        raise Closed
    if max(event.answers_from_sequence, event.time_sequence) > said.sequence:
        raise Moved
    if taking.needs_the_place_back(said) and rules.stand_ins(invitation).exists():
        raise Replaced
    after = taking.after(invitation, said)
    if after.party > invitation.quota:  # fewer companions are welcome since the page was opened
        raise Full(invitation.quota)
    room = placing.room(invitation, event)
    if room is None or after.seats <= room or after.seats <= invitation.seats:
        return False
    may_wait = after.stands and event.waitlist != WaitlistMode.NONE and not invitation.seats
    if (
        may_wait
        and invitation.reply != Reply.ACCEPTED
        and placing.could_ever_fit(invitation, event, after.seats)
    ):
        return True
    raise Full(room)
