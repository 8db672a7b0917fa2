"""One answer that is about to be taken: what was said, and what would hold on the invitation after it. Pure."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from events.tenancy.models import User
from invites.answers import people as naming
from invites.answers.models import AnswerSource
from invites.answers.people import Person
from invites.answers.standing import YES, Told, same, stand
from invites.invitations.models import Invitation, Mode, Reply

# What came along with an answer (own questions, needs): written in the same transaction, also when the answer itself
# says nothing new.
Extra = Callable[[Invitation], None]


@dataclass(frozen=True)
class Said:
    reply: str
    comment: str
    source: str
    by: User | None
    people: tuple[Person, ...]
    sequence: int  # the revision of time and place that it answers to
    mode: str = ""
    at: dt.datetime | None = None  # when it was said, where that is not now
    coming: int | None = None  # how many people, where nobody is named
    says_who: bool = False  # False: those of the yes before stay
    extras: tuple[Extra, ...] = ()

    def party(self, invitation: Invitation) -> int:
        """How many people come by this answer alone."""
        if self.reply != Reply.ACCEPTED:
            return 1
        return self.coming or naming.party(invitation, len(self.people))

    def told(self, invitation: Invitation, now: dt.datetime) -> Told:
        return Told(
            sequence=self.sequence,
            said_at=self.at or now,
            answered_at=now,
            pk=None,
            reply=self.reply,
            party=self.party(invitation),
            says_who=self.says_who,
            mode=self.mode,
            silent=is_silent(self.source, self.comment, self.says_who, self.mode),
        )

    def repeats(self, invitation: Invitation) -> bool:
        """Whether it is a calendar's word for what stands already, and no other word: then it is no answer more.

        To a newer revision it is one. Whoever was offered a seat takes it with a yes.
        """
        silent = is_silent(self.source, self.comment, self.says_who, self.mode)
        known = same(self.reply, invitation.reply) and not invitation.offered_until
        return silent and known and self.sequence <= invitation.said_sequence

    def is_late(self, invitation: Invitation) -> bool:
        """Whether something newer stands already. What is said now, without another moment, is never late."""
        if not invitation.reply or (self.at is None and self.sequence >= invitation.said_sequence):
            return False
        stands_since = invitation.said_at or invitation.replied_at
        if self.at is None or stands_since is None:
            return self.sequence < invitation.said_sequence
        return (self.sequence, self.at) < (invitation.said_sequence, stands_since)


def is_silent(source: str, comment: str, says_who: bool, mode: str) -> bool:
    """Whether an answer is a calendar's yes, no or maybe and not a word more."""
    return source == AnswerSource.CALENDAR and not (comment or says_who or mode)


@dataclass(frozen=True)
class After:
    """What is to hold on the invitation. `names`: None leaves those that are written."""

    reply: str
    party: int
    mode: str
    names: tuple[Person, ...] | None = None
    stands: bool = True  # False: something newer stands, this is history
    waits: bool = False
    keeps: int | None = None  # the seats it holds, where they stay as they are
    leads: bool = (
        False  # it came late, and what came before it only repeats it: its comment is the one that counts
    )
    again: Told | None = None  # a repeat that is an answer of its own now, since this one lies before it
    back: dt.datetime | None = (
        None  # of several rows that stand, when the one came in that is no repeat any more
    )

    @property
    def seats(self) -> int:
        if self.keeps is not None:
            return self.keeps
        return self.party if self.reply == Reply.ACCEPTED and self.mode != Mode.ONLINE else 0


def after(invitation: Invitation, said: Said, *, waits: bool) -> After:
    """What holds after an answer that is newer than all others. `waits`: its yes found no seat."""
    goes_on = said.reply == Reply.ACCEPTED and invitation.reply in YES
    keeps = goes_on and not said.says_who
    return After(
        reply=Reply.WAITING if waits else said.reply,
        party=invitation.party if keeps else said.party(invitation),
        mode=said.mode or (invitation.mode if goes_on else ""),
        names=None if keeps else said.people,
        waits=waits,
    )


def after_late(invitation: Invitation, said: Said, history: Sequence[Told], now: dt.datetime) -> After:
    """What stands goes on meaning the same; whose names, which comment and which way of taking part count is worked out
    from all of `history`. While a seat is offered nothing changes: it is held for so many people.
    """
    new = said.told(invitation, now)
    as_it_is = After(
        invitation.reply, invitation.party, invitation.mode, stands=False, keeps=invitation.seats
    )
    told = [*history, *unwritten(invitation, history)]
    before, then = stand(told), stand([*told, new])
    if before is None or then is None or before.last != then.last or invitation.offered_until:
        return as_it_is
    changed = then.who != before.who
    return replace(
        as_it_is,
        party=then.party if changed else invitation.party,
        mode=then.mode if then.mode != before.mode else invitation.mode,
        names=(said.people if then.who == new else ()) if changed else None,
        keeps=None,
        leads=then.answer == new,
        again=then.answer if then.answer.pk is None and then.answer != new else None,
        back=then.answer.answered_at if then.answer.pk else None,
    )


def may_end_a_repeat(invitation: Invitation, becomes: After) -> bool:
    """Whether it takes the place of an answer that may have been repeated since it was written, and says another thing.

    Whoever answered on the page repeats nothing: there what is said and what comes in are one moment.
    """
    other = becomes.stands and bool(invitation.reply) and not same(becomes.reply, invitation.reply)
    return other and invitation.said_at != invitation.replied_at


def unwritten(invitation: Invitation, history: Sequence[Told]) -> Sequence[Told]:
    """The newest repeat of what stands: no row, only its moment is kept, beside the standing answer's revision."""
    at, top = invitation.said_at, max(history, key=lambda one: one.key, default=None)
    if top is None or at is None or (top.sequence, top.said_at) >= (invitation.said_sequence, at):
        return ()
    return (Told(invitation.said_sequence, at, at, None, invitation.reply, silent=True),)
