"""Groups of fields that other parts of the room add to the answer: the organiser's questions, needs.

The form draws each under a heading of its own, asks for what is required with a yes only, and gives what was written
to the service in one transaction with the answer.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms

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


# Filled by `questions/section.py` and `needs/section.py`, which register themselves when the app is ready.
SECTIONS: list[Section] = []
