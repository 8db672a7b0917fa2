"""Which series an event is one of, and its place there (ADR 30)."""

import datetime as dt
import uuid

from django.db import models

from events.constraints import all_or_none
from events.gatherings.when import Timed


class Recurring(Timed):
    """`recurrence_at` is the moment (UTC) by the series' rule; it stays when the meeting itself is moved."""

    series = models.ForeignKey(
        "events.Series", null=True, editable=False, on_delete=models.PROTECT, related_name="occurrences"
    )
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    recurrence_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        abstract = True

    @property
    def calendar_uid(self) -> uuid.UUID:
        """What its UID in calendars is made of: the series', which all of its meetings share, or its own."""
        return self.uid if self.series is None else self.series.uid

    @property
    def recurrence_local(self) -> dt.datetime | None:
        """The moment by the rule, on the meeting's own clock, beside which it is shown."""
        return self.local(self.recurrence_at) if self.recurrence_at else None


RECURRING_CONSTRAINTS = (
    all_or_none("event_in_series_by_its_rule", "series", "recurrence_at"),
    models.UniqueConstraint(fields=("series", "recurrence_at"), name="event_of_series_once"),
)
