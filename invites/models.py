"""Gathers the rooms' models for Django."""

from invites.answers.models import Answer
from invites.invitations.drafting.models import Enclosure, MailTemplate, TrialMail
from invites.invitations.models import CallAttempt, Invitation, Representative
from invites.invitations.reminders.models import ReminderPlan, ReminderRun
from invites.invitations.telling.models import Telling
from invites.invitations.waves.models import Wave, WaveMember
from invites.post.models import OutgoingMail, WorkerHeartbeat

__all__ = [
    "Answer",
    "CallAttempt",
    "Enclosure",
    "Invitation",
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
