"""The plan of reminders, and a round by hand."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from events.gatherings.typed import Text
from invites.invitations.reminders.models import FARTHEST, MOST_STEPS, ReminderPlan
from invites.invitations.telling.forms import LONGEST, Ticks

_PARTS = re.compile(r"[,;\s]+")
WRONG = _("Write whole numbers from 0 to %(farthest)d with commas between them, such as 7, 2.")


class Days(forms.CharField):
    """Whole days, written with commas between them; empty means none. Kept with the highest first, each once."""

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(map(str, value)) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        written = [part for part in _PARTS.split(str(value or "").strip()) if part]
        if not all(part.isascii() and part.isdigit() and len(part) < 4 for part in written):
            raise forms.ValidationError(WRONG, params={"farthest": FARTHEST})
        days = sorted({int(part) for part in written}, reverse=True)
        if days and days[0] > FARTHEST:
            raise forms.ValidationError(WRONG, params={"farthest": FARTHEST})
        if len(days) > MOST_STEPS:
            raise forms.ValidationError(_("Write at most %(most)d days."), params={"most": MOST_STEPS})
        return days


class PlanForm(forms.Form):
    """The fields of ReminderPlan that are filled in."""

    chase_days = Days(
        label=_("Days before the answer deadline"),
        required=False,
        help_text=_("Then those who have not answered get a mail. Such as 7, 2. Leave empty for none."),
    )
    settle_days = Days(
        label=_("Days before the answer deadline for those who said maybe"),
        required=False,
        help_text=_("Then they are asked for yes or no. Such as 3. Leave empty for none."),
    )
    remind_days = Days(
        label=_("Days before the meeting"),
        required=False,
        help_text=_("Then those who come get a mail. Such as 1. Leave empty for none."),
    )
    at_hour = forms.TimeField(
        label=_("Time of day"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=_("Where the meeting takes place. In quiet hours the mails wait."),
        error_messages={"required": _("Write a time."), "invalid": _("Write a time, such as 09:00.")},
    )
    most = forms.IntegerField(
        label=_("How often an invitee is asked to answer at most"),
        min_value=1,
        max_value=5,
        help_text=_("Counts what you send yourself, too."),
        error_messages={
            "required": _("Write a number from 1 to 5."),
            "invalid": _("Write a number from 1 to 5."),
            "min_value": _("Write a number from 1 to 5."),
            "max_value": _("Write a number from 1 to 5."),
        },
    )

    def __init__(self, data: Any, *, plan: ReminderPlan) -> None:
        super().__init__(data, initial={name: getattr(plan, name) for name in self.base_fields})


class ChaseForm(forms.Form):
    """Who is asked once more, and a message."""

    chosen = Ticks(label=_("Invitees"))
    message = Text(
        label=_("Message"),
        required=False,
        max_length=LONGEST,
        help_text=_(
            "Everybody who is asked gets it. What the meeting is about stands in the mail by itself."
        ),
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not cleaned.get("chosen") and "chosen" not in self.errors:
            self.add_error("chosen", _("Tick at least one invitee."))
        return cleaned
