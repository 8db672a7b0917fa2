"""Gathers the rooms' models for Django."""

from events.audit import AuditEntry
from events.calendar.embedding.models import EmbedHost
from events.calendar.models import Feed, StoredBody, StoredEvent, StoredSeries
from events.campaigns.models import Campaign, CampaignEvent, CampaignItem, Participation
from events.campaigns.networks.models import EventNetwork
from events.directory.groups.models import ContactGroup, GroupMember
from events.directory.imports.models import ImportBatch, ImportChange, ImportDraft
from events.directory.labels.models import ContactTag, OrganisationTag, OrganisationType, Tag
from events.directory.merging.models import Merger, NotSame
from events.directory.models import Contact, Organisation, OrganisationAlias
from events.directory.networks.models import NetworkMember
from events.gatherings.agenda import InvitedAgenda, ItemMeasure
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
from events.gatherings.series.models import Series
from events.gatherings.standing.models import StandingItem
from events.plans.documents.models import PlanDocument
from events.plans.models import FocusArea, Measure, Plan, PossibleMeasure, Responsibility
from events.plans.recommending.models import ExpertGroup, Recommendation, RecommendationMeasure
from events.plans.succession.models import MeasureStep
from events.tenancy.models import Membership, Tenant, User

__all__ = [
    "Appearance",
    "AuditEntry",
    "Campaign",
    "CampaignEvent",
    "CampaignItem",
    "Contact",
    "ContactGroup",
    "ContactTag",
    "EmbedHost",
    "Event",
    "EventFormat",
    "EventHost",
    "EventMeasure",
    "EventNetwork",
    "ExpertGroup",
    "Feed",
    "FocusArea",
    "GroupMember",
    "ImportBatch",
    "ImportChange",
    "ImportDraft",
    "InvitedAgenda",
    "ItemMeasure",
    "Measure",
    "MeasureStep",
    "Membership",
    "Merger",
    "NetworkMember",
    "NotSame",
    "Organisation",
    "OrganisationAlias",
    "OrganisationTag",
    "OrganisationType",
    "Participation",
    "PastRevision",
    "Plan",
    "PlanDocument",
    "PossibleMeasure",
    "ProgrammeItem",
    "Recommendation",
    "RecommendationMeasure",
    "Responsibility",
    "ScheduleVersion",
    "Series",
    "StandingItem",
    "StoredBody",
    "StoredEvent",
    "StoredSeries",
    "Tag",
    "Tenant",
    "User",
]
