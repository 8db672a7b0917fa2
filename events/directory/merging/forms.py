"""The form of a merger: for each fact in which the two differ, whose stays."""

import copy
import hashlib
import json
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import CheckConstraint
from django.utils.translation import gettext_lazy as _

from events.directory.merging import fields
from events.directory.merging.models import Row, Subject

KEPT, GONE = "kept", "gone"
EMPTY = _("(empty)")


class MergeForm(forms.Form):
    """Radio groups named like the facts. `shown` stamps what was shown: a choice between other facts is refused."""

    shown = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, kept: Row, gone: Row, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kept, self.gone = kept, gone
        self.asked = fields.differing(kept, gone)
        self.stamp = _stamp(kept, gone)
        self.initial["shown"] = self.stamp
        for field in self.asked:
            said = fields.words(kept, field), fields.words(gone, field)
            self.fields[f"keep_{field.name}"] = forms.ChoiceField(
                label=fields.label(field),
                choices=[(KEPT, f"1. {said[0] or EMPTY}"), (GONE, f"2. {said[1] or EMPTY}")],
                initial=GONE if said[1] and not said[0] else KEPT,
                widget=forms.RadioSelect,
            )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("shown") != self.stamp:
            self.data = {name: self.data[name] for name in self.data} | {"shown": self.stamp}
            raise ValidationError(_("One of the two was changed meanwhile. Look at the choices once more."))
        if not self.errors:
            self._refuse_what_does_not_fit(cleaned)
        return cleaned

    def facts(self) -> dict[str, Any]:
        """The chosen facts of the one that stays."""
        of = {KEPT: self.kept, GONE: self.gone}
        return {
            field.name: getattr(of[self.cleaned_data[f"keep_{field.name}"]], field.name)
            for field in self.asked
        }

    def _refuse_what_does_not_fit(self, cleaned: dict[str, Any]) -> None:
        """Such as the first day of the one with the last day of the other."""
        outcome = copy.copy(self.kept)
        for name, value in self.facts().items():
            setattr(outcome, name, value)
        for constraint in outcome._meta.constraints:
            if isinstance(constraint, CheckConstraint):
                try:
                    constraint.validate(type(outcome), outcome)
                except ValidationError:
                    message = _("These choices do not fit together. Are the dates in order?")
                    raise ValidationError(message) from None


class PairForm(forms.Form):
    """Two rows of one kind, as the list of possible duplicates names them."""

    subject = forms.ChoiceField(choices=Subject.choices)
    one = forms.IntegerField(min_value=1, max_value=2**63 - 1)
    other = forms.IntegerField(min_value=1, max_value=2**63 - 1)


class FindForm(forms.Form):
    """Looking for the other one by its name. Never refuses."""

    q = forms.CharField(label=_("Search"), required=False, max_length=200)

    def words(self) -> str:
        self.is_valid()
        return str(self.cleaned_data.get("q", ""))


def _stamp(kept: Row, gone: Row) -> str:
    said = [[str(fields.value(row, field)) for field in fields.fields_of(type(row))] for row in (kept, gone)]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()
