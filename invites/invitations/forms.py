"""Forms for choosing whom to ask, for sending, and for the guest list's filter."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from events.directory.models import OrganisationKind
from invites.invitations.choosing import Offers
from invites.invitations.models import Reply
from invites.invitations.overview import OFFERED
from invites.invitations.reach import Reach
from invites.invitations.services import MOST_NAMED

MOST = 20_000  # contacts a round; more is a mistake


def is_id(word: str) -> bool:
    """Whether `word` is a number that a row could have; longer ones overflow SQLite."""
    return word.isascii() and word.isdigit() and len(word) < 19


class IdsField(forms.CharField):
    """Ids in one field, parted by commas: a thousand hidden inputs would weigh more than the page."""

    widget = forms.HiddenInput

    def clean(self, value: Any) -> Any:
        words = str(super().clean(value)).split(",")
        ids = [int(word) for word in words if is_id(word)]
        return sorted(set(ids))[:MOST]


class QuotasField(forms.CharField):
    """How many people organisations name themselves, by contact: "12:3,14:1". What cannot be is left out."""

    widget = forms.HiddenInput

    def clean(self, value: Any) -> Any:
        pairs = [word.partition(":") for word in str(super().clean(value)).split(",")]
        return {
            int(pk): int(quota)
            for pk, _colon, quota in pairs
            if is_id(pk) and is_id(quota) and 1 <= int(quota) <= MOST_NAMED
        }


class FilterForm(forms.Form):
    """A filter never refuses: what it cannot read is left out."""

    def value(self, name: str) -> str:
        self.is_valid()
        return str(self.cleaned_data.get(name) or "")

    def values(self) -> dict[str, str]:
        return {name: self.value(name) for name in self.fields if self.value(name)}


class ChooseForm(FilterForm):
    """The filter above the contacts. What it offers comes from `choosing.offers`."""

    kind = forms.ChoiceField(label=_("Type of organisation"), required=False)
    organisation = forms.ChoiceField(label=_("Organisation"), required=False)
    group = forms.ChoiceField(label=_("Saved group"), required=False)
    tag = forms.ChoiceField(label=_("Tag"), required=False)
    q = forms.CharField(label=_("Name, role or address"), required=False, max_length=200)

    def __init__(self, data: Any, *, offers: Offers) -> None:
        super().__init__(data)
        self.offers = offers
        self._offer("kind", _("All types"), offers.types)
        self._offer("organisation", _("All organisations"), offers.organisations)
        self._offer("group", _("All groups"), offers.groups)
        self._offer("tag", _("All tags"), offers.tags)

    def narrowing(self) -> dict[str, str]:
        """For `choosing.found`."""
        chosen = {name: self.value(name) for name in ("kind", "organisation", "group", "tag")}
        return chosen | {"words": self.value("q")}

    def _offer(self, name: str, every: Any, choices: Iterable[Any]) -> None:
        """A select of nothing is not shown."""
        choices = tuple(choices)
        if choices:
            self.fields[name].choices = [("", every), *choices]  # type: ignore[attr-defined]
        else:
            del self.fields[name]


class TickForm(forms.Form):
    """What was ticked on one page of the list, and by which button it was sent.

    `listed` is the filter that the page was drawn with: "all" means all of that, whatever is in the search fields now.
    """

    shown = IdsField(required=False)
    contact = forms.TypedMultipleChoiceField(required=False, coerce=int)
    all = forms.BooleanField(required=False)
    listed = forms.CharField(required=False)
    do = forms.ChoiceField(required=False, choices=[(word, word) for word in ("search", "preview", "clear")])
    drop = forms.CharField(required=False)  # an organisation's contact, taken out of the choice
    page = forms.IntegerField(required=False, min_value=1)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        ticked = [word for word in data.getlist("contact") if is_id(word)]
        self.fields["contact"].choices = [(word, word) for word in ticked]  # type: ignore[attr-defined]


class SendForm(forms.Form):
    """The contacts that the preview showed; double clicks and second tabs send the same ones."""

    contacts = IdsField()
    quotas = QuotasField(required=False)


class OrganisationForm(forms.Form):
    """Asking an organisation to name its people itself: through whom, and how many. `through` are (id, words) pairs."""

    through = forms.ChoiceField(
        label=_("Who gets the mail?"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose who gets the mail."),
            "invalid_choice": _("Choose one of those below."),
        },
    )
    quota = forms.IntegerField(
        label=_("How many people may it send?"),
        help_text=_("From 1 to 20. The organisation writes their names when it answers."),
        min_value=1,
        max_value=MOST_NAMED,
        error_messages={
            "required": _("Write a number from 1 to 20."),
            "invalid": _("Write a number from 1 to 20."),
            "min_value": _("Write a number from 1 to 20."),
            "max_value": _("Write a number from 1 to 20."),
        },
    )

    def __init__(self, data: Any, *, through: Iterable[tuple[str, str]]) -> None:
        choices = list(through)
        super().__init__(data, initial={"quota": 2, "through": choices[0][0] if choices else ""})
        self.fields["through"].choices = choices  # type: ignore[attr-defined]


NONE = "none"


class GuestFilter(FilterForm):
    answer = forms.ChoiceField(
        label=_("Answer"),
        required=False,
        choices=[
            ("", _("All answers")),
            *Reply.choices,
            (OFFERED, _("a seat is offered")),
            (NONE, _("no answer yet")),
        ],
    )
    kind = forms.ChoiceField(
        label=_("Type of organisation"),
        required=False,
        choices=[("", _("All types")), *OrganisationKind.choices],
    )
    mail = forms.ChoiceField(label=_("Mail"), required=False, choices=[("", _("All mails")), *Reach.choices])
    q = forms.CharField(label=_("Name or organisation"), required=False, max_length=200)
    call = forms.BooleanField(label=_("Only those to call"), required=False)
