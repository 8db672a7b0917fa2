"""An answer as it is kept: JSON, in the row or sealed. A choice is kept in its words, a number as it was written."""

import json
from decimal import Decimal
from typing import Any

from events import keyring
from invites.answers.questions.models import Question, QuestionAnswer, QuestionKind, place_of
from invites.invitations.models import Invitation

Value = str | Decimal | list[str]


def name_of(question: Question) -> str:
    """The name of the form's field."""
    return f"q_{question.pk}"


def forget_name(question: Question) -> str:
    """The name of the box that takes a sealed answer back."""
    return f"q_{question.pk}_forget"


def row(invitation: Invitation, question: Question, value: Value) -> QuestionAnswer:
    """The row to keep, not saved."""
    ids = {
        "tenant_id": invitation.tenant_id,
        "invitation_id": invitation.pk,
        "question_id": question.pk,
    }
    text = json.dumps(str(value) if isinstance(value, Decimal) else value, ensure_ascii=False)
    if not question.is_sealed:
        return QuestionAnswer(**ids, value=text)
    place = place_of(invitation.tenant_id, question.pk, invitation.pk)
    return QuestionAnswer(**ids, sealed=keyring.seal(text, place=place))


def value_of(answer: QuestionAnswer, question: Question) -> Value | None:
    """What was answered; None when no key at hand opens it."""
    try:
        text = answer.value or keyring.unseal(answer.sealed, place=answer.place)
    except keyring.CannotOpen:
        return None
    value: Any = json.loads(text)
    return Decimal(value) if question.kind == QuestionKind.NUMBER else value
