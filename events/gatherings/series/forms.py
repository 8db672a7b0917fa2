"""How a meeting comes again, and until when."""

import datetime as dt
from dataclasses import replace
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from events.gatherings.models import Event
from events.gatherings.series import wording
from events.gatherings.series.models import Series
from events.gatherings.series.rules import (
    LONGEST_INTERVAL,
    MOST,
    Impossible,
    Occurrence,
    Rule,
    is_last,
    occurrences,
)
from events.gatherings.times import Day
from events.gatherings.typed import TypedForm


class EndForm(TypedForm):
    """Exactly one of the two ends. `rule` and `times` are there once the form is valid."""

    bare: Rule  # what the end is chosen for

    until = Day(_("Last day"), help_text=_("No meeting is later than this day."))
    count = forms.IntegerField(
        label=_("Or number of meetings"),
        required=False,
        validators=[MinValueValidator(2), MaxValueValidator(MOST)],
        help_text=_("Counted from the first one. Fill in one of the two."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        until, count = cleaned.get("until"), cleaned.get("count")
        if until and count:
            self.add_error("count", _("Write the last day or the number of meetings, not both."))
        elif not until and not count and not {"until", "count"} & set(self.errors):
            self.add_error("until", _("Write when the series ends: the last day or the number of meetings."))
        if not self.errors:
            self._expand()
        return cleaned

    def first(self) -> Rule:
        """The rule without its end."""
        return self.bare

    def _expand(self) -> None:
        self.rule = replace(
            self.first(), until=self.cleaned_data["until"], count=self.cleaned_data["count"] or None
        )
        try:
            self.times: tuple[Occurrence, ...] = occurrences(self.rule)
        except Impossible as refused:
            self.add_error(refused.field if refused.field in self.fields else "until", str(refused))

    def warnings(self) -> list[str]:
        return wording.warnings(self.rule, self.times)

    def words(self) -> str:
        return wording.rule_words(self.rule)


class RepeatForm(EndForm):
    """What the day of `event`, which has a time, offers."""

    frequency = forms.ChoiceField(
        label=_("How often"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how often it comes again.")},
    )
    interval = forms.IntegerField(
        label=_("Every how many weeks, months or years"),
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST_INTERVAL)],
        help_text=_("1 for every one, 3 with months for every quarter."),
        error_messages={"required": _("Write a number, 1 for every one.")},
    )
    field_order = ("frequency", "interval", "until", "count")

    def __init__(self, data: Any, *, event: Event) -> None:
        super().__init__(data, initial={"interval": 1})
        starts, ends = event.starts_local, event.ends_local
        if starts is None or ends is None:
            raise ValueError("an event without a time does not come again")
        day = dt.date(starts.year, starts.month, starts.day)
        self.fields["frequency"].choices = wording.choices(day, last=is_last(day))  # type: ignore[attr-defined]
        wall = dt.datetime.combine(day, starts.time())
        lasts = ends.replace(tzinfo=None) - starts.replace(tzinfo=None)
        if event.all_day and event.last_day:
            wall, lasts = dt.datetime.combine(day, dt.time()), event.last_day - day + dt.timedelta(days=1)
        self.bare = Rule("", wall, lasts, event.time_zone, all_day=event.all_day)

    def first(self) -> Rule:
        chosen, interval = self.cleaned_data["frequency"], self.cleaned_data["interval"]
        return replace(self.bare, frequency=chosen, interval=interval)


class ExtendForm(EndForm):
    """A later end for `series`."""

    def __init__(self, data: Any, *, series: Series) -> None:
        super().__init__(data, initial={"until": series.until, "count": series.count})
        self.bare = series.rule
