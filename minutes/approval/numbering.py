"""Numbers the decisions of minutes: per body and year, without gaps, also when two are approved at once."""

from django.db.models import F
from django.utils import timezone

from events.gatherings.models import Event
from minutes.approval.models import DecisionCounter, DecisionNumber
from minutes.records.models import Minutes, Outcome

NO_BODY = 0


def number_decisions(minutes: Minutes) -> list[DecisionNumber]:
    """Gives each decision of `minutes` that has none the next number of its body and year. Inside the approval's
    transaction: the counter's row is held until it is over, and an approval that fails gives its numbers back.

    The body is the meeting's first host, the year that of the meeting. A second call changes nothing.
    """
    decisions = Outcome.objects.of(minutes.tenant_id).filter(minutes=minutes, kind=Outcome.Kind.DECISION)
    new = list(decisions.filter(decision_number__isnull=True).order_by("position", "pk"))
    if not new:
        return []
    series = {"series": _body(minutes.event), "year": (minutes.event.sort_on or timezone.localdate()).year}
    last = _take(minutes.tenant_id, len(new), series)
    rows = [
        DecisionNumber(tenant_id=minutes.tenant_id, outcome=one, number=number, **series)
        for number, one in enumerate(new, start=last - len(new) + 1)
    ]
    created: list[DecisionNumber] = DecisionNumber.objects.of(minutes.tenant_id).bulk_create(rows)
    return created


def _body(event: Event) -> int:
    host = event.host_links.order_by("position", "pk").first()
    return host.organisation_id if host else NO_BODY


def _take(tenant_id: int, count: int, series: dict[str, int]) -> int:
    """Raises the counter by `count` and returns what it stands at."""
    counters = DecisionCounter.objects.of(tenant_id).filter(**series)
    counters.get_or_create(defaults={"tenant_id": tenant_id}, **series)
    counters.update(last=F("last") + count)
    return int(counters.values_list("last", flat=True).get())
