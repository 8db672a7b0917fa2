"""What the organiser decides about telling those invited."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from events.gatherings.models import Event
from events.gatherings.typed import Text
from invites.invitations.forms import is_id
from invites.invitations.telling.models import Recipients
from invites.invitations.telling.services import Decision

LONGEST = 1000


class Ticks(forms.TypedMultipleChoiceField):
    """Ids of invitations; a number no row can have is no choice."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(coerce=int, required=False, widget=forms.CheckboxSelectMultiple, **kwargs)

    def valid_value(self, value: Any) -> bool:
        return is_id(str(value))


def ticked(field: forms.BoundField) -> set[int]:
    """The ids that were ticked, also of a form that was refused; what no row can have is left out."""
    return {int(value) for value in field.value() or () if is_id(str(value))}


class TellForm(forms.Form):
    """Who is told, whether they are asked again, and a message. `sequence` is the revision that the page showed."""

    sequence = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)
    who = forms.ChoiceField(
        label=_("Who is told?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose who is told.")},
    )
    chosen = Ticks(label=_("Invitees"))
    asks_again = forms.BooleanField(
        label=_("Ask them to answer again"),
        required=False,
        help_text=_("Their earlier answers no longer count, and their seats become free."),
    )
    message = Text(
        label=_("Message"),
        required=False,
        max_length=LONGEST,
        help_text=_("Everybody who is told gets it. What has changed stands in the mail by itself."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(
        self,
        data: Any,
        *,
        event: Event,
        can_ask: bool,
        choices: Iterable[tuple[str, str]],
        initial: dict[str, Any],
    ) -> None:
        super().__init__(data, initial={"sequence": event.sequence, **initial})
        self.fields["who"].choices = list(choices)  # type: ignore[attr-defined]
        if not can_ask:
            del self.fields["asks_again"]
        if event.state == Event.State.CANCELLED:
            self.fields["message"].help_text = _(
                "Everybody who is told gets it. That the meeting is cancelled stands in the mail by itself."
            )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("who") == Recipients.CHOSEN and not cleaned.get("chosen"):
            self.add_error("who", _("Tick at least one invitee below."))
        return cleaned

    def decision(self) -> Decision:
        said = self.cleaned_data
        chosen: Iterable[int] = said["chosen"] if said["who"] == Recipients.CHOSEN else ()
        return Decision(
            sequence=said["sequence"],
            who=said["who"],
            chosen=tuple(chosen),
            asks_again=bool(said.get("asks_again")),
            message=said["message"],
        )
