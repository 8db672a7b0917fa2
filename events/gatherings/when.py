"""When an event is: two moments and a zone, or a vague date, never both (rule 11)."""

import datetime as dt
import zoneinfo
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.constraints import all_or_none, in_order
from events.dates import Precision, VagueDate
from events.gatherings.days import last_day_of

TIMED_CONSTRAINTS = (
    in_order("event_ends_after_start", "starts_at", "ends_at"),
    all_or_none("event_both_ends", "starts_at", "ends_at"),
    all_or_none("event_vague_with_precision", "vague_from", "vague_precision"),
    models.CheckConstraint(
        name="event_all_day_has_days", condition=Q(all_day=False) | Q(starts_at__isnull=False)
    ),
    models.CheckConstraint(
        name="event_time_or_vague_date", condition=Q(starts_at__isnull=True) | Q(vague_from__isnull=True)
    ),
)


class WallClock(dt.datetime):
    """A moment on the clock of its own place. Templates show it as it is instead of turning it to Oslo's time."""

    convert_to_local_time = False  # read by django.utils.timezone.template_localtime


class Timed(models.Model):
    """Moments are UTC and shown in `time_zone`. `sort_on` is the day lists sort by, kept by `save`.

    An all-day event begins at the midnight of its first day and ends at the midnight after its last one.
    """

    starts_at = models.DateTimeField(_("starts"), null=True, blank=True)
    ends_at = models.DateTimeField(_("ends"), null=True, blank=True)
    all_day = models.BooleanField(_("all day"), default=False)
    time_zone = models.CharField(_("time zone"), max_length=50, default="Europe/Oslo")
    answer_by = models.DateTimeField(_("answer deadline"), null=True, blank=True)
    vague_from = models.DateField(_("about when"), null=True, blank=True)
    vague_precision = models.CharField(max_length=10, choices=Precision, null=True, blank=True)  # noqa: DJ001
    sort_on = models.DateField(null=True, editable=False)

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.sort_on = self.local(self.starts_at).date() if self.starts_at else self.vague_from
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "sort_on"}
        super().save(*args, **kwargs)

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        return zoneinfo.ZoneInfo(self.time_zone)

    def local(self, moment: dt.datetime) -> WallClock:
        """`moment` on the wall clock of the event's own zone."""
        there = moment.astimezone(self.zone)
        return WallClock.combine(there.date(), there.timetz()).replace(fold=there.fold)

    @property
    def starts_local(self) -> dt.datetime | None:
        return self.local(self.starts_at) if self.starts_at else None

    @property
    def ends_local(self) -> dt.datetime | None:
        return self.local(self.ends_at) if self.ends_at else None

    @property
    def answer_by_local(self) -> dt.datetime | None:
        return self.local(self.answer_by) if self.answer_by else None

    @property
    def first_day(self) -> dt.date | None:
        return self.starts_local.date() if self.starts_local else None

    @property
    def last_day(self) -> dt.date | None:
        """The last day it is on, on its own clock; never the exclusive end of an all-day event."""
        return last_day_of(self.starts_local, self.ends_local)

    @property
    def lasts_days(self) -> bool:
        """True when it is on several days, on its own clock."""
        return self.first_day != self.last_day

    @property
    def vague_date(self) -> VagueDate | None:
        if self.vague_from is None:
            return None
        return VagueDate(self.vague_from, self.vague_precision or Precision.DAY)

    @property
    def has_begun(self) -> bool:
        return self.starts_at is not None and self.starts_at <= timezone.now()

    @property
    def is_over(self) -> bool:
        return self.ends_at is not None and self.ends_at < timezone.now()

    @property
    def is_on_or_after_its_day(self) -> bool:
        """True from midnight, on the event's own clock, of the day it begins. False without a start."""
        if self.starts_at is None:
            return False
        return self.local(self.starts_at).date() <= self.local(timezone.now()).date()
