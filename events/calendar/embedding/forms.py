"""The host of a web site, and what stands behind the question mark of the list."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from events.calendar.embedding import hosts
from events.calendar.forms import NarrowingForm
from events.tenancy.models import InviteeLanguage

USUAL, MOST = 10, 50


class HostForm(forms.Form):
    host = forms.CharField(
        label=_("Host of the web site"),
        max_length=300,
        help_text=_("Such as www.kommune.no. Each host by itself, also with and without www."),
    )

    def clean_host(self) -> str:
        try:
            return hosts.read(self.cleaned_data["host"])
        except hosts.NoHost as refused:
            raise forms.ValidationError(str(refused)) from refused


class ListForm(NarrowingForm):
    """`lang` is the language of the list itself, `limit` the most meetings it shows, `scheme` its colours where they
    shall not follow the reader's device: a browser tells a frame nothing of the page around it.
    """

    lang = forms.ChoiceField(required=False, choices=InviteeLanguage)
    limit = forms.IntegerField(required=False, min_value=1, max_value=MOST)

    scheme = forms.ChoiceField(required=False, choices=[(name, name) for name in ("light", "dark")])

    def asked(self) -> dict[str, Any]:
        return {"wanted": self.wanted(), "limit": self.cleaned_data["limit"] or USUAL}
