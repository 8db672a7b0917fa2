"""The guest list as facts: one row an invitation, counts by type of organisation, who to call. Read only."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, F, FilteredRelation, OuterRef, Q, Subquery, Sum, prefetch_related_objects
from django.db.models.functions import Coalesce, Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.directory.models import Channel, Contact, OrganisationKind
from events.gatherings.models import Event
from invites.invitations import reach
from invites.invitations.deciding import with_waiting
from invites.invitations.models import Invitation, Reply, Representative
from invites.invitations.reach import Reach, with_reach
from invites.invitations.waves.models import Wave

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from invites.invitations.models import InvitationQuerySet

# Said maybe and has not settled it by the deadline.
UNSETTLED = Q(reply=Reply.TENTATIVE, event__answer_by__lte=Now())
TO_CALL = UNSETTLED | Q(reply="") & (
    ~Q(contact__phone="") | Q(reach__in=reach.IN_TROUBLE) | Q(channel=Channel.PHONE) | Q(reach=Reach.NOT_SENT)
)
COLOURS = {
    Reply.ACCEPTED.value: "success",
    Reply.TENTATIVE.value: "warning",
    Reply.DECLINED.value: "neutral",
    Reply.WAITING.value: "info",
}
OFFERED = "offered"  # the filter's word for those on the waiting list for whom a seat is held
# How an answer came, where not from the invitee's own page: the words of AnswerSource, which the room above holds.
SOURCES = {
    "staff": _("recorded by the organiser"),
    "phone": _("by telephone"),
    "letter": _("by letter"),
    "door": _("at the door"),
    "calendar": _("from the calendar"),
    "mail": _("by e-mail"),
    "stand_in": _("by the one who was invited"),
    "waitlist": _("by the waiting list"),
}
SORTS = {
    "name": "contact__name",
    "organisation": "contact__organisation__name",
    "kind": "contact__organisation__kind",
    "mail": "reach_rank",
    "answer": "reply",
    "answered": "replied_at",
}


COUNTED = (
    "invited",
    "sent",
    "arrived",
    "opened",
    "accepted",
    "tentative",
    "declined",
    "waiting",
    "offered",
    "silent",
    "to_call",
    "people",
)


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
    source: str  # how the answer came, where that was not from the invitee's own page
    recorded_by: str  # who of the staff wrote it down
    answered_at: dt.datetime | None
    to_call: bool
    quota: int = 0  # how many people an organisation may name; 0 for a person
    seats: int = 0  # people who come with a yes, or wait to
    named: tuple[Representative, ...] = ()  # who come for an organisation, or along with a person
    mode: str = ""  # in person or online, where both are possible
    unlisted: bool = False  # objected to being shown to other guests
    opted_out: bool = False  # asked not to be invited any more
    comes_for: str = ""  # who named this guest to come instead
    instead: str = ""  # who comes instead of this guest


@dataclass
class Tally:
    """Numbers of one type of organisation, or of all."""

    label: str
    invited: int = 0
    sent: int = 0
    arrived: int = 0
    opened: int = 0
    accepted: int = 0
    tentative: int = 0
    declined: int = 0
    waiting: int = 0  # offered ones too
    offered: int = 0
    silent: int = 0
    to_call: int = 0
    people: int = 0

    def add(self, numbers: Mapping[str, Any]) -> None:
        for name in COUNTED:
            setattr(self, name, getattr(self, name) + numbers[name])


def with_counts(tenant_id: int) -> "QuerySet[Event]":
    """The events of a tenant, with it, `waves_planned` (waves still to go out) and `to_decide` (see `deciding`)."""
    planned = Count("waves", filter=Q(waves__state=Wave.State.PLANNED))
    events = Event.objects.of(tenant_id).select_related("tenant").annotate(waves_planned=planned)
    return with_waiting(events, tenant_id)


def invitations(event: Event) -> "InvitationQuerySet":
    """The valid invitations of `event`, with how far each got (see `with_reach`)."""
    return with_reach(Invitation.objects.of(event.tenant_id).valid().filter(event=event), event.tenant_id)


def tallies(event: Event) -> tuple[Tally, list[Tally]]:
    """The numbers of all invitees, and of each type of organisation; one query."""
    kinds = dict(OrganisationKind.choices)
    total, by_kind = Tally(""), []
    rows = invitations(event).order_by("contact__organisation__kind").values("contact__organisation__kind")
    for row in rows.annotate(
        invited=Count("pk"),
        sent=Count("pk", filter=Q(reach__in=reach.HANDED_OVER)),
        arrived=Count("pk", filter=Q(reach__in=reach.ARRIVED)),
        opened=Count("pk", filter=Q(reach=Reach.OPENED)),
        accepted=Count("pk", filter=Q(reply=Reply.ACCEPTED)),
        tentative=Count("pk", filter=Q(reply=Reply.TENTATIVE)),
        declined=Count("pk", filter=Q(reply=Reply.DECLINED)),
        waiting=Count("pk", filter=Q(reply=Reply.WAITING)),
        offered=Count("pk", filter=Q(offered_until__isnull=False)),
        silent=Count("pk", filter=Q(reply="")),
        to_call=Count("pk", filter=TO_CALL),
        people=Coalesce(Sum("party", filter=Q(reply=Reply.ACCEPTED)), 0),
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
    if answer == OFFERED:
        rows = rows.filter(offered_until__isnull=False)
    elif answer:
        rows = rows.filter(reply="" if answer == "none" else answer)
    if kind:
        rows = rows.filter(contact__organisation__kind=kind)
    if mail:
        rows = rows.filter(Q(reach=mail))
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
    """Adds the standing answer's comment and source: the answer given at the moment the row was last answered. And who
    comes instead (`instead`), or instead of whom.
    """
    stand_ins = Invitation.objects.across_tenants("a stand-in belongs to the same tenant").valid()
    stand_ins = stand_ins.filter(stands_in_for=OuterRef("pk")).exclude(reply=Reply.DECLINED)
    return rows.select_related("contact__organisation", "stands_in_for__contact").annotate(
        instead=Subquery(stand_ins.order_by("-pk").values("contact__name")[:1]),
        standing=FilteredRelation("answers", condition=Q(answers__answered_at=F("replied_at"))),
        comment=F("standing__comment"),
        answer_source=F("standing__source"),
        recorded_by=F("standing__recorded_by__name"),
    )


def guests(event: Event, rows: "Iterable[Any]") -> list[Guest]:
    """`rows` of `with_answers` as lines of the list; one query more where organisations name their people."""
    kinds, rows = dict(OrganisationKind.choices), list(rows)
    prefetch_related_objects([row for row in rows if _may_have_named(row)], "representatives")
    return [_guest(event, row, kinds) for row in rows]


def _guest(event: Event, row: Any, kinds: Mapping[str, Any]) -> Guest:
    contact, organisation = row.contact, row.contact.organisation
    names_count = _may_have_named(row) and row.wants_to_come  # not those given to an older time
    return Guest(
        pk=row.pk,
        name=contact.name,
        role=contact.role,
        organisation=organisation.name if organisation else "",
        kind=str(kinds[organisation.kind]) if organisation else "",
        email=contact.email,
        phone=contact.phone,
        mail=str(Reach(row.reach).label),
        mail_colour=reach.COLOURS.get(row.reach, "neutral"),
        mail_at=event.local(row.reach_at) if row.reach_at else None,
        answer=str(_("a seat is offered") if row.offered_until else row.get_reply_display()),
        answer_colour=COLOURS.get(row.reply, "neutral"),
        comment=row.comment or "",
        source=str(SOURCES.get(row.answer_source, "")),
        recorded_by=row.recorded_by or "",
        answered_at=event.local(row.replied_at) if row.replied_at else None,
        to_call=unsettled(event, row) or (row.reply == "" and (bool(contact.phone) or wants_a_hand(row))),
        quota=row.quota if row.for_organisation else 0,
        seats=row.party if row.wants_to_come else 0,
        named=tuple(row.representatives.all()) if names_count else (),
        mode=str(row.get_mode_display()) if row.wants_to_come else "",
        unlisted=row.unlisted or contact.unlisted,
        opted_out=contact.opted_out_at is not None,
        comes_for=row.stands_in_for.contact.name if row.stands_in_for_id else "",
        instead=row.instead or "",
    )


def _may_have_named(row: Any) -> bool:
    return bool(row.for_organisation or row.party > 1)


def unsettled(event: Event, row: Any) -> bool:
    """As UNSETTLED, of one row."""
    late = event.answer_by is not None and event.answer_by <= timezone.now()
    return late and row.reply == Reply.TENTATIVE


def wants_a_hand(row: Any) -> bool:
    """Whether no mail of ours will get there by itself. `row` is one of `invitations`."""
    return row.reach in (*reach.IN_TROUBLE, Reach.NOT_SENT) or row.channel == Channel.PHONE
