"""The reason for sending minutes back."""

from django import forms
from django.utils.translation import gettext_lazy as _

from minutes.records.fields import Text, lines, refusal_of_number
from minutes.records.identity_numbers import holds_identity_number


class SendBackForm(forms.Form):
    reason = Text(
        label=_("What should be changed"),
        max_length=500,
        widget=lines(3),
        error_messages={"required": _("Write what should be changed.")},
    )

    def clean_reason(self) -> str:
        reason: str = self.cleaned_data["reason"]
        if holds_identity_number(reason):
            raise refusal_of_number()
        return reason
