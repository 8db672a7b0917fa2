"""Brings a plan from a file into a tenant's plans: all of it or nothing, and the second time nothing changes."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events import audit
from events.plans.correcting import note_correction
from events.plans.loading import Located
from events.plans.models import Plan
from events.plans.reading import read
from events.plans.results import ImportResult
from events.plans.writing import Writing
from events.tenancy.models import Tenant, User


class NotAsSeen(Exception):
    """The import would do something else than the person saw, because the plan changed meanwhile."""


def import_plan(
    data: object,
    *,
    tenant: Tenant,
    dry_run: bool = False,
    by: User | None = None,
    reason: str = "",
    seen: str = "",
) -> ImportResult:
    """Imports the plan in `data` (as `loading.load` gives it). With errors nothing is written and all are returned.

    A plan is found again by its key, measures by their number, bodies by name or alias. What the file does not say
    stays, and what it does not hold is kept and told. A title of an adopted plan changes only with a `reason`. A dry
    run writes nothing. Writes one audit row, unless nothing changed, and one for each title corrected. Raises NotAsSeen
    when `seen`, the fingerprint of a dry run, is no longer what would be done.
    """
    reading = read(data)
    if reading.plan is None:
        return ImportResult(errors=list(reading.errors))
    result = ImportResult()
    with transaction.atomic():
        # Two imports at once would each add the same bodies; on SQLite the transaction itself waits.
        Tenant.objects.select_for_update().get(pk=tenant.pk)
        Writing(tenant, reading.plan, result).run()
        does = bool(result.created or result.changed) and not (dry_run or result.errors)
        if seen and does and seen != result.fingerprint():
            raise NotAsSeen
        if result.corrections and not dry_run and not reason.strip():
            result.errors.append(
                _("The plan is adopted: a title in it changes only as a correction, with a reason.")
            )
        if dry_run or result.errors:
            transaction.set_rollback(True)
        elif result.plan and (result.created or result.changed):
            _note(result, result.plan, by, reason)
    return result


def _note(result: ImportResult, plan: Plan, by: User | None, reason: str) -> None:
    counts = {"created": len(result.created), "changed": len(result.changed)}
    audit.record("plan.imported", plan, by=by, title=plan.title, **counts)
    for each in result.corrections:
        note_correction(each.row, by=by, old=each.old, new=each.new, reason=reason)


def completed(data: Any, *, owner: str, title: str = "", plan: Plan | None = None) -> Any:
    """`data` with what a list or a text need not say: whose plan it is, and which one it goes into."""
    if not isinstance(data, dict) or not isinstance(data.get("plan"), dict):
        return data
    top = Located(data["plan"])
    if plan is not None:
        top["key"], top["owner"] = plan.key, plan.owner.name
    if not top.get("owner"):
        top["owner"] = owner
    if title and not top.get("title"):
        top["title"] = title
    return {**data, "plan": top}


audit.register(
    {
        "plan.imported": gettext_lazy(
            "%(who)s imported the plan “%(title)s” (%(created)s new, %(changed)s changed)."
        ),
    }
)
