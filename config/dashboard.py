"""The coordinator's dashboard: a query or two for each panel, and only the panels the role may see."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Max, Q, QuerySet
from django.utils import timezone

from events.gatherings.models import Event
from events.tenancy.models import Membership, Tenant
from events.tenancy.permissions import Permission
from invites.invitations.deciding import waiting
from invites.invitations.models import Invitation, Reply
from invites.invitations.reminders import showing as reminders
from invites.invitations.telling.people import untold
from invites.invitations.waves import showing
from invites.post.models import OutgoingMail
from minutes.progress.standing import untouched
from minutes.records.actions.models import ActionItem
from minutes.records.models import Minutes

SHOWN = 6
A_MONTH = dt.timedelta(days=30)


def panels(membership: Membership) -> dict[str, Any]:
    """What the member sees, by panel name; a panel the role may not see is absent."""
    tenant = membership.tenant
    wanted = {
        "untold": (Permission.INVITE, untold),
        "deciding": (Permission.INVITE, deciding),
        "meetings": (Permission.SEE_EVENTS, next_meetings),
        "answers": (Permission.SEE_GUESTS, answers_since_yesterday),
        "ahead": (Permission.INVITE, going_out),
        "mails": (Permission.INVITE, mails_in_trouble),
        "minutes": (Permission.SEE_DRAFT_MINUTES, minutes_waiting),
        "actions": (Permission.SEE_MINUTES, actions_overdue),
        "measures": (Permission.SEE_PLANS, untouched),
    }
    return {name: list(ask(tenant)) for name, (needed, ask) in wanted.items() if membership.may(needed)}


@dataclass(frozen=True)
class Deciding:
    """A meeting whose invitees wait for the organiser, and how many do."""

    event: Event
    number: int


def deciding(tenant: Tenant) -> list[Deciding]:
    """The next meeting first; no query for the meetings where nothing waits."""
    numbers = waiting(tenant.pk)
    if not numbers:
        return []
    events = Event.objects.of(tenant).upcoming().filter(pk__in=list(numbers))
    return [Deciding(event, numbers[event.pk]) for event in events[:SHOWN]]


def next_meetings(tenant: Tenant) -> "QuerySet[Event]":
    """The next meetings with the number of invited, of those who come, and of those who are silent."""
    valid = Q(invitations__revoked_at__isnull=True)
    return (
        Event.objects.of(tenant)
        .upcoming()
        .annotate(
            invited=Count("invitations", filter=valid),
            coming=Count("invitations", filter=valid & Q(invitations__reply=Reply.ACCEPTED)),
            silent=Count("invitations", filter=valid & Q(invitations__reply="")),
        )[:SHOWN]
    )


def answers_since_yesterday(tenant: Tenant) -> Any:
    """By event: how many answered since yesterday began, and what they say now."""
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    answered = Invitation.objects.of(tenant).filter(
        revoked_at__isnull=True, replied_at__gte=today - dt.timedelta(days=1)
    )
    return (
        answered.order_by()
        .values("event_id", title=F("event__title"))
        .annotate(
            accepted=Count("pk", filter=Q(reply=Reply.ACCEPTED)),
            tentative=Count("pk", filter=Q(reply=Reply.TENTATIVE)),
            declined=Count("pk", filter=Q(reply=Reply.DECLINED)),
            latest=Max("replied_at"),
        )
        .order_by("-latest")[:SHOWN]
    )


@dataclass(frozen=True)
class Ahead:
    """Mails that go out by themselves: a wave of invitations (then `wave` is its id) or a step of the reminders."""

    event: Event
    at: dt.datetime
    title: str
    wave: int | None = None
    warning: str = ""


def going_out(tenant: Tenant) -> list[Ahead]:
    """Planned waves, those held back too, and the next reminder of each meeting; the first one first."""
    waves = [
        Ahead(row.event, row.due_at, str(row), row.pk, showing.warning(row.event, row))
        for row in showing.planned(tenant)[:SHOWN]
    ]
    steps = [Ahead(step.event, step.at, step.title) for step in reminders.coming(tenant, SHOWN)]
    return sorted([*waves, *steps], key=lambda one: one.at)[:SHOWN]


def mails_in_trouble(tenant: Tenant) -> "QuerySet[OutgoingMail]":
    """Mails of the last month that failed or whose fate is unknown, latest first."""
    recent = OutgoingMail.objects.of(tenant).filter(created_at__gte=timezone.now() - A_MONTH)
    return recent.in_trouble().order_by("-created_at", "-pk")[:SHOWN]


def minutes_waiting(tenant: Tenant) -> "QuerySet[Minutes]":
    """Minutes that wait for approval, the longest waiting first."""
    waiting = Minutes.objects.of(tenant).filter(state=Minutes.State.SUBMITTED)
    return waiting.select_related("event", "author").order_by("submitted_at", "pk")[:SHOWN]


def actions_overdue(tenant: Tenant) -> "QuerySet[ActionItem]":
    """Action points that are overdue, the longest overdue first; without who has them."""
    return ActionItem.objects.of(tenant).overdue().first_due()[:SHOWN]
