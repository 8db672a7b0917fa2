"""Changes to the milestones of a measure, each with an audit entry."""

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events import audit
from events.dates import VagueDate
from events.plans.models import Measure
from events.tenancy.models import User
from minutes.progress.milestones.models import Milestone
from minutes.records.actions.owners import links_of
from minutes.records.owning import due_facts


@transaction.atomic
def add_milestone(
    measure: Measure, *, by: User | None, title: str, owner: str = "", due: VagueDate | None = None
) -> Milestone:
    """Who `owner` is, is looked up in the directory; a name nobody knows stays as written."""
    row = Milestone(tenant_id=measure.tenant_id, measure=measure)
    _fill(row, title, owner, due)
    row.save()
    _note("added", row, by)
    return row


@transaction.atomic
def change_milestone(
    milestone: Milestone, *, by: User | None, title: str, owner: str, due: VagueDate | None
) -> bool:
    """False, and writes nothing, when all is as it was."""
    row = _locked(milestone)
    if (row.title, row.owner, row.due) == (title, owner, due):
        return False
    _fill(row, title, owner, due)
    row.save()
    _note("changed", row, by)
    return True


@transaction.atomic
def reach(milestone: Milestone, *, by: User | None, on: dt.date | None = None) -> bool:
    """Reached on a day, or today. False, and writes nothing, when it was before. ValueError for a day to come."""
    today = timezone.localdate()
    if on is not None and on > today:
        raise ValueError("a day to come")
    row = _locked(milestone)
    if row.is_reached:
        return False
    row.reached_on = on or today
    row.save()
    _note("reached", row, by)
    return True


@transaction.atomic
def undo(milestone: Milestone, *, by: User | None) -> bool:
    """Not reached after all. False when it is not."""
    row = _locked(milestone)
    if not row.is_reached:
        return False
    row.reached_on = None
    row.save()
    _note("undone", row, by)
    return True


@transaction.atomic
def remove_milestone(milestone: Milestone, *, by: User | None) -> bool:
    """False when it is gone already."""
    row = Milestone.objects.of(milestone.tenant_id).select_for_update().filter(pk=milestone.pk).first()
    if row is None:
        return False
    _note("removed", row, by)
    row.delete()
    return True


def _fill(row: Milestone, title: str, owner: str, due: VagueDate | None) -> None:
    if owner != row.owner:
        links = links_of(row.tenant_id, [owner]).get(owner, {})
        row.owner_organisation_id = links.get("owner_organisation_id")
        row.owner_contact_id = links.get("owner_contact_id")
    row.title, row.owner = title, owner
    for name, value in due_facts(due).items():
        setattr(row, name, value)


def _locked(milestone: Milestone) -> Milestone:
    return Milestone.objects.of(milestone.tenant_id).select_for_update().get(pk=milestone.pk)


def _note(verb: str, row: Milestone, by: User | None) -> None:
    audit.record(f"milestone.{verb}", row, by=by, title=row.title)


audit.register(
    {
        "milestone.added": _("%(who)s added the milestone “%(title)s”."),
        "milestone.changed": _("%(who)s changed the milestone “%(title)s”."),
        "milestone.reached": _("%(who)s noted that the milestone “%(title)s” is reached."),
        "milestone.undone": _("%(who)s noted that the milestone “%(title)s” is not reached after all."),
        "milestone.removed": _("%(who)s removed the milestone “%(title)s”."),
    }
)
