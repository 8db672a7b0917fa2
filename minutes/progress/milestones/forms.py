"""The form of a milestone."""

import datetime as dt

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events.directory.typed import Line, VagueDateField
from minutes.progress.discreet import Discreet
from minutes.records.fields import Day


class MilestoneForm(Discreet):
    title = Line(label=gettext_lazy("What is to be reached"), max_length=300)
    owner = Line(
        label=gettext_lazy("Who"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("An organisation, or a name as you write it. Readers see organisations only."),
    )
    due = VagueDateField(
        label=gettext_lazy("By when"),
        required=False,
        help_text=gettext_lazy("As exact as you know it: 7.9.2016, September 2016, autumn 2016 or 2016."),
    )


class ReachedForm(forms.Form):
    on = Day(label=gettext_lazy("Reached on"))

    def clean_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("That day has not come yet."))
        return day
