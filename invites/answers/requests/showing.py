"""What the invitee's own page says of what was asked: for `answers/_request_standing.html`."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from invites.answers.requests import rules, words
from invites.answers.requests.models import NAMING, AnswerRequest, RequestState
from invites.invitations.models import Invitation
from invites.invitations.words import moment


@dataclass(frozen=True)
class Waiting:
    """A request that waits, in the active language."""

    what: str
    at: str
    comment: str
    people: tuple[str, ...]


def facts(invitation: Invitation) -> dict[str, Any]:
    """`asked`: what waits; `refused`: the last refusal with its reason, where nothing newer is decided; `instead`: the
    name of who comes instead, as the invitee wrote it; `somebody_else`: the address of the page to name one, or "".

    Two queries. Needs `invitation.event`.
    """
    rows = AnswerRequest.objects.of(invitation.tenant_id).filter(invitation=invitation)
    every = list(rows.exclude(state=RequestState.WITHDRAWN).order_by("asked_at", "pk"))
    latest = every[-1] if every else None
    instead = _instead(invitation, every)
    naming = rules.may_name(invitation) and not instead
    return {
        "asked": [_waiting(invitation, row) for row in every if row.state == RequestState.PENDING],
        "refused": latest if latest and latest.state == RequestState.REFUSED else None,
        "instead": instead,
        "somebody_else": reverse("rsvp-substitute", args=[invitation.token]) if naming else "",
    }


def named(invitation: Invitation) -> AnswerRequest | None:
    """The request for a substitute that waits."""
    rows = AnswerRequest.objects.of(invitation.tenant_id).filter(invitation=invitation)
    return rows.naming().pending().order_by("-asked_at").first()


def _instead(invitation: Invitation, every: list[AnswerRequest]) -> str:
    granted = [row for row in every if row.kind in NAMING and row.state == RequestState.GRANTED]
    if not granted:
        return ""
    comes = set(rules.stand_ins(invitation).values_list("pk", flat=True))
    return next((row.name for row in reversed(granted) if row.stand_in_id in comes), "")


def _waiting(invitation: Invitation, row: AnswerRequest) -> Waiting:
    people = tuple(one[0] for one in row.people)
    return Waiting(words.what(row), moment(invitation.event.local(row.asked_at)), row.comment, people)
