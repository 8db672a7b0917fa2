"""Writes the standing items of a body, and fetches them into a draft."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events import audit
from events.directory.models import Organisation
from events.directory.searching import fold
from events.gatherings.models import Event, ProgrammeItem
from events.gatherings.programme import FIELDS, Item, set_programme
from events.gatherings.refusals import NotAllowed
from events.gatherings.standing.models import StandingItem
from events.tenancy.models import User

SAID = ("title", "kind", "level", "minutes")


@transaction.atomic
def set_items(body: Organisation, *, by: User | None, items: Sequence[Mapping[str, Any]]) -> bool:
    """Makes `items` (title, kind, level, minutes) the standing ones of `body`, in this order. Drafts that have fetched
    them stay as they are. Audited; a second call changes nothing and returns False.
    """
    rows = StandingItem.objects.of(body.tenant_id).filter(body=body)
    if [_said(row) for row in rows.select_for_update()] == [
        {name: one[name] for name in SAID} for one in items
    ]:
        return False
    rows.delete()
    StandingItem.objects.bulk_create(
        StandingItem(tenant_id=body.tenant_id, body=body, position=position, **item)
        for position, item in enumerate(items, start=1)
    )
    audit.record("standing.changed", body, by=by, name=body.name, number=len(items))
    return True


def lacking(event: Event) -> list[StandingItem]:
    """The standing items of its hosts that no item of the event is called like. Two queries."""
    hosts = [link.organisation_id for link in event.host_links.all()]
    rows = StandingItem.objects.of(event.tenant_id).filter(body__in=hosts)
    found = sorted(rows, key=lambda row: (hosts.index(row.body_id), row.position, row.pk))
    known = {fold(title) for title in event.programme.values_list("title", flat=True)} if found else set()
    fresh = {fold(row.title): row for row in reversed(found) if fold(row.title) not in known}
    return [row for row in found if fresh.get(fold(row.title)) is row]


@transaction.atomic
def fetch(event: Event, *, by: User | None) -> int:
    """Puts the standing items of the hosts first on the agenda of a draft; returns how many. They follow each other
    from the start of the meeting on, as far as their minutes are known. Audited.

    One that is there already, by its title, is not added: a second call adds none. Raises NotAllowed unless a draft.
    """
    held = Event.objects.of(event.tenant_id).select_for_update()  # two who press take in nothing twice
    event = held.get(pk=event.pk)
    if event.state != Event.State.DRAFT:
        raise NotAllowed(_("Standing items are fetched while the meeting is a draft."))
    new = lacking(event)
    if not new:
        return 0
    there = event.programme.prefetch_related("appearances")
    set_programme(event, [*_timed(event, new), *(_as_it_is(item) for item in there)])
    event.changed_at = timezone.now()
    event.save(update_fields=["changed_at"])
    audit.record("standing.fetched", event, by=by, title=event.title, number=len(new))
    return len(new)


def _said(row: StandingItem) -> dict[str, Any]:
    return {name: getattr(row, name) for name in SAID}


def _timed(event: Event, rows: Sequence[StandingItem]) -> Iterator[Item]:
    starts = None if event.all_day else event.starts_local
    wall = starts.replace(tzinfo=None) if starts else None
    for row in rows:
        yield {
            "title": row.title,
            "kind": row.kind,
            "level": row.level,
            "starts": wall.time() if wall else None,
        }
        later = wall + dt.timedelta(minutes=row.minutes) if wall and row.minutes else None
        wall = later if later and starts and later.date() == starts.date() else None


def _as_it_is(item: ProgrammeItem) -> Item:
    people = [{"name": one.name, "office": one.office, "role": one.role} for one in item.appearances.all()]
    return {"id": item.pk, **{name: getattr(item, name) for name in FIELDS}, "speakers": people}


audit.register(
    {
        "standing.changed": gettext_lazy("%(who)s changed the standing items of %(name)s: now %(number)s."),
        "standing.fetched": gettext_lazy("%(who)s fetched %(number)s standing items into “%(title)s”."),
    }
)
