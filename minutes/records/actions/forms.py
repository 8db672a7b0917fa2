"""What colleagues change of an action point."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from minutes.records.actions.models import ActionItem
from minutes.records.fields import Day, Text, When, line, lines, refusal_of_number
from minutes.records.identity_numbers import holds_identity_number


class _Discreet(forms.Form):
    """Refuses national identity numbers beside the field that holds one."""

    def clean(self) -> dict[str, Any]:
        facts: dict[str, Any] = super().clean() or self.cleaned_data
        for name, value in list(facts.items()):
            if isinstance(value, str) and holds_identity_number(value):
                self.add_error(name, refusal_of_number())
        return facts


class MoveForm(_Discreet):
    to = forms.ChoiceField(choices=ActionItem.Status.choices, widget=forms.HiddenInput)
    note = Text(label=_("Note"), max_length=1000, required=False, widget=lines(2))

    def clean(self) -> dict[str, Any]:
        facts = super().clean()
        if (
            facts.get("to") == ActionItem.Status.DROPPED
            and not facts.get("note")
            and "note" not in self.errors
        ):
            self.add_error("note", _("Write why it is dropped."))
        return facts


class EditForm(_Discreet):
    owner = Text(label=_("Who"), max_length=200, widget=line(list="known-people"))
    due = When(label=_("By when"), required=False)
    not_before = Day(
        label=_("Not before"),
        required=False,
        help_text=_("It is not taken up in meetings, and nobody is reminded, before that day."),
    )
