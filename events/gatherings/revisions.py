"""The revisions of an event's time and place (rule 8), and how far those who are invited know of them."""

import copy
import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils import timezone

from events.tenancy.scoping import TenantModel

if TYPE_CHECKING:
    from events.gatherings.models import Event

# What makes a change material: calendars must show it, and whoever is invited may have to be told.
WHEN = frozenset({"starts_at", "ends_at", "all_day", "time_zone", "vague_from", "vague_precision"})
WHERE = frozenset({"venue", "room", "address", "district", "city", "online_url"})
_KEPT = ("starts_at", "ends_at", "all_day", "time_zone", *sorted(WHERE))


class Revised(models.Model):
    """`sequence` rises on a material change of a published event, is the same in feed and invitation, never falls."""

    sequence = models.PositiveIntegerField(default=0, editable=False)
    # The sequence for which the organiser has settled whom to tell; lower than `sequence` while a change is untold.
    told_sequence = models.PositiveIntegerField(default=0, editable=False)
    # The sequence that its present time came with: an answer to an older time never counts as one to the new.
    time_sequence = models.PositiveIntegerField(default=0, editable=False)
    # Answers to an earlier sequence no longer count: the organiser asked again.
    answers_from_sequence = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        abstract = True

    @property
    def has_untold_change(self) -> bool:
        return self.told_sequence < self.sequence


class PastRevision(TenantModel):
    """Time and place as they were in a revision that no longer holds, so that a notice can say old and new."""

    event = models.ForeignKey("events.Event", on_delete=models.CASCADE, related_name="past_revisions")
    sequence = models.PositiveIntegerField()
    facts = models.JSONField(default=dict)
    at = models.DateTimeField(default=timezone.now)  # when it ceased to hold

    class Meta:
        ordering = ("event", "sequence")
        constraints = (models.UniqueConstraint(fields=("event", "sequence"), name="past_revision_once"),)

    def __str__(self) -> str:
        return f"{self.event_id}: {self.sequence}"


def keep(before: "Event", sequence: int) -> None:
    """Keeps the time and place of `before`, which held in `sequence`. Call it in the transaction that raises it."""
    PastRevision.objects.of(before.tenant_id).get_or_create(
        event=before, sequence=sequence, defaults={"tenant_id": before.tenant_id, "facts": _facts(before)}
    )


def as_it_was(event: "Event", sequence: int) -> "Event":
    """A copy of `event`, never to be saved, with the time and place of an earlier revision.

    Without one that is known for `sequence` it is as it is now, so that nothing shows as changed.
    """
    kept = PastRevision.objects.of(event.tenant_id).filter(event=event, sequence__gte=sequence)
    row = kept.order_by("sequence").first()
    before = copy.copy(event)
    # A revision kept before there were all-day events does not say that it was none.
    for name, value in ({"all_day": False, **row.facts} if row else {}).items():
        setattr(before, name, _moment(value) if name in ("starts_at", "ends_at") else value)
    return before


def moved(before: "Event", event: "Event") -> bool:
    """Whether the time differs, or whether it is all day."""
    times = [(each.starts_at, each.ends_at, each.all_day) for each in (before, event)]
    return times[0] != times[1]


def moved_to_another_day(before: "Event", event: "Event") -> bool:
    """Whether it is on other days, on the event's own clock."""
    return (before.first_day, before.last_day) != (event.first_day, event.last_day)


_waiting: list[Callable[["Event"], bool]] = []


def register_invitees(waits: Callable[["Event"], bool]) -> None:
    """The floor that invites says here how to find out whether anybody invited knows only an older revision."""
    _waiting.append(waits)


def somebody_to_tell(event: "Event") -> bool:
    """Whether a change is untold and somebody who is invited knows only what was before. No query without one."""
    if not event.has_untold_change or event.has_begun:
        return False
    return any(waits(event) for waits in _waiting)


def _facts(event: "Event") -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, dt.datetime) else value
        for name, value in ((name, getattr(event, name)) for name in _KEPT)
    }


def _moment(value: str | None) -> dt.datetime | None:
    return dt.datetime.fromisoformat(value) if value else None
