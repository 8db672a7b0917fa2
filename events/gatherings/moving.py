"""From draft to published to held or cancelled. Each move is one conditional UPDATE, so two clicks make one move."""

from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events import audit
from events.gatherings.models import SUCCESSORS, Event
from events.gatherings.refusals import NotAllowed, NotPublishable
from events.gatherings.revisions import keep
from events.gatherings.schedule import schedule_changed
from events.tenancy.models import User


@transaction.atomic
def publish(event: Event, *, by: User | None) -> None:
    """Makes a draft public to those who may see it; from now on it can be invited to and stands in calendars.

    Raises NotPublishable without time and place, NotAllowed when it is no draft (also on a second call).
    """
    fresh = Event.objects.of(event.tenant_id).get(pk=event.pk)
    if fresh.state == Event.State.DRAFT and (errors := not_ready(fresh)):
        raise NotPublishable(errors)
    _move(event, Event.State.PUBLISHED, published_at=timezone.now())
    audit.record("event.published", event, by=by, title=event.title)


@transaction.atomic
def publish_several(
    drafts: QuerySet[Event], *, by: User | None
) -> tuple[list[Event], list[tuple[Event, str]]]:
    """As `publish` for each of the drafts that is ready. Returns those, and the others with what is lacking.

    Events in other states are passed over, so a second call publishes none. An audit entry for each.
    """
    rows = drafts.filter(state=Event.State.DRAFT).select_for_update()
    judged = [(event, not_ready(event)) for event in rows]
    ready = [event for event, errors in judged if not errors]
    now = timezone.now()
    facts = {"state": Event.State.PUBLISHED, "published_at": now, "changed_at": now}
    for event in ready:
        for name, value in facts.items():
            setattr(event, name, value)
        audit.record("event.published", event, by=by, title=event.title)
    if ready:
        Event.objects.of(ready[0].tenant_id).filter(pk__in=[event.pk for event in ready]).update(**facts)
        schedule_changed(ready[0].tenant_id)
    return ready, [(event, " ".join(errors.values())) for event, errors in judged if errors]


@transaction.atomic
def hold(event: Event, *, by: User | None) -> None:
    """Says that a published event took place. Raises NotAllowed before the day it begins, and on a second call."""
    fresh = Event.objects.of(event.tenant_id).get(pk=event.pk)
    if fresh.state == Event.State.PUBLISHED and not fresh.is_on_or_after_its_day:
        raise NotAllowed(_("A meeting can be marked as held from the day it takes place."))
    _move(event, Event.State.HELD, held_at=timezone.now())
    audit.record("event.held", event, by=by, title=event.title)


@transaction.atomic
def cancel(event: Event, *, by: User | None, reason: str) -> None:
    """Calls off a draft or a published event, for good. Raises NotAllowed for any other, also on a second call.

    Calendars show it as cancelled, so the sequence rises (rule 8). Nobody is told by mail here: that is the organiser's
    next decision (ADR 0013).
    """
    _move(
        event,
        Event.State.CANCELLED,
        cancelled_at=timezone.now(),
        cancel_reason=reason,
        sequence=F("sequence") + 1,
    )
    keep(event, event.sequence - 1)
    audit.record("event.cancelled", event, by=by, title=event.title)


def lacking(event: Event) -> dict[str, str]:
    """What a published event must have and this one has not, a sentence for each field."""
    errors = {}
    if event.starts_at is None or event.ends_at is None:
        errors["starts_at"] = _("Set the date and time the meeting starts and ends.")
    if not event.venue and not event.online_url:
        errors["venue"] = _("Set the place, or the link for those who join online.")
    return errors


def not_ready(event: Event) -> dict[str, str]:
    """What keeps a draft from being published now: what is lacking, and times that have passed."""
    errors = lacking(event)
    if event.ends_at is not None and event.ends_at <= timezone.now():
        errors["starts_at"] = _("The meeting is already over. Set a time that lies ahead.")
    elif event.answer_by is not None and event.answer_by <= timezone.now():
        errors["answer_by"] = _("The answer deadline has passed. Set a later one.")
    return errors


def _move(event: Event, to: str, **stamps: Any) -> None:
    allowed_from = [state for state, successors in SUCCESSORS.items() if to in successors]
    row = Event.objects.of(event.tenant_id).filter(pk=event.pk, state__in=allowed_from)
    moved = row.update(state=to, changed_at=timezone.now(), **stamps)
    event.refresh_from_db()
    if not moved:
        raise NotAllowed(
            _("“%(title)s” is %(state)s, so this can no longer be done.")
            % {"title": event.title, "state": event.get_state_display()}
        )
    if event.published_at is not None:
        schedule_changed(event.tenant_id)


audit.register(
    {
        "event.published": gettext_lazy("%(who)s published “%(title)s”."),
        "event.held": gettext_lazy("%(who)s marked “%(title)s” as held."),
        "event.cancelled": gettext_lazy("%(who)s cancelled “%(title)s”."),
    }
)
