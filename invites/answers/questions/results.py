"""What was answered to an event's questions: totals without names, and one question's answers by name. Read only."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from events.gatherings.models import Event
from invites.answers.questions.models import Question, QuestionAnswer, QuestionKind, QuestionState
from invites.answers.questions.values import Value, value_of
from invites.invitations.models import Reply


@dataclass(frozen=True)
class Numbers:
    total: Decimal
    lowest: Decimal
    highest: Decimal
    average: Decimal


@dataclass(frozen=True)
class Result:
    """`closed` counts the answers that no key at hand opens. `counts` are for choices, `numbers` for a number."""

    question: Question
    answered: int
    closed: int
    counts: tuple[tuple[str, int], ...] = ()
    numbers: Numbers | None = None


@dataclass(frozen=True)
class Said:
    """`value` is None when no key at hand opens it."""

    pk: int
    name: str
    organisation: str
    value: Value | None

    @property
    def words(self) -> str:
        return "; ".join(self.value) if isinstance(self.value, list) else str(self.value)


def results(event: Event) -> list[Result]:
    """A result for each question that is or was asked. Two queries."""
    questions = list(
        Question.objects.of(event.tenant_id).filter(event=event).exclude(state=QuestionState.DRAFT)
    )
    by_question = defaultdict(list)
    for answer in _of_those_who_come(event):
        by_question[answer.question_id].append(answer)
    return [_result(question, by_question[question.pk]) for question in questions]


def said(question: Question) -> list[Said]:
    """The answers of those who come, in the order of the alphabet. For a special question see `services.read`."""
    rows = _of_those_who_come(question.event).filter(question=question)
    rows = rows.select_related("invitation__contact__organisation")
    return [_said(row, question) for row in rows.order_by("invitation__contact__name", "invitation_id")]


def _of_those_who_come(event: Event) -> Any:
    rows = QuestionAnswer.objects.of(event.tenant_id).filter(question__event=event)
    return rows.filter(invitation__reply=Reply.ACCEPTED, invitation__revoked_at__isnull=True)


def _result(question: Question, answers: list[QuestionAnswer]) -> Result:
    counted = question.kind != QuestionKind.TEXT  # texts are opened on their own page only
    values = [value_of(answer, question) for answer in answers] if counted else []
    opened: list[Any] = [value for value in values if value is not None]
    return Result(
        question,
        len(answers),
        len(values) - len(opened),
        counts=_counts(question, opened) if question.chooses else (),
        numbers=_numbers(opened) if opened and question.kind == QuestionKind.NUMBER else None,
    )


def _counts(question: Question, values: list[Any]) -> tuple[tuple[str, int], ...]:
    """Every choice, also those nobody chose, in their own order."""
    chosen = Counter(one for value in values for one in (value if isinstance(value, list) else [value]))
    return tuple((words, chosen[words]) for words in question.choices)


def _numbers(values: list[Decimal]) -> Numbers:
    total = sum(values, Decimal(0))
    return Numbers(total, min(values), max(values), (total / len(values)).quantize(Decimal("0.1")))


def _said(row: QuestionAnswer, question: Question) -> Said:
    contact = row.invitation.contact
    organisation = contact.organisation.name if contact.organisation else ""
    return Said(row.invitation_id, contact.name, organisation, value_of(row, question))
