"""The notices of a change (kind "update", a REQUEST with the event's sequence) and of a cancellation (CANCEL).

Both belong to the series of the invitation: subject = the invitation, revision = the sequence, the newest wins. A
cancellation is also what one person gets whose invitation alone is withdrawn; its words then say that.
"""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from events.gatherings.models import Event
from events.gatherings.visibility import place_is_open, seen
from invites.invitations import checks, imip, notices, wording
from invites.invitations.drafting.models import MailKind
from invites.invitations.models import Invitation
from invites.invitations.notices import GONE, OFF, WHY, Case, Paper, audience_of
from invites.invitations.telling.changes import Change, changes
from invites.invitations.telling.models import Telling
from invites.invitations.telling.people import SAYING_WHEN
from invites.post.letters import Composed, Letter, Postponed, Withheld, register
from invites.post.models import RETURNED, OutgoingMail
from invites.post.series import REACHED

SERIES = "invitation"
# While the older mail is being handed over: it must not arrive after the newer one.
SOON = Postponed(dt.timedelta(seconds=15))
State = OutgoingMail.State
OUT_OF_USE = (State.CANCELLED, State.SUPERSEDED, State.FAILED)
Write = Callable[[Event, Invitation, "Context"], Paper]


@dataclass(frozen=True)
class Context:
    """What a notice says beside the event: the organiser's message, and the revision that its reader knows."""

    said: wording.Wording
    message: str = ""
    since: int | None = None
    asks_again: bool = False


@dataclass(frozen=True)
class Earlier:
    """The other mails of the series about one invitation."""

    calling: bool = False
    reached: bool = False
    knows: int | None = None
    said_anew: bool = False


def compose_updates(mails: Sequence[OutgoingMail]) -> dict[int, Composed]:
    """Letters by the mail's id. Withheld: off, begun, withdrawn, or said again in a newer mail."""
    return _compose(mails, MailKind.UPDATE, _why_no_update, update_paper)


def compose_cancellations(mails: Sequence[OutgoingMail]) -> dict[int, Composed]:
    """Letters by the mail's id. Withheld: never invited after all, begun, or neither event nor invitation is off."""
    return _compose(mails, MailKind.CANCELLATION, _why_no_cancellation, cancellation_paper)


def preview(event: Event, invitation: Invitation, telling: Telling, *, since: int | None) -> Letter:
    """The notice that `invitation` would get, to the letter, with links that lead nowhere. Nothing is stored."""
    shown = notices.dead_link(invitation)
    shown.reply = "" if telling.asks_again else invitation.reply
    cancelled = event.state == Event.State.CANCELLED
    kind = MailKind.CANCELLATION if cancelled else MailKind.UPDATE
    said = wording.words_for(event.tenant, kind, shown.language)
    context = Context(said, telling.message, since, telling.asks_again)
    write = cancellation_paper if cancelled else update_paper
    return write(event, shown, context).letter(shown, to=invitation.contact.email, delivery_id=uuid.uuid4())


def update_paper(event: Event, invitation: Invitation, context: Context) -> Paper:
    """What those get who read the same language, know the same revision and may see the same of the place."""
    audience = audience_of(invitation)
    with translation.override(invitation.language):
        shown = seen(event, audience)
        news: list[Change] = []
        if context.since is not None:
            news = changes(event, since=context.since, audience=audience)
        lines = "\n".join(each.in_words() for each in news)
        told = notices.facts(event, shown, context.said, more={"change": lines})
        told |= {
            "message": context.message,
            "changes": () if "change" in context.said.placeholders else news,
            "asks": not invitation.reply and not event.answers_closed,
            "asks_again": context.asks_again,
            "reply": invitation.get_reply_display(),
            "can_answer": not event.answers_closed,
        }
        return notices.paper(event, "update", told, imip.request(shown, changed_at=event.changed_at))


def cancellation_paper(event: Event, invitation: Invitation, context: Context) -> Paper:
    """The same for the end: of the meeting, or of one invitation to it (then `withdrawn` is true)."""
    withdrawn = event.state != Event.State.CANCELLED
    with translation.override(invitation.language):
        shown = seen(event, audience_of(invitation))
        said = withdrawal_words() if withdrawn else context.said
        told: dict[str, Any] = notices.facts(event, shown, said, more={"reason": context.message})
        told |= {
            "message": "" if "reason" in said.placeholders else context.message,
            "withdrawn": withdrawn,
        }
        title = _("Invitation withdrawn: %(title)s") % {"title": shown.title} if withdrawn else ""
        at = invitation.revoked_at or event.cancelled_at or event.changed_at
        part = imip.cancellation(shown, stamped_at=max(at, event.changed_at), title=title)
        return notices.paper(event, "cancellation", told, part)


def withdrawal_words() -> wording.Wording:
    return wording.Wording(
        _("Invitation withdrawn: {title}, {day}"),
        _("Hello {name},\n\n{sender} takes back its invitation to you to this meeting:"),
    )


def _compose(
    mails: Sequence[OutgoingMail],
    kind: MailKind,
    why_not: Callable[[Case, Earlier], Withheld | Postponed | None],
    write: Write,
) -> dict[int, Composed]:
    found = notices.cases(mails)
    own = wording.words_of({case.event.tenant_id for case in found.values()}, kind)
    tellings, before = _tellings(list(found.values())), _earlier(mails)
    papers: dict[tuple[Any, ...], Paper] = {}
    composed: dict[int, Composed] = {}
    for mail in mails:
        case = found.get(mail.pk)
        if case is None:
            composed[mail.pk] = GONE
            continue
        earlier = before.get(mail.pk, Earlier())
        if reason := why_not(case, earlier):
            composed[mail.pk] = reason
            continue
        context = _context(
            case, tellings, notices.said_by(own, kind, case.event, case.invitation.language), earlier
        )
        key = _key(case, context)
        if key not in papers:
            papers[key] = _written(case, context, write)
        composed[mail.pk] = papers[key].letter(
            case.invitation, to=mail.to_address, delivery_id=mail.delivery_id
        )
    return composed


def _written(case: Case, context: Context, write: Write) -> Paper:
    """Raises Refused for words that tell the place to somebody who may not know it: they may be new since."""
    if not place_is_open(case.event, audience_of(case.invitation)):
        said = {case.invitation.language: context.said}
        checks.refuse_if(checks.of_notice(case.event, said, context.message))
    return write(case.event, case.invitation, context)


def _key(case: Case, context: Context) -> tuple[Any, ...]:
    """Letters with equal keys differ only in the recipient's own name and links."""
    row = case.invitation
    audience = audience_of(row)
    return (
        case.event.pk,
        row.language,
        row.reply,
        audience,
        row.revoked_at,
        case.mail.revision,
        context.since,
    )


def _context(
    case: Case,
    tellings: Mapping[tuple[int, int], Telling],
    said: wording.Wording,
    earlier: Earlier,
) -> Context:
    telling = tellings.get((case.event.pk, case.mail.revision))
    if telling is None or case.invitation.revoked_at:
        return Context(said, since=earlier.knows)
    return Context(said, telling.message, earlier.knows, telling.asks_again)


def _tellings(found: Sequence[Case]) -> dict[tuple[int, int], Telling]:
    rows = Telling.objects.across_tenants(WHY).filter(event__in={case.event.pk for case in found})
    return {(row.event_id, row.sequence): row for row in rows}


def _earlier(mails: Sequence[OutgoingMail]) -> dict[int, Earlier]:
    """By the mail's id: what became of the other mails of its series. One query."""
    others: dict[int, list[tuple[int, str, bool]]] = defaultdict(list)
    rows = OutgoingMail.objects.across_tenants(WHY).filter(
        kind__in=(*SAYING_WHEN, "cancellation"), subject_id__in=[mail.subject_id for mail in mails]
    )
    for subject, revision, state, delivery in rows.order_by().values_list(
        "subject_id", "revision", "state", "delivery"
    ):
        if state not in OUT_OF_USE:
            others[subject].append((revision, state, delivery not in RETURNED))
    return {mail.pk: _sum_up(mail, others[mail.subject_id]) for mail in mails}


def _sum_up(mail: OutgoingMail, others: list[tuple[int, str, bool]]) -> Earlier:
    """The mail itself is claimed, so it is none of those that reached somebody."""
    got = [(revision, state) for revision, state, arrived in others if state in REACHED and arrived]
    known = [revision for revision, _state in got if revision < mail.revision]
    return Earlier(
        calling=any(state == State.CALLING for _revision, state in got),
        reached=any(state != State.CALLING for _revision, state in got),
        knows=max(known, default=None),
        said_anew=any(revision > mail.revision for revision, _state, _arrived in others),
    )


def _why_no_update(case: Case, earlier: Earlier) -> Withheld | Postponed | None:
    if reason := notices.off(case):
        return reason
    if earlier.said_anew:
        return Withheld(State.SUPERSEDED, "a newer mail says it")
    return SOON if earlier.calling else None


def _why_no_cancellation(case: Case, earlier: Earlier) -> Withheld | Postponed | None:
    if case.event.has_begun:
        return Withheld(OFF, "the event has begun")
    if case.event.state != Event.State.CANCELLED and not case.invitation.revoked_at:
        return Withheld(OFF, "neither the event nor the invitation is off")
    if earlier.calling:
        return SOON
    return None if earlier.reached else Withheld(OFF, "the invitation never went out")


def _change_names(mails: Sequence[OutgoingMail]) -> dict[int, str]:
    return notices.names(mails, _("Change: %(title)s"))


def _cancellation_names(mails: Sequence[OutgoingMail]) -> dict[int, str]:
    return notices.names(mails, _("Cancellation: %(title)s"))


register("update", compose_updates, namer=_change_names, series=SERIES)
register("cancellation", compose_cancellations, namer=_cancellation_names, series=SERIES)
