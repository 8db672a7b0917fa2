"""Asking the organiser, and the organiser's decisions. Rows first; mails are queued in the same transaction."""

import datetime as dt
from collections.abc import Sequence
from functools import partial
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from events import audit
from events.gatherings.attending import SubstituteRule
from events.tenancy.models import User
from invites.answers import people as naming
from invites.answers import services as answers
from invites.answers.models import Answer, AnswerSource
from invites.answers.people import Person
from invites.answers.requests import asking, rules, standing_in
from invites.answers.requests.asking import Substitute, TooMany
from invites.answers.requests.models import NAMING, AnswerRequest, RequestKind, RequestState
from invites.answers.requests.standing_in import Invited, Settled
from invites.invitations.models import Invitation, Reply
from invites.post import outbox
from invites.post.letters import deadlines

__all__ = [
    "Invited",
    "NotAllowed",
    "NotThisPerson",
    "Settled",
    "Substitute",
    "TooMany",
    "ask_late",
    "ask_substitute",
    "grant",
    "refuse",
    "take_back",
]


class NotAllowed(answers.Refused):
    """Nobody may be named for this invitation: the event's rule, an organisation, a stand-in, or one comes already."""


class NotThisPerson(answers.Refused):
    """The address has to do with the event already. The invitee is never told in which way."""


def ask_late(
    invitation: Invitation,
    *,
    reply: str,
    comment: str,
    mode: str = "",
    people: Sequence[Person] = (),
    source: str = AnswerSource.WEB,
    to_sequence: int | None = None,
    said_at: dt.datetime | None = None,
) -> AnswerRequest:
    """Asks the organiser to take an answer although the deadline has passed; the answer that stands is untouched.

    Queues a mail that says so. Asking the same again does nothing; asking something else replaces what waits. A mail
    names the revision that it answers to and when it was said; one that was said before the newest request, or comes
    a second time, does nothing either, and that request is returned. Raises answers.Closed while answers are still
    taken the ordinary way, and once the meeting has begun or is off; ValueError for names that are not asked for;
    TooMany. Needs `invitation.event`, `.tenant` and `.contact`.
    """
    if invitation.revoked_at or not rules.late(invitation.event):
        raise answers.Closed
    said = Reply(reply)
    if said == Reply.WAITING:
        raise ValueError("nobody asks to wait")
    names = naming.fitting(invitation, people) if said == Reply.ACCEPTED else ()
    asked: dict[str, Any] = {
        "reply": said,
        "comment": comment.strip(),
        "mode": mode,
        "people": asking.as_lists(names),
    }
    known = invitation.event.sequence
    asked["sequence"] = known if to_sequence is None else min(to_sequence, known)
    return _asked(invitation, RequestKind.LATE_ANSWER, source, asked, said_at)


def ask_substitute(
    invitation: Invitation,
    *,
    person: Substitute,
    comment: str = "",
    source: str = AnswerSource.WEB,
    kind: str = RequestKind.SUBSTITUTE,
    said_at: dt.datetime | None = None,
) -> AnswerRequest:
    """Names somebody to come instead. By the event's rule that waits for the organiser, or it is done at once.

    At once only from the page, before the deadline, and with a seat to move; a calendar's DELEGATED (`kind`
    delegation) always waits, for a reply can be forged. Until it is granted nothing is sent to the person named. A
    second call with the same person does nothing, nor does a mail that was said before the newest one or comes once
    more (`said_at`); another person replaces the one who waits. Raises NotAllowed,
    NotThisPerson and TooMany. Needs `invitation.event`, `.tenant` and `.contact`.
    """
    if kind not in NAMING:
        raise ValueError(f"{kind} names nobody")
    if not rules.may_name(invitation):
        raise NotAllowed
    asked = {**asking.facts_of(person), "comment": comment.strip(), "sequence": invitation.event.sequence}
    if standing := _standing(invitation, kind, asked) or asking.overtaking(invitation, kind, said_at, asked):
        return standing
    if rules.stand_ins(invitation).exists():
        raise NotAllowed
    if rules.tried_enough(invitation) or rules.is_known(invitation, person.email):
        if standing := _standing(invitation, kind, asked):  # the other one of a double click was faster
            return standing
        rules.note_try(invitation)
        raise NotThisPerson
    event = invitation.event
    automatic = event.substitutes == SubstituteRule.AUTOMATIC and not event.answers_closed
    if automatic and kind == RequestKind.SUBSTITUTE:
        return _at_once(invitation, source, asked)
    return _asked(invitation, kind, source, asked, said_at)


@transaction.atomic
def grant(request: AnswerRequest, *, by: User | None) -> AnswerRequest:
    """Takes the answer that was asked for, or lets the person named come; `by` is the organiser.

    The invitee gets a receipt. A second call raises Settled. Raises answers.Full, Closed or Moved, and Invited; the
    request waits then as before, and the page says why.
    """
    if request.kind in NAMING:
        standing_in.hand_over(request, by=by)
        _mail("substitute_named", request)
    else:
        _take_late(request, by)
    request.refresh_from_db()
    audit.record("request.granted", request, by=by, title=request.invitation.event.title)
    return request


@transaction.atomic
def refuse(request: AnswerRequest, *, by: User, reason: str) -> bool:
    """Says no, with a reason that the invitee reads in a mail. A second call changes nothing and returns False."""
    if not asking.settle(request, to=RequestState.REFUSED, decided_by=by, reason=reason.strip()):
        return False
    _mail("request_refused", request)
    audit.record("request.refused", request, by=by, title=request.invitation.event.title)
    return True


@transaction.atomic
def take_back(request: AnswerRequest) -> bool:
    """The invitee does not ask any more. False, and nothing is changed, when it is decided already."""
    if not asking.settle(request, to=RequestState.WITHDRAWN):
        return False
    outbox.cancel_unsent(
        tenant=request.tenant_id, kinds=("request_received",), subject_ids=[request.pk], why="taken back"
    )
    audit.record("request.taken_back", request, by=None, title=request.invitation.event.title)
    return True


def _standing(invitation: Invitation, kind: str, asked: dict[str, Any]) -> AnswerRequest | None:
    """The same request if it waits or was granted already (a double click)."""
    rows = AnswerRequest.objects.of(invitation.tenant_id).filter(invitation=invitation, kind=kind, **asked)
    row = rows.filter(state__in=(RequestState.PENDING, RequestState.GRANTED)).last()
    if row and row.state == RequestState.GRANTED:
        comes = row.stand_in_id and rules.stand_ins(invitation).filter(pk=row.stand_in_id).exists()
        return row if comes else None
    return row


@transaction.atomic
def _asked(
    invitation: Invitation,
    kind: str,
    source: str,
    asked: dict[str, Any],
    said_at: dt.datetime | None = None,
) -> AnswerRequest:
    request, new = asking.write(invitation, kind=kind, source=source, said_at=said_at, **asked)
    if new:
        _mail("request_received", request)
        audit.record("request.asked", request, by=None, title=invitation.event.title)
    return request


def _at_once(invitation: Invitation, source: str, asked: dict[str, Any]) -> AnswerRequest:
    """Where the rule is automatic; without a seat for it the request waits for the organiser after all."""
    try:
        with transaction.atomic():
            request, _new = asking.write(invitation, kind=RequestKind.SUBSTITUTE, source=source, **asked)
            return grant(request, by=None)
    except (answers.Full, answers.Closed, Invited, Settled, TooMany):
        if standing := _standing(invitation, RequestKind.SUBSTITUTE, asked):
            return standing
        if rules.stand_ins(invitation).exists():
            raise NotAllowed from None
        return _asked(invitation, RequestKind.SUBSTITUTE, source, asked)


def _take_late(request: AnswerRequest, by: User | None) -> Answer:
    rows = Invitation.objects.of(request.tenant_id).select_related("event", "contact", "tenant")
    return answers.answer(
        rows.get(pk=request.invitation_id),
        reply=request.reply,
        comment=request.comment,
        source=AnswerSource.STAFF,
        by=by,
        people=asking.as_people(request.people),
        to_sequence=request.sequence,
        mode=request.mode,
        extras=[partial(_granted, request, by)],
    )


def _granted(request: AnswerRequest, by: User | None, _invitation: Invitation) -> None:
    """In the transaction of the answer, so that of two decisions at once one is made."""
    if not asking.settle(request, to=RequestState.GRANTED, decided_by=by):
        raise Settled


def _mail(kind: str, request: AnswerRequest) -> None:
    invitation = request.invitation
    outbox.enqueue(
        kind,
        tenant=invitation.tenant,
        items=[(request.pk, invitation.contact.email)] if invitation.contact.email else [],
        give_up_at=deadlines(invitation.event.starts_at)["give_up_at"],
    )


audit.register(
    {
        "request.asked": _("An invitee asked the organiser of “%(title)s” for something."),
        "request.taken_back": _("An invitee took back what was asked about “%(title)s”."),
        "request.granted": _("%(who)s approved what an invitee of “%(title)s” asked for."),
        "request.refused": _("%(who)s refused what an invitee of “%(title)s” asked for."),
    }
)
