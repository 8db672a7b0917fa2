"""Gathers the rooms' models for Django."""

from invites.answers.door.models import Arrival, DoorLink
from invites.answers.feeds.models import OwnFeed
from invites.answers.models import Answer
from invites.answers.needs.models import Need
from invites.answers.own.models import Farewell, OwnLink
from invites.answers.questions.models import Question, QuestionAnswer
from invites.answers.requests.models import AnswerRequest
from invites.answers.seats.models import SeatGroup, SeatOffer
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
    "Arrival",
    "CallAttempt",
    "DeliveryEvent",
    "DoorLink",
    "Enclosure",
    "Farewell",
    "FormerDelivery",
    "InboundMail",
    "Invitation",
    "MailLane",
    "MailTemplate",
    "Need",
    "OutgoingMail",
    "OwnFeed",
    "OwnLink",
    "Question",
    "QuestionAnswer",
    "ReminderPlan",
    "ReminderRun",
    "Representative",
    "SeatGroup",
    "SeatOffer",
    "Telling",
    "TrialMail",
    "Wave",
    "WaveMember",
    "WorkerHeartbeat",
]
