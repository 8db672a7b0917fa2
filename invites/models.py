"""Gathers the rooms' models for Django."""

from invites.answers.models import Answer
from invites.invitations.models import CallAttempt, Invitation
from invites.post.models import MailLane, OutgoingMail, WorkerHeartbeat
from invites.post.provider_models import DeliveryEvent, FormerDelivery
from invites.replies.models import InboundMail

__all__ = [
    "Answer",
    "CallAttempt",
    "DeliveryEvent",
    "FormerDelivery",
    "InboundMail",
    "Invitation",
    "MailLane",
    "OutgoingMail",
    "WorkerHeartbeat",
]
