"""Writes an event's hosts, measures and programme as they were handed in."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import F

from events.directory.models import Organisation
from events.gatherings.agenda import ItemLevel, ItemMeasure, rank
from events.gatherings.models import Appearance, Event, EventHost, EventMeasure, ProgrammeItem
from events.plans.models import Measure

# {id?, day, starts, title, place, notes, kind, level, papers, speakers: [{name, office, role}], measures: [id]}
# `id` names an item that is already there. Without `measures` it keeps those it has.
Item = Mapping[str, Any]
OUT_OF_THE_WAY = 10_000  # added to positions while they are dealt anew, because (event, position) is unique
FIELDS = ("day", "starts", "title", "place", "notes", "kind", "level", "papers")


def set_hosts(event: Event, hosts: Iterable[Organisation]) -> None:
    """Makes `hosts`, in this order, the event's hosts. Raises ValueError for an organisation of another tenant."""
    wanted = list(dict.fromkeys(hosts))
    _refuse_strangers(event, wanted)
    event.host_links.all().delete()
    EventHost.objects.bulk_create(
        EventHost(tenant=event.tenant, event=event, organisation=host, position=position)
        for position, host in enumerate(wanted, start=1)
    )


def set_measures(event: Event, measures: Iterable[Measure]) -> None:
    """Makes `measures` the ones the event is planned to advance. Raises ValueError for another tenant's."""
    wanted = list(dict.fromkeys(measures))
    _refuse_strangers(event, wanted)
    event.measure_links.all().delete()
    EventMeasure.objects.bulk_create(
        EventMeasure(tenant=event.tenant, event=event, measure=measure) for measure in wanted
    )


def set_programme(event: Event, programme: Sequence[Item]) -> None:
    """Makes `programme` the event's, in this order but for standing and carried-over items, which come first. Items
    named by `id` keep their row, which minutes may point to. Raises ValueError for another tenant's measure.
    """
    programme = in_order(programme)
    known = {row.pk: row for row in event.programme.all()}
    ids = set(known) & {item.get("id") for item in programme}
    event.programme.exclude(pk__in=ids).delete()
    event.programme.update(position=F("position") + OUT_OF_THE_WAY)
    rows = [_row(event, known, item, position) for position, item in enumerate(programme, start=1)]
    kept = [row for row in rows if row.pk in ids]
    ProgrammeItem.objects.of(event.tenant_id).bulk_update(kept, ["position", *FIELDS])
    ProgrammeItem.objects.bulk_create(row for row in rows if row.pk not in ids)
    Appearance.objects.of(event.tenant_id).filter(item__event=event).delete()
    Appearance.objects.bulk_create(
        Appearance(tenant=event.tenant, item=row, **speaker)
        for row, item in zip(rows, programme, strict=True)
        for speaker in item.get("speakers", ())
    )
    _set_measures_of_items(event, list(zip(rows, programme, strict=True)))


def in_order(programme: Sequence[Item]) -> list[Item]:
    """Standing items first, then what was carried over; a second call changes nothing."""
    return sorted(programme, key=lambda item: rank(item.get("kind") or ""))


def is_as_given(
    event: Event, hosts: Sequence[Organisation], measures: Sequence[Measure], programme: Sequence[Item]
) -> bool:
    """Whether the event already has these hosts, measures and items, in this order."""
    return (
        [link.organisation_id for link in event.host_links.all()] == [host.pk for host in hosts]
        and {link.measure_id for link in event.measure_links.all()} == {one.pk for one in measures}
        and _contents(event) == [_content(item) for item in in_order(programme)]
    )


def _contents(event: Event) -> list[tuple[Any, ...]]:
    items = event.programme.prefetch_related("appearances", "measure_links")
    return [
        _content(
            {
                **{field: getattr(item, field) for field in FIELDS},
                "speakers": [
                    {"name": a.name, "office": a.office, "role": a.role} for a in item.appearances.all()
                ],
                "measures": [link.measure_id for link in item.measure_links.all()],
            }
        )
        for item in items
    ]


def _content(item: Item) -> tuple[Any, ...]:
    people = [(one["name"], one.get("office", ""), one.get("role", "")) for one in item.get("speakers", ())]
    more = item.get("kind") or "", item.get("level") or ItemLevel.PARTICIPANTS, item.get("papers") or ""
    about = sorted(item.get("measures") or ())
    return item.get("day") or 1, item.get("starts"), item["title"], people, more, about


def _row(event: Event, known: dict[int, ProgrammeItem], item: Item, position: int) -> ProgrammeItem:
    row = known.pop(item.get("id", 0), None) or ProgrammeItem(tenant=event.tenant, event=event)
    row.position = position
    for field in FIELDS:
        if item.get(field) is not None or field == "starts":
            setattr(row, field, item.get(field))
    return row


def _set_measures_of_items(event: Event, pairs: Sequence[tuple[ProgrammeItem, Item]]) -> None:
    told = {row.pk: set(item["measures"]) for row, item in pairs if item.get("measures") is not None}
    wanted = set().union(*told.values())
    if wanted:
        known = Measure.objects.of(event.tenant_id).filter(pk__in=wanted).values_list("pk", flat=True)
        if strangers := wanted - set(known):
            raise ValueError(f"not among the tenant's measures: {sorted(strangers)}")
    ItemMeasure.objects.of(event.tenant_id).filter(item__in=told).delete()
    ItemMeasure.objects.bulk_create(
        ItemMeasure(tenant=event.tenant, item_id=row, measure_id=measure)
        for row, measures in told.items()
        for measure in sorted(measures)
    )


def _refuse_strangers(event: Event, rows: Iterable[Organisation | Measure]) -> None:
    strangers = [row.pk for row in rows if row.tenant_id != event.tenant_id]
    if strangers:
        raise ValueError(f"of another tenant than the event: {strangers}")
