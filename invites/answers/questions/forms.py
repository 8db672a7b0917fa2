"""The form in which the organiser writes a question."""

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from events.gatherings.models import Event
from events.gatherings.typed import Line, Text
from invites.answers.questions.models import CHOOSING, QuestionKind, Sensitivity
from invites.answers.questions.showing import last_day

LONGEST = dt.timedelta(days=366)
MOST_CHOICES, LONGEST_CHOICE = 20, 200
TOO_LONG = {"max_length": _("Write at most %(limit_value)d characters.")}


class QuestionForm(forms.Form):
    """A draft may lack why it is asked, what the answers tell and when they are deleted; to publish, nothing may."""

    marks_optional = False  # what a draft may lack is needed all the same

    label = Line(
        label=_("Question"),
        max_length=300,
        help_text=_("Invitees see it as you write it, whatever their language."),
        error_messages={"required": _("Write the question."), **TOO_LONG},
    )
    help = Line(label=_("Explanation"), max_length=500, required=False, error_messages=TOO_LONG)
    kind = forms.ChoiceField(
        label=_("Kind of answer"),
        choices=QuestionKind,
        initial=QuestionKind.TEXT,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a kind of answer.")},
    )
    choices = Text(
        label=_("Choices"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One on each line, two at least. Only for questions with choices."),
    )
    required = forms.BooleanField(label=_("Whoever says yes must answer it"), required=False)
    purpose = Line(
        label=_("Why we ask"),
        max_length=300,
        required=False,
        help_text=_("Invitees see it beside the question. Ask for nothing you do not need."),
        error_messages=TOO_LONG,
    )
    sensitivity = forms.ChoiceField(
        label=_("What the answers tell"),
        choices=Sensitivity,
        required=False,
        widget=forms.RadioSelect,
        help_text=_("When in doubt, choose the stricter one."),
    )
    delete_on = forms.DateField(
        label=_("Answers are deleted on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Invitees see it beside the question. At most a year after the meeting."),
        error_messages={"invalid": _("Write a date.")},
    )

    def __init__(self, data: Any = None, *, event: Event, publishing: bool, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.last_day, self.publishing = last_day(event), publishing

    def clean_choices(self) -> list[str]:
        """The choices, each once, in the order written; none for questions that have no choices."""
        if self.cleaned_data.get("kind") not in CHOOSING:
            return []
        found = list(
            dict.fromkeys(filter(None, (line.strip() for line in self.cleaned_data["choices"].split("\n"))))
        )
        if len(found) < 2:
            raise forms.ValidationError(_("Write at least two choices, one on each line."))
        if len(found) > MOST_CHOICES or any(len(one) > LONGEST_CHOICE for one in found):
            raise forms.ValidationError(
                _("Write at most %(most)d choices, each of at most %(longest)d characters."),
                params={"most": MOST_CHOICES, "longest": LONGEST_CHOICE},
            )
        return found

    def clean_delete_on(self) -> dt.date | None:
        """After the meeting, because the answers are for it; and not for ever."""
        chosen: dt.date | None = self.cleaned_data["delete_on"]
        first = max(filter(None, (self.last_day, timezone.localdate() + dt.timedelta(days=1))))
        if chosen and chosen < first:
            text = _("Choose %(first)s or later: the answers are needed until then.")
            raise forms.ValidationError(text, params={"first": date_format(first)})
        if chosen and chosen > first + LONGEST:
            raise forms.ValidationError(_("Choose a date within a year after the meeting."))
        return chosen

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if self.publishing:
            self.say_what_lacks(name for name in NEEDED if not cleaned.get(name) and name not in self.errors)
        return cleaned

    def say_what_lacks(self, names: Any) -> None:
        for name in names:
            self.add_error(name, NEEDED[name])


NEEDED = {
    "purpose": _("Write why you ask, before the question is published."),
    "sensitivity": _("Choose what the answers tell, before the question is published."),
    "delete_on": _("Choose when the answers are deleted, before the question is published."),
}
