"""The organiser's questions as fields of the form of an answer. The organiser's words are shown as written."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from events.gatherings.typed import Text
from invites.answers.questions.models import Question, QuestionAnswer, QuestionKind
from invites.answers.questions.values import forget_name, name_of, value_of
from invites.invitations.models import Invitation

LONGEST = 1000


class Number(forms.DecimalField):
    """A number with a comma or a point, whatever the language of the page."""

    widget = forms.TextInput

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        return super().to_python("".join(str(value or "").split()).replace(",", "."))


def fields_for(invitation: Invitation) -> dict[str, forms.Field]:
    """`q_<pk>` for each published question of the event, in order; `q_<pk>_forget` takes a sealed answer back.

    No query where nothing is asked; else one, and one more where something was told. Answers that are kept open are
    filled in. Sealed ones are not, because who holds the link need not be the one who was asked: the field says there
    is one, and it need not be given twice. A required field is required with a yes only, which the form sees to.
    """
    if not invitation.event.asks_questions:
        return {}
    questions = Question.objects.of(invitation.tenant_id).filter(event_id=invitation.event_id).asked()
    given = _given(invitation)
    fields: dict[str, forms.Field] = {}
    for question in questions:
        fields[name_of(question)] = _field(question, given.get(question.pk))
        if question.pk in given and question.is_sealed and not question.required:
            label = _("Remove my answer to “%(question)s”") % {"question": question.label}
            fields[forget_name(question)] = forms.BooleanField(label=label, required=False)
    return fields


def _given(invitation: Invitation) -> dict[int, QuestionAnswer]:
    if not invitation.told_more:
        return {}
    rows = QuestionAnswer.objects.of(invitation.tenant_id).filter(invitation_id=invitation.pk)
    return {answer.question_id: answer for answer in rows}


def _field(question: Question, given: QuestionAnswer | None) -> forms.Field:
    hidden = given is not None and question.is_sealed
    field = _of_kind(question)
    field.label = question.label
    field.help_text = _help(question, answered=hidden)
    if given and not hidden:
        field.initial = _as_typed(question, value_of(given, question))
    field.required = question.required and not hidden
    field.error_messages["required"] = _("Answer this question.")
    return field


def _of_kind(question: Question) -> forms.Field:
    errors = {"invalid_choice": _("Choose among the answers listed here.")}
    choices = [(str(number), words) for number, words in enumerate(question.choices, start=1)]
    if question.kind == QuestionKind.SEVERAL:
        box = forms.CheckboxSelectMultiple
        return forms.MultipleChoiceField(choices=choices, required=False, widget=box, error_messages=errors)
    if question.kind == QuestionKind.CHOICE:
        choices = choices if question.required else [*choices, ("", _("No answer"))]
        return forms.ChoiceField(
            choices=choices, required=False, widget=forms.RadioSelect, error_messages=errors
        )
    if question.kind == QuestionKind.NUMBER:
        return _number()
    too_long = {"max_length": _("Write at most %(limit_value)d characters.")}
    return Text(
        max_length=LONGEST, required=False, error_messages=too_long, widget=forms.Textarea(attrs={"rows": 3})
    )


def _number() -> forms.Field:
    wrong = _("Write a number, such as 12 or 2.5.")
    names = ("invalid", "max_digits", "max_decimal_places", "max_whole_digits")
    return Number(
        max_digits=12,
        decimal_places=2,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        error_messages=dict.fromkeys(names, wrong),
    )


def _help(question: Question, *, answered: bool) -> SafeString:
    """The explanation, why it is asked and until when it is kept; escaped, because help texts are drawn as they are."""
    until = date_format(question.delete_on, "DATE_FORMAT") if question.delete_on else ""
    parts = [
        _("You have answered this. Write anew to replace your answer.") if answered else "",
        question.help,
        _("Why we ask: %(purpose)s") % {"purpose": question.purpose},
        _("Only the organiser sees the answer.")
        if not question.is_special
        else _("The answer is kept encrypted; only those at the organiser's who need it see it."),
        _("It is deleted on %(date)s.") % {"date": until},
    ]
    return escape(" ".join(part if part[-1] in ".?!" else f"{part}." for part in parts if part))


def _as_typed(question: Question, value: Any) -> Any:
    """A kept answer as the form's initial value; choices are numbered there."""
    if not question.chooses or value is None:
        return value
    numbers = {words: str(number) for number, words in enumerate(question.choices, start=1)}
    if isinstance(value, list):
        return [numbers[words] for words in value if words in numbers]
    return numbers.get(value, "")
