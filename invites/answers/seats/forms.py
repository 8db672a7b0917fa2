"""What the organiser says about seats."""

from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from events.directory.groups.forms import RuleForm
from events.directory.groups.rules import Rule
from events.gatherings.attending import SubstituteRule, WaitlistMode
from events.gatherings.models import Event
from invites.answers.seats.models import SeatGroup
from invites.answers.seats.services import SETTINGS
from invites.invitations.services import MOST_NAMED
from invites.invitations.telling.forms import Ticks

MOST_SEATS = 100_000
MOST_OF_ONE = 30_000


def seats(label: Any, most: int, *, least: int = 1, required: bool = False, help_text: Any = "") -> Any:
    wrong = format_lazy(_("Write a whole number from {least} to {most}."), least=least, most=most)
    messages = dict.fromkeys(("required", "invalid", "min_value", "max_value"), wrong)
    return forms.IntegerField(
        label=label,
        required=required,
        min_value=least,
        max_value=most,
        help_text=help_text,
        error_messages=messages,
    )


class SeatsForm(forms.Form):
    """The rules for seats of one event."""

    capacity = seats(
        _("Number of seats"), MOST_SEATS, help_text=_("Leave empty when everybody who is invited has a seat.")
    )
    waitlist = forms.ChoiceField(
        label=_("Waiting list"),
        choices=WaitlistMode,
        widget=forms.RadioSelect,
        help_text=_("When it is full."),
    )
    per_organisation = seats(
        _("Most seats for one organisation"),
        MOST_OF_ONE,
        help_text=_("All who are invited from the same organisation together. Empty: no limit."),
    )
    companions = seats(
        _("How many each may bring"),
        MOST_NAMED,
        least=0,
        required=True,
        help_text=_("Somebody who is invited in person. 0: nobody."),
    )
    substitutes = forms.ChoiceField(
        label=_("Sending somebody else"), choices=SubstituteRule, widget=forms.RadioSelect
    )

    def __init__(self, data: Any, *, event: Event) -> None:
        super().__init__(data, initial={name: getattr(event, name) for name in SETTINGS})


class SeatGroupForm(RuleForm):
    """A part of the mix. Without a condition only those belong to it who are put there by hand."""

    target = seats(
        _("Seats it should have"),
        MOST_OF_ONE,
        help_text=_("Of those who wait, the group furthest below this goes first."),
    )
    most = seats(_("Seats it may have at most"), MOST_OF_ONE, help_text=_("Empty: no limit."))

    def __init__(self, data: Any, *, event: Event, group: SeatGroup | None = None) -> None:
        super().__init__(data, tenant=event.tenant, initial=_initial(group) if group else {})
        self.order_fields(["name", "target", "most"])

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        target, most = cleaned.get("target"), cleaned.get("most")
        if target is not None and most is not None and target > most:
            self.add_error("target", _("This is more than the group may have at most."))
        return cleaned

    def rule(self) -> Rule | None:
        rule = super().rule()
        return None if rule == Rule() else rule

    def given(self) -> dict[str, Any]:
        """The arguments of `services.save_group`."""
        return {name: self.cleaned_data[name] for name in ("name", "target", "most")} | {"rule": self.rule()}


class ChosenGroupForm(forms.Form):
    """Which group one invitee counts for."""

    group = forms.ModelChoiceField(
        label=_("Group"), queryset=SeatGroup.objects.none(), required=False, empty_label=_("in no group")
    )

    def __init__(self, data: Any, *, event: Event, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        groups = SeatGroup.objects.of(event.tenant_id).filter(event=event)
        self.fields["group"].queryset = groups  # type: ignore[attr-defined]


class FewerForm(forms.Form):
    """How many seats there are to be, and who goes to the waiting list."""

    capacity = seats(_("Number of seats"), MOST_SEATS, required=True)
    chosen = Ticks(label=_("To the waiting list"))


def _initial(group: SeatGroup) -> dict[str, Any]:
    found: dict[str, Any] = {name: getattr(group, name) for name in ("name", "target", "most")}
    if rule := group.rule:
        types = [*rule.kinds, *(f"t{pk}" for pk in rule.types)]
        found |= {"types": types, **{key: value for key, value in rule.as_json().items() if key != "types"}}
    return found
