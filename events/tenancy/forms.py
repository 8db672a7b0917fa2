"""Forms for an administrator's work with the staff and the tenant's own details."""

import datetime as dt
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


NO_HOUR = dt.time(0)


def _hour(label: Any, help_text: Any) -> forms.TimeField:
    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    return forms.TimeField(label=label, help_text=help_text, required=False, widget=widget)


class TenantForm(forms.ModelForm):  # type: ignore[type-arg]  # the class takes no argument at run time
    """The name and contact stand in every invitation, so they are asked for plainly."""

    time_zone = forms.ChoiceField(label=_("Time zone"), choices=[(zone, zone) for zone in ZONES])
    quiet_from = _hour(_("No mails from"), _("Leave both empty if mails may go out at any hour."))
    quiet_until = _hour(_("No mails until"), "")

    class Meta:
        model = Tenant
        fields = (
            *("name", "language", "time_zone", "contact_email", "contact_phone"),
            *("quiet_from", "quiet_until", "quiet_weekends"),
        )
        help_texts: ClassVar[dict[str, Any]] = {
            "name": _("Invitations are sent in this name."),
            "language": _("For staff who have not chosen a language of their own."),
            "contact_email": _("Invitees see it when a meeting names nobody to ask."),
            "quiet_weekends": _("Saturday and Sunday, on your own clock."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.quiet_from == self.instance.quiet_until:  # no hour is quiet
            self.initial["quiet_from"] = self.initial["quiet_until"] = None

    def clean(self) -> dict[str, Any]:
        """Two empty hours are stored as two equal ones: none is quiet."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        names = ("quiet_from", "quiet_until")
        if self.errors.keys() & set(names):
            return cleaned
        empty = [name for name in names if cleaned.get(name) is None]
        if len(empty) == 1:
            self.add_error(empty[0], _("Write both hours, or leave both empty."))
        elif empty:
            cleaned.update(dict.fromkeys(names, NO_HOUR))
        return cleaned
