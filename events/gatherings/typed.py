"""Forms that can be sent just to get another row: what was typed stays, and nothing is judged yet."""

from typing import Any

from django import forms
from django.forms.utils import ErrorDict, ErrorList
from django.utils.translation import gettext_lazy as _

from events.gatherings.visibility import line, text

LONGEST_ID = 18  # digits that surely fit the database's 64 bits


class Unjudged:
    """With `judged = False` a bound form shows what was typed and no errors."""

    judged = True

    @property
    def errors(self) -> ErrorDict:
        if not self.judged:
            return ErrorDict()
        found: ErrorDict = super().errors  # type: ignore[misc]
        return found


class TypedForm(Unjudged, forms.Form):
    """A part of the event form, in which hardly anything is required: the page says so once."""

    marks_optional = False


class Line(forms.CharField):
    """A text of one line: line ends and control characters are taken out. A NUL is refused by Django."""

    def to_python(self, value: Any) -> str:
        return line(super().to_python(value) or "") if "\x00" not in str(value) else str(value)


class Text(forms.CharField):
    r"""A text of several lines, cleaned of control characters; line ends become \n."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> str:
        return text(super().to_python(value) or "") if "\x00" not in str(value) else str(value)


class Choices(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Several rows. A number no row can have is an invalid choice; Django alone lets SQLite overflow on it."""

    def clean(self, value: Any) -> Any:
        for one in value or ():
            if len(str(one)) > LONGEST_ID:
                raise forms.ValidationError(self.error_messages["invalid_choice"], params={"value": one})
        return super().clean(value)


class Rows(forms.BaseFormSet):  # type: ignore[type-arg]
    """A formset whose rows and own errors keep quiet while `judged` is False."""

    judged = True

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        if self.can_delete:
            form.fields["DELETE"].label = _("Remove this item")

    def non_form_errors(self) -> ErrorList:
        return super().non_form_errors() if self.judged else ErrorList()


def with_another_row(data: Any, prefix: str) -> Any:
    """A copy of the posted `data` in which the formset `prefix` has one row more."""
    more = data.copy()
    count = more.get(f"{prefix}-TOTAL_FORMS", "")
    known = int(count) if count.isdecimal() and len(count) < 5 else 0
    more[f"{prefix}-TOTAL_FORMS"] = str(known + 1)
    return more
