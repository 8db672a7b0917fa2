"""Whom to call about an event, in which order, and why. Read only."""

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import F, OuterRef, Subquery
from django.utils.translation import gettext_lazy as _

from events.directory.models import Channel
from events.gatherings.models import Event
from invites.invitations.guests.forms import CallForm
from invites.invitations.models import CallAttempt, CallOutcome, Reply
from invites.invitations.overview import TO_CALL, invitations
from invites.invitations.reach import IN_TROUBLE, Reach

if TYPE_CHECKING:
    from invites.invitations.models import InvitationQuerySet

WHY = {
    Reach.FAILED: _("The mail could not be sent."),
    Reach.BOUNCED: _("The mail came back."),
    Reach.UNKNOWN: _("Nobody knows whether the mail was sent."),
    Reach.NOT_SENT: _("No mail was sent."),
    Reach.OPENED: _("Has opened the page, but not answered."),
    Reach.DELIVERED: _("The mail has arrived, but there is no answer."),
}


@dataclass(frozen=True)
class Person:
    """One line of the list. `tried_at` is on the clock of the event's own zone."""

    pk: int
    name: str
    role: str
    organisation: str
    phone: str
    why: Any
    urgent: bool
    tried: str
    tried_at: dt.datetime | None
    form: CallForm
    note: str = ""


# What rooms above know that a caller should: (event, invitation ids) -> words by id, in one query.
Notes = Callable[[Event, Collection[int]], Mapping[int, str]]
_notes: list[Notes] = []


def register_notes(notes: Notes) -> Notes:
    """A room's own notes; called once, when the app starts."""
    _notes.append(notes)
    return notes


def to_call(event: Event) -> "InvitationQuerySet":
    """Those who have not answered and must or can be called, and who said maybe and must settle; trouble first, then
    who was never called, then by name.
    """
    attempts = (
        CallAttempt.objects.of(event.tenant_id).filter(invitation=OuterRef("pk")).order_by("-at", "-pk")
    )
    rows: Any = invitations(event).filter(TO_CALL).select_related("contact__organisation")
    rows = rows.annotate(
        tried=Subquery(attempts.values("outcome")[:1]), tried_at=Subquery(attempts.values("at")[:1])
    )
    found: InvitationQuerySet = rows.order_by(
        "reach_rank", F("tried_at").asc(nulls_first=True), "contact__name", "pk"
    )
    return found


def people(event: Event, rows: "Iterable[Any]") -> list[Person]:
    """`rows` of `to_call` as lines, in words of the active language."""
    those = list(rows)
    noted = [notes(event, [row.pk for row in those]) for notes in _notes]
    return [
        _person(event, row, " ".join(filter(None, (each.get(row.pk) for each in noted)))) for row in those
    ]


def _person(event: Event, row: Any, note: str) -> Person:
    contact = row.contact
    return Person(
        pk=row.pk,
        name=contact.name,
        role=contact.role,
        organisation=contact.organisation.name if contact.organisation else "",
        phone=contact.phone,
        why=_why(row),
        urgent=row.reach in IN_TROUBLE,
        tried=str(CallOutcome(row.tried).label) if row.tried else "",
        tried_at=event.local(row.tried_at) if row.tried_at else None,
        form=CallForm(prefix=str(row.pk)),
        note=note,
    )


def _why(row: Any) -> Any:
    if row.reply == Reply.TENTATIVE:
        return _("Said maybe, must settle.")
    if row.channel == Channel.PHONE:
        return _("Wants to be called.")
    return WHY.get(Reach(row.reach), _("There is no answer."))
