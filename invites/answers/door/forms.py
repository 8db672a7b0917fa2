"""What is typed and ticked at the door."""

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.gatherings.typed import Line


class Moment(forms.CharField):
    """When a phone without a network made the tick (ISO 8601, with zone). What cannot be read counts as now."""

    def __init__(self) -> None:
        super().__init__(required=False, max_length=40, widget=forms.HiddenInput)

    def clean(self, value: Any) -> dt.datetime | None:
        try:
            moment = dt.datetime.fromisoformat(str(value or ""))
        except ValueError:
            return None
        return moment.astimezone(dt.UTC) if timezone.is_aware(moment) and moment.year > 2000 else None


class TickForm(forms.Form):
    key = forms.CharField(max_length=64, widget=forms.HiddenInput)
    here = forms.BooleanField(required=False, widget=forms.HiddenInput)
    at = Moment()


class WalkInForm(forms.Form):
    """Who is not on the list. `key` is the device's own, so that sending twice makes one."""

    name = Line(
        label=_("Name"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Write the name.")},
    )
    organisation = Line(
        label=_("Organisation"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    key = forms.UUIDField(widget=forms.HiddenInput)
    at = Moment()


class LinkForm(forms.Form):
    name = Line(
        label=_("Who is it for?"),
        help_text=_("Such as “Reception, main entrance”. You see it here only."),
        max_length=100,
        error_messages={"required": _("Write whom the link is for.")},
    )
