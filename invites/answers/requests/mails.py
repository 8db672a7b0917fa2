"""Mails about requests and stand-ins, each in its reader's language, with no word of other guests.

Subject = the request: "request_received", "request_refused", "substitute_named" (receipt for sending somebody else).
Subject = the stand-in's invitation: "stand_in" (the invitation itself, of the invitation's series) and
"substitute_lost" (the invitee learns that the substitute cannot come).
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from events.gatherings.models import Event
from events.gatherings.visibility import Audience, SeenEvent, line, prefetch_for_seen, seen
from invites.answers.requests import words as asked_words
from invites.answers.requests.models import AnswerRequest
from invites.invitations import imip, notices, words
from invites.invitations.models import Invitation, Reply
from invites.invitations.notices import GONE, OFF, WHY, Case
from invites.post import recipients, subjects
from invites.post.letters import Address, Letter, Withheld, deadlines, register

if TYPE_CHECKING:
    from invites.post.models import OutgoingMail

Composed = dict[int, Letter | Withheld]
State = AnswerRequest.State


@dataclass(frozen=True)
class Told:
    """What one of these mails says, in the active language. `button` leads to the reader's own page."""

    subject: str
    heading: str
    paragraphs: Sequence[str]
    button: str
    audience: Audience = Audience.INVITED
    calendar_at: dt.datetime | None = None  # with a calendar part, stamped then


def compose_stand_ins(mails: "Sequence[OutgoingMail]") -> Composed:
    """The invitation of a stand-in, its calendar request already accepted. Withheld once it is not true any more."""
    found = notices.cases(mails)
    letters: Composed = dict.fromkeys((mail.pk for mail in mails), GONE)
    by_whom = _invitees(case.invitation.stands_in_for_id for case in found.values())
    for pk, case in found.items():
        invitee = by_whom.get(case.invitation.stands_in_for_id or 0)
        withheld = notices.off(case) or (None if invitee else GONE)
        if case.invitation.reply == Reply.DECLINED:
            withheld = Withheld(OFF, "cannot come")
        if withheld or invitee is None:
            letters[pk] = withheld or GONE
            continue
        with translation.override(case.invitation.language):
            letters[pk] = _stand_in(case, invitee)
    return letters


def compose_requests(mails: "Sequence[OutgoingMail]") -> Composed:
    """Received, refused, or the receipt that names the substitute. Withheld when decided or off meanwhile."""
    requests = AnswerRequest.objects.across_tenants(WHY).select_related("invitation__contact")
    found = requests.in_bulk([mail.subject_id for mail in mails])
    _with_events([request.invitation for request in found.values()])
    letters: Composed = {}
    for mail in mails:
        request = found.get(mail.subject_id)
        if request is None or request.tenant_id != mail.tenant_id:
            letters[mail.pk] = GONE
            continue
        case = Case(mail, request.invitation, request.invitation.event)
        if withheld := notices.off(case) or _decided(mail.kind, request):
            letters[mail.pk] = withheld
            continue
        with translation.override(request.invitation.language):
            letters[mail.pk] = _letter(case, TOLD[mail.kind](request))
    return letters


def compose_lost(mails: "Sequence[OutgoingMail]") -> Composed:
    """The substitute cannot come: said to the invitee who named them, unless it has changed again."""
    rows = Invitation.objects.across_tenants(WHY).select_related("contact", "stands_in_for__contact")
    found = rows.in_bulk([mail.subject_id for mail in mails])
    _with_events([row.stands_in_for for row in found.values() if row.stands_in_for])
    letters: Composed = {}
    for mail in mails:
        row = found.get(mail.subject_id)
        if row is None or row.stands_in_for is None or row.tenant_id != mail.tenant_id:
            letters[mail.pk] = GONE
            continue
        case = Case(mail, row.stands_in_for, row.stands_in_for.event)
        changed = None if row.reply == Reply.DECLINED else Withheld(OFF, "comes after all")
        if withheld := notices.off(case) or changed:
            letters[mail.pk] = withheld
            continue
        with translation.override(row.stands_in_for.language):
            letters[mail.pk] = _letter(case, _lost(row))
    return letters


def _decided(kind: str, request: AnswerRequest) -> Withheld | None:
    wanted = {
        "request_received": State.PENDING,
        "request_refused": State.REFUSED,
        "substitute_named": State.GRANTED,
    }
    return None if request.state == wanted[kind] else Withheld(OFF, "decided meanwhile")


def _received(request: AnswerRequest) -> Told:
    return Told(
        subject=_("We have your request – %(title)s") % {"title": request.invitation.event.title},
        heading=_("The organiser has your request"),
        paragraphs=[asked_words.what(request), _("The organiser decides, and you get a mail about it.")],
        button=_("See or take back your request"),
    )


def _refused(request: AnswerRequest) -> Told:
    because = [_("The organiser writes: %(reason)s") % {"reason": request.reason}] if request.reason else []
    stands = _("What you answered before stands as it was.")
    return Told(
        subject=_("The organiser cannot do what you asked – %(title)s")
        % {"title": request.invitation.event.title},
        heading=_("The organiser cannot do what you asked"),
        paragraphs=[asked_words.what(request), *because, stands],
        button=_("See your answer"),
    )


def _named(request: AnswerRequest) -> Told:
    name = {"name": request.name}
    return Told(
        subject=_("%(name)s comes instead of you – %(title)s")
        % (name | {"title": request.invitation.event.title}),
        heading=_("%(name)s comes instead of you") % name,
        paragraphs=[
            _("%(name)s has got an invitation of their own, and can say no.") % name,
            _("You are noted as not coming. If you want to come after all, ask the organiser."),
        ],
        button=_("See your answer"),
        calendar_at=request.decided_at,
    )


def _lost(row: Invitation) -> Told:
    name = {"name": row.contact.name}
    return Told(
        subject=_("%(name)s cannot come instead of you – %(title)s")
        % (name | {"title": row.stands_in_for.event.title if row.stands_in_for else ""}),
        heading=_("%(name)s cannot come instead of you") % name,
        paragraphs=[_("You can answer again yourself, or name somebody else, on your page.")],
        button=_("Answer or name somebody else"),
    )


def _stand_in(case: Case, invitee: Invitation) -> Letter:
    """As an invitation: everything that a yes opens, who named the reader, and how to say no."""
    audience, tenant = notices.audience_of(case.invitation), case.event.tenant
    organisation = invitee.contact.organisation
    by = line(invitee.contact.name)
    if organisation:
        by = _("%(name)s, %(organisation)s") % {"name": by, "organisation": line(organisation.name)}
    told = Told(
        subject=_("You are named to come: %(title)s") % {"title": case.event.title},
        heading=_("%(by)s has named you to come instead to") % {"by": by},
        paragraphs=[
            _(
                "You are noted as coming, and your calendar can take the meeting in. If you cannot come, say no."
            )
        ],
        button=_("See the invitation"),
        audience=audience,
        calendar_at=case.event.changed_at,
    )
    why = _(
        "%(by)s gave %(sender)s your name and this address, so that you can come instead. "
        "They are used for this meeting."
    )
    more = {"programme": words.programme, "no": True, "why": why % {"by": by, "sender": line(tenant.name)}}
    return _letter(case, told, **more)


def _letter(case: Case, told: Told, **more: Any) -> Letter:
    invitation, event = case.invitation, case.event
    tenant, shown = event.tenant, seen(event, told.audience)
    name = line(invitation.contact.name)
    programme = more.pop("programme", None)
    facts: dict[str, Any] = {
        "told": told,
        "subject": told.subject,
        "name": name,
        "seen": shown,
        "when": words.when(shown, reader_zone=tenant.time_zone),
        "link": f"{settings.BASE_URL}/rsvp/{invitation.token}/",
        "sender": line(tenant.name),
        "contact_name": shown.contact_name or line(tenant.name),
        "contact_email": shown.contact_email or tenant.contact_email,
        "contact_phone": shown.contact_phone or line(tenant.contact_phone),
        "programme": programme(shown) if programme else (),
        **more,
    }
    reply = Address(f"svar-{invitation.reply_token}@{settings.REPLY_DOMAIN}", line(tenant.name))
    part = _calendar(case, told, shown, reply, name)
    return Letter(
        to=Address(case.mail.to_address, name),
        sender=reply,
        reply_to=reply,
        subject=line(told.subject),
        text=render_to_string("emails/request.txt", facts),
        html=render_to_string("emails/request.html", facts),
        delivery_id=case.mail.delivery_id,
        language=invitation.language,
        calendar=part,
        method="REQUEST" if part else "",
        **deadlines(event.starts_at),
    )


def _calendar(case: Case, told: Told, shown: SeenEvent, reply: Address, name: str) -> bytes:
    """The event as the reader may see it now, with the reader's own answer: a place that is not theirs goes away."""
    if told.calendar_at is None or case.event.starts_at is None:
        return b""
    request = imip.request(shown, changed_at=told.calendar_at)
    return request.to(
        organizer=(reply.name, reply.email),
        attendee=(name, case.mail.to_address),
        role=request.standing(case.invitation.reply),
    )


def _invitees(ids: Iterable[int | None]) -> dict[int, Invitation]:
    rows = Invitation.objects.across_tenants(WHY).select_related("contact__organisation")
    return rows.in_bulk([pk for pk in ids if pk])


def _with_events(invitations: Sequence[Invitation]) -> None:
    """Each event once, with its programme and tenant."""
    events = Event.objects.across_tenants(WHY).select_related("tenant")
    wanted = {invitation.event_id for invitation in invitations}
    known = prefetch_for_seen(events.filter(pk__in=wanted)).in_bulk()
    for invitation in invitations:
        invitation.event = known[invitation.event_id]


TOLD = {"request_received": _received, "request_refused": _refused, "substitute_named": _named}


# --- What staff see of these mails ----------------------------------------------------------------------------------
def _names_of_requests(mails: "Sequence[OutgoingMail]") -> dict[int, str]:
    labels = {
        "request_received": _("Request received: %(title)s"),
        "request_refused": _("Request refused: %(title)s"),
        "substitute_named": _("Receipt for sending somebody else: %(title)s"),
    }
    rows = AnswerRequest.objects.across_tenants(WHY).filter(pk__in=[mail.subject_id for mail in mails])
    titles = dict(rows.order_by().values_list("pk", "invitation__event__title"))
    return {mail.pk: labels[mail.kind] % {"title": titles.get(mail.subject_id, "–")} for mail in mails}


def _names_of_stand_ins(mails: "Sequence[OutgoingMail]") -> dict[int, str]:
    return notices.names(mails, _("Invitation of a substitute: %(title)s"))


def _names_of_lost(mails: "Sequence[OutgoingMail]") -> dict[int, str]:
    return notices.names(mails, _("The substitute cannot come: %(title)s"))


def _of(model: Any, fact: str) -> Any:
    def find(mails: "Sequence[OutgoingMail]") -> dict[int, Any]:
        rows = model.objects.across_tenants(WHY).filter(pk__in=[mail.subject_id for mail in mails])
        known = {
            (pk, tenant): value for pk, tenant, value in rows.order_by().values_list("pk", "tenant_id", fact)
        }
        keys = {mail.pk: (mail.subject_id, mail.tenant_id) for mail in mails}
        return {pk: known[key] for pk, key in keys.items() if known.get(key) is not None}

    return find


register("stand_in", compose_stand_ins, namer=_names_of_stand_ins, series="invitation")
register("substitute_lost", compose_lost, namer=_names_of_lost)
recipients.register(
    "substitute_lost",
    _of(Invitation, "stands_in_for__contact_id"),
    _of(Invitation, "stands_in_for__contact__email"),
)
subjects.register("substitute_lost", Invitation, event="event", contact="stands_in_for__contact")
for kind in TOLD:
    register(kind, compose_requests, namer=_names_of_requests)
    subjects.register(kind, AnswerRequest, event="invitation__event", contact="invitation__contact")
    recipients.register(
        kind, _of(AnswerRequest, "invitation__contact_id"), _of(AnswerRequest, "invitation__contact__email")
    )
