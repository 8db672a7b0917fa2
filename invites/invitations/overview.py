"""The guest list as facts: one row an invitation, counts by type of organisation, who to call. Read only."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, F, FilteredRelation, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from events.directory.models import Contact, OrganisationKind
from events.gatherings.models import Event
from invites.invitations.models import Invitation, Reply
from invites.invitations.waves.models import Wave
from invites.post.models import OutgoingMail

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from invites.invitations.models import InvitationQuerySet

TROUBLE = (OutgoingMail.State.FAILED, OutgoingMail.State.UNKNOWN)
TO_CALL = (Q(reply="") & ~Q(contact__phone="")) | Q(reply="", mail_state__in=TROUBLE)
COLOURS = {
    Reply.ACCEPTED.value: "success",
    Reply.TENTATIVE.value: "warning",
    Reply.DECLINED.value: "neutral",
    OutgoingMail.State.ACCEPTED.value: "success",
    OutgoingMail.State.FAILED.value: "danger",
    OutgoingMail.State.UNKNOWN.value: "warning",
}
SORTS = {
    "name": "contact__name",
    "organisation": "contact__organisation__name",
    "kind": "contact__organisation__kind",
    "mail": "mail_state",
    "answer": "reply",
    "answered": "replied_at",
}


@dataclass(frozen=True)
class Guest:
    """One line of the guest list. Times are on the clock of the event's own zone; labels in the active language."""

    pk: int
    name: str
    role: str
    organisation: str
    kind: str
    email: str
    phone: str
    mail: str
    mail_colour: str
    mail_at: dt.datetime | None
    answer: str
    answer_colour: str
    comment: str
    by_telephone: bool
    answered_at: dt.datetime | None
    to_call: bool


@dataclass
class Tally:
    """Numbers of one type of organisation, or of all."""

    label: str
    invited: int = 0
    sent: int = 0
    accepted: int = 0
    tentative: int = 0
    declined: int = 0
    silent: int = 0
    to_call: int = 0

    def add(self, numbers: Mapping[str, Any]) -> None:
        for name in ("invited", "sent", "accepted", "tentative", "declined", "silent", "to_call"):
            setattr(self, name, getattr(self, name) + numbers[name])


def with_planned_waves(events: "QuerySet[Event]") -> "QuerySet[Event]":
    """`events` with their tenant and `waves_planned`, the number of waves that are still to go out."""
    planned = Count("waves", filter=Q(waves__state=Wave.State.PLANNED))
    return events.select_related("tenant").annotate(waves_planned=planned)


def invitations(event: Event) -> "InvitationQuerySet":
    """The valid invitations of `event`, with the state of the newest invitation mail and when it got there."""
    mails = OutgoingMail.objects.of(event.tenant_id).filter(kind="invitation", subject_id=OuterRef("pk"))
    newest = mails.order_by("-revision", "-pk")
    return (
        Invitation.objects.of(event.tenant_id)
        .valid()
        .filter(event=event)
        .annotate(
            mail_state=Subquery(newest.values("state")[:1]),
            mail_at=Subquery(newest.values(at=Coalesce("settled_at", "created_at"))[:1]),
        )
    )


def tallies(event: Event) -> tuple[Tally, list[Tally]]:
    """The numbers of all invitees, and of each type of organisation; one query."""
    kinds = dict(OrganisationKind.choices)
    total, by_kind = Tally(""), []
    rows = invitations(event).order_by("contact__organisation__kind").values("contact__organisation__kind")
    for row in rows.annotate(
        invited=Count("pk"),
        sent=Count("pk", filter=Q(mail_state=OutgoingMail.State.ACCEPTED)),
        accepted=Count("pk", filter=Q(reply=Reply.ACCEPTED)),
        tentative=Count("pk", filter=Q(reply=Reply.TENTATIVE)),
        declined=Count("pk", filter=Q(reply=Reply.DECLINED)),
        silent=Count("pk", filter=Q(reply="")),
        to_call=Count("pk", filter=TO_CALL),
    ):
        kind = row["contact__organisation__kind"]
        tally = Tally(str(kinds.get(kind, "–")))
        tally.add(row)
        total.add(row)
        by_kind.append(tally)
    return total, by_kind


def filtered(
    event: Event, *, answer: str = "", kind: str = "", mail: str = "", q: str = "", call: str = ""
) -> "InvitationQuerySet":
    """The event's invitations, narrowed by whatever is not empty; `answer` "none" means that nothing was said yet."""
    rows = invitations(event)
    if answer:
        rows = rows.filter(reply="" if answer == "none" else answer)
    if kind:
        rows = rows.filter(contact__organisation__kind=kind)
    if mail:
        rows = rows.filter(Q(mail_state=mail))
    if call:
        rows = rows.filter(TO_CALL)
    if q:
        rows = rows.filter(contact__in=Contact.objects.of(event.tenant_id).matching(q))
    return rows


def ordered(rows: "InvitationQuerySet", sort: str) -> "InvitationQuerySet":
    """By a key of SORTS, "-" before it for descending; anything else sorts by organisation. What is missing is last."""
    key = sort.removeprefix("-")
    column = F(SORTS.get(key, SORTS["organisation"]))
    way = column.desc(nulls_last=True) if sort.startswith("-") else column.asc(nulls_last=True)
    return rows.order_by(way, "contact__name", "pk")


def with_answers(rows: "InvitationQuerySet") -> "InvitationQuerySet":
    """Adds the standing answer's comment and source: the answer given at the moment the row was last answered."""
    return rows.select_related("contact__organisation").annotate(
        standing=FilteredRelation("answers", condition=Q(answers__answered_at=F("replied_at"))),
        comment=F("standing__comment"),
        answer_source=F("standing__source"),
    )


def guests(event: Event, rows: "Iterable[Any]") -> list[Guest]:
    """`rows` of `with_answers` as lines of the list."""
    mails, kinds = dict(OutgoingMail.State.choices), dict(OrganisationKind.choices)
    return [_guest(event, row, mails, kinds) for row in rows]


def _guest(event: Event, row: Any, mails: Mapping[str, Any], kinds: Mapping[str, Any]) -> Guest:
    contact, organisation = row.contact, row.contact.organisation
    return Guest(
        pk=row.pk,
        name=contact.name,
        role=contact.role,
        organisation=organisation.name if organisation else "",
        kind=str(kinds[organisation.kind]) if organisation else "",
        email=contact.email,
        phone=contact.phone,
        mail=str(mails.get(row.mail_state, "–")),
        mail_colour=COLOURS.get(row.mail_state, "neutral"),
        mail_at=event.local(row.mail_at) if row.mail_at else None,
        answer=str(row.get_reply_display()),
        answer_colour=COLOURS.get(row.reply, "neutral"),
        comment=row.comment or "",
        by_telephone=row.answer_source == "staff",
        answered_at=event.local(row.replied_at) if row.replied_at else None,
        to_call=row.reply == "" and bool(contact.phone or row.mail_state in TROUBLE),
    )
