"""The form for when invitations go out: now, at a time, days after another wave, or together with a planned one."""

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events.gatherings.clock import SkippedHour, TwiceHour, moment, which
from events.gatherings.models import Event
from events.gatherings.times import SKIPPED, TWICE, Clock, Day, Which
from events.gatherings.typed import Line, TypedForm
from events.tenancy.quiet import earliest
from invites.invitations import words
from invites.invitations.forms import is_id
from invites.invitations.waves.models import Wave
from invites.invitations.waves.timing import Timing, days_after

NOW, ANYWAY, AT, AFTER, JOIN = "now", "anyway", "at", "after", "join-"
MOST_DAYS = 60
STALE = gettext_lazy("This is not possible any more. Choose again.")
LIVE = (Wave.State.PLANNED, Wave.State.SENT)


class WhenForm(TypedForm):
    """When a round of invitations goes out; `timing()` says it once the form is valid. Nothing posted means now.

    With `moving`, the form gives that wave another time. Needs `event.tenant`.
    """

    choice = forms.ChoiceField(
        label=gettext_lazy("When do they go out?"),
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": STALE},
    )
    date = Day(gettext_lazy("Date"))
    time = Clock(gettext_lazy("Time"))
    which = Which(gettext_lazy("Which of the two times?"))
    quiet = forms.BooleanField(label=gettext_lazy("Send it in the quiet hours too"), required=False)
    days = forms.IntegerField(
        label=gettext_lazy("Number of days"), required=False, min_value=1, max_value=MOST_DAYS
    )
    name = Line(
        label=gettext_lazy("Name of this wave"),
        required=False,
        max_length=100,
        help_text=gettext_lazy("For yourselves only, such as “Dignitaries”. You can leave it empty."),
    )

    def __init__(self, data: Any, *, event: Event, moving: Wave | None = None) -> None:
        waves = list(Wave.objects.of(event.tenant_id).filter(event=event).order_by("number"))
        self.event, self.moving, self._timing = event, moving, Timing()
        earlier = [w for w in waves if w.state in LIVE and (moving is None or w.number < moving.number)]
        self.previous = earlier[-1] if earlier else None
        self.planned = [] if moving else [wave for wave in waves if wave.state == Wave.State.PLANNED]
        self.now = timezone.now()
        self.begins = earliest(self.now, event.tenant)
        super().__init__(data, prefix="when", initial=_written(event, moving) if moving else {"choice": NOW})
        self.fields["choice"].choices = self._choices()  # type: ignore[attr-defined]
        if moving:
            del self.fields["name"]

    @classmethod
    def as_typed(cls, typed: dict[str, str], *, event: Event) -> "WhenForm":
        """The form with what was typed before, unjudged; as new when that was nothing."""
        form = cls(typed or None, event=event)
        form.judged = not typed
        return form

    def timing(self) -> Timing:
        return self._timing

    def asks_which(self) -> bool:
        """Whether to show the two radio buttons: the time comes twice, or came twice when this was last sent."""
        return bool(self["which"].value()) or TWICE in self.errors.get("time", ())

    def asks_quiet(self) -> bool:
        """Whether to offer the quiet hours: the time lies in them, or did when this was last sent."""
        return bool(self["quiet"].value()) or self.found_quiet

    found_quiet = False

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors:
            choice = cleaned["choice"] or (AT if self.moving else NOW)
            self._nothing_idle(choice)
            if not self.errors:
                self._decide(choice)
        return cleaned

    def _decide(self, choice: str) -> None:
        name = self.cleaned_data.get("name", "")
        if choice == AT:
            self._at(name)
        elif choice == AFTER:
            self._after(name)
        elif choice.startswith(JOIN):
            joins = next(wave for wave in self.planned if choice == f"{JOIN}{wave.pk}")
            self._timing = Timing(joins=joins)
        elif choice == NOW and self.begins > self.now:
            self._keep("choice", Timing(self.begins, name=name))
        else:
            self._timing = Timing(name=name)

    def _nothing_idle(self, choice: str) -> None:
        """What was typed for another choice is asked about, not passed over in silence."""
        typed = self.cleaned_data
        if self.moving:
            return
        if choice != AT and (typed.get("date") or typed.get("time")):
            self.add_error(
                "choice",
                _("You wrote a time. Choose “At a time of my choice”, or leave date and time empty."),
            )
        if choice != AFTER and typed.get("days"):
            self.add_error(
                "choice", _("You wrote a number of days. Choose the wave they count from, or leave it empty.")
            )

    def _at(self, name: str) -> None:
        day, time = self.cleaned_data.get("date"), self.cleaned_data.get("time")
        if day is None:
            self.add_error("date", _("Write the date."))
        if time is None:
            self.add_error("time", _("Write the time."))
        if day is None or time is None:
            return
        try:
            due_at = moment(day, time, self.event.time_zone, self.cleaned_data.get("which", ""))
        except SkippedHour:
            self.add_error("time", SKIPPED)
        except TwiceHour:
            self.add_error("time", TWICE)
        else:
            self._in_waking_hours(due_at, name)

    def _in_waking_hours(self, due_at: dt.datetime, name: str) -> None:
        later, anyway = earliest(due_at, self.event.tenant), bool(self.cleaned_data.get("quiet"))
        if later > due_at and not anyway and due_at > self.now:
            self.found_quiet = True
            text = _("This is in your quiet hours, which end %(when)s. Choose another time, or tick below.")
            self.add_error("time", text % {"when": self.words(later)})
            return
        self._keep("time", Timing(due_at, in_quiet_hours=anyway, name=name))

    def _after(self, name: str) -> None:
        days, previous = self.cleaned_data.get("days"), self.previous
        if days is None:
            self.add_error("days", _("Write how many days."))
        elif previous:
            due_at = days_after(previous, days, self.event)
            self._keep("days", Timing(due_at, after=previous, after_days=days, name=name))

    def _keep(self, field: str, timing: Timing) -> None:
        """Takes a time that is of use, or says beside `field` why it is of none."""
        due_at, event = timing.due_at or self.now, self.event
        if due_at <= self.now:
            self.add_error(field, _("This time has passed. Choose a later one."))
        elif event.starts_at and due_at >= event.starts_at:
            text = _("The meeting has begun by %(when)s. Choose an earlier time.")
            self.add_error(field, text % {"when": self.words(due_at)})
        elif event.answer_by and due_at > event.answer_by:
            text = _("Nobody could answer: the answer deadline, %(deadline)s, is before %(when)s.")
            self.add_error(
                field, text % {"when": self.words(due_at), "deadline": self.words(event.answer_by)}
            )
        else:
            self._timing = timing

    def words(self, at: dt.datetime) -> str:
        """A moment in words, on the event's own clock."""
        return words.moment(self.event.local(at))

    def _choices(self) -> list[tuple[str, str]]:
        found = [] if self.moving else self._now()
        found.append((AT, _("At a time of my choice")))
        if self.previous:
            found.append((AFTER, _("Some days after %(wave)s") % {"wave": _called(self.previous)}))
        for wave in self.planned:
            text = _("Together with %(wave)s, which goes out %(when)s")
            found.append(
                (f"{JOIN}{wave.pk}", text % {"wave": _called(wave), "when": self.words(wave.due_at)})
            )
        return found

    def _now(self) -> list[tuple[str, str]]:
        if self.begins == self.now:
            return [(NOW, _("Now"))]
        when = {"when": self.words(self.begins)}
        return [
            (NOW, _("%(when)s, when your quiet hours end") % when),
            (ANYWAY, _("Now, although it is in your quiet hours")),
        ]


def _called(wave: Wave) -> str:
    """ "wave 2 (Dignitaries)", inside a sentence."""
    text = _("wave %(number)s") % {"number": wave.number}
    return f"{text} ({wave.name})" if wave.name else text


def _written(event: Event, wave: Wave) -> dict[str, Any]:
    """A planned wave as the form would have had it."""
    if wave.after_id:
        return {"choice": AFTER, "days": wave.after_days}
    local = event.local(wave.due_at)
    return {
        "choice": AT,
        "date": local.date(),
        "time": local.time(),
        "which": which(local),
        "quiet": wave.in_quiet_hours,
    }


class MembersForm(forms.Form):
    """Those ticked on a wave's page, by the ids of their rows. What no row can have is left out."""

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        self.ticked: list[str] = data.getlist("member")

    def members(self) -> list[int]:
        return [int(word) for word in self.ticked if is_id(word)]
