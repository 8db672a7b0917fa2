"""The minutes as one plain document: what page, PDF and the frozen version are built from. Whitelisted fields only.

Everything in it is text, number, list or dict, so that it survives JSON. Moments are UTC in ISO 8601 with Z.
"""

import datetime as dt
from collections import Counter
from typing import Any

from django.utils import translation

from events.dates import VagueDate
from events.directory.models import OrganisationKind
from events.gatherings.agenda import ItemLevel
from events.gatherings.models import Event
from events.gatherings.visibility import Audience, numbers, seen
from minutes.records.actions.following import followed_up
from minutes.records.actions.models import ActionItem
from minutes.records.models import WAS_THERE, Attendance, Minutes, MinutesItem, Outcome

SCHEMA = "moteplass/minutes/2"
COUNTED = "counted"  # beside the types of organisations: those who were counted without names
Document = dict[str, Any]


def document(minutes: Minutes) -> Document:
    """All of it, with the names of those who came: for people who may see guests. About ten queries."""
    outcomes = list(
        minutes.outcomes.select_related("item__programme_item", "measure__plan", "decision_number")
    )
    people = list(minutes.attendance.all())
    return {
        "schema": SCHEMA,
        "tenant": minutes.tenant.name,
        "event": _event(minutes.event),
        "minute_taker": minutes.author.name if minutes.author else "",
        "attendance": {
            "people": [
                {
                    "name": p.name,
                    "organisation": p.organisation,
                    "kind": p.organisation_kind,
                    "status": p.status,
                    "substitute_for": p.substitute_for,
                }
                for p in people
            ],
            "headcounts": [
                {"organisation": h.organisation, "count": h.count} for h in minutes.headcounts.all()
            ],
            "present": _present(people),
        },
        "items": [_item(item) for item in minutes.items.select_related("programme_item")],
        "information": [_outcome(o) for o in outcomes if o.kind == Outcome.Kind.INFORMATION],
        "decisions": [_decision(o) for o in outcomes if o.kind == Outcome.Kind.DECISION],
        "actions": [_action(o) for o in outcomes if o.kind == Outcome.Kind.ACTION],
        "referrals": [_referral(o) for o in outcomes if o.kind == Outcome.Kind.REFERRAL],
        "followed_up": [_followed_up(one) for one in followed_up(minutes.event)],
        "measure_updates": [_update(o) for o in outcomes if o.kind == Outcome.Kind.MEASURE_UPDATE],
    }


def without_names(whole: Document, audience: Audience) -> Document:
    """The rendition for readers who may not see guests (rule 5): counts instead of names, built field by field, and no
    count that tells of few.

    Who has an action point, whom a matter is referred to and who dissented are left out too: it may be a guest.
    """
    return {
        **{key: whole[key] for key in ("schema", "tenant", "event", "minute_taker")},
        "items": _open(whole["items"]),
        "attendance": {"people": None, **_counted(whole["attendance"], audience)},
        "information": _open(whole.get("information", [])),
        "decisions": [{**decision, "dissent": None} for decision in _open(whole["decisions"])],
        "actions": [{**action, "owner": None} for action in _open(whole["actions"])],
        "referrals": [{**one, "to": None} for one in _open(whole.get("referrals", []))],
        "followed_up": [{**one, "owner": None} for one in whole.get("followed_up", [])],
        "measure_updates": _open(whole["measure_updates"]),
        **{key: whole[key] for key in ("version",) if key in whole},
    }


def _counted(attendance: dict[str, Any], audience: Audience) -> dict[str, Any]:
    """How many were present, by type of organisation and without names, as far as `audience` may know."""
    present = {group["kind"]: group["count"] for group in attendance["present"]}
    told = numbers(audience, present | {COUNTED: sum(one["count"] for one in attendance["headcounts"])})
    return {
        "total": told.total,
        "present": [{"kind": kind, "count": count} for kind, count in told.groups],
        "others": told.others,
    }


def _present(people: list[Attendance]) -> list[dict[str, Any]]:
    """How many were present by type of organisation, the types in the order of the directory."""
    present = Counter(p.organisation_kind for p in people if p.status in WAS_THERE)
    return [
        {"kind": kind, "count": present[kind]} for kind in (*OrganisationKind.values, "") if present[kind]
    ]


def _event(event: Event) -> dict[str, Any]:
    with translation.override(event.language):
        facts = seen(event, Audience.ORGANISER)
    return {
        "uid": str(facts.uid),
        "title": facts.title,
        "kind": event.kind,
        "format": event.format.name if event.format else "",
        "language": event.language,
        "purpose": facts.purpose,
        "starts_at": _moment(facts.starts_at),
        "ends_at": _moment(facts.ends_at),
        "all_day": facts.all_day,
        "time_zone": facts.time_zone,
        "vague_from": event.vague_from.isoformat() if event.vague_from else "",
        "vague_precision": event.vague_precision or "",
        "place": facts.place,
        "chair": facts.chair,
        "hosts": list(facts.hosts),
    }


def _open(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Without what belongs to an item that only staff who see the guests may read; older versions know no level."""
    return [row for row in rows if row.get("level") != ItemLevel.RESTRICTED]


def level_of(item: MinutesItem | None) -> str:
    """Who may read of the item, as the programme says or last said; "" for what came up in the meeting."""
    if item is None:
        return ""
    return item.programme_item.level if item.programme_item else item.level


def _item(item: MinutesItem) -> dict[str, Any]:
    return {"title": item.title, "notes": item.notes, "level": level_of(item)}


def _outcome(outcome: Outcome) -> dict[str, Any]:
    item = outcome.item
    return {"item": item.title if item else "", "text": outcome.text, "level": level_of(item)}


def _decision(outcome: Outcome) -> dict[str, Any]:
    number = getattr(outcome, "decision_number", None)
    said = {"number": str(number) if number else "", "basis": outcome.basis, "dissent": outcome.dissent}
    return {**_outcome(outcome), **said}


def _referral(outcome: Outcome) -> dict[str, Any]:
    return {**_outcome(outcome), "to": outcome.owner}


def _followed_up(action: ActionItem) -> dict[str, Any]:
    """An action point of an earlier meeting, as it stands when this is written."""
    return {"text": action.text, "owner": action.owner, "status": action.status, **_due(action.due)}


def _action(outcome: Outcome) -> dict[str, Any]:
    return {**_outcome(outcome), "owner": outcome.owner, **_due(outcome.due)}


def _due(due: VagueDate | None) -> dict[str, str]:
    """The first day that is meant, and how exactly; a day needs no more words than older versions had."""
    return {"due_on": due.first.isoformat() if due else "", "due_precision": due.precision if due else ""}


def _update(outcome: Outcome) -> dict[str, Any]:
    measure = outcome.measure
    if measure is None:
        raise ValueError("a measure update without a measure")  # the database refuses it
    return {
        **_outcome(outcome),
        "plan": measure.plan.title,
        "measure": measure.number,
        "title": measure.title,
        "phase": outcome.phase,
    }


def _moment(moment: dt.datetime | None) -> str:
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if moment else ""
