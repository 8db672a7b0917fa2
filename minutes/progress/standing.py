"""Where measures stand, and which ones nobody has touched. Reads only."""

import calendar
import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from events.plans.models import Measure, Plan
from events.tenancy.models import Tenant
from minutes.progress.models import StatusNote
from minutes.records.models import Minutes, Outcome, Phase

# Measures that need no further attention; a standing one is work that goes on, so it does.
FINISHED = (Phase.COMPLETED, Phase.ENDED)


@dataclass(frozen=True)
class Standing:
    """A measure's phase, since when it has it, and when a status was last noted (None: never)."""

    phase: Phase
    since: dt.datetime | None = None
    last_moved_at: dt.datetime | None = None


def standings(measures: Iterable[Measure]) -> dict[int, Standing]:
    """Where each of `measures` stands, by id, in one query. All of them must belong to one tenant.

    Without a note a measure is not started, or to be considered where the plan says so.
    """
    measures = list(measures)
    found = {measure.pk: _unmoved(measure) for measure in measures}
    tenants = {measure.tenant_id for measure in measures}
    for tenant in tenants:
        notes = StatusNote.objects.of(tenant).filter(measure__in=found).order_by("noted_at", "pk")
        for measure, phase, at in notes.values_list("measure_id", "phase", "noted_at"):
            before = found[measure]
            since = before.since if before.since and before.phase == phase else at
            found[measure] = Standing(Phase(phase), since, at)
    return found


def untouched(tenant: Tenant, months: int = 6) -> QuerySet[Measure]:
    """Measures without a status note and without an outcome in approved minutes for `months`; never noted ones first.

    Completed and ended ones are left out, those of drafts and of plans that are over too, and a plan younger than that
    has had no time yet. Each row knows `noted_at`, the time of its latest note (None: never).
    """
    limit = months_ago(months)
    notes = StatusNote.objects.of(tenant).filter(measure=OuterRef("pk")).latest_first()
    proven = Outcome.objects.of(tenant).filter(
        measure=OuterRef("pk"), minutes__state=Minutes.State.APPROVED, minutes__approved_at__gte=limit
    )
    measures = Measure.objects.of(tenant).annotate(
        noted_at=Subquery(notes.values("noted_at")[:1]), phase=Subquery(notes.values("phase")[:1])
    )
    never_noted = Q(noted_at__isnull=True)
    long_ago = Q(noted_at__lt=limit) & ~Q(phase__in=FINISHED)
    since = Coalesce("plan__adopted_on", "plan__decided_on")
    measures = measures.annotate(since=since).filter(plan__state=Plan.State.ADOPTED, since__lte=limit.date())
    resting = measures.filter(never_noted | long_ago).exclude(Exists(proven))
    return resting.select_related("plan").order_by(F("noted_at").asc(nulls_first=True), "plan", "number")


def months_ago(months: int) -> dt.datetime:
    """The same day of the month `months` ago, or that month's last day."""
    now = timezone.now()
    year, month = divmod(now.year * 12 + now.month - 1 - months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return now.replace(year=year, month=month + 1, day=min(now.day, last))


def _unmoved(measure: Measure) -> Standing:
    return Standing(Phase.TO_BE_CONSIDERED if measure.to_be_considered else Phase.NOT_STARTED)
