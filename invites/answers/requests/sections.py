"""The sections of "To decide" about what invitees asked for: late answers, substitutes, delegations."""

from collections.abc import Iterable
from functools import partial
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events.gatherings.models import Event
from invites.answers.requests import rules, words
from invites.answers.requests.models import (
    NAMING,
    AnswerRequest,
    AnswerRequestQuerySet,
    RequestKind,
    RequestState,
)
from invites.invitations import deciding
from invites.invitations.deciding import Choice, Decided, Row, Section
from invites.invitations.models import Invitation, Mode, Reply

COLOURS = {RequestState.GRANTED: "success", RequestState.REFUSED: "warning"}


def rows(kind: str, event: Event) -> Iterable[Row]:
    """What waits, the longest first. Two queries."""
    if not rules.on(event):
        return
    found = list(_waiting(event.tenant_id, kind).filter(invitation__event=event))
    invited = _invited(event, [row.email for row in found if row.email])
    for row in found:
        problem = _("This person is invited to the meeting already.") if row.email.lower() in invited else ""
        yield _row(event, row, problem or _no_seat(event, row))


def waiting(tenant_id: int) -> AnswerRequestQuerySet:
    """Of all kinds; only of events where something can still be decided."""
    return (
        AnswerRequest.objects.of(tenant_id)
        .pending()
        .filter(
            invitation__revoked_at__isnull=True,
            invitation__event__state=Event.State.PUBLISHED,
            invitation__event__starts_at__gt=timezone.now(),
            invitation__event__locked_at__isnull=True,
        )
    )


def decided(kind: str, event: Event) -> Iterable[Decided]:
    asked = AnswerRequest.objects.of(event.tenant_id).filter(invitation__event=event, kind=kind)
    asked = asked.exclude(state=RequestState.PENDING).select_related("invitation__contact", "decided_by")
    for row in asked.order_by("-decided_at", "-pk"):
        yield Decided(
            who=row.invitation.contact.name,
            what=words.for_staff(row),
            outcome=words.outcome(row),
            at=event.local(row.decided_at or row.asked_at),
            by=row.decided_by.name if row.decided_by else "",
            reason=row.reason,
            url=_history_of(event, row.invitation_id),
            colour=COLOURS.get(RequestState(row.state), "neutral"),
        )


def _waiting(tenant_id: int, kind: str) -> AnswerRequestQuerySet:
    asked: AnswerRequestQuerySet = AnswerRequest.objects.of(tenant_id).filter(
        kind=kind, invitation__revoked_at__isnull=True
    )
    return asked.pending().select_related("invitation__contact__organisation")


def _row(event: Event, row: AnswerRequest, problem: str) -> Row:
    contact, slug = row.invitation.contact, event.tenant.slug
    who = f"{contact.name}, {contact.organisation.name}" if contact.organisation else contact.name
    approve = reverse("decision-grant", kwargs={"tenant": slug, "pk": row.pk})
    refuse = reverse("decision-refuse", kwargs={"tenant": slug, "pk": row.pk})
    return Row(
        who=who,
        what=words.for_staff(row),
        at=event.local(row.asked_at),
        url=_history_of(event, row.invitation_id),
        lines=tuple((label, value) for label, value in _lines(row) if value),
        problem=problem,
        choices=(
            Choice(_("Approve"), approve, main=True),
            Choice(_("Refuse"), refuse, asks=True),
        ),
    )


def _lines(row: AnswerRequest) -> list[tuple[Any, str]]:
    people = "; ".join(", ".join(filter(None, one)) for one in row.people)
    return [
        (_("Answer so far"), str(row.invitation.get_reply_display() or _("no answer yet"))),
        (_("Takes part"), str(row.get_mode_display())),
        (_("Those who come"), people),
        (_("Role"), row.role),
        (_("E-mail"), row.email),
        (_("Comment"), row.comment),
    ]


def _no_seat(event: Event, row: AnswerRequest) -> str:
    """Why a yes cannot be taken as it stands; "" when it can, or when no seat is needed."""
    needs = row.kind in NAMING or (row.reply == Reply.ACCEPTED and row.mode != Mode.ONLINE)
    more = max(len(row.people), 1) - row.invitation.seats
    if needs and event.seats_left is not None and more > event.seats_left:
        return _("All seats are taken. Make room first, or refuse.")
    return ""


def _invited(event: Event, addresses: list[str]) -> set[str]:
    if not addresses:
        return set()
    invited = Invitation.objects.of(event.tenant_id).valid().filter(event=event)
    every = invited.filter(contact__email__in={*addresses, *(one.lower() for one in addresses)})
    return {email.lower() for email in every.values_list("contact__email", flat=True)}


def _history_of(event: Event, invitation: int) -> str:
    return reverse("invitation-detail", kwargs={"tenant": event.tenant.slug, "pk": invitation})


for position, kind, heading in (
    (10, RequestKind.LATE_ANSWER, gettext_lazy("Answers after the deadline")),
    (20, RequestKind.SUBSTITUTE, gettext_lazy("Somebody else is to come")),
    (25, RequestKind.DELEGATION, gettext_lazy("Passed on in the calendar")),
):
    deciding.register(
        Section(
            key=kind.value.replace("_", "-"),
            heading=heading,
            position=position,
            rows=partial(rows, kind),
            waiting=waiting if kind == RequestKind.LATE_ANSWER else None,
            decided=partial(decided, kind),
        )
    )
