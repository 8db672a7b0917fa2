"""Which plan follows which: a chain without a circle, the later one not before the earlier."""

import datetime as dt

from django.utils.translation import gettext as _

from events.plans.models import Plan


class WrongOrder(Exception):
    """The plan cannot succeed the other one. `str()` is a sentence in the active language."""


def refuse_wrong_order(plan: Plan | None, earlier: Plan, *, begins: dt.date | None = None) -> None:
    """Raises WrongOrder when `plan` (None: one not made yet) cannot succeed `earlier`.

    `begins` is the first day known of the plan; without one, or without one of the earlier plan, any order is believed.
    """
    if plan is not None and earlier.tenant_id != plan.tenant_id:
        raise ValueError("a plan of another tenant")
    other = successor_of(earlier)
    if other is not None and (plan is None or other.pk != plan.pk):
        raise WrongOrder(_("“%(plan)s” succeeds that plan already.") % {"plan": other.title})
    if plan is not None and plan.pk in _line(earlier):
        raise WrongOrder(_("A plan cannot succeed itself, nor one that comes after it."))
    begins = begins or (plan.begins if plan else None)
    if begins and earlier.begins and begins < earlier.begins:
        raise WrongOrder(_("A plan cannot succeed one that begins later."))


def successor_of(plan: Plan) -> Plan | None:
    return Plan.objects.of(plan.tenant_id).filter(predecessor=plan).first()


def _line(plan: Plan) -> set[int]:
    """The plan and all before it, by id, in one query."""
    before = dict(Plan.objects.of(plan.tenant_id).values_list("pk", "predecessor"))
    found: set[int] = set()
    here: int | None = plan.pk
    while here is not None and here not in found:
        found.add(here)
        here = before.get(here)
    return found
