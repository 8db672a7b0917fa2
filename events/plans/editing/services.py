"""Changes to a plan itself: made, changed, adopted, ended. What is adopted changes its title only with a reason."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.translation import gettext_lazy

from events import audit
from events.directory.searching import fold
from events.directory.services import bodies_named
from events.plans.correcting import note_correction
from events.plans.models import SUCCESSORS, Measure, Plan, PlanState
from events.plans.predecessors import refuse_wrong_order
from events.tenancy.models import Tenant, User


class Taken(Exception):
    """Another one has this title or number already (two people saved at once)."""


class ReasonNeeded(Exception):
    """What is adopted changes only as a correction, with a reason."""


class NotReady(Exception):
    """The plan cannot be adopted: `without_lead` are the numbers of measures nobody leads; it may have none at all."""

    def __init__(self, without_lead: Sequence[int]) -> None:
        super().__init__(without_lead)
        self.without_lead = list(without_lead)


@transaction.atomic
def add_plan(*, tenant: Tenant, by: User | None, owner: str, facts: dict[str, Any]) -> Plan:
    """A draft. `owner` is a body's name, found in the directory or added. Raises Taken, WrongOrder."""
    bodies, _added = bodies_named([owner], tenant=tenant)
    plan = Plan(tenant=tenant, owner=bodies[owner], key=key_for(facts["title"]), **facts)
    if plan.predecessor:
        refuse_wrong_order(None, plan.predecessor, begins=plan.begins)
    saved(plan)
    audit.record("plan.added", plan, by=by, title=plan.title)
    return plan


@transaction.atomic
def change_plan(plan: Plan, *, by: User | None, owner: str, facts: dict[str, Any], reason: str = "") -> bool:
    """Sets `facts`; False, and writes nothing, when all is as it was. Raises ReasonNeeded, WrongOrder."""
    bodies, _added = bodies_named([owner], tenant=plan.tenant)
    other = changed_facts(plan, {**facts, "owner": bodies[owner]})
    if not other:
        return False
    old = plan.title
    refuse_without_reason(plan, other, reason)
    for name, value in other.items():
        setattr(plan, name, value)
    if plan.predecessor:
        refuse_wrong_order(plan, plan.predecessor)
    plan.save()
    note_change("plan", plan, by=by, other=other, old=old, reason=reason)
    return True


@transaction.atomic
def adopt(plan: Plan, *, by: User | None, adopted_by: str, adopted_on: dt.date) -> bool:
    """The draft becomes what is adopted, and supersedes its predecessor. False when it is no draft (a second call).

    Raises NotReady when a measure has no lead, or when there is no measure.
    """
    bare = Measure.objects.of(plan.tenant_id).filter(plan=plan).exclude(responsibilities__position=1)
    numbers = list(bare.values_list("number", flat=True))
    if numbers or not plan.measures.exists():
        raise NotReady(numbers)
    facts = {"adopted_by": adopted_by, "adopted_on": adopted_on}
    if not _moved(plan, PlanState.ADOPTED, **facts):
        return False
    audit.record("plan.adopted", plan, by=by, title=plan.title)
    earlier = plan.predecessor
    if earlier and _moved(earlier, PlanState.SUPERSEDED, ended_on=adopted_on):
        audit.record("plan.superseded", earlier, by=by, title=earlier.title, successor=plan.title)
    return True


@transaction.atomic
def end(plan: Plan, *, by: User | None, ended_on: dt.date, reason: str) -> bool:
    """Ends an adopted plan that nothing follows. False when it is not in force (a second call)."""
    if not _moved(plan, PlanState.ENDED, ended_on=ended_on, ended_because=reason):
        return False
    audit.record("plan.ended", plan, by=by, title=plan.title, reason=reason)
    return True


def key_for(title: str) -> str:
    return slugify(fold(title))[:80].strip("-") or "plan"


def saved(row: Any) -> None:
    """Saves, or raises Taken where the database says that another row has its number or title."""
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise Taken(str(row)) from error


def changed_facts(row: Any, facts: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in facts.items() if getattr(row, name) != value}


def refuse_without_reason(plan: Plan, other: dict[str, Any], reason: str) -> None:
    if not plan.is_draft and {"title", "number"} & other.keys() and not reason.strip():
        raise ReasonNeeded


def note_change(
    what: str, row: Any, *, by: User | None, other: dict[str, Any], old: str, reason: str
) -> None:
    """One audit row; a correction of something adopted tells old, new and why."""
    plan: Plan = row if isinstance(row, Plan) else row.plan
    if not plan.is_draft and {"title", "number"} & other.keys():
        note_correction(row, by=by, old=old, new=str(row), reason=reason)
    else:
        audit.record(f"{what}.changed", row, by=by, title=str(row))


def _moved(plan: Plan, to: PlanState, **facts: Any) -> bool:
    """A conditional UPDATE: of two at once, one moves the plan."""
    allowed = [state for state, others in SUCCESSORS.items() if to in others]
    rows = Plan.objects.of(plan.tenant_id).filter(pk=plan.pk, state__in=allowed)
    if not rows.update(state=to, **facts):
        return False
    for name, value in {"state": to, **facts}.items():
        setattr(plan, name, value)
    return True


audit.register(
    {
        "plan.added": gettext_lazy("%(who)s made the plan “%(title)s”."),
        "plan.changed": gettext_lazy("%(who)s changed the plan “%(title)s”."),
        "plan.adopted": gettext_lazy("%(who)s entered that the plan “%(title)s” is adopted."),
        "plan.superseded": gettext_lazy("The plan “%(title)s” is superseded by “%(successor)s”."),
        "plan.ended": gettext_lazy("%(who)s ended the plan “%(title)s”: %(reason)s"),
    }
)
