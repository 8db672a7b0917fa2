"""Needs as a part of the answer's form, on the invitee's page and where staff record an answer."""

from django.utils.translation import gettext_lazy as _

from invites.answers.needs import services
from invites.answers.needs.forms import fields_for
from invites.answers.sections import SECTIONS, Section

NEEDS = Section(
    title=_("Needs"),
    explanation=_(
        "Tick only what the organiser is to arrange. By ticking you agree that it is kept for this meeting: encrypted, "
        "seen with your name only by those who arrange the meeting, and told to kitchen and venue as totals without "
        "names. It is deleted 14 days after the meeting, and you may remove it before."
    ),
    fields=fields_for,
    keep=services.keeper,
    for_staff=True,
)
SECTIONS.append(NEEDS)
