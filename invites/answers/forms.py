"""What an invitee answers, and what staff record for one."""

from dataclasses import dataclass
from typing import Any, Self

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from events.gatherings.typed import Line
from invites.answers import choices
from invites.answers.choices import Choice
from invites.answers.models import AnswerSource
from invites.answers.people import Person
from invites.answers.saying import Extra
from invites.answers.sections import SECTIONS, Section
from invites.answers.services import closed_to
from invites.invitations.models import Invitation, Mode, Reply

OF_ORGANISATION, OF_PERSON = ("name", "role", "email"), ("name",)


@dataclass(frozen=True)
class Row:
    """The fields for one of the people whom an organisation names, or who come along with a person: a name alone."""

    number: int
    name: BoundField
    role: BoundField | None = None
    email: BoundField | None = None

    def written(self) -> bool:
        fields = (field for field in (self.name, self.role, self.email) if field)
        return any(str(field.value() or "").strip() for field in fields)


@dataclass(frozen=True)
class DrawnSection:
    """`folded`: nothing in it is needed, written or wrong, so that it need not take room."""

    title: Any
    explanation: Any
    fields: list[BoundField]
    folded: bool


class AnswerForm(forms.Form):
    """One answer. The names of the fields are public: `answer` is the same word as in the links of the mail.

    An organisation names its people in rows of plain fields (`name_1`, `role_1`, `email_1` …), as many as its quota;
    a person names those who come along (`name_1` …), one less than the quota. After `is_valid`, `answer` is a
    Reply and `mode` says how, where both are possible.
    """

    of_invitee = True  # who is asked for everything that goes with a yes

    answer = forms.ChoiceField(
        label=_("Will you come?"),
        choices=choices.ALL,
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
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"max_length": _("Write at most %(limit_value)d characters.")},
    )

    # The revision of time and place that the page showed; what cannot be read counts as not said.
    sequence = forms.CharField(required=False, max_length=9, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, invitation: Invitation, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.invitation = invitation
        self.marks_optional = not invitation.for_organisation
        self.quota = invitation.quota if invitation.for_organisation else 0
        self.companions = 0 if invitation.for_organisation else invitation.quota - 1
        self.parts = OF_ORGANISATION if invitation.for_organisation else OF_PERSON
        self.numbers = range(1, (self.quota or self.companions) + 1)
        for number in self.numbers:
            self._add_row(number)
        self._groups = [(section, self._add_section(section)) for section in self._asking()]

    # --- Drawing ---------------------------------------------------------------------------------------------------
    def offer(self, offered: list[Choice]) -> Self:
        """Draws no other choices; any that is posted is still for the service to take or refuse."""
        self.fields["answer"].widget.choices = offered
        return self

    def rows(self) -> list[Row]:
        """The rows to draw, with what is written in them."""
        return [Row(number, *(self[f"{part}_{number}"] for part in self.parts)) for number in self.numbers]

    def rows_folded(self) -> bool:
        """Nobody comes along so far, and nothing is wrong with what was typed."""
        return not any(row.written() or row.name.errors for row in self.rows())

    def sections(self) -> list[DrawnSection]:
        """What other parts of the room ask, in their order; nothing of those that ask nothing."""
        return [self._drawn(section, needed) for section, needed in self._groups if needed]

    # --- Reading -----------------------------------------------------------------------------------------------------
    def people(self) -> tuple[Person, ...]:
        """Those named, in the order written; only of a valid form."""
        rows = [
            [self.cleaned_data.get(f"{part}_{number}", "") for part in self.parts] for number in self.numbers
        ]
        return tuple(Person(*row) for row in rows if row[0])

    def extras(self) -> tuple[Extra, ...]:
        """What the sections write with a yes; only of a valid form."""
        if self.cleaned_data["answer"] != Reply.ACCEPTED:
            return ()
        kept = (section.keep(self.invitation, self.cleaned_data) for section, _needed in self._groups)
        return tuple(extra for extra in kept if extra)

    def clean_answer(self) -> str:
        said, hybrid = self.cleaned_data["answer"], self.invitation.event.is_hybrid
        if said == choices.ONLINE and not hybrid:
            raise forms.ValidationError(self.fields["answer"].error_messages["invalid_choice"])
        ways = {choices.ONLINE: Mode.ONLINE, choices.YES: Mode.IN_PERSON if hybrid else ""}
        self.cleaned_data["mode"] = ways.get(said, "")
        return Reply.ACCEPTED.value if said == choices.ONLINE else str(said)

    def clean_sequence(self) -> int | None:
        written = self.cleaned_data["sequence"]
        return int(written) if written.isascii() and written.isdigit() else None

    def clean_comment(self) -> str:
        return "\n".join(self.cleaned_data["comment"].splitlines()).strip()

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("answer") != Reply.ACCEPTED:
            self._forget_what_goes_with_a_yes()
            return cleaned
        for _section, needed in self._groups:
            for name in (name for name, required in needed.items() if required):
                if not cleaned.get(name) and cleaned.get(name) != 0 and name not in self.errors:
                    self.add_error(name, self.fields[name].error_messages["required"])
        self._clean_rows(cleaned)
        return cleaned

    def _clean_rows(self, cleaned: dict[str, Any]) -> None:
        for row in self.rows():
            if row.written() and not cleaned.get(row.name.name) and not row.name.errors:
                self.add_error(row.name.name, _("Write the name too."))
        if self.quota and self.of_invitee and not any(row.written() for row in self.rows()):
            self.add_error("name_1", _("Write the name of at least one person who will come."))

    def too_many(self, room: int) -> None:
        """Says beside the first person who does not fit that only `room` people do."""
        text = ngettext(
            "There is room for %(number)d person only. Name no more than that.",
            "There is room for %(number)d people only. Name no more than that.",
            room,
        )
        first = room + 1
        if self.companions:  # one of the seats is for who brings them
            text = ngettext(
                "There is a seat for you only. Take out those who come with you.",
                "There are %(number)d seats, with yours. Take out those who do not fit.",
                room,
            )
            first = room
        self.add_error(f"name_{max(1, min(first, len(self.numbers)))}", text % {"number": room})

    def _add_row(self, number: int) -> None:
        self.fields[f"name_{number}"] = Line(
            label=_("Name"),
            required=False,
            max_length=200,
            widget=forms.TextInput(attrs={"autocomplete": "off"}),
        )
        if "role" in self.parts:
            self.fields[f"role_{number}"] = Line(label=_("Role"), required=False, max_length=200)
            self.fields[f"email_{number}"] = forms.EmailField(
                label=_("E-mail"), required=False, max_length=254
            )

    def _asking(self) -> list[Section]:
        """A request after the deadline asks for the answer alone: what goes with it is asked once it counts."""
        return [] if closed_to(self.invitation, AnswerSource.WEB) else SECTIONS

    def _add_section(self, section: Section) -> dict[str, bool]:
        """Whether each of its fields is needed with a yes. Django may not ask for it: a no needs nothing."""
        fields = section.fields(self.invitation)
        needed = {name: field.required and self.of_invitee for name, field in fields.items()}
        for field in fields.values():
            field.required = False
        self.fields.update(fields)
        return needed

    def _drawn(self, section: Section, needed: dict[str, bool]) -> DrawnSection:
        fields = [self[name] for name in needed]
        shown = any(needed.values()) or any(field.errors or field.value() for field in fields)
        return DrawnSection(section.title, section.explanation, fields, folded=not shown)

    def _forget_what_goes_with_a_yes(self) -> None:
        """Names, needs and questions matter to a yes only: what is wrong with them holds up no other answer."""
        rows = (f"{part}_{number}" for number in self.numbers for part in self.parts)
        for name in (*rows, *(name for _section, needed in self._groups for name in needed)):
            self.errors.pop(name, None)


class RecordForm(AnswerForm):
    """The same, asked of the member of staff who was told, who may not know the names yet. How is kept."""

    of_invitee = False

    source = forms.ChoiceField(
        label=_("How did you get the answer?"),
        choices=(
            (AnswerSource.PHONE, _("By telephone")),
            (AnswerSource.LETTER, _("By letter")),
            (AnswerSource.DOOR, _("At the door")),
            (AnswerSource.STAFF, _("In another way")),
        ),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how you got the answer.")},
    )

    field_order = ("answer", "source")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["answer"].label = _("What was the answer?")
        self.fields["comment"].help_text = ""

    def _asking(self) -> list[Section]:
        return [section for section in SECTIONS if section.for_staff]


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
