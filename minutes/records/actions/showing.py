"""What the pages of action points show, and to whom: who may not see guests learns no owner and no history."""

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone

from events.tenancy.models import Membership
from events.tenancy.permissions import Permission
from minutes.records.actions.models import ActionChange, ActionItem, ActionItemQuerySet

FILTERS = ("open", "overdue", "closed")


@dataclass(frozen=True)
class ShownAction:
    """Built field by field, so that a template cannot tell what its reader may not know."""

    pk: int
    text: str
    owner: str
    due: str
    status: str
    status_words: str
    is_overdue: bool
    meeting: str
    meeting_pk: int
    not_before: dt.date | None = None


def rows(membership: Membership, chosen: str) -> ActionItemQuerySet:
    """Those of the filter `chosen`; any other word means "open"."""
    every: ActionItemQuerySet = ActionItem.objects.of(membership.tenant).select_related(
        "outcome__minutes__event"
    )
    if chosen == "overdue":
        return every.overdue().first_due()
    if chosen == "closed":
        return every.closed().order_by("-closed_at", "-pk")
    return every.open().first_due()


def shown(action: ActionItem, *, names: bool) -> ShownAction:
    """Needs the action's meeting (`select_related`)."""
    meeting = action.outcome.minutes.event
    ahead = action.not_before and action.not_before > timezone.localdate()
    return ShownAction(
        pk=action.pk,
        text=action.text,
        owner=action.owner if names else "",
        due=action.due.words() if action.due else "",
        status=action.status,
        status_words=str(action.get_status_display()),
        is_overdue=action.is_overdue,
        meeting=meeting.title,
        meeting_pk=meeting.pk,
        not_before=action.not_before if ahead else None,
    )


def sees_names(membership: Membership) -> bool:
    return membership.may(Permission.SEE_GUESTS)


def history(action: ActionItem) -> list[ActionChange]:
    return list(ActionChange.objects.of(action.tenant_id).filter(action=action))


def proposal(action: ActionItem, changes: list[ActionChange]) -> ActionChange | None:
    """The date that the owner asked for, while it is the last word about the date."""
    if action.status != ActionItem.Status.OPEN:
        return None
    about = (ActionChange.Kind.NEW_DATE, ActionChange.Kind.CHANGED, ActionChange.Kind.REOPENED)
    last = next((one for one in changes if one.kind in about), None)
    return last if last and last.kind == ActionChange.Kind.NEW_DATE else None
