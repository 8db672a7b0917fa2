"""Forms for the tenant's own words."""

from django import forms
from django.utils.translation import gettext_lazy as _

from events.directory.models import OrganisationKind
from events.directory.searching import fold
from events.directory.typed import LONGEST_TAG, Line


class WordForm(forms.Form):
    name = Line(label=_("Name"), max_length=LONGEST_TAG)

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"])
        if not fold(name):
            raise forms.ValidationError(_("Write a word that can be read."))
        return name


class TypeForm(WordForm):
    kind = forms.ChoiceField(
        label=_("Belongs under"),
        choices=OrganisationKind,
        help_text=_("Lists and reports count it there."),
    )


class TagForm(WordForm):
    def clean_name(self) -> str:
        name = super().clean_name()
        if "," in name or ";" in name:
            raise forms.ValidationError(_("A tag holds no comma: commas part tags."))
        return name
