"""The form that puts an event into a network."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from events.directory.models import Organisation, OrganisationKind
from events.directory.typed import OneOf
from events.gatherings.models import Event
from events.gatherings.typed import Text


class TakingPartForm(forms.Form):
    taking_part = Text(
        label=_("Who of us takes part"),
        required=False,
        max_length=2000,
        help_text=_("Names and telephone numbers of colleagues, one a line. Only your own staff see it."),
        widget=forms.Textarea(attrs={"rows": 3, "cols": False}),
    )


class NetworkForm(TakingPartForm):
    """The same with the network."""

    network = OneOf(label=_("Network"), queryset=Organisation.objects.none())
    field_order = ("network",)

    def __init__(self, data: Any = None, *, event: Event) -> None:
        super().__init__(data)
        networks = Organisation.objects.of(event.tenant_id).filter(kind=OrganisationKind.NETWORK)
        self.fields["network"].queryset = networks.exclude(event_links__event=event)  # type: ignore[attr-defined]
