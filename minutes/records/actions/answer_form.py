"""What the owner answers from the link. Texts in all ten languages."""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events import dates
from events.gatherings.typed import Line, Text
from minutes.records.actions.models import ActionChange
from minutes.records.identity_numbers import holds_identity_number

Kind = ActionChange.Kind
FURTHEST = dt.timedelta(days=5 * 365)


class OwnerForm(forms.Form):
    said = forms.ChoiceField(
        label=_("How does it stand?"),
        choices=(
            (Kind.DONE, _("It is done")),
            (Kind.NOT_YET, _("Not done yet")),
            (Kind.NEW_DATE, _("I need another date")),
        ),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how it stands."), "invalid_choice": _("Choose how it stands.")},
    )
    due = Line(
        label=_("Which date?"),
        required=False,
        max_length=60,
        help_text=_("Only if you need another date: a day such as 15.3.2027, or a month such as 3.2027."),
    )
    note = Text(
        label=_("A few words about it"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3, "cols": False}),
    )

    def clean_note(self) -> str:
        note: str = self.cleaned_data["note"]
        if holds_identity_number(note):
            raise ValidationError(_("Leave national identity numbers out."))
        return note

    def clean_due(self) -> dates.VagueDate | None:
        typed: str = self.cleaned_data["due"]
        if not typed or self.data.get("said") != Kind.NEW_DATE:
            return None
        try:
            found = dates.read(typed)
        except (ValueError, OverflowError):
            raise ValidationError(_("Write a day such as 15.3.2027, or a month such as 3.2027.")) from None
        today = timezone.localdate()
        if not today <= found.last <= today + FURTHEST:
            raise ValidationError(_("Choose a date within the next five years."))
        return found

    def clean(self) -> dict[str, Any]:
        facts: dict[str, Any] = super().clean() or self.cleaned_data
        if facts.get("said") == Kind.NEW_DATE and not facts.get("due") and "due" not in self.errors:
            self.add_error("due", _("Write which date."))
        return facts
