"""Minutes with outcomes, as the approval leaves them."""

from django.utils import timezone

from events.gatherings.models import EventMeasure
from minutes.approval.models import MinutesVersion
from minutes.progress.services import note
from minutes.records.models import Minutes, MinutesItem, Outcome
from tests.factories import event


def plan_for(meeting, *measures):
    for row in measures:
        EventMeasure.objects.create(tenant=meeting.tenant, event=meeting, measure=row)
    return meeting


def minutes_of(meeting, *, updates=(), decisions=(), actions=(), items=()):
    """A draft; `updates` are measures that are now under way. Decisions and actions of `items[0]` when there is one."""
    row = Minutes.objects.create(tenant=meeting.tenant, event=meeting)
    rows = [
        MinutesItem.objects.create(tenant=meeting.tenant, minutes=row, position=n, title=title)
        for n, title in enumerate(items, start=1)
    ]
    base = {"tenant": meeting.tenant, "minutes": row, "item": rows[0] if rows else None}
    for measure in updates:
        text = f"Framdrift i {measure.number}."
        Outcome.objects.create(**base, kind="measure_update", text=text, measure=measure, phase="under_way")
    for text in decisions:
        Outcome.objects.create(**base, kind="decision", text=text)
    for text, owner in actions:
        Outcome.objects.create(**base, kind="action", text=text, owner=owner)
    return row


def approve(row, at=None):
    at = at or timezone.now()
    MinutesVersion.objects.create(
        tenant=row.tenant, minutes=row, number=1, canonical="{}", sha256="0" * 64, approver_name="Kari"
    )
    Minutes.objects.of(row.tenant).filter(pk=row.pk).update(state="approved", approved_at=at)
    for update in row.outcomes.filter(kind="measure_update").select_related("measure__tenant"):
        note(update.measure, phase=update.phase, text=update.text, outcome=update, at=at)
    return row


def held(tenant, **facts):
    return event(tenant, state="held", **facts)
