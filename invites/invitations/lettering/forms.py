"""Forms of the page of letters."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from invites.invitations.forms import IdsField

if TYPE_CHECKING:
    from events.directory.models import Contact, ContactQuerySet

MOST = 500  # letters in one file, contacts in one list


class PrintForm(forms.Form):
    """Which letters, and whether they are noted as printed."""

    invitations = IdsField()
    printed = forms.BooleanField(required=False)

    def ids(self) -> list[int]:
        """What was asked for; nothing when it cannot be read."""
        self.is_valid()
        found: list[int] = self.cleaned_data.get("invitations", [])
        return found[:MOST]


class ContactChoice(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, contact: "Contact") -> str:
        return ", ".join(filter(None, (contact.name, str(contact.organisation or ""))))


class WantedForm(forms.Form):
    """Those who want letters and are not asked yet; all are ticked to begin with."""

    contacts = ContactChoice(
        label=_("Invite by letter"),
        queryset=None,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one contact.")},
    )

    def __init__(self, *args: Any, wanted: "ContactQuerySet", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["contacts"].queryset = wanted  # type: ignore[attr-defined]
        self.people = list(wanted[:MOST])
        self.fields["contacts"].choices = [  # type: ignore[attr-defined]
            (contact.pk, self.fields["contacts"].label_from_instance(contact))  # type: ignore[attr-defined]
            for contact in self.people
        ]
        self.initial["contacts"] = [contact.pk for contact in self.people]
