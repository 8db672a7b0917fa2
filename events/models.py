"""Gathers the rooms' models for Django."""

from events.audit import AuditEntry
from events.calendar.models import Feed, StoredBody, StoredEvent
from events.directory.models import Contact, Organisation, OrganisationAlias
from events.gatherings.models import (
    Appearance,
    Event,
    EventFormat,
    EventHost,
    EventMeasure,
    ProgrammeItem,
    ScheduleVersion,
)
from events.gatherings.revisions import PastRevision
from events.plans.models import FocusArea, Measure, Plan, Responsibility
from events.tenancy.models import Membership, Tenant, User

__all__ = [
    "Appearance",
    "AuditEntry",
    "Contact",
    "Event",
    "EventFormat",
    "EventHost",
    "EventMeasure",
    "Feed",
    "FocusArea",
    "Measure",
    "Membership",
    "Organisation",
    "OrganisationAlias",
    "PastRevision",
    "Plan",
    "ProgrammeItem",
    "Responsibility",
    "ScheduleVersion",
    "StoredBody",
    "StoredEvent",
    "Tenant",
    "User",
]
