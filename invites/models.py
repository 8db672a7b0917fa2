"""Gathers the rooms' models for Django."""

from invites.answers.models import Answer
from invites.invitations.models import Invitation
from invites.post.models import MailLane, OutgoingMail, WorkerHeartbeat

__all__ = ["Answer", "Invitation", "MailLane", "OutgoingMail", "WorkerHeartbeat"]
