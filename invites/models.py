"""Gathers the rooms' models for Django."""

from invites.answers.models import Answer
from invites.answers.requests.models import AnswerRequest
from invites.invitations.drafting.models import Enclosure, MailTemplate, TrialMail
from invites.invitations.models import CallAttempt, Invitation, Representative
from invites.invitations.reminders.models import ReminderPlan, ReminderRun
from invites.invitations.telling.models import Telling
from invites.invitations.waves.models import Wave, WaveMember
from invites.post.models import MailLane, OutgoingMail, WorkerHeartbeat
from invites.post.provider_models import DeliveryEvent, FormerDelivery
from invites.replies.models import InboundMail

__all__ = [
    "Answer",
    "AnswerRequest",
    "CallAttempt",
    "DeliveryEvent",
    "Enclosure",
    "FormerDelivery",
    "InboundMail",
    "Invitation",
    "MailLane",
    "MailTemplate",
    "OutgoingMail",
    "ReminderPlan",
    "ReminderRun",
    "Representative",
    "Telling",
    "TrialMail",
    "Wave",
    "WaveMember",
    "WorkerHeartbeat",
]
