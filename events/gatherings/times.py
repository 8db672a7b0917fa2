"""The form for when a meeting is: plain date and time fields, so that no script is needed."""

import datetime as dt
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.gatherings.clock import (
    END_OF_DAY,
    SkippedHour,
    TwiceHour,
    moment,
    usual_deadline,
    which,
    zone_choices,
)
from events.gatherings.days import DAY, day_begins
from events.gatherings.models import Event
from events.gatherings.typed import TypedForm
from events.tenancy.models import Tenant

SENSIBLE = (
    MinValueValidator(dt.date(2000, 1, 1), _("Choose a day in the year 2000 or later.")),
    MaxValueValidator(dt.date(2099, 12, 31), _("Choose a day before the year 2100.")),
)
SKIPPED = _("This time does not exist on that day, because clocks go forward. Choose another time.")
TWICE = _("This time comes twice on that day, because clocks go back. Say below which one you mean.")
WHICH = (("first", _("the first time, before clocks go back")), ("second", _("the second time, after")))


class Day(forms.DateField):
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(label=label, required=False, validators=SENSIBLE, **kwargs)


class Clock(forms.TimeField):
    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")

    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(label=label, required=False, **kwargs)


class Which(forms.ChoiceField):
    widget = forms.RadioSelect

    def __init__(self, label: Any) -> None:
        super().__init__(label=label, required=False, choices=WHICH)


class TimesForm(TypedForm):
    """Day and time of start, end and deadline in one zone. `moments()` has the Event fields once it is valid."""

    all_day = forms.BooleanField(
        label=_("All day"), required=False, help_text=_("Then you need not write when it starts and ends.")
    )
    start_date = Day(_("Date"))
    start_time = Clock(_("Starts at"))
    start_which = Which(_("Which of the two times does it start?"))
    end_time = Clock(_("Ends at"))
    end_which = Which(_("Which of the two times does it end?"))
    end_date = Day(_("Last day"), help_text=_("Only for a meeting or visit of several days."))
    zone = forms.ChoiceField(label=_("Time zone"), help_text=_("Where the meeting takes place."))
    deadline_date = Day(_("Answer by"), help_text=_("Leave empty for three days before the meeting starts."))
    deadline_time = Clock(_("Time of the deadline"), help_text=_("Leave empty for the end of the day."))

    def __init__(self, data: QueryDict | None, *, tenant: Tenant, event: Event | None = None) -> None:
        super().__init__(data, initial=_written(event) if event else {"zone": tenant.time_zone})
        own = event.time_zone if event else ""
        self.fields["zone"].choices = zone_choices(tenant.time_zone, own)  # type: ignore[attr-defined]
        self.found: dict[str, dt.datetime | None] = {}

    def asks_which(self, part: str) -> bool:
        """Whether to show the two radio buttons: the time comes twice, or came twice when this was last sent."""
        return bool(self[f"{part}_which"].value()) or TWICE in self.errors.get(f"{part}_time", ())

    def asks_which_start(self) -> bool:
        return self.asks_which("start")

    def asks_which_end(self) -> bool:
        return self.asks_which("end")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        zone = cleaned.get("zone", "")
        if cleaned.get("all_day"):
            self._without_times(cleaned)
        if cleaned.get("end_date") is None and "end_date" not in self.errors:
            one_day = cleaned.get("end_time") or cleaned.get("all_day")
            cleaned["end_date"] = cleaned.get("start_date") if one_day else None
        if zone and not {"start_date", "start_time", "end_time", "end_date"} & set(self.errors):
            self._both_ends(cleaned)
        if zone:
            self._deadline(cleaned, zone)
        return cleaned

    def moments(self) -> dict[str, Any]:
        """Event fields; an empty deadline becomes the usual one. A time takes the place of a vague date."""
        starts, zone = self.found.get("start"), self.cleaned_data["zone"]
        deadline, all_day = self.found.get("deadline"), self.cleaned_data["all_day"]
        if starts and not deadline:
            deadline = usual_deadline(starts, zone, now=timezone.now(), all_day=all_day)
        moments = {
            "starts_at": starts,
            "ends_at": self.found.get("end"),
            "all_day": all_day,
            "time_zone": zone,
            "answer_by": deadline,
        }
        return {**moments, **({"vague_from": None, "vague_precision": None} if starts else {})}

    def _without_times(self, cleaned: dict[str, Any]) -> None:
        """Times are not asked for and not judged. They stay in their fields, for who takes the tick away again."""
        for name in ("start_time", "end_time"):
            cleaned[name] = None
            self.errors.pop(name, None)

    def _both_ends(self, cleaned: dict[str, Any]) -> None:
        asked = ("start_date", "start_time", "end_time", "end_date", "all_day")
        if not any(cleaned.get(name) for name in asked):
            return
        missing = {
            "start_date": _("Write the date."),
            "start_time": _("Write when it starts."),
            "end_time": _("Write when it ends."),
        }
        for name, message in missing.items():
            if cleaned.get(name) is None and not (cleaned["all_day"] and name.endswith("_time")):
                self.add_error(name, message)
        if not self.errors:
            starts, ends = self._moment("start"), self._moment("end")
            if starts and ends and ends <= starts:
                self._ends_too_early(cleaned)

    def _ends_too_early(self, cleaned: dict[str, Any]) -> None:
        if cleaned["all_day"] or cleaned["end_date"] < cleaned["start_date"]:
            self.add_error("end_date", _("The last day is before the first day."))
        else:
            self.add_error("end_time", _("The meeting ends before it starts. Write a later time."))

    def _deadline(self, cleaned: dict[str, Any], zone: str) -> None:
        day, time = cleaned.get("deadline_date"), cleaned.get("deadline_time")
        if day is None:
            if time is not None and "deadline_date" not in self.errors:
                self.add_error("deadline_date", _("Write the date of the deadline too."))
            return
        try:
            self.found["deadline"] = moment(day, time or END_OF_DAY, zone, "first")
        except SkippedHour:
            self.add_error("deadline_time", SKIPPED)
            return
        starts, deadline = self.found.get("start"), self.found["deadline"]
        if starts and deadline and deadline > starts:
            self.add_error("deadline_date", _("The answer deadline must not be after the meeting starts."))

    def _moment(self, part: str) -> dt.datetime | None:
        cleaned = self.cleaned_data
        if cleaned["all_day"]:
            day = cleaned[f"{part}_date"] + (DAY if part == "end" else 0 * DAY)
            self.found[part] = day_begins(day, cleaned["zone"])
            return self.found[part]
        try:
            self.found[part] = moment(
                cleaned[f"{part}_date"],
                cleaned[f"{part}_time"],
                cleaned["zone"],
                cleaned.get(f"{part}_which", ""),
            )
        except SkippedHour:
            self.add_error(f"{part}_time", SKIPPED)
        except TwiceHour:
            self.add_error(f"{part}_time", TWICE)
        return self.found.get(part)


def _written(event: Event) -> dict[str, Any]:
    """The event's moments as its own clock shows them."""
    starts, ends = event.starts_local, event.ends_local
    deadline = event.answer_by_local
    written: dict[str, Any] = {"zone": event.time_zone}
    if starts and event.all_day:
        last = event.last_day if event.lasts_days else None
        written |= {"all_day": True, "start_date": starts.date(), "end_date": last}
    elif starts and ends:
        written |= {"start_date": starts.date(), "start_time": starts.time(), "start_which": which(starts)}
        written |= {"end_time": ends.time(), "end_which": which(ends)}
        written["end_date"] = ends.date() if ends.date() != starts.date() else None
    if deadline:
        written |= {"deadline_date": deadline.date(), "deadline_time": deadline.time()}
    return written
