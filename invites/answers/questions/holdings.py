"""What a person answered to the organisers' questions: shown to them in full, and forgotten with them."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from events.directory.models import Contact
from invites.answers.own.holdings import CLOSED_FOR_GOOD, Entry, Section
from invites.answers.own.sections import CLOSED, title_of
from invites.answers.questions.models import QuestionAnswer
from invites.answers.questions.values import value_of


def _mine(contact: Contact) -> Any:
    return QuestionAnswer.objects.of(contact.tenant_id).filter(invitation__contact=contact)


def show(contact: Contact) -> Iterator[Section]:
    rows = _mine(contact).select_related("invitation__event", "question").order_by("answered_at", "pk")
    source = _("yourself, or whoever noted what you said")
    yield Section("question_answers", _("Your answers to questions"), tuple(map(_entries, rows)), source)


def forget(contact: Contact) -> Mapping[str, int]:
    """Deletes them all, also of meetings that were."""
    return {"answers to questions": _mine(contact).delete()[0]}


def _entries(row: QuestionAnswer) -> tuple[Entry, ...]:
    """A question may say what its meeting is about, so that of a locked meeting stays closed with it (ADR 0027)."""
    event, question, value = row.invitation.event, row.question, value_of(row, row.question)
    shown: Any = f"{value:f}" if isinstance(value, Decimal) else value
    return (
        Entry("meeting", _("Meeting"), title_of(event)),
        Entry("question", _("Question"), CLOSED if event.is_locked else question.label),
        Entry("answer", _("Answer"), CLOSED_FOR_GOOD if value is None else shown),
        Entry("purpose", _("Why we ask"), "" if event.is_locked else question.purpose),
        Entry("deleted_on", _("Answers are deleted on"), question.delete_on),
        Entry("answered_at", _("When"), row.answered_at),
    )
