"""What an invitee can say now: one list of plain sentences, in which "online" is a kind of yes."""

from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.gatherings.attending import WaitlistMode
from invites.answers.seats import placing
from invites.invitations.models import Invitation, Mode, Reply

YES, MAYBE, NO = Reply.ACCEPTED.value, Reply.TENTATIVE.value, Reply.DECLINED.value
ONLINE = Mode.ONLINE.value  # on the page and in its address the same as "accepted", but online
ALL = (
    (YES, _("Yes, I will come")),
    (ONLINE, _("Yes, I will take part online")),
    (MAYBE, _("Maybe")),
    (NO, _("No, I cannot come")),
)

Choice = tuple[str, Any]


@dataclass(frozen=True)
class Standpoint:
    """Where an invitee stands, as the choices depend on it. `full`: no seat is left for who does not hold one."""

    coming: bool = False
    waiting: bool = False
    offered: bool = False
    full: bool = False
    waitlist: bool = False
    hybrid: bool = False
    late: bool = False

    @property
    def joins_the_queue(self) -> bool:
        """A yes (in person) puts this invitee on the waiting list."""
        return self.full and self.waitlist and not (self.offered or self.late)


def standpoint(invitation: Invitation, *, late: bool = False) -> Standpoint:
    """At most two queries, none unless groups or organisations have their own share of the seats."""
    event, until = invitation.event, invitation.offered_until
    room = placing.room(invitation, event)
    coming, waiting = invitation.reply == Reply.ACCEPTED, invitation.reply == Reply.WAITING
    seated = coming and invitation.mode != Mode.ONLINE
    return Standpoint(
        coming=coming,
        waiting=waiting,
        offered=waiting and until is not None and until > timezone.now(),
        full=not seated and room is not None and room <= invitation.seats,
        waitlist=event.waitlist != WaitlistMode.NONE,
        hybrid=event.is_hybrid,
        late=late,
    )


def said_before(invitation: Invitation) -> str:
    """The standing answer as one of the choices; who waits has said yes."""
    if invitation.reply in (Reply.ACCEPTED, Reply.WAITING):
        return ONLINE if invitation.mode == Mode.ONLINE and invitation.event.is_hybrid else YES
    return invitation.reply


def offered(at: Standpoint) -> list[Choice]:
    """The choices to draw. Without a seat and without a waiting list there is no yes, except online."""
    found = [(YES, _yes(at))] if at.waitlist or at.offered or at.late or not at.full else []
    if at.hybrid:
        found.append(ALL[1])
    if not at.offered and not at.late:  # a maybe holds no seat, and asks for nothing
        found.append(ALL[2])
    return [*found, (NO, _no(at))]


def _yes(at: Standpoint) -> Any:
    if at.offered:
        return _("Yes, I take the seat")
    if not at.joins_the_queue:
        return ALL[0][1]
    return _("Yes, I stay on the waiting list") if at.waiting else _("Yes, put me on the waiting list")


def _no(at: Standpoint) -> Any:
    if at.coming:
        return _("No, I cannot come after all")
    if at.offered:
        return _("No, somebody else can have it")
    return _("No, take me off the waiting list") if at.waiting else ALL[3][1]
