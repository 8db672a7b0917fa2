"""The kinds of events, the states they move through, and what the database refuses whoever asks."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from events.constraints import one_of
from events.gatherings.attending import ATTENDED_CONSTRAINTS
from events.gatherings.recurring import RECURRING_CONSTRAINTS
from events.gatherings.when import TIMED_CONSTRAINTS


class EventKind(models.TextChoices):
    DIALOGUE = "dialogue", _("dialogue meeting")
    CONFERENCE = "conference", _("conference")
    FORUM = "forum", _("forum meeting")
    COURSE = "course", _("course")
    VISIT_IN = "visit_in", _("delegation visit, incoming")
    VISIT_OUT = "visit_out", _("delegation visit, outgoing")
    SIGNING = "signing", _("signing")
    SIDE_EVENT = "side_event", _("side event")
    SUMMIT = "summit", _("summit")


class EventState(models.TextChoices):
    DRAFT = "draft", _("draft")
    PUBLISHED = "published", _("published")
    HELD = "held", _("held")
    CANCELLED = "cancelled", _("cancelled")


# Which states may follow which; a move is a service in moving.py.
SUCCESSORS: dict[str, frozenset[str]] = {
    EventState.DRAFT: frozenset({EventState.PUBLISHED, EventState.CANCELLED}),
    EventState.PUBLISHED: frozenset({EventState.HELD, EventState.CANCELLED}),
    EventState.HELD: frozenset(),
    EventState.CANCELLED: frozenset(),
}

EVENT_CONSTRAINTS = (
    *TIMED_CONSTRAINTS,
    *ATTENDED_CONSTRAINTS,
    *RECURRING_CONSTRAINTS,
    models.CheckConstraint(
        name="published_event_has_time_and_place",
        condition=~Q(state="published")
        | (Q(starts_at__isnull=False, published_at__isnull=False) & (~Q(venue="") | ~Q(online_url=""))),
    ),
    models.CheckConstraint(
        name="held_event_has_a_date",
        condition=~Q(state="held") | Q(starts_at__isnull=False) | Q(vague_from__isnull=False),
    ),
    models.CheckConstraint(name="held_at_when_held", condition=~Q(state="held") | Q(held_at__isnull=False)),
    models.CheckConstraint(
        name="cancelled_at_when_cancelled",
        condition=~Q(state="cancelled") | Q(cancelled_at__isnull=False),
    ),
    models.UniqueConstraint(
        fields=("tenant", "source_key"), condition=~Q(source_key=""), name="event_source_once"
    ),
    one_of("event_state_known", "state", EventState),
    one_of("event_kind_known", "kind", EventKind),
)
