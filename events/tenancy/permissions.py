"""Who may do what: permissions, and the roles that hold them."""

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class Permission(StrEnum):
    SEE_EVENTS = "see events"
    SEE_GUESTS = "see who is invited and what they answered"
    SEE_NEEDS = "see who needs what, and sensitive answers, by name"
    MANAGE_EVENTS = "create, change, publish and cancel events"
    INVITE = "invite, and see mails in trouble"
    MANAGE_DIRECTORY = "change organisations and contacts"
    SEE_DIRECTORY = "see organisations and contacts"
    SEE_CAMPAIGNS = "see campaigns, and numbers of those who take part"
    MANAGE_CAMPAIGNS = "start campaigns, take part in them and link meetings"
    SEE_PLANS = "see plans, measures and their progress"
    MANAGE_PLANS = "import and change plans"
    WRITE_MINUTES = "write and submit minutes"
    SEE_MINUTES = "see approved minutes"
    SEE_DRAFT_MINUTES = "see minutes before they are approved"
    APPROVE_MINUTES = "approve minutes"
    SEE_AUDIT = "read the audit trail"
    MANAGE_TENANT = "change the tenant's name, language and contact"
    MANAGE_STAFF = "invite staff and change their roles"


READER = frozenset(
    {Permission.SEE_EVENTS, Permission.SEE_CAMPAIGNS, Permission.SEE_PLANS, Permission.SEE_MINUTES}
)
MINUTE_TAKER = READER | {
    Permission.SEE_GUESTS,
    Permission.SEE_DIRECTORY,
    Permission.WRITE_MINUTES,
    Permission.SEE_DRAFT_MINUTES,
}
COORDINATOR = MINUTE_TAKER | {
    Permission.MANAGE_EVENTS,
    Permission.MANAGE_CAMPAIGNS,
    Permission.SEE_NEEDS,
    Permission.INVITE,
    Permission.MANAGE_DIRECTORY,
    Permission.MANAGE_PLANS,
    Permission.APPROVE_MINUTES,
    Permission.SEE_AUDIT,
    Permission.MANAGE_TENANT,
}
ADMINISTRATOR = COORDINATOR | {Permission.MANAGE_STAFF}


class Role(models.TextChoices):
    ADMINISTRATOR = "administrator", _("administrator")
    COORDINATOR = "coordinator", _("coordinator")
    MINUTE_TAKER = "minute_taker", _("minute-taker")
    READER = "reader", _("reader")

    @property
    def permissions(self) -> frozenset[Permission]:
        return {
            Role.ADMINISTRATOR: frozenset(ADMINISTRATOR),
            Role.COORDINATOR: frozenset(COORDINATOR),
            Role.MINUTE_TAKER: frozenset(MINUTE_TAKER),
            Role.READER: READER,
        }[self]
