"""The form that attaches the plan's document."""

from django import forms
from django.utils.translation import gettext_lazy as _

from events.filetypes import TYPES


class DocumentForm(forms.Form):
    file = forms.FileField(
        label=_("File"),
        help_text=_("PDF, DOCX, ODT, XLSX, PNG, JPEG or TXT, without macros; 20 MB at most."),
        widget=forms.FileInput(attrs={"accept": ",".join(f".{ending}" for ending in TYPES)}),
    )
