"""Reads the rows of minutes as plain data, and writes them. Called inside the transaction that claimed the draft."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar, cast

from django.db.models import Q

from events.directory.models import Organisation
from events.plans.models import Measure
from events.tenancy.scoping import TenantQuerySet
from minutes.records.actions.owners import links_of
from minutes.records.content import Content, Row
from minutes.records.models import (
    Attendance,
    Headcount,
    Minutes,
    MinutesItem,
    Outcome,
    PartOfMinutes,
)
from minutes.records.owning import OWNED, due_facts

WHETHER = ("status", "substitute_for")
_Part = TypeVar("_Part", bound=PartOfMinutes)


def read(minutes: Minutes) -> Content:
    """What is stored, as the edit page needs it. Five queries."""
    people = list(minutes.attendance.all())
    outcomes = list(minutes.outcomes.all())
    return Content(
        attendance=[
            _row(p, status=p.status, substitute_for=p.substitute_for) for p in people if p.invitation_id
        ],
        walkins=[_walk_in(p) for p in people if not p.invitation_id],
        headcounts=[_row(h, organisation=h.organisation, count=h.count) for h in minutes.headcounts.all()],
        items=[_row(item, title=item.title, notes=item.notes) for item in minutes.items.all()],
        information=[_said(o) for o in outcomes if o.kind == Outcome.Kind.INFORMATION],
        decisions=[
            _said(o, basis=o.basis, dissent=o.dissent) for o in outcomes if o.kind == Outcome.Kind.DECISION
        ],
        actions=[
            _said(o, owner=o.owner, due=o.due, not_before=o.not_before)
            for o in outcomes
            if o.kind == Outcome.Kind.ACTION
        ],
        referrals=[_said(o, owner=o.owner) for o in outcomes if o.kind == Outcome.Kind.REFERRAL],
        updates=[
            _said(o, measure=o.measure_id, phase=o.phase)
            for o in outcomes
            if o.kind == Outcome.Kind.MEASURE_UPDATE
        ],
    )


def write(minutes: Minutes, content: Content) -> None:
    """Adds, changes and removes rows as `content` says. A row somebody else removed meanwhile is added again. New rows
    of `content` know their `id` afterwards.
    """
    _write_people(minutes, content)
    counts = _of(Headcount, minutes)
    _sync(
        Headcount, counts, content.headcounts, lambda: Headcount(**_owner(minutes)), ("organisation", "count")
    )
    _write_items(minutes, content.items)
    _write_outcomes(minutes, Outcome.Kind.INFORMATION, content.information)
    _write_outcomes(minutes, Outcome.Kind.DECISION, _reasoned(content.decisions), ("basis", "dissent"))
    _write_outcomes(minutes, Outcome.Kind.ACTION, _owned(minutes, content.actions), OWNED)
    _write_outcomes(minutes, Outcome.Kind.REFERRAL, _owned(minutes, content.referrals), OWNED)
    _write_outcomes(minutes, Outcome.Kind.MEASURE_UPDATE, content.updates)


def _write_people(minutes: Minutes, content: Content) -> None:
    people = _of(Attendance, minutes)
    invited = {pk: person for pk, person in people.items() if person.invitation_id}
    walkins = {pk: person for pk, person in people.items() if not person.invitation_id}
    known = [
        {**row, "substitute_for": row.get("substitute_for") or ""}
        for row in content.attendance
        if row["id"] in invited and not row.get("remove")
    ]
    _sync(Attendance, invited, known, lambda: Attendance(**_owner(minutes)), WHETHER)
    for row in content.walkins:
        row["status"] = row.get("status") or Attendance.Status.PRESENT
        row["substitute_for"] = row.get("substitute_for") or ""
        before = walkins.get(row["id"])
        if before is None or before.organisation != row["organisation"]:
            found = Organisation.objects.of(minutes.tenant_id).named(row["organisation"])
            row["organisation_kind"] = found.kind if found else ""
        else:
            row["organisation_kind"] = before.organisation_kind
    names = ("name", "organisation", "organisation_kind", *WHETHER)
    _sync(Attendance, walkins, content.walkins, lambda: Attendance(**_owner(minutes)), names)


def _write_items(minutes: Minutes, rows: list[Row]) -> None:
    items = _of(MinutesItem, minutes)
    last = max((item.position for item in items.values()), default=0)

    def new() -> MinutesItem:
        nonlocal last
        last += 1
        return MinutesItem(**_owner(minutes), position=last)

    _sync(MinutesItem, items, rows, new, ("title", "notes"))


def _write_outcomes(minutes: Minutes, kind: str, rows: list[Row], more: Sequence[str] = ()) -> None:
    existing = {pk: outcome for pk, outcome in _of(Outcome, minutes).items() if outcome.kind == kind}
    items = set(_of(MinutesItem, minutes))
    measures = _known_measures(minutes, rows)
    for position, row in enumerate(rows):
        row["position"] = position
        row["item_id"] = row.get("item") if row.get("item") in items else None
        row["measure_id"] = measures.get(row.get("measure"))
        row["phase"] = row.get("phase") or ""
    names = ("text", "position", "item_id", "measure_id", "phase", *more)
    _sync(Outcome, existing, rows, lambda: Outcome(**_owner(minutes), kind=kind), names)


def _reasoned(rows: list[Row]) -> list[Row]:
    for row in rows:
        row.update({name: row.get(name) or "" for name in ("basis", "dissent")})
    return rows


def _owned(minutes: Minutes, rows: list[Row]) -> list[Row]:
    """The rows with whose they are and by when, as the columns want it."""
    links = links_of(minutes.tenant_id, [row.get("owner") or "" for row in rows])
    nobody = dict.fromkeys(OWNED)
    for row in rows:
        named = {"owner": row.get("owner") or "", "not_before": row.get("not_before")}
        row.update(nobody | named | due_facts(row.get("due")) | links.get(row.get("owner") or "", {}))
    return rows


def _sync(
    model: type[_Part],
    existing: dict[int, _Part],
    rows: Iterable[Row],
    new: Callable[[], _Part],
    names: Sequence[str],
) -> None:
    gone: list[int] = []
    kept: list[tuple[_Part, Row]] = []
    fresh: list[_Part] = []
    for row in rows:
        part = existing.get(row.get("id") or 0)
        if row.get("remove"):
            gone += [part.pk] if part else []
            continue
        if part is None:
            part = new()
            fresh.append(part)
        for name in names:
            setattr(part, name, row[name])
        kept.append((part, row))
    if kept or gone:
        rows_of_tenant = model.objects.of(
            kept[0][0].tenant_id if kept else next(iter(existing.values())).tenant_id
        )
        rows_of_tenant.filter(pk__in=gone).delete()
        rows_of_tenant.bulk_create(fresh)
        for part, row in kept:
            row["id"] = part.pk  # so that the writer's page learns the numbers of its new rows
        changed = [part for part, _row in kept if part.pk in existing]
        rows_of_tenant.bulk_update(changed, [name.removesuffix("_id") for name in names])


def _of(model: type[_Part], minutes: Minutes) -> dict[int, _Part]:
    rows = cast("TenantQuerySet[_Part]", model.objects.of(minutes.tenant_id))
    return {row.pk: row for row in rows.filter(Q(minutes=minutes))}


def _owner(minutes: Minutes) -> dict[str, Any]:
    return {"tenant_id": minutes.tenant_id, "minutes": minutes}


def _said(outcome: Outcome, **facts: Any) -> Row:
    return _row(outcome, text=outcome.text, item=outcome.item_id, **facts)


def _walk_in(person: Attendance) -> Row:
    names = ("name", "organisation", *WHETHER)
    return _row(person, **{name: getattr(person, name) for name in names})


def _row(part: PartOfMinutes, **facts: Any) -> Row:
    return {"id": part.pk, "remove": False, **facts}


def _known_measures(minutes: Minutes, rows: list[Row]) -> dict[Any, int]:
    wanted = {row["measure"] for row in rows if row.get("measure")}
    if not wanted:
        return {}
    found = Measure.objects.of(minutes.tenant_id).filter(pk__in=wanted).values_list("pk", flat=True)
    return {pk: pk for pk in found}
