"""Fields of the plans' forms: texts of several lines."""

import re
import unicodedata
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from events.directory.typed import LONGEST_ID, TURNING, UNSEEN, no_nul, one_line

MOST_LINES = 100
_BLANKS = re.compile(r"\n{3,}")


class Prose(forms.CharField):
    r"""A text of several lines without control characters; line ends become \n, many empty lines one."""

    def __init__(self, *, rows: int = 5, **kwargs: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": rows}), **kwargs)

    def to_python(self, value: Any) -> str:
        typed = super().to_python(value) or ""
        no_nul(typed)
        lines = [
            "".join(" " if unicodedata.category(letter) in UNSEEN else letter for letter in line).rstrip()
            for line in TURNING.sub("", typed).splitlines()
        ]
        return _BLANKS.sub("\n\n", "\n".join(lines)).strip()


class Lines(Prose):
    """Texts of one line each, as a list; the same one twice is one."""

    def __init__(self, *, longest: int, **kwargs: Any) -> None:
        super().__init__(rows=4, **kwargs)
        self.longest = longest

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        lines = [one_line(line) for line in str(super().clean(value)).splitlines()]
        found = list(dict.fromkeys(line for line in lines if line))
        if len(found) > MOST_LINES:
            raise forms.ValidationError(_("At most %(n)s lines, please.") % {"n": MOST_LINES})
        for line in found:
            if len(line) > self.longest:
                raise forms.ValidationError(
                    _("“%(line)s…” is longer than %(n)s characters.") % {"line": line[:40], "n": self.longest}
                )
        return found


class Several(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Several rows to tick. A number no row can have is an invalid choice; Django alone lets SQLite overflow on it."""

    widget = forms.CheckboxSelectMultiple

    def clean(self, value: Any) -> Any:
        for one in value or ():
            if len(str(one)) > LONGEST_ID:
                raise forms.ValidationError(self.error_messages["invalid_choice"], params={"value": one})
        return super().clean(value)
