"""The proof that a measure moved: from the meeting to its decisions, actions and the approved minutes. Reads only.

Only approved minutes prove anything, and no guest is named: who has an action point is for those who may see guests.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Case, Prefetch, Q, When

from events.gatherings.agenda import ItemLevel
from events.gatherings.models import Event, EventMeasure
from events.plans.models import Measure
from minutes.approval.models import MinutesVersion
from minutes.records.models import Minutes, MinutesItem, Outcome

RESTRICTED = Q(item__level=ItemLevel.RESTRICTED) | Q(item__programme_item__level=ItemLevel.RESTRICTED)
# Plans are read by many who may not see the guests, nor what such an item led to.
KEPT_BACK = Q(kind__in=(Outcome.Kind.DECISION, Outcome.Kind.ACTION)) & RESTRICTED
PROOF = (Outcome.Kind.DECISION, Outcome.Kind.ACTION, Outcome.Kind.MEASURE_UPDATE)


@dataclass(frozen=True)
class Proof:
    """What one meeting with approved minutes did for a measure."""

    event: Event
    version: MinutesVersion
    decisions: tuple[Outcome, ...]
    actions: tuple[Outcome, ...]
    updates: tuple[Outcome, ...]


@dataclass
class Meetings:
    """The meetings around a measure: those that advanced it, and those that are still to do so."""

    advanced_by: list[Proof] = field(default_factory=list)  # latest first
    held: list[Event] = field(default_factory=list)  # over, but no approved minutes prove anything yet
    planned: list[Event] = field(default_factory=list)  # soonest first


def trail(measure: Measure) -> list[Proof]:
    """The meetings that advanced `measure`, latest first, each with its outcomes. Constant queries."""
    return meetings_of([measure])[measure.pk].advanced_by


def meetings_of(measures: Iterable[Measure]) -> dict[int, Meetings]:
    """The meetings around each of `measures` (of one tenant), by id. At most five queries, for any number of each."""
    wanted = {measure.pk: measure for measure in measures}
    found = {pk: Meetings() for pk in wanted}
    if not wanted:
        return found
    tenant = next(iter(wanted.values())).tenant_id
    planned_for = _planned_for(tenant, wanted)
    proven = _add_proofs(tenant, found, planned_for)
    for event, measure_ids in planned_for.values():
        for pk in measure_ids:
            if (event.pk, pk) not in proven:
                _add_without_proof(found[pk], event)
    for meetings in found.values():
        meetings.planned.sort(key=lambda event: (event.starts_at is None, event.starts_at, event.pk))
    return found


def _planned_for(tenant: int, wanted: Collection[int]) -> dict[int, tuple[Event, set[int]]]:
    """Events that are planned to advance measures: event id -> the event and the measures' ids, no drafts."""
    links = EventMeasure.objects.of(tenant).filter(measure__in=wanted)
    events: dict[int, tuple[Event, set[int]]] = {}
    told = links.filter(event__state__in=(Event.State.PUBLISHED, Event.State.HELD))
    for link in told.select_related("event").order_by("-event__sort_on", "-event"):
        events.setdefault(link.event_id, (link.event, set()))[1].add(link.measure_id)
    return events


def _add_proofs(
    tenant: int, found: dict[int, Meetings], planned_for: dict[int, tuple[Event, set[int]]]
) -> set[tuple[int, int]]:
    """Fills `advanced_by`; returns the pairs of event and measure ids that are proven."""
    named = _items_that_name(tenant, found)
    of_items = [item for items in named.values() for item in items]
    about = Q(outcomes__measure__in=found) | Q(event__in=planned_for) | Q(items__in=of_items)
    outcomes = Outcome.objects.of(tenant).filter(kind__in=PROOF).exclude(KEPT_BACK)
    outcomes = outcomes.annotate(is_kept_back=Case(When(RESTRICTED, then=True), default=False))
    approved = Minutes.objects.of(tenant).approved().filter(about).distinct().select_related("event")
    approved = approved.prefetch_related(
        Prefetch("outcomes", outcomes, to_attr="proving"),
        Prefetch("versions", MinutesVersion.objects.of(tenant).defer("canonical"), to_attr="frozen"),
    )
    proven = set()
    for minutes in sorted(approved, key=lambda m: (m.event.sort_on, m.pk), reverse=True):
        planned = planned_for.get(minutes.event_id, (None, set()))[1]
        for pk in found:
            if proof := _proof(minutes, pk, named[pk], is_planned=pk in planned):
                found[pk].advanced_by.append(proof)
                proven.add((minutes.event_id, pk))
    return proven


def _items_that_name(tenant: int, measures: Collection[int]) -> dict[int, set[int]]:
    """By measure: the items of minutes whose item of the agenda is about it. One query."""
    named: dict[int, set[int]] = defaultdict(set)
    items = MinutesItem.objects.of(tenant).filter(programme_item__measure_links__measure__in=measures)
    for measure, item in items.values_list("programme_item__measure_links__measure", "pk"):
        named[measure].add(item)
    return named


def _proof(minutes: Minutes, measure: int, named: set[int], *, is_planned: bool) -> Proof | None:
    """What `minutes` hold about the measure, or None.

    Decisions and actions name no measure in the minutes, so they count when the meeting was planned to advance it,
    when their item is about it (it is among `named`), or when they belong to the same item as an update of it.
    """
    rows: Sequence[Outcome] = minutes.proving  # type: ignore[attr-defined]
    items = named | {row.item_id for row in rows if row.measure_id == measure and row.item_id}
    kinds: dict[str, list[Outcome]] = defaultdict(list)
    for row in rows:
        is_near = row.measure_id is None and (is_planned or row.item_id in items)
        if row.measure_id == measure or is_near:
            kinds[row.kind].append(_told(row))
    versions: Sequence[MinutesVersion] = minutes.frozen  # type: ignore[attr-defined]
    if not kinds or not versions:
        return None
    return Proof(
        event=minutes.event,
        version=max(versions, key=lambda version: version.number),
        decisions=tuple(kinds[Outcome.Kind.DECISION]),
        actions=tuple(kinds[Outcome.Kind.ACTION]),
        updates=tuple(kinds[Outcome.Kind.MEASURE_UPDATE]),
    )


def _told(row: Outcome) -> Outcome:
    """That a measure moved is told to all who see the plan; the words of an item for few are not."""
    if row.is_kept_back:  # type: ignore[attr-defined]
        row.text = ""
    return row


def _add_without_proof(meetings: Meetings, event: Event) -> None:
    if event.state == Event.State.HELD or event.has_begun:
        meetings.held.append(event)
    else:
        meetings.planned.append(event)
