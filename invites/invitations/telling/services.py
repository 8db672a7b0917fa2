"""Telling those invited: of a change, of a cancellation, or that one invitation is withdrawn (ADR 0013)."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from events import audit
from events.gatherings.models import Event
from events.tenancy.models import User
from invites.invitations import checks
from invites.invitations import services as inviting
from invites.invitations.drafting.models import MailKind
from invites.invitations.models import Invitation, InvitationQuerySet, Reply
from invites.invitations.telling import asking, people, queue
from invites.invitations.telling.models import Recipients, Telling
from invites.invitations.telling.people import TELLABLE
from invites.post import outbox


class NotTellable(Exception):
    """The meeting has begun, or time and place are no longer those that the page showed."""


@dataclass(frozen=True)
class Decision:
    """Who is told of which revision, and how. `chosen` are invitations' ids, for Recipients.CHOSEN alone."""

    sequence: int
    who: str
    chosen: tuple[int, ...] = ()
    asks_again: bool = False
    message: str = ""


@transaction.atomic
def tell(event: Event, *, by: User | None, decision: Decision) -> int:
    """Settles whom to tell of the event's time and place as they are now, and queues their mails; returns how many.

    Several changes since the last time are told as one. "Nobody" is a decision, too: it ends the reminder to tell, and
    may be taken back by telling somebody after all; anything else stands, and a second call (double click, reload, two
    tabs) tells nobody more and returns 0. With `asks_again` the older answers of those told no longer count and their
    seats are free. Of a cancelled event whatever is not handed over yet is called off first, so that nobody who was
    never invited is told. Raises NotTellable, and Refused for words that tell the place (see `refusals`); nothing is
    written then.
    """
    if not _settle(event, decision):
        return 0
    cancelled = event.state == Event.State.CANCELLED
    # First what is still in our hands: then whoever counts as reached below can be told of nothing older any more.
    queue.call_off(event) if cancelled else queue.write_anew(event)
    told = list(_told(event, decision))
    checks.refuse_if(_refusals(event, decision, told))
    if decision.asks_again and not cancelled:
        asking.ask_again(event, [row.pk for row in told])
    number = outbox.enqueue(
        "cancellation" if cancelled else "update",
        tenant=event.tenant,
        items=[(row.pk, row.contact.email) for row in told],
        revision=event.sequence,
        give_up_at=event.starts_at,
    )
    _record(event, by, decision, number)
    return number


def refusals(event: Event, decision: Decision) -> list[checks.Refusal]:
    """Why the mails would not do: what their words tell of the place to those who are told and have not said yes."""
    return _refusals(event, decision, _told(event, decision))


@transaction.atomic
def withdraw(invitation: Invitation, *, by: User | None, tell: bool) -> bool:
    """Takes an invitation back (see `inviting.withdraw`), and tells the invitee if `tell` and a mail had reached them.

    Returns whether they are told. A second call changes and tells nothing.
    """
    reached = can_be_told(invitation)
    if not inviting.withdraw(invitation, by=by):
        return False
    if not tell or not reached:
        return False
    event = Event.objects.of(invitation.tenant_id).select_related("tenant").get(pk=invitation.event_id)
    items = [(invitation.pk, invitation.contact.email)]
    outbox.enqueue(
        "cancellation", tenant=event.tenant, items=items, revision=event.sequence, give_up_at=event.starts_at
    )
    audit.record("invitation.withdrawal_told", invitation, by=by, title=event.title)
    return True


def can_be_told(invitation: Invitation) -> bool:
    """Whether a withdrawal can be told: a mail had reached the invitee, there is an address, the meeting is ahead."""
    rows = people.invitees(invitation.event).filter(Q(knows__isnull=False), pk=invitation.pk)
    return not invitation.event.has_begun and rows.exclude(contact__email="").exists()


def _settle(event: Event, decision: Decision) -> bool:
    """Holds the event's row until commit and says that this revision is settled; False when it was before."""
    earlier = Telling.objects.of(event.tenant_id).filter(event=event, sequence=decision.sequence)
    nobody = decision.who != Recipients.NOBODY and earlier.filter(who=Recipients.NOBODY).exists()
    row = Event.objects.of(event.tenant_id).filter(
        Q(told_sequence__lt=decision.sequence) | Q(told_sequence=decision.sequence if nobody else -1),
        pk=event.pk,
        sequence=decision.sequence,
        state__in=TELLABLE,
    )
    asked = {"answers_from_sequence": decision.sequence} if decision.asks_again else {}
    settled = row.update(told_sequence=decision.sequence, **asked)
    event.refresh_from_db()
    if event.has_begun or event.sequence != decision.sequence or event.state not in TELLABLE:
        raise NotTellable
    if settled and nobody:
        return bool(earlier.filter(who=Recipients.NOBODY).delete()[0])
    return bool(settled)


def _refusals(event: Event, decision: Decision, told: Iterable[Invitation]) -> list[checks.Refusal]:
    outside = [row for row in told if decision.asks_again or row.reply != Reply.ACCEPTED]
    if not outside:
        return []
    kind = MailKind.CANCELLATION if event.state == Event.State.CANCELLED else MailKind.UPDATE
    said = checks.notice_words(event, kind, {row.language for row in outside})
    return checks.of_notice(event, said, decision.message)


def _told(event: Event, decision: Decision) -> InvitationQuerySet:
    return people.of(people.to_tell(event), decision.who, decision.chosen)


def _record(event: Event, by: User | None, decision: Decision, number: int) -> None:
    Telling.objects.create(
        tenant_id=event.tenant_id,
        event=event,
        sequence=decision.sequence,
        who=decision.who,
        number=number,
        asks_again=decision.asks_again,
        message=decision.message,
        by=by,
    )
    action = "event.told_nobody" if decision.who == Recipients.NOBODY else "event.told"
    if decision.who != Recipients.NOBODY and event.state == Event.State.CANCELLED:
        action = "event.told_cancelled"
    audit.record(action, event, by=by, title=event.title, number=number)


audit.register(
    {
        "event.told": _("%(who)s told %(number)s invitees of the change to “%(title)s”."),
        "event.told_cancelled": _("%(who)s told %(number)s invitees that “%(title)s” is cancelled."),
        "event.told_nobody": _("%(who)s decided to tell no invitee of the change to “%(title)s”."),
        "invitation.withdrawal_told": _(
            "%(who)s told an invitee that the invitation to “%(title)s” is withdrawn."
        ),
    }
)
