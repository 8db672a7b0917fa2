"""Forms of memberships in networks."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from events.directory.models import Organisation
from events.directory.networks.models import NetworkMember
from events.directory.typed import OneOf, VagueDateField


class MembershipForm(forms.Form):
    """When a member joined, and the last day if it left."""

    joined = VagueDateField(
        label=_("Joined"),
        required=False,
        help_text=_("As exact as you know it: 7.9.2016, September 2016, autumn 2016 or 2016."),
    )
    left_on = forms.DateField(
        label=_("Last day as a member"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Leave empty while it is a member."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        joined, left_on = cleaned.get("joined"), cleaned.get("left_on")
        if joined and left_on and left_on < joined.first:
            self.add_error("left_on", _("That is before it joined."))
        return cleaned


class JoinForm(MembershipForm):
    """The same, with the organisation that joins."""

    member = OneOf(label=_("Organisation"), queryset=Organisation.objects.none())
    field_order = ("member",)

    def __init__(self, *args: Any, network: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        here = NetworkMember.objects.of(network.tenant_id).filter(network=network, left_on__isnull=True)
        others = Organisation.objects.of(network.tenant_id).exclude(pk=network.pk)
        self.fields["member"].queryset = others.exclude(pk__in=here.values("member"))  # type: ignore[attr-defined]
