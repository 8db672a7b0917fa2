"""Gathers the rooms' models for Django."""

from invites.answers.models import Answer
from invites.invitations.drafting.models import Enclosure, MailTemplate, TrialMail
from invites.invitations.models import CallAttempt, Invitation
from invites.post.models import OutgoingMail, WorkerHeartbeat

__all__ = [
    "Answer",
    "CallAttempt",
    "Enclosure",
    "Invitation",
    "MailTemplate",
    "OutgoingMail",
    "TrialMail",
    "WorkerHeartbeat",
]
