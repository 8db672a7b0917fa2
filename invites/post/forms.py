"""What was ticked on the page of mails in trouble."""

from typing import Any

from django import forms
from django.http import QueryDict


class SettleForm(forms.Form):
    """Many mails of unknown fate at once. Never refuses: what is no number of a row is left out."""

    all = forms.BooleanField(required=False)
    do = forms.ChoiceField(choices=[("again", "again"), ("sent", "sent")])

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        words = data.getlist("mail")
        self.ticked = [int(word) for word in words if word.isascii() and word.isdigit() and len(word) < 19]

    def wanted(self) -> dict[str, Any] | None:
        """Arguments for `services.settle_unknown`; None when nothing was ticked or no button was pressed."""
        if not self.is_valid() or not (self.ticked or self.cleaned_data["all"]):
            return None
        ids = None if self.cleaned_data["all"] else self.ticked
        return {"ids": ids, "again": self.cleaned_data["do"] == "again"}
