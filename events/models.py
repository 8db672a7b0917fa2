"""Gathers the rooms' models for Django."""

from events.audit import AuditEntry
from events.calendar.models import Feed, StoredBody, StoredEvent
from events.directory.groups.models import ContactGroup, GroupMember
from events.directory.imports.models import ImportBatch, ImportChange, ImportDraft
from events.directory.labels.models import ContactTag, OrganisationTag, OrganisationType, Tag
from events.directory.merging.models import Merger, NotSame
from events.directory.models import Contact, Organisation, OrganisationAlias
from events.directory.networks.models import NetworkMember
from events.gatherings.agenda import InvitedAgenda
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
    "ContactGroup",
    "ContactTag",
    "Event",
    "EventFormat",
    "EventHost",
    "EventMeasure",
    "Feed",
    "FocusArea",
    "GroupMember",
    "ImportBatch",
    "ImportChange",
    "ImportDraft",
    "InvitedAgenda",
    "Measure",
    "Membership",
    "Merger",
    "NetworkMember",
    "NotSame",
    "Organisation",
    "OrganisationAlias",
    "OrganisationTag",
    "OrganisationType",
    "PastRevision",
    "Plan",
    "ProgrammeItem",
    "Responsibility",
    "ScheduleVersion",
    "StoredBody",
    "StoredEvent",
    "Tag",
    "Tenant",
    "User",
]
