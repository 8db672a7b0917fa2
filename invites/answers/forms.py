"""What an invitee answers, and what staff record for one."""

from typing import Self

from django import forms
from django.utils.translation import gettext_lazy as _

from invites.invitations.models import Reply

CHOICES = (
    (Reply.ACCEPTED, _("Yes, I will come")),
    (Reply.TENTATIVE, _("Maybe")),
    (Reply.DECLINED, _("No, I cannot come")),
)


class AnswerForm(forms.Form):
    """One answer. The names of the fields are public: `answer` is the same word as in the links of the mail."""

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

    def without_yes(self) -> "AnswerForm":
        """For drawing the form when no seat is left; a posted "yes" is still for the service to refuse."""
        self.fields["answer"].choices = CHOICES[1:]  # type: ignore[attr-defined]
        return self

    def clean_comment(self) -> str:
        return "\n".join(self.cleaned_data["comment"].splitlines()).strip()


class PhoneAnswerForm(AnswerForm):
    """The same, asked of the member of staff who took the call."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
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
