"""The organiser's questions as a part of the answer's form, on the invitee's page and where staff record an answer."""

from django.utils.translation import gettext_lazy as _

from invites.answers.questions import services
from invites.answers.questions.fields import fields_for
from invites.answers.sections import SECTIONS, Section

QUESTIONS = Section(
    title=_("Questions from the organiser"),
    explanation=_("Only if you come. Your answers are deleted if you change your answer to no or maybe."),
    fields=fields_for,
    keep=services.keeper,
    for_staff=True,
)
SECTIONS.insert(0, QUESTIONS)  # before needs
