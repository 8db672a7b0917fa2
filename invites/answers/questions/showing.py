"""Facts for the organiser's pages about questions."""

import datetime as dt
from typing import Any

from django.db.models import Count

from events.gatherings.models import Event
from events.gatherings.overview import can_change
from invites.answers.questions.models import Question, QuestionState

USUAL = dt.timedelta(days=30)  # after the event


def facts(event: Event) -> dict[str, Any]:
    """For the list: one query. `late` marks promises that the event has been moved past since."""
    rows = Question.objects.of(event.tenant_id).filter(event=event).annotate(answered=Count("answers"))
    questions = list(rows.order_by("position", "pk"))
    day = last_day(event)
    return {
        "event": event,
        "open": [one for one in questions if one.state != QuestionState.CLOSED],
        "closed": [one for one in questions if one.state == QuestionState.CLOSED],
        "late": {one.pk for one in questions if day and one.delete_on and one.delete_on < day},
        "can_change": can_change(event),
    }


def proposed(event: Event) -> dict[str, Any]:
    """What the form of a new question begins with."""
    day = last_day(event)
    return {"delete_on": day + USUAL if day else None}


def written(question: Question) -> dict[str, Any]:
    """The question as the form's initial values."""
    names = ("label", "help", "kind", "required", "purpose", "sensitivity", "delete_on")
    return {name: getattr(question, name) for name in names} | {"choices": "\n".join(question.choices)}


def last_day(event: Event) -> dt.date | None:
    """The day the event ends, on its own clock."""
    return event.last_day
