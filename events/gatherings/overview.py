"""What the overview of one event tells: the place for each audience, and what can be done now."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from events.gatherings.models import SUCCESSORS, Event
from events.gatherings.visibility import Audience, place, place_level
from events.tenancy.models import Membership

AUDIENCES = (
    (Audience.PUBLIC, _("The public sees")),
    (Audience.INVITED, _("Invitees see before they accept")),
    (Audience.ACCEPTED, _("Those who accept see")),
    (Audience.CO_HOST, _("Those of the hosts who accept see")),
)


@dataclass(frozen=True)
class Action:
    """A link to the page that asks before it moves the event to `state`."""

    state: str
    url_name: str
    label: Any
    variant: str
    color: str = "accent"


ACTIONS = (
    Action(Event.State.PUBLISHED, "event-publish", _("Publish"), "primary"),
    Action(Event.State.HELD, "event-hold", _("Mark as held"), "primary"),
    Action(Event.State.CANCELLED, "event-cancel", _("Cancel the meeting"), "tertiary", "danger"),
)


def places(event: Event) -> list[tuple[Any, str]]:
    """For each audience a label and the place in words; "" where it is told nothing."""
    return [(label, place(event, place_level(event, audience))) for audience, label in AUDIENCES]


def actions(event: Event) -> list[Action]:
    """What the table of successors allows now; a meeting can be held from its own day on."""
    allowed = SUCCESSORS[event.state]
    if not event.is_on_or_after_its_day:
        allowed = allowed - {Event.State.HELD}
    return [action for action in ACTIONS if action.state in allowed]


def can_change(event: Event) -> bool:
    return event.state in (Event.State.DRAFT, Event.State.PUBLISHED)


Beside = Callable[[Event, Membership], dict[str, Any]]
_beside: list[Beside] = []


def register(beside: Beside) -> Beside:
    """What a room above shows on an event's page: facts for its own template, by what the member may see."""
    _beside.append(beside)
    return beside


def facts_beside(event: Event, membership: Membership) -> dict[str, Any]:
    return {name: fact for beside in _beside for name, fact in beside(event, membership).items()}
