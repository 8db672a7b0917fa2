"""Forms for an administrator's work with the staff."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

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
