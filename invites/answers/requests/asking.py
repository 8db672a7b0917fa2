"""Writing down what an invitee asks for: once, in order, within limits. Decides nothing and sends nothing."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from invites.answers.people import Person
from invites.answers.requests.models import (
    MOST,
    MOST_NAMED,
    NAMING,
    SUCCESSORS,
    AnswerRequest,
    RequestState,
)
from invites.invitations.models import Invitation

TURNS = 50  # a lost turn means that another request of the same invitee got in


class TooMany(Exception):
    """As many as are allowed for one invitation were asked already."""


class _Overtaken(Exception):
    """Another request of the same invitee was written between reading and writing."""


@dataclass(frozen=True)
class Substitute:
    """Whom an invitee names to come instead."""

    name: str
    email: str
    role: str = ""
    language: str = "nb"


def as_lists(people: Sequence[Person]) -> list[list[str]]:
    return [[one.name, one.role, one.email] for one in people]


def as_people(lists: Sequence[Sequence[str]]) -> tuple[Person, ...]:
    return tuple(Person(*one) for one in lists)


def facts_of(substitute: Substitute) -> dict[str, Any]:
    return asdict(substitute)


def write(
    invitation: Invitation, *, kind: str, source: str, said_at: dt.datetime | None = None, **asked: Any
) -> tuple[AnswerRequest, bool]:
    """Keeps a request and says whether it is new: the same as the one that waits already adds no row.

    Another one takes the place of the one that waits, which is kept as withdrawn. What was said (`said_at`, of a mail)
    before the newest one, or is that one once more, adds no row either. Raises TooMany.
    """
    for _turn in range(TURNS):
        try:
            return _write(invitation, kind, source, said_at, asked)
        except (_Overtaken, IntegrityError):
            continue
    raise RuntimeError("a request found no turn")


def settle(request: AnswerRequest, *, to: RequestState, **facts: Any) -> bool:
    """Moves a request that waits to another state; False, and nothing is changed, when it does not wait any more.

    The address of somebody who does not come after all is forgotten.
    """
    if to not in SUCCESSORS[RequestState.PENDING]:
        raise ValueError(f"a request that waits cannot become {to}")
    if to != RequestState.GRANTED:
        facts |= {"email": "", "role": ""}
    rows = AnswerRequest.objects.of(request.tenant_id).filter(pk=request.pk).pending()
    return rows.update(state=to, decided_at=timezone.now(), **facts) == 1


def pending(invitation: Invitation, kind: str) -> AnswerRequest | None:
    rows = AnswerRequest.objects.of(invitation.tenant_id).filter(invitation=invitation, kind=kind)
    return rows.pending().first()


def overtaking(
    invitation: Invitation, kind: str, said_at: dt.datetime | None, asked: Mapping[str, Any]
) -> AnswerRequest | None:
    """The newest request, where what a mail says was said before it, or is the same message once more."""
    rows = AnswerRequest.objects.of(invitation.tenant_id).filter(invitation=invitation, kind=kind)
    last = rows.order_by("number").last()
    if said_at is None or last is None:
        return None
    withdrawn = last.state == RequestState.WITHDRAWN
    at = (last.decided_at if withdrawn else last.said_at) or last.asked_at
    same = all(getattr(last, name) == asked[name] for name in ("reply", "name") if name in asked)
    return last if said_at < at or (said_at == at and same) else None


@transaction.atomic
def _write(
    invitation: Invitation, kind: str, source: str, said_at: dt.datetime | None, asked: dict[str, Any]
) -> tuple[AnswerRequest, bool]:
    if newer := overtaking(invitation, kind, said_at, asked):
        return newer, False
    waits = pending(invitation, kind)
    if waits and all(getattr(waits, name) == value for name, value in asked.items()):
        return waits, False
    rows = AnswerRequest.objects.of(invitation.tenant_id).filter(invitation=invitation, kind=kind)
    number = (rows.aggregate(last=Max("number"))["last"] or 0) + 1
    if number > (MOST_NAMED if kind in NAMING else MOST):
        raise TooMany
    if waits and not settle(waits, to=RequestState.WITHDRAWN):
        raise _Overtaken
    asked_at = max(timezone.now(), waits.asked_at + dt.timedelta(microseconds=1)) if waits else timezone.now()
    row = AnswerRequest.objects.create(
        tenant_id=invitation.tenant_id,
        invitation=invitation,
        kind=kind,
        number=number,
        source=source,
        asked_at=asked_at,
        said_at=said_at,
        **asked,
    )
    return row, True
