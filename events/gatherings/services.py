"""Making and changing events. The moves between states stand in moving.py and are offered here too."""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events import audit
from events.directory.models import Organisation
from events.directory.searching import fold
from events.gatherings.days import are_whole_days
from events.gatherings.freeing import seats_freed
from events.gatherings.models import Event, EventFormat
from events.gatherings.moving import cancel, hold, lacking, not_ready, publish
from events.gatherings.programme import Item, is_as_given, set_hosts, set_measures, set_programme
from events.gatherings.refusals import ChangedMeanwhile, NotAllowed, NotPublishable, TooFewSeats
from events.gatherings.revisions import WHEN, WHERE, keep
from events.gatherings.schedule import schedule_changed
from events.plans.models import Measure
from events.tenancy.models import Membership, Tenant, User

__all__ = [
    "ChangedMeanwhile",
    "NotAllowed",
    "NotPublishable",
    "TooFewSeats",
    "cancel",
    "change",
    "create",
    "hold",
    "not_ready",
    "publish",
    "record_held",
    "schedule_changed",
]

# What a form or an import may set; state, sequence, seats and stamps are moved by the services alone.
SETTABLE = (
    WHEN
    | WHERE
    | frozenset({"kind", "title", "purpose", "language", "place_for_public", "place_for_invited", "chair"})
    | frozenset({"capacity", "answer_by", "is_public", "contact_name", "contact_email", "contact_phone"})
    | frozenset({"responsible", "facts"})
)
CAN_CHANGE = (Event.State.DRAFT, Event.State.PUBLISHED)


@transaction.atomic
def create(
    *,
    tenant: Tenant,
    by: User | None,
    facts: Mapping[str, Any],
    hosts: Iterable[Organisation] = (),
    measures: Iterable[Measure] = (),
    programme: Sequence[Item] = (),
    format_name: str = "",
    uid: uuid.UUID | None = None,
) -> Event:
    """A new draft; only a title is needed. `facts` are Event fields, moments aware. `by` is responsible for it unless
    they say who is.

    A second call with the same `uid` returns the draft of the first. Raises TypeError for a fact that is not settable,
    ValueError for a host or measure of another tenant and for an all-day event that is not on whole days.
    """
    facts = {"responsible": Membership.objects.of(tenant).held_by(by), **facts}
    event = _new(tenant, facts, format_name, uid=uid or uuid.uuid4())
    try:
        with transaction.atomic():
            event.save(force_insert=True)
    except IntegrityError:
        twin = Event.objects.of(tenant).filter(uid=event.uid).first()
        if twin is None:
            raise
        return twin
    _fill(event, hosts, measures, programme)
    audit.record("event.created", event, by=by, title=event.title)
    return event


@transaction.atomic
def change(
    event: Event,
    *,
    by: User | None,
    facts: Mapping[str, Any],
    hosts: Iterable[Organisation],
    measures: Iterable[Measure],
    programme: Sequence[Item],
    format_name: str,
    version: dt.datetime | None = None,
) -> Event:
    """Writes a draft or a published event anew. New time or place of a published one raises `sequence` (rule 8).

    `version` is the `changed_at` the writer saw: if somebody saved since, raises ChangedMeanwhile. Raises NotAllowed
    when held or cancelled, TooFewSeats, and NotPublishable when a published event would lose its time or place.
    Nothing is written then, nor when the event already is as given (a second click).
    Nobody is told of it here: time and place as they were are kept, and the organiser decides whom to tell (ADR 0013).
    """
    hosts, measures = list(hosts), list(measures)
    if _is_already(event, facts, format_name) and is_as_given(event, hosts, measures, programme):
        return event
    before = _take(event, version)
    _set(event, facts, format_name)
    if event.capacity is not None and event.capacity < before.seats_taken:
        raise TooFewSeats(before.seats_taken)
    moved = any(getattr(before, name) != getattr(event, name) for name in WHEN | WHERE)
    if event.state == Event.State.PUBLISHED:
        if errors := lacking(event):
            raise NotPublishable(errors)
        event.sequence = before.sequence + moved
        if moved:
            keep(before, before.sequence)
        if any(getattr(before, name) != getattr(event, name) for name in WHEN):
            event.time_sequence = event.sequence
        schedule_changed(event.tenant_id)
    event.changed_at = timezone.now()
    event.save(update_fields={*SETTABLE, "format", "sequence", "time_sequence", "changed_at"})
    if before.capacity is not None and (event.capacity is None or event.capacity > before.capacity):
        seats_freed(event)
    _fill(event, hosts, measures, programme)
    told = "event.moved" if moved and event.state == Event.State.PUBLISHED else "event.changed"
    audit.record(told, event, by=by, title=event.title)
    return event


@transaction.atomic
def record_held(
    *,
    tenant: Tenant,
    by: User | None,
    facts: Mapping[str, Any],
    programme: Sequence[Item],
    hosts: Iterable[Organisation],
    measures: Iterable[Measure],
    source_key: str,
    format_name: str = "",
) -> Event:
    """An event that has already taken place, also with a vague date. `source_key` names it at its source.

    A second call with the same key returns the event as it stands and changes nothing.
    """
    known = Event.objects.of(tenant).filter(source_key=source_key).first() if source_key else None
    if known is not None:
        return known
    now = timezone.now()
    event = _new(tenant, facts, format_name, source_key=source_key)
    event.state, event.published_at, event.held_at = Event.State.HELD, now, now
    event.save(force_insert=True)
    _fill(event, hosts, measures, programme)
    schedule_changed(tenant.pk)
    audit.record("event.recorded", event, by=by, title=event.title)
    return event


def _new(tenant: Tenant, facts: Mapping[str, Any], format_name: str, **fixed: Any) -> Event:
    event = Event(tenant=tenant, **fixed)
    _set(event, {"time_zone": tenant.time_zone, **facts}, format_name)
    return event


def _set(event: Event, facts: Mapping[str, Any], format_name: str) -> None:
    if unknown := set(facts) - SETTABLE:
        raise TypeError(f"not for a form or an import to set: {sorted(unknown)}")
    for name, value in facts.items():
        setattr(event, name, value)
    if event.all_day and not are_whole_days(event.starts_at, event.ends_at, event.time_zone):
        raise ValueError("an all-day event begins and ends at a midnight of its own zone")
    event.format = _format(event.tenant, format_name)


def _format(tenant: Tenant, name: str) -> EventFormat | None:
    """The tenant's format of that name, letter case aside; a new name becomes one of its formats."""
    name = " ".join(name.split())
    if not name:
        return None
    same = (known for known in EventFormat.objects.of(tenant) if fold(known.name) == fold(name))
    return next(same, None) or EventFormat.objects.of(tenant).get_or_create(tenant=tenant, name=name)[0]


def _take(event: Event, version: dt.datetime | None) -> Event:
    """Holds the row until commit, reads it anew into `event`, and returns a copy of how it was."""
    row = Event.objects.of(event.tenant_id).filter(pk=event.pk, state__in=CAN_CHANGE)
    if version is not None:
        row = row.filter(changed_at=version)
    taken = row.update(changed_at=timezone.now())
    event.refresh_from_db()
    if not taken and event.state in CAN_CHANGE:
        raise ChangedMeanwhile
    if not taken:
        raise NotAllowed(
            _("“%(title)s” is %(state)s and can no longer be changed.")
            % {"title": event.title, "state": event.get_state_display()}
        )
    return Event.objects.of(event.tenant_id).get(pk=event.pk)


def _is_already(event: Event, facts: Mapping[str, Any], format_name: str) -> bool:
    now = Event.objects.of(event.tenant_id).select_related("format").get(pk=event.pk)
    same_format = (now.format.name if now.format else "").casefold() == format_name.casefold()
    same_facts = all(getattr(now, name, None) == value for name, value in facts.items())
    return now.state in CAN_CHANGE and same_format and same_facts


def _fill(
    event: Event, hosts: Iterable[Organisation], measures: Iterable[Measure], programme: Sequence[Item]
) -> None:
    set_hosts(event, hosts)
    set_measures(event, measures)
    set_programme(event, programme)


audit.register(
    {
        "event.created": _("%(who)s made the draft “%(title)s”."),
        "event.changed": _("%(who)s changed “%(title)s”."),
        "event.moved": _("%(who)s changed the time or place of “%(title)s”."),
        "event.recorded": _("%(who)s recorded “%(title)s” as held."),
    }
)
