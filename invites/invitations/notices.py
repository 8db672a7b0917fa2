"""What all mails to invitees have in common: a mail with all that it is about, and a paper that is filled for each.

The invitation itself, and what is said about it later: that the meeting moved or is off, that an answer is missing,
that the day is near. Their words are the tenant's own where it has some (wording.py).
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils import timezone

from events.gatherings.models import Event
from events.gatherings.visibility import Audience, SeenEvent, is_host, line, prefetch_for_seen, seen
from invites.invitations import imip, promises, wording, words
from invites.invitations.models import Invitation, Reply
from invites.invitations.personal import in_html, personal
from invites.invitations.sheets import Sheet, gap, sheet
from invites.post.letters import Address, Attachment, Deadlines, Letter, Withheld, deadlines
from invites.post.models import OutgoingMail

if TYPE_CHECKING:
    from django.db.models import QuerySet

WHY = "the outbox composes for all tenants"
OFF = OutgoingMail.State.CANCELLED


@dataclass(frozen=True)
class Case:
    """A mail with the invitation and the event it is about."""

    mail: OutgoingMail
    invitation: Invitation
    event: Event


@dataclass(frozen=True)
class Paper:
    """All that is the same for every recipient who reads the same language. Without `calendar` it is a plain mail."""

    sender: str
    subject: str
    text: Sheet
    html: Sheet
    deadlines: Deadlines
    calendar: imip.Request | None = None
    attachments: tuple[Attachment, ...] = ()

    def letter(self, invitation: Invitation, *, to: str, delivery_id: uuid.UUID) -> Letter:
        own = personal(invitation)
        reply = Address(f"svar-{invitation.reply_token}@{settings.REPLY_DOMAIN}", self.sender)
        part = b""
        if self.calendar:
            part = self.calendar.to(
                organizer=(reply.name, reply.email),
                attendee=(own["name"], to),
                role=self.calendar.standing(invitation.reply),
            )
        return Letter(
            to=Address(to, own["name"]),
            sender=reply,
            reply_to=reply,
            subject=self.subject,
            text=self.text.filled(own),
            html=self.html.filled(in_html(own)),
            delivery_id=delivery_id,
            language=invitation.language,
            calendar=part,
            method=self.calendar.method if self.calendar else "",
            attachments=self.attachments,
            **self.deadlines,
        )


def cases(mails: Sequence[OutgoingMail]) -> dict[int, Case]:
    """By the mail's id, in five queries; a mail whose invitation is gone, or is another tenant's, is not there."""
    wanted = {mail.subject_id: mail.tenant_id for mail in mails}
    rows = Invitation.objects.across_tenants(WHY).select_related("contact__organisation")
    invitations = {
        row.pk: row for row in rows.filter(pk__in=list(wanted)).order_by() if row.tenant_id == wanted[row.pk]
    }
    events = _events({row.event_id for row in invitations.values()})
    return {
        mail.pk: Case(mail, row, events[row.event_id])
        for mail in mails
        if (row := invitations.get(mail.subject_id))
    }


def off(case: Case) -> Withheld | None:
    """Why nothing is said any more to somebody invited to a meeting that takes place; None while there is no reason."""
    if case.event.state != Event.State.PUBLISHED:
        return Withheld(OFF, "the event is not on")
    if case.event.has_begun:
        return Withheld(OFF, "the event has begun")
    return withdrawn(case)


def withdrawn(case: Case) -> Withheld | None:
    ends = case.invitation.expires_at
    if case.invitation.revoked_at or (ends and ends <= timezone.now()):
        return Withheld(OFF, "the invitation was withdrawn")
    return None


GONE = Withheld(OFF, "the invitation is gone")


def audience_of(invitation: Invitation) -> Audience:
    """What the current answer opens (rule 5). Whoever is not invited any more learns nothing new by a yes of before.

    Who comes from one of the event's hosts is a co-host. Before the yes a host's invitee sees no more than any other:
    the link alone, forwarded by mistake, opens nothing (ADR 24). Needs `invitation.contact`.
    """
    if invitation.reply != Reply.ACCEPTED or invitation.revoked_at:
        return Audience.INVITED
    is_co_host = is_host(invitation.event, invitation.contact.organisation_id)
    return Audience.CO_HOST if is_co_host else Audience.ACCEPTED


def said_by(
    own: Mapping[tuple[int, str], wording.Wording], kind: str, event: Event, language: str
) -> wording.Wording:
    """The tenant's own words out of `wording.words_of`, or the built-in ones."""
    return own.get((event.tenant_id, language)) or wording.built_in(kind, language)


def facts(
    event: Event, shown: SeenEvent, said: wording.Wording, *, more: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """What the templates of these mails need, in the active language. `more` fills placeholders of one kind alone."""
    tenant, everything = event.tenant, seen(event, Audience.ORGANISER)
    given = wording.values(tenant, shown)
    opening = said.opening({**given, **wording.gaps(), **(more or {})})
    return {
        "subject": opening.subject,
        "opening": opening,
        "note": "",
        "link": gap("link"),
        "party": gap("party"),
        "seen": shown,
        "sender": given["sender"],
        "when": given["when"],
        "answer_by": words.answer_by(shown),
        "more_place": everything.place != shown.place,
        "more_online": everything.online_url != shown.online_url,
        "place_opens": words.place_opens(shown),
        "promise": promises.in_mail(event),
        "contact_name": given["contact"],
        "contact_email": shown.contact_email or tenant.contact_email,
        "contact_phone": shown.contact_phone or line(tenant.contact_phone),
    }


def paper(
    event: Event,
    kind: str,
    told: dict[str, Any],
    calendar: imip.Request | None = None,
    *,
    attachments: tuple[Attachment, ...] = (),
) -> Paper:
    """The templates `emails/<kind>.txt` and `.html` filled with `told`, in the active language."""
    return Paper(
        sender=line(event.tenant.name),
        subject=str(told["subject"]),
        text=sheet(f"emails/{kind}.txt", told),
        html=sheet(f"emails/{kind}.html", told),
        deadlines=deadlines(event.starts_at),
        calendar=calendar,
        attachments=attachments,
    )


def dead_link(invitation: Invitation) -> Invitation:
    """A copy for previews, never to be saved, whose links lead nowhere."""
    shown = Invitation(
        tenant_id=invitation.tenant_id,
        event=invitation.event,
        contact=invitation.contact,
        language=invitation.language,
        reply=invitation.reply,
        for_organisation=invitation.for_organisation,
        quota=invitation.quota,
    )
    shown.seal()
    return shown


def names(mails: Sequence[OutgoingMail], label: str) -> dict[int, str]:
    """`label` ("Change: %(title)s", translated) filled with the titles, by the mail's id, for lists that staff read."""
    titles = dict(
        Invitation.objects.across_tenants(WHY)
        .filter(pk__in=[mail.subject_id for mail in mails])
        .order_by()
        .values_list("pk", "event__title")
    )
    return {mail.pk: label % {"title": titles.get(mail.subject_id, "–")} for mail in mails}


def _events(ids: set[int]) -> dict[int, Event]:
    rows: QuerySet[Event] = Event.objects.across_tenants(WHY).select_related("tenant").filter(pk__in=ids)
    return {event.pk: event for event in prefetch_for_seen(rows)}
