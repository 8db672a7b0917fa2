"""Writing an event's questions: add, change, order, publish, close, remove.

Each first takes the event's row (`services.hold`), so that changes and answers of one event follow each other, and
leaves on the event whether anything is asked at all.
"""

from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from events import audit
from events.gatherings.models import Event
from events.tenancy.models import User
from invites.answers.questions.models import SUCCESSORS, Question, QuestionState
from invites.answers.questions.services import hold

PROMISES = ("purpose", "sensitivity", "delete_on")


class Refused(Exception):
    """Nothing was changed."""


class Incomplete(Refused):
    """Not to be published: `lacking` names which of purpose, sensitivity class and day of deletion are missing."""

    def __init__(self, lacking: tuple[str, ...]) -> None:
        super().__init__(lacking)
        self.lacking = lacking


class Settled(Refused):
    """The question is closed or gone, perhaps since a moment ago."""


@transaction.atomic
def add(event: Event, *, by: User, publish: bool = False, **facts: Any) -> Question:
    """A new question at the end, as a draft or published at once. `facts` are those of the form. Raises Incomplete."""
    hold(event.tenant_id, event.pk)
    last = _of(event).aggregate(last=Max("position"))["last"] or 0
    question = Question(tenant_id=event.tenant_id, event=event, position=last + 1, **facts)
    question.state = _state(question, publish)
    question.save()
    _note(event)
    audit.record("question.published" if publish else "question.added", event, by=by, title=event.title)
    return question


@transaction.atomic
def change(question: Question, *, by: User, publish: bool = False, **facts: Any) -> Question:
    """Gives a draft the `facts` of the form, and publishes it if asked to. Returns the question that now stands.

    What is published keeps its words, because answers were given to them: a change publishes a new question in its
    place and closes the old one, which keeps its answers until their day. The same facts again change nothing.
    Raises Incomplete, and Settled for one that is closed or gone.
    """
    hold(question.tenant_id, question.event_id)
    now = _again(question)
    if now.state == QuestionState.CLOSED:
        raise Settled
    publish = publish or now.state == QuestionState.PUBLISHED
    if (
        all(getattr(now, name) == value for name, value in facts.items())
        and _state(now, publish) == now.state
    ):
        return now
    changed = _replaced(now, facts) if now.state == QuestionState.PUBLISHED else _filled(now, facts, publish)
    _note(now.event)
    action = "question.published" if publish else "question.changed"
    audit.record(action, now.event, by=by, title=now.event.title)
    return changed


@transaction.atomic
def close(question: Question, *, by: User) -> None:
    """Asks it no more; its answers stay until their day. A second call does nothing. Raises Settled for a draft."""
    hold(question.tenant_id, question.event_id)
    now = _again(question)
    if now.state == QuestionState.CLOSED:
        return
    if QuestionState.CLOSED not in SUCCESSORS[QuestionState(now.state)]:
        raise Settled
    now.state = QuestionState.CLOSED
    now.save(update_fields=["state"])
    _note(now.event)
    audit.record("question.closed", now.event, by=by, title=now.event.title)


@transaction.atomic
def remove(question: Question, *, by: User) -> None:
    """Deletes the question with all answers to it. A second call does nothing."""
    hold(question.tenant_id, question.event_id)
    if not _of(question.event).filter(pk=question.pk).delete()[0]:
        return
    _note(question.event)
    audit.record("question.removed", question.event, by=by, title=question.event.title)


@transaction.atomic
def move(question: Question, *, up: bool) -> None:
    """One place up or down among the questions that are not closed; at the end of the list it stays."""
    hold(question.tenant_id, question.event_id)
    rows = list(_of(question.event).exclude(state=QuestionState.CLOSED).order_by("position", "pk"))
    here = next((number for number, row in enumerate(rows) if row.pk == question.pk), None)
    if here is None or not 0 <= here + (-1 if up else 1) < len(rows):
        return
    rows.insert(here + (-1 if up else 1), rows.pop(here))
    for position, row in enumerate(rows, start=1):
        row.position = position
    Question.objects.of(question.tenant_id).bulk_update(rows, ["position"])


def _of(event: Event) -> Any:
    return Question.objects.of(event.tenant_id).filter(event=event)


def _again(question: Question) -> Question:
    """As it stands now. Raises Settled when it is gone."""
    rows = Question.objects.of(question.tenant_id).select_related("event")
    now: Question | None = rows.filter(pk=question.pk).first()
    if now is None:
        raise Settled
    return now


def _state(question: Question, publish: bool) -> QuestionState:
    """The state it gets. Raises Incomplete."""
    if not publish:
        return QuestionState.DRAFT
    if lacking := tuple(name for name in PROMISES if not getattr(question, name)):
        raise Incomplete(lacking)
    return QuestionState.PUBLISHED


def _filled(question: Question, facts: dict[str, Any], publish: bool) -> Question:
    for name, value in facts.items():
        setattr(question, name, value)
    question.state = _state(question, publish)
    question.save()
    return question


def _replaced(question: Question, facts: dict[str, Any]) -> Question:
    """A new one in its place. The old one is closed, or removed where nobody has answered it."""
    place = {"tenant_id": question.tenant_id, "event": question.event, "position": question.position}
    new = Question(**place, **facts)
    new.state = _state(new, publish=True)
    new.save()
    if question.answers.exists():
        question.state = QuestionState.CLOSED
        question.save(update_fields=["state"])
    else:
        question.delete()
    return new


def _note(event: Event) -> None:
    Event.objects.of(event.tenant_id).filter(pk=event.pk).update(asks_questions=_of(event).asked().exists())


audit.register(
    {
        "question.added": _("%(who)s wrote a question to those invited to “%(title)s”."),
        "question.changed": _("%(who)s changed a question to those invited to “%(title)s”."),
        "question.published": _("%(who)s published a question to those invited to “%(title)s”."),
        "question.closed": _("%(who)s closed a question to those invited to “%(title)s”."),
        "question.removed": _(
            "%(who)s removed a question to those invited to “%(title)s”, with its answers."
        ),
    }
)
