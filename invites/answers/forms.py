"""What an invitee answers, and what staff record for one."""

from dataclasses import dataclass
from typing import Any, Self

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from events.gatherings.typed import Line
from invites.answers.people import Person
from invites.invitations.models import Invitation, Reply

CHOICES = (
    (Reply.ACCEPTED, _("Yes, I will come")),
    (Reply.TENTATIVE, _("Maybe")),
    (Reply.DECLINED, _("No, I cannot come")),
)


@dataclass(frozen=True)
class Row:
    """The fields for one of the people whom an organisation names."""

    number: int
    name: BoundField
    role: BoundField
    email: BoundField

    def written(self) -> bool:
        return any(str(field.value() or "").strip() for field in (self.name, self.role, self.email))


class AnswerForm(forms.Form):
    """One answer. The names of the fields are public: `answer` is the same word as in the links of the mail.

    An organisation names its people in rows of plain fields (`name_1`, `role_1`, `email_1` …), as many as its quota.
    """

    names_needed = True  # with a yes of an organisation

    answer = forms.ChoiceField(
        label=_("Will you come?"),
        choices=CHOICES,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose yes, maybe or no."),
            "invalid_choice": _("Choose yes, maybe or no."),
        },
    )
    comment = forms.CharField(
        label=_("Comment"),
        help_text=_("Only the organiser reads it. Do not write about your health or beliefs."),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"max_length": _("Write at most %(limit_value)d characters.")},
    )

    # The revision of time and place that the page showed; what cannot be read counts as not said.
    sequence = forms.CharField(required=False, max_length=9, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, invitation: Invitation | None = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.marks_optional = not (invitation and invitation.for_organisation)
        self.quota = invitation.quota if invitation and invitation.for_organisation else 0
        for number in range(1, self.quota + 1):
            self._add_row(number)

    def rows(self) -> list[Row]:
        """The rows to draw, with what is written in them."""
        return [
            Row(number, *(self[f"{part}_{number}"] for part in ("name", "role", "email")))
            for number in range(1, self.quota + 1)
        ]

    def people(self) -> tuple[Person, ...]:
        """Those named, in the order written; only of a valid form."""
        rows = [
            [self.cleaned_data.get(f"{part}_{number}", "") for part in ("name", "role", "email")]
            for number in range(1, self.quota + 1)
        ]
        return tuple(Person(*row) for row in rows if row[0])

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.quota:
            return cleaned
        if cleaned.get("answer") != Reply.ACCEPTED:
            self._forget_rows()
            return cleaned
        for row in self.rows():
            if row.written() and not cleaned.get(row.name.name) and not row.name.errors:
                self.add_error(row.name.name, _("Write the name too."))
        if self.names_needed and not any(row.written() for row in self.rows()):
            self.add_error("name_1", _("Write the name of at least one person who will come."))
        return cleaned

    def too_many(self, room: int) -> None:
        """Says beside the first person who does not fit that only `room` people do."""
        text = ngettext(
            "There is room for %(number)d person only. Name no more than that.",
            "There is room for %(number)d people only. Name no more than that.",
            room,
        )
        self.add_error(f"name_{min(room + 1, self.quota)}", text % {"number": room})

    def _add_row(self, number: int) -> None:
        self.fields[f"name_{number}"] = Line(
            label=_("Name"),
            required=False,
            max_length=200,
            widget=forms.TextInput(attrs={"autocomplete": "off"}),
        )
        self.fields[f"role_{number}"] = Line(label=_("Role"), required=False, max_length=200)
        self.fields[f"email_{number}"] = forms.EmailField(label=_("E-mail"), required=False, max_length=254)

    def _forget_rows(self) -> None:
        """Names matter to a yes only: what is wrong with them holds up no other answer."""
        for number in range(1, self.quota + 1):
            for part in ("name", "role", "email"):
                self.errors.pop(f"{part}_{number}", None)

    def without_yes(self) -> "AnswerForm":
        """For drawing the form when no seat is left; a posted "yes" is still for the service to refuse."""
        self.fields["answer"].choices = CHOICES[1:]  # type: ignore[attr-defined]
        return self

    def clean_sequence(self) -> int | None:
        written = self.cleaned_data["sequence"]
        return int(written) if written.isascii() and written.isdigit() else None

    def clean_comment(self) -> str:
        return "\n".join(self.cleaned_data["comment"].splitlines()).strip()


class PhoneAnswerForm(AnswerForm):
    """The same, asked of the member of staff who took the call, who may not have been told the names yet."""

    names_needed = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["answer"].label = _("What was the answer?")
        self.fields["comment"].help_text = ""


class CodeForm(forms.Form):
    """The short code of a letter. Never refuses by itself: what is no code is looked up like one that is unknown."""

    code = forms.CharField(
        label=_("Code from the letter"),
        required=False,
        help_text=_(
            "Eight letters and numbers, such as 7UN2-AEX5. Capital or small letters, with or without hyphen."
        ),
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "maxlength": 100,
            }
        ),
    )

    @classmethod
    def refused(cls) -> Self:
        """Empty, with the one error there is: it shows nothing of what was typed, so that no two answers differ."""
        form = cls({})
        form.add_error(
            "code", _("This code does not work. Look at the letter once more, or call the number there.")
        )
        return form


def written(people: tuple[Person, ...]) -> dict[str, str]:
    """`people` as the initial values of the form's rows."""
    return {
        f"{part}_{number}": getattr(one, part)
        for number, one in enumerate(people, start=1)
        for part in ("name", "role", "email")
    }
