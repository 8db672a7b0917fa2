"""The demo's meetings that are over, and the drafts of 2015. Found again by their keys; a second run adds nothing."""

import datetime as dt
import uuid
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from config.demo.facts import Facts
from events.dates import Precision, VagueDate, parse
from events.directory.models import Organisation
from events.directory.services import bodies_named
from events.gatherings import services as gatherings
from events.gatherings.models import Event
from events.plans.models import Measure
from events.tenancy.models import Tenant, User
from minutes.approval import services as approval
from minutes.records import services as records
from minutes.records.writing import read

OSLO = ZoneInfo("Europe/Oslo")
KEPT = (
    *(
        "kind",
        "title",
        "purpose",
        "venue",
        "room",
        "address",
        "district",
        "city",
        "chair",
        "capacity",
        "facts",
    ),
    *("contact_name", "contact_email", "contact_phone"),
)


def held(tenant: Tenant, rows: list[Facts], *, by: User, secretary: User | None = None) -> None:
    """Records meetings that took place, each with approved minutes where the facts have some."""
    for row in rows:
        if Event.objects.of(tenant).filter(source_key=row["key"]).exists():
            continue
        with transaction.atomic():
            event = gatherings.record_held(
                tenant=tenant, by=by, source_key=row["key"], **what(tenant, row, when(row))
            )
            if "minutes" in row:
                _approved_minutes(event, row["minutes"], by=by, secretary=secretary or by)


def planned(tenant: Tenant, rows: list[Facts], *, by: User) -> None:
    """Drafts with a vague date."""
    for row in rows:
        uid = uid_of(tenant, row["key"])
        if not Event.objects.of(tenant).filter(uid=uid).exists():
            gatherings.create(tenant=tenant, by=by, uid=uid, **what(tenant, row, when(row)))


def uid_of(tenant: Tenant, key: str) -> uuid.UUID:
    """Of a draft, which has no source key."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"demo:{tenant.slug}:{key}")


def what(tenant: Tenant, row: Facts, times: Facts) -> Facts:
    """The arguments of the event services: facts, hosts, measures, programme and the name of the format."""
    bodies, _added = bodies_named(row.get("hosts", ()), tenant=tenant)
    hosts: list[Organisation] = list(bodies.values())
    measures = Measure.objects.of(tenant).filter(number__in=row.get("measures", ()), plan__tenant=tenant)
    return {
        "facts": {**{name: row[name] for name in KEPT if name in row}, **times},
        "hosts": hosts,
        "measures": list(measures),
        "programme": [_item(item) for item in row.get("programme", ())],
        "format_name": row.get("format", ""),
    }


def when(row: Facts) -> Facts:
    """A vague date, the days of a visit, or an evening some weeks ago (a Wednesday)."""
    if "when" in row:
        vague = parse(str(row["when"]))
        return {"vague_from": vague.first, "vague_precision": vague.precision}
    if "from_day" in row:  # whole days: the source tells no hours
        first, last = dt.date.fromisoformat(row["from_day"]), dt.date.fromisoformat(row["to_day"])
        after = last + dt.timedelta(days=1)
        return {"starts_at": at(first, dt.time.min), "ends_at": at(after, dt.time.min), "all_day": True}
    day = wednesday(timezone.localdate() - dt.timedelta(weeks=row["weeks_ago"]))
    return evening(day, row["from"], row["to"])


def wednesday(day: dt.date) -> dt.date:
    """`day`, or the next Wednesday."""
    return day + dt.timedelta(days=(2 - day.weekday()) % 7)


def evening(day: dt.date, starts: str, ends: str) -> Facts:
    return {
        "starts_at": at(day, dt.time.fromisoformat(starts)),
        "ends_at": at(day, dt.time.fromisoformat(ends)),
    }


def at(day: dt.date, time: dt.time) -> dt.datetime:
    return dt.datetime.combine(day, time, OSLO)


def _item(item: Facts) -> dict[str, Any]:
    starts = item.get("starts")
    return {**item, "starts": dt.time.fromisoformat(starts) if starts else None}


def _approved_minutes(event: Event, facts: Facts, *, by: User, secretary: User) -> None:
    minutes = records.open_minutes(event, by=secretary)
    content = read(minutes)
    for item in content.items:
        item["notes"] = facts["items"].get(item["title"], "")
    last = content.items[-1]["id"]
    new: Facts = {"id": None, "item": last}
    action, update = facts["action"], facts["update"]
    due = VagueDate(timezone.localdate() + dt.timedelta(days=action["due_in_days"]), Precision.DAY)
    measure = Measure.objects.of(event.tenant).get(number=update["measure"], event_links__event=event)
    content.decisions.append({**new, "text": facts["decision"]})
    content.actions.append({**new, "text": action["text"], "owner": action["owner"], "due": due})
    content.updates.append({**new, "measure": measure.pk, "phase": update["phase"], "text": update["text"]})
    content.headcounts += [{"id": None, **row} for row in facts["headcounts"]]
    content.walkins += [{"id": None, **row} for row in facts["walkins"]]
    records.save(minutes, by=secretary, revision=minutes.revision, content=content)
    approval.submit(minutes, by=secretary)
    approval.approve(minutes, by=by)
