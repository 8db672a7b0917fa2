"""What all forms of progress refuse: a national identity number, beside the field that holds it (rule 6)."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from minutes.records.identity_numbers import holds_identity_number


class Discreet(forms.Form):
    def clean(self) -> dict[str, Any]:
        facts: dict[str, Any] = super().clean() or self.cleaned_data
        for name, value in list(facts.items()):
            if isinstance(value, str) and holds_identity_number(value):
                self.add_error(
                    name, _("A national identity number cannot stand here. Describe it without one.")
                )
        return facts
