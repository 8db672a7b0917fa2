"""Groups of fields that other parts of the room add to the answer: the organiser's questions, needs.

The form draws each under a heading of its own, asks for what is required with a yes only, and gives what was written
to the service in one transaction with the answer.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from invites.answers.needs import forms as need_forms
from invites.answers.needs import services as needs
from invites.answers.questions import fields as question_fields
from invites.answers.questions import services as questions
from invites.answers.saying import Extra
from invites.invitations.models import Invitation


@dataclass(frozen=True)
class Section:
    """`fields` gives the fields by names that no other section uses, each with what stands as its `initial`.

    `keep` turns the cleaned values into what writes them (see `services.answer`), None when there is nothing to write.
    `for_staff`: also asked on the page where staff record an answer; never where they may not see what stands.
    """

    title: Any
    explanation: Any
    fields: Callable[[Invitation], Mapping[str, forms.Field]]
    keep: Callable[[Invitation, Mapping[str, Any]], Extra | None]
    for_staff: bool = False


# Both may be drawn for staff: what is sealed is never filled in.
SECTIONS: list[Section] = [
    Section(
        _("Questions from the organiser"), "", question_fields.fields_for, questions.keeper, for_staff=True
    ),
    Section(
        _("Needs"),
        _(
            "Only those who prepare the meeting read it. It is kept encrypted, and deleted 14 days after the meeting."
        ),
        need_forms.fields_for,
        needs.keeper,
        for_staff=True,
    ),
]
