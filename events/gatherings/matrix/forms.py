"""The matrix as a form: for each fact about a guest who sees it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from events.gatherings.audiences import Audience
from events.gatherings.matrix.presets import MATRIX, SETTABLE, Preset
from events.gatherings.models import Event
from events.gatherings.typed import Line

LONGEST = 720  # hours: a month
HELP: dict[str, Any] = {
    "organisation_for": _("Without the name, organisations are a list in which each stands once."),
    "role_for": _("Told together with the name, never alone."),
    "contact_for": _("Told together with the name, never alone."),
    "answer_for": _("Told together with the name. Then also those who answered maybe are on the list."),
    "count_for": _("Fewer than five are never told as a number."),
}


class MatrixForm(forms.Form):
    """`needs_confirming` puts the box to tick on the page: it tells more than those who answered were told."""

    place_hours_before = forms.IntegerField(
        label=_("Hours before the meeting that the exact place is told"),
        required=False,
        min_value=0,
        max_value=LONGEST,
        help_text=_(
            "Leave empty to tell it with the yes. Those who come get a mail when it opens; hosts always see it."
        ),
    )
    police_attends = forms.BooleanField(label=_("The police take part"), required=False)
    press_attends = forms.BooleanField(label=_("The press takes part"), required=False)
    ex_officio = Line(
        label=_("Others who take part by virtue of their office"),
        required=False,
        max_length=300,
        help_text=_("Everybody who is invited reads this before answering."),
    )
    confirm = forms.BooleanField(
        label=_("I know that those who answered were told otherwise, and let others see more all the same"),
        required=False,
    )

    def __init__(self, data: Any, *, event: Event) -> None:
        super().__init__(data, initial={name: getattr(event, name) for name in SETTABLE})
        self.needs_confirming = False
        for name in MATRIX:
            self.fields[name] = forms.TypedChoiceField(
                label=str(Event._meta.get_field(name).verbose_name).capitalize(),  # type: ignore[union-attr]
                choices=Audience,
                coerce=int,
                help_text=HELP.get(name, ""),
            )

    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in SETTABLE}

    def matrix(self) -> list[Any]:
        return [self[name] for name in MATRIX]

    def ask_to_confirm(self) -> None:
        self.needs_confirming = True
        self.add_error("confirm", _("Tick the box to let others see more than those who answered were told."))


def with_preset(event: Event, preset: Preset) -> dict[str, Any]:
    """As if the form had been sent with the preset's choices and all else as it stands."""
    stored = {name: getattr(event, name) for name in SETTABLE}
    given = {**stored, **preset.matrix}
    return {name: value for name, value in given.items() if value is not None and value is not False}
