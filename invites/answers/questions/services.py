"""Keeping what was answered to the organiser's questions, and forgetting it: with the yes, and on the day promised."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events import audit
from events.gatherings.models import Event
from events.tenancy.models import User
from invites.answers import leaving
from invites.answers.questions.models import Question, QuestionAnswer, QuestionKind
from invites.answers.questions.results import Said, said
from invites.answers.questions.values import Value, forget_name, name_of, row
from invites.answers.saying import Extra
from invites.invitations.models import Invitation, Reply


def keeper(invitation: Invitation, cleaned: Mapping[str, Any]) -> Extra | None:
    """Keeps the answers among the cleaned fields of `fields.fields_for`, for `answer(extras=…)`.

    None, and so no query, where the form held no question or the answer is not a yes.
    """
    if cleaned.get("answer") != Reply.ACCEPTED or not any(name.startswith("q_") for name in cleaned):
        return None
    return partial(keep, cleaned=dict(cleaned))


def keep(invitation: Invitation, *, cleaned: Mapping[str, Any]) -> None:
    """Puts the answers in the place of those given before. What was emptied is deleted; a sealed one when asked to.

    A question that was closed, changed or removed since the page was drawn is passed over. For the transaction of the
    answer; twice does no harm.
    """
    hold(invitation.tenant_id, invitation.event_id)
    questions = Question.objects.of(invitation.tenant_id).filter(event_id=invitation.event_id).asked()
    asked = [question for question in questions if name_of(question) in cleaned]
    given = [(question, _value(question, cleaned[name_of(question)])) for question in asked]
    kept = {question.pk for question, value in given if value is None and _stays(question, cleaned)}
    rows = QuestionAnswer.objects.of(invitation.tenant_id)
    gone = [question.pk for question in asked if question.pk not in kept]
    rows.filter(invitation_id=invitation.pk, question_id__in=gone).delete()
    rows.bulk_create(row(invitation, question, value) for question, value in given if value is not None)
    if any(value is not None for _question, value in given):
        leaving.told_more(invitation)


@leaving.register
def forget(invitation: Invitation) -> None:
    """Deletes the answers given with this invitation. One statement; twice does no harm."""
    QuestionAnswer.objects.of(invitation.tenant_id).filter(invitation_id=invitation.pk).delete()


@transaction.atomic
def read(question: Question, *, by: User) -> list[Said]:
    """The answers by name. Reading those of a special category leaves an audit row: who, which event, how many."""
    found = said(question)
    if question.is_special:
        event = question.event
        audit.record("question.read", event, by=by, title=event.title, number=len(found))
    return found


@transaction.atomic
def forget_due() -> int:
    """Deletes answers on their day. Questions stay, without answers. Once a day; twice does no harm."""
    rows = QuestionAnswer.objects.across_tenants("what is old is forgotten everywhere")
    gone: int = rows.filter(question__delete_on__lte=timezone.localdate()).delete()[0]
    return gone


def hold(tenant_id: int, event_id: int) -> None:
    """Makes changes to one event's questions and answers follow each other, until the transaction ends.

    An update that changes nothing: as good on SQLite as on PostgreSQL, and an answer has written this row already.
    """
    rows = Event.objects.of(tenant_id).filter(pk=event_id)
    rows.update(asks_questions=F("asks_questions"))


def _value(question: Question, cleaned: Any) -> Value | None:
    """What to keep of a cleaned field; None for nothing. The form numbers the choices."""
    if cleaned in (None, "", []):
        return None
    if question.kind == QuestionKind.SEVERAL:
        return [question.choices[int(number) - 1] for number in cleaned]
    if question.kind == QuestionKind.CHOICE:
        words: str = question.choices[int(cleaned) - 1]
        return words
    value: Value = cleaned
    return value


def _stays(question: Question, cleaned: Mapping[str, Any]) -> bool:
    """A sealed answer was not filled in, so an empty field takes nothing back."""
    return question.is_sealed and not cleaned.get(forget_name(question))


audit.register(
    {"question.read": _("%(who)s read %(number)s answers to a sensitive question about “%(title)s”.")}
)
