"""Form fields and the row of the minutes form: text is cleaned alike everywhere, identity numbers are refused."""

import re
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from events import dates
from minutes.records.content import SECTIONS, Row
from minutes.records.identity_numbers import holds_identity_number

# Choices that stand in an empty row too.
SAYS_NOTHING = ("item", "measure", "status")
LONGEST_NUMBER = 18  # digits that surely fit 64 bits
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def whole_number(typed: Any) -> int | None:
    """What stands in a hidden field, as a number that fits the database; None for anything else."""
    text = str(typed or "")
    return int(text) if text.isdecimal() and len(text) <= LONGEST_NUMBER else None


class Text(forms.CharField):
    r"""Text with \n line ends and without control characters."""

    def to_python(self, value: Any) -> Any:
        text = str(value or "").replace("\r\n", "\n").replace("\r", "\n")
        return super().to_python(_CONTROL.sub("", text))


def lines(rows: int, **attrs: str) -> forms.Textarea:
    """A textarea that may grow; `rows` is its least height."""
    return forms.Textarea(attrs={"class": "ds-input", "cols": False, "rows": rows, **attrs})


def line(**attrs: str) -> forms.TextInput:
    return forms.TextInput(attrs={"class": "ds-input", "autocomplete": "off", **attrs})


class Choice(forms.TypedChoiceField):
    """A select whose values are ids or words, with an empty choice that means none."""

    def __init__(self, *, coerce: Any = str, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.Select(attrs={"class": "ds-input"}))
        super().__init__(coerce=coerce, empty_value=None, **kwargs)


class Day(forms.DateField):
    """A native date input; typed dates are read as the reader's language writes them too."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "ds-input"})
        formats = ["%Y-%m-%d", "%d.%m.%Y", "%d.%m.%y", "%d/%m/%Y"]
        super().__init__(widget=widget, input_formats=formats, **kwargs)


class When(forms.CharField):
    """A day, or as much as is known of it: "15.3.2027", "March 2027", "spring 2027" (rule 11)."""

    default_error_messages = {
        "unreadable": _("Write a date such as 15.3.2027, or a month, season or year such as March 2027."),
    }

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", line())
        kwargs.setdefault("help_text", _("A date, or a month, season or year: 15.3.2027, March 2027."))
        super().__init__(max_length=60, **kwargs)

    def to_python(self, value: Any) -> Any:
        """A VagueDate, or None where nothing is typed."""
        typed = str(super().to_python(value) or "").strip()
        if not typed:
            return None
        try:
            return dates.read(typed)
        except (ValueError, OverflowError):
            raise ValidationError(self.error_messages["unreadable"], code="unreadable") from None

    def validate(self, value: Any) -> None:
        if self.required and value is None:
            raise ValidationError(self.error_messages["required"], code="required")

    def run_validators(self, value: Any) -> None:
        """None apply to what was read."""

    def prepare_value(self, value: Any) -> Any:
        return value.words() if isinstance(value, dates.VagueDate) else value


class RowForm(forms.Form):
    """One row of a section. `section` names it; `essential` are the fields without which a new row says nothing."""

    section: ClassVar[str]
    essential: ClassVar[tuple[str, ...]]
    missing: ClassVar[Any] = _("Fill in this field, or tick Remove.")

    id = forms.IntegerField(required=False, widget=forms.HiddenInput)
    base = forms.CharField(required=False, widget=forms.HiddenInput)
    remove = forms.BooleanField(
        required=False, label=_("Remove"), widget=forms.CheckboxInput(attrs={"class": "ds-input"})
    )

    def __init__(self, *args: Any, context: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.context = context

    def clean(self) -> dict[str, Any]:
        facts: dict[str, Any] = super().clean() or self.cleaned_data
        for name, value in list(facts.items()):
            if isinstance(value, str) and name != "base" and holds_identity_number(value):
                self.add_error(name, refusal_of_number())
        if not self.is_empty and not facts.get("remove"):
            for name in self.essential:
                if name not in self.errors and facts.get(name) in (None, ""):
                    self.add_error(name, self.missing)
        return facts

    @property
    def is_empty(self) -> bool:
        """True for a new row in which nothing was typed."""
        typed = (name for name in SECTIONS[self.section] if name not in SAYS_NOTHING)
        return not self.cleaned_data.get("id") and not any(
            self.cleaned_data.get(name) or self.errors.get(name) for name in typed
        )

    @property
    def body(self) -> list[forms.BoundField]:
        """The fields of the row itself, for the template."""
        return [self[name] for name in self.fields if name not in ("id", "base", "remove")]

    @property
    def can_be_removed(self) -> bool:
        """True for rows that are stored or hold something; an empty row needs no box for that."""
        return any(self[name].value() for name in ("id", *SECTIONS[self.section]) if name not in SAYS_NOTHING)

    def row(self) -> Row:
        return {"id": None, "remove": False, **self.cleaned_data}

    @property
    def stored_beside(self) -> list[tuple[str, str]]:
        """After two people wrote in the same field: its label, and what the other one stored."""
        beside: dict[str, Any] = self.initial.get("beside") or {}
        return [(str(self.fields[name].label), self._in_words(name, value)) for name, value in beside.items()]

    def _in_words(self, name: str, value: Any) -> str:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            return str(dict(_flat(field.choices)).get(value, "–"))
        return str(field.prepare_value(value)) if value not in (None, "") else "–"


def refusal_of_number() -> ValidationError:
    """What a field says; the error summary puts the field's name in front."""
    words = _("Minutes cannot hold a national identity number. Describe the matter without it.")
    return ValidationError(words, code="identity_number")


def _flat(choices: Any) -> list[tuple[Any, Any]]:
    flat: list[tuple[Any, Any]] = []
    for value, label in choices:
        flat += _flat(label) if isinstance(label, list | tuple) else [(value, label)]
    return flat
