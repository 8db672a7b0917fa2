"""Forms for the words of mails, the notes of a round, and files that go along."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from events.filetypes import TYPES
from events.gatherings.typed import Line, Text
from events.tenancy.guards import HIGHEST_ID
from invites.invitations import links, wording
from invites.invitations.checks import NOTE_LONGEST


class WordsForm(forms.Form):
    """The words of one kind of mail. Whatever is wrong with a placeholder is said beside the field that holds it."""

    subject = Line(label=_("Subject"), max_length=wording.SUBJECT_LONGEST)
    body = Text(
        label=_("Text"),
        max_length=wording.BODY_LONGEST,
        widget=forms.Textarea(attrs={"rows": 9}),
        help_text=_("An empty line begins a new paragraph. A personal note stands after the first one."),
    )

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind

    def clean_subject(self) -> str:
        subject: str = self.cleaned_data["subject"]
        for written in wording.unknown(subject, wording.for_subject(self.kind)):
            if written[1:-1] in wording.PERSONAL:
                raise forms.ValidationError(
                    _("%(name)s cannot stand in the subject, which is the same for everybody."),
                    params={"name": written},
                )
        return _with_known_placeholders(subject, wording.for_subject(self.kind))

    def clean_body(self) -> str:
        return _with_known_placeholders(self.cleaned_data["body"], wording.PLACEHOLDERS[self.kind])

    def wording(self) -> wording.Wording:
        return wording.Wording(self.cleaned_data["subject"], self.cleaned_data["body"], own=True)


def _with_known_placeholders(text: str, allowed: Iterable[str]) -> str:
    """`text` itself. Raises ValidationError naming what is wrong in it."""
    if strangers := wording.unknown(text, allowed):
        raise forms.ValidationError(
            _("%(name)s is not one of the placeholders below."), params={"name": ", ".join(strangers)}
        )
    if stray := wording.unbalanced(text):
        raise forms.ValidationError(
            _("A brace stands alone at “%(piece)s”. A placeholder is a name of the list between { and }."),
            params={"piece": stray},
        )
    for link in links.secret_links(text):
        raise forms.ValidationError(
            _("The link to %(link)s holds a password or a code, and everybody would get it."),
            params={"link": link.shown},
        )
    return text


class NoteForm(forms.Form):
    """What is written to all of a round, and to the person whose mail is shown (`reader`)."""

    greeting = Text(
        label=_("Greeting to all"),
        required=False,
        max_length=NOTE_LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Stands after the first paragraph of every mail of this round."),
    )
    note = Text(
        label=_("Note to this recipient"),
        required=False,
        max_length=NOTE_LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Only this recipient gets it."),
    )
    reader = forms.IntegerField(required=False, min_value=1, max_value=HIGHEST_ID, widget=forms.HiddenInput)


class EnclosureForm(forms.Form):
    file = forms.FileField(
        label=_("File"),
        help_text=_(
            "PDF, DOCX, ODT, XLSX, PNG, JPEG or TXT, without macros; 10 MB at most, 15 MB altogether."
        ),
        widget=forms.FileInput(attrs={"accept": ",".join(f".{ending}" for ending in TYPES)}),
    )
    along = forms.BooleanField(label=_("Send it with the invitations"), required=False, initial=True)
