"""Fields of the directory's forms."""

import re
import unicodedata
from typing import Any

from django import forms
from django.core.validators import ProhibitNullCharactersValidator
from django.utils.translation import gettext_lazy as _

from events.dates import VagueDate, read
from events.directory.searching import fold

MOST_TAGS, LONGEST_TAG, LONGEST_ID = 20, 60, 18
UNSEEN = {"Cc", "Cs"}  # control characters, halves of characters
TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")  # marks that turn the direction of what follows
no_nul = ProhibitNullCharactersValidator()


class Line(forms.CharField):
    """A text of one line that may stand in a header or a calendar: line ends and control characters are taken out."""

    def to_python(self, value: Any) -> str:
        typed = super().to_python(value) or ""
        no_nul(typed)
        return one_line(typed)


class Tags(Line):
    """Words between commas, as a tuple; the same word twice is one."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Tags"))
        super().__init__(required=False, max_length=1500, **kwargs)

    def clean(self, value: Any) -> Any:
        typed = str(super().clean(value)).replace(";", ",")
        words = {fold(word): " ".join(word.split()) for word in reversed(typed.split(",")) if fold(word)}
        if len(words) > MOST_TAGS:
            raise forms.ValidationError(_("At most %(n)s tags, please.") % {"n": MOST_TAGS})
        for word in words.values():
            if len(word) > LONGEST_TAG:
                raise forms.ValidationError(
                    _("“%(word)s…” is longer than %(n)s characters. Put a comma between tags.")
                    % {"word": word[:20], "n": LONGEST_TAG}
                )
        return tuple(reversed(words.values()))


class VagueDateField(forms.CharField):
    """A date as a person knows it ("september 2016", "høsten 2014"), as a VagueDate or None."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=40, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return value.words() if isinstance(value, VagueDate) else value

    def clean(self, value: Any) -> Any:
        typed = super().clean(value)
        try:
            return read(typed) if typed else None
        except ValueError as error:
            raise forms.ValidationError(
                _(
                    "Write a date, a month, a season or a year, such as 7.9.2016, September 2016, autumn 2016, 2016."
                )
            ) from error


class OneOf(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A row. A number no row can have is an invalid choice; Django alone lets SQLite overflow on it."""

    def to_python(self, value: Any) -> Any:
        if value and len(str(value)) > LONGEST_ID:
            raise forms.ValidationError(self.error_messages["invalid_choice"], params={"value": value})
        return super().to_python(value)


def one_line(text: str) -> str:
    seen = "".join(letter if unicodedata.category(letter) not in UNSEEN else " " for letter in text)
    return " ".join(TURNING.sub("", seen).split())
