"""A series: a rule, and a UID for life. Its meetings are events, each with its own answers and minutes."""

import datetime as dt
import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.constraints import one_of
from events.gatherings.series.rules import LONGEST_INTERVAL, MOST, Frequency, Rule
from events.tenancy.scoping import TenantModel


class Series(TenantModel):
    """`uid` is the UID of all its meetings in calendars. Rule and zone never change, but for an end that moves out."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    title = models.CharField(_("title"), max_length=200)
    frequency = models.CharField(_("how often"), max_length=20, choices=Frequency)
    interval = models.PositiveSmallIntegerField(default=1)
    first_day = models.DateField()
    starts = models.TimeField()  # on the wall clock of `time_zone`
    lasts = models.DurationField()  # on that clock, too
    all_day = models.BooleanField(default=False)  # then from midnight, for whole days
    time_zone = models.CharField(max_length=50)
    until = models.DateField(null=True)
    count = models.PositiveSmallIntegerField(null=True)
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-created_at", "-pk")
        constraints = (
            one_of("series_frequency_known", "frequency", Frequency),
            models.CheckConstraint(
                name="series_ends_once",
                condition=Q(until__isnull=True, count__isnull=False)
                | Q(until__isnull=False, count__isnull=True),
            ),
            models.CheckConstraint(
                name="series_of_a_few",
                condition=Q(count__isnull=True) | Q(count__gte=2, count__lte=MOST),
            ),
            models.CheckConstraint(
                name="series_interval_sensible",
                condition=Q(interval__gte=1, interval__lte=LONGEST_INTERVAL),
            ),
            models.CheckConstraint(name="series_meetings_last", condition=Q(lasts__gt=dt.timedelta(0))),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def rule(self) -> Rule:
        return Rule(
            frequency=self.frequency,
            starts=dt.datetime.combine(self.first_day, self.starts),
            lasts=self.lasts,
            zone=self.time_zone,
            interval=self.interval,
            until=self.until,
            count=self.count,
            all_day=self.all_day,
        )
