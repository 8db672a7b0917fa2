"""The form that takes a plan's file. Between preview and import the file travels in the page, not on the server."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from events.plans.loading import MOST_BYTES, NotReadable, load


class PlanFileForm(forms.Form):
    file = forms.FileField(
        label=_("Plan (YAML file)"),
        required=False,
        help_text=_("You see what would change before anything is saved."),
        widget=forms.FileInput(attrs={"accept": ".yaml,.yml"}),
    )
    text = forms.CharField(required=False, strip=False, max_length=MOST_BYTES, widget=forms.HiddenInput())

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        upload, source = cleaned.get("file"), cleaned.get("text", "")
        if upload:
            source = upload.read(MOST_BYTES + 1)
        if not source:
            if not self.errors:
                self.add_error("file", _("Choose a file."))
            return cleaned
        try:
            cleaned["data"] = load(source)
        except NotReadable as error:
            self.add_error("file", str(error))
        else:
            cleaned["source"] = source if isinstance(source, str) else source.decode("utf-8-sig")
        return cleaned
