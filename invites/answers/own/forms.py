"""What a person corrects, objects to and confirms on the own page."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from events.directory.models import Contact
from events.gatherings.typed import Line
from events.languages import own_names
from invites.answers.own.sections import title_of
from invites.answers.own.services import CORRECTABLE
from invites.invitations.models import Invitation


class CorrectForm(forms.Form):
    name = Line(label=_("Name"), max_length=200)
    role = Line(label=_("Role"), max_length=200, required=False)
    phone = Line(label=_("Telephone"), max_length=30, required=False)
    language = forms.ChoiceField(label=_("Language of mails to you"), choices=own_names)
    email = forms.EmailField(
        label=_("E-mail"),
        required=False,
        help_text=_("A new address holds when you have opened the mail that we send there."),
    )

    def __init__(self, data: Any = None, *, contact: Contact) -> None:
        initial = {name: getattr(contact, name) for name in (*CORRECTABLE, "email")}
        super().__init__(data, initial=initial)

    def facts(self) -> dict[str, Any]:
        """What is written at once; only of a valid form."""
        return {name: self.cleaned_data[name] for name in CORRECTABLE}


class ObjectForm(forms.Form):
    meetings = forms.MultipleChoiceField(
        label=_("Do not show me to anybody but the organiser at"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    in_future = forms.BooleanField(label=_("Nor at any later meeting"), required=False)
    opted_out = forms.BooleanField(label=_("Do not invite me any more"), required=False)

    def __init__(self, data: Any = None, *, contact: Contact) -> None:
        rows = (
            Invitation.objects.of(contact.tenant_id).valid().filter(contact=contact).select_related("event")
        )
        mine = list(rows.order_by("-event__sort_on", "pk"))
        initial = {
            "meetings": [str(row.pk) for row in mine if row.unlisted],
            "in_future": contact.unlisted,
            "opted_out": contact.opted_out_at is not None,
        }
        super().__init__(data, initial=initial)
        self.fields["meetings"].choices = [(str(row.pk), title_of(row.event)) for row in mine]  # type: ignore[attr-defined]
        if not mine:
            del self.fields["meetings"]

    def wishes(self) -> dict[str, Any]:
        """For `services.object_`; only of a valid form."""
        return {
            "unlisted": [int(pk) for pk in self.cleaned_data.get("meetings", ())],
            "in_future": self.cleaned_data["in_future"],
            "opted_out": self.cleaned_data["opted_out"],
        }


class EraseForm(forms.Form):
    sure = forms.BooleanField(
        label=_("Erase what is held about me. I know that it cannot be undone."),
        error_messages={"required": _("Tick the box, so that nothing is erased by mistake.")},
    )
