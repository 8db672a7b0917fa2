"""Whom an invitee names to come instead, and why an organiser says no."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from events.gatherings.models import Event
from events.gatherings.typed import Line, Text
from events.languages import own_names
from invites.answers.requests.asking import Substitute
from invites.invitations import checks
from invites.post.transports.base import plain_address


class SubstituteForm(forms.Form):
    name = Line(
        label=_("Name"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Write the name of the person who comes.")},
    )
    role = Line(label=_("Role"), required=False, max_length=200)
    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        help_text=_("The invitation goes to this address."),
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _("Write the e-mail address of the person who comes.")},
    )
    language = forms.ChoiceField(
        label=_("Language of the invitation"),
        choices=own_names,
        error_messages={"invalid_choice": _("Choose one of the languages.")},
    )
    comment = Text(
        label=_("Comment to the organiser"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Only the organiser reads it. Do not write about your health or beliefs."),
    )

    def clean_email(self) -> str:
        address = str(self.cleaned_data["email"]).lower()
        try:
            plain_address(address)
        except ValueError:
            raise forms.ValidationError(_("This address has letters that no mail can be sent to.")) from None
        return address

    def person(self) -> Substitute:
        """Of a valid form."""
        said = self.cleaned_data
        return Substitute(said["name"], said["email"], said["role"], said["language"])

    def not_this_person(self) -> None:
        """The same words whatever the reason: who is invited is nobody's business."""
        self.add_error("email", _("This person cannot be added here; ask the organiser."))


class RefusalForm(forms.Form):
    reason = Text(
        label=_("Reason"),
        max_length=500,
        help_text=_("The invitee gets it by e-mail. Name no other invitee."),
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Write a reason that the invitee understands.")},
    )

    def __init__(self, data: Any, *, event: Event) -> None:
        super().__init__(data)
        self.event = event

    def clean_reason(self) -> str:
        """The invitee may not know the place, and no mail holds a secret link."""
        written = str(self.cleaned_data["reason"])
        text = checks.FreeText(_("The reason"), "reason", written)
        if found := list(checks.of_texts(self.event, [text])):
            raise forms.ValidationError([each.what for each in found])
        return written
