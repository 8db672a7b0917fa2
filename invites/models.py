"""Gathers the rooms' models for Django."""

from invites.answers.models import Answer
from invites.invitations.models import CallAttempt, Invitation
from invites.post.models import MailLane, OutgoingMail, WorkerHeartbeat

__all__ = ["Answer", "CallAttempt", "Invitation", "MailLane", "OutgoingMail", "WorkerHeartbeat"]
