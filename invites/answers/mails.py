"""The receipt for an answer, in the invitee's language. Kind "receipt", subject = the answer.

It brings the answer and what it opens into the invitee's calendar: a yes the place, as far as it is open; taking back
a yes takes address, room and link out again. UID and SEQUENCE stay (rule 8), DTSTAMP is the moment of the answer, so a
calendar takes over the latest. It asks for no reply, so that a calendar that answers by itself begins no loop.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import prefetch_related_objects
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from events.gatherings.models import Event
from events.gatherings.visibility import Audience, SeenEvent, line, prefetch_for_seen, seen
from invites.answers.models import Answer
from invites.answers.people import names_people
from invites.invitations import imip, words
from invites.invitations.notices import audience_of
from invites.post import recipients, subjects
from invites.post.letters import Address, Letter, Withheld, deadlines, register

if TYPE_CHECKING:
    from invites.post.models import OutgoingMail


WHY = "the outbox composes for all tenants"


def compose_receipts(mails: "Sequence[OutgoingMail]") -> dict[int, Letter | Withheld]:
    """Letters by the mail's id, in five queries, six where organisations name their people.

    Withheld: an answer that is no longer the latest, a cancelled event, a dead link.
    """
    answers = Answer.objects.across_tenants(WHY).select_related("invitation__contact")
    by_id = answers.in_bulk([mail.subject_id for mail in mails])
    events = Event.objects.across_tenants(WHY).select_related("tenant")
    wanted = {given.invitation.event_id for given in by_id.values()}
    known = prefetch_for_seen(events.filter(pk__in=wanted)).in_bulk()
    asked = (given.invitation for given in by_id.values())
    prefetch_related_objects([one for one in asked if names_people(one)], "representatives")
    for given in by_id.values():  # one event for all its receipts, so that its programme is read once
        given.invitation.event = known[given.invitation.event_id]
    return {mail.pk: _compose(mail, by_id.get(mail.subject_id)) for mail in mails}


def _compose(mail: "OutgoingMail", given: Answer | None) -> Letter | Withheld:
    if given is None:
        return Withheld("cancelled", "the answer is gone")
    invitation = given.invitation
    if invitation.revoked_at or invitation.event.state == Event.State.CANCELLED:
        return Withheld("cancelled", "the event or the invitation is off")
    if invitation.replied_at != given.answered_at:
        return Withheld("superseded", "a later answer stands")
    try:
        link = settings.BASE_URL + reverse("rsvp", args=[invitation.token])
    except LookupError:
        return Withheld("cancelled", "the link was made with a key that is gone")
    with translation.override(invitation.language):
        return _letter(mail, given, link)


def _letter(mail: "OutgoingMail", given: Answer, link: str) -> Letter:
    invitation = given.invitation
    event, tenant = invitation.event, invitation.event.tenant
    audience = audience_of(invitation)
    shown = seen(event, audience)
    facts: dict[str, Any] = {
        "answer": given,
        "contact": invitation.contact,
        "coming": audience >= Audience.ACCEPTED,
        "named": list(invitation.representatives.all()) if names_people(invitation) else [],
        "seen": shown,
        "place_opens": words.place_opens(shown) if audience == Audience.ACCEPTED else "",
        "when": words.when(shown, reader_zone=tenant.time_zone),
        "tenant": tenant,
        "questions_to": event.contact_email or tenant.contact_email,
        "questions_phone": event.contact_phone or tenant.contact_phone,
        "answer_by": words.answer_by(shown),
        "link": link,
        "subject": _("Your answer: %(answer)s – %(title)s")
        % {"answer": given.get_reply_display(), "title": event.title},
    }
    reply_address = f"svar-{invitation.reply_token}@{settings.REPLY_DOMAIN}"
    part = _calendar(given, shown, organizer=(tenant.name, reply_address), to=mail.to_address)
    return Letter(
        to=Address(mail.to_address, invitation.contact.name),
        sender=Address(reply_address, tenant.name),
        reply_to=Address(reply_address, tenant.name),
        subject=facts["subject"],
        text=render_to_string("emails/receipt.txt", facts),
        html=render_to_string("emails/receipt.html", facts),
        delivery_id=mail.delivery_id,
        language=invitation.language,
        calendar=part,
        method="REQUEST" if part else "",
        **deadlines(event.starts_at),
    )


def _calendar(given: Answer, shown: SeenEvent, *, organizer: tuple[str, str], to: str) -> bytes:
    """The REQUEST with the answer in it; empty for an event without a time, which no calendar can hold."""
    if shown.starts_at is None:
        return b""
    invitation = given.invitation
    request = imip.request(shown, changed_at=max(given.answered_at, invitation.event.changed_at))
    attendee = (line(invitation.contact.name), to)
    return request.to(organizer=organizer, attendee=attendee, role=imip.settled(given.reply))


def _names(mails: "Sequence[OutgoingMail]") -> dict[int, str]:
    answers = Answer.objects.across_tenants(WHY).select_related("invitation__event")
    by_id = answers.in_bulk([mail.subject_id for mail in mails])
    return {
        mail.pk: _("Receipt for an answer: %(title)s")
        % {"title": by_id[mail.subject_id].invitation.event.title}
        for mail in mails
        if mail.subject_id in by_id
    }


def _contacts(mails: "Sequence[OutgoingMail]") -> dict[int, int]:
    return _of_contacts(mails, "invitation__contact_id")


def _addresses(mails: "Sequence[OutgoingMail]") -> dict[int, str]:
    return _of_contacts(mails, "invitation__contact__email")


def _of_contacts(mails: "Sequence[OutgoingMail]", fact: str) -> dict[int, Any]:
    answers = Answer.objects.across_tenants(WHY).filter(pk__in=[mail.subject_id for mail in mails])
    rows = answers.order_by().values_list("pk", "tenant_id", fact)
    known = {(pk, tenant): value for pk, tenant, value in rows}
    keys = {mail.pk: (mail.subject_id, mail.tenant_id) for mail in mails}
    return {pk: known[key] for pk, key in keys.items() if key in known}


register("receipt", compose_receipts, namer=_names)
recipients.register("receipt", _contacts, _addresses)
subjects.register("receipt", Answer, event="invitation__event", contact="invitation__contact")
