"""Forms for an administrator's work with the staff and the tenant's own details."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from events.tenancy.models import Tenant
from events.tenancy.permissions import Role

WHAT_ROLES_DO = {
    Role.ADMINISTRATOR: _("Administrator: everything a coordinator does, and the staff"),
    Role.COORDINATOR: _("Coordinator: meetings, invitations, directory, plan; approves minutes"),
    Role.MINUTE_TAKER: _("Minute-taker: sees who is invited, writes minutes"),
    Role.READER: _("Reader: sees meetings, the plan and approved minutes, never guest lists"),
}


def _role_field() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("Role"),
        choices=[(role.value, WHAT_ROLES_DO[role]) for role in Role],
        widget=forms.RadioSelect,
    )


class MemberForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=200)
    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        help_text=_(
            "The person signs in with this address: with a code we send there, or a password chosen later."
        ),
    )
    role = _role_field()


class RoleForm(forms.Form):
    role = _role_field()

    def __init__(self, *args: Any, role: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].initial = role


ZONES = (
    "Europe/Oslo",
    "Europe/Stockholm",
    "Europe/Copenhagen",
    "Europe/Helsinki",
    "Atlantic/Reykjavik",
    "Atlantic/Faroe",
    "America/Nuuk",
)


class TenantForm(forms.ModelForm):  # type: ignore[type-arg]  # the class takes no argument at run time
    """The name and contact stand in every invitation, so they are asked for plainly."""

    time_zone = forms.ChoiceField(label=_("Time zone"), choices=[(zone, zone) for zone in ZONES])

    class Meta:
        model = Tenant
        fields = ("name", "language", "time_zone", "contact_email", "contact_phone")
        help_texts: ClassVar[dict[str, Any]] = {
            "name": _("Invitations are sent in this name."),
            "language": _("For staff who have not chosen a language of their own."),
            "contact_email": _("Invitees see it when a meeting names nobody to ask."),
        }
