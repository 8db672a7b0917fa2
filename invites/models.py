"""Gathers the rooms' models for Django."""

from invites.answers.models import Answer
from invites.invitations.models import Enclosure, Invitation, MailTemplate, TrialMail
from invites.post.models import OutgoingMail, WorkerHeartbeat

__all__ = [
    "Answer",
    "Enclosure",
    "Invitation",
    "MailTemplate",
    "OutgoingMail",
    "TrialMail",
    "WorkerHeartbeat",
]
