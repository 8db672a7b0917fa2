"""The offer of a seat to somebody on the waiting list. Kind "seat_offer", subject = the offer."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from events.gatherings.models import Event
from events.gatherings.visibility import prefetch_for_seen, seen
from invites.answers.seats.models import OfferOutcome, SeatOffer
from invites.invitations import words
from invites.invitations.notices import audience_of
from invites.post import recipients, subjects
from invites.post.letters import Address, Letter, Withheld, deadlines, register

if TYPE_CHECKING:
    from invites.post.models import OutgoingMail

WHY = "the outbox composes for all tenants"


def compose_offers(mails: "Sequence[OutgoingMail]") -> dict[int, Letter | Withheld]:
    """Letters by the mail's id, in four queries. Withheld: answered or passed on meanwhile, a meeting that is off."""
    offers = SeatOffer.objects.across_tenants(WHY).select_related("invitation__contact")
    by_id = offers.in_bulk([mail.subject_id for mail in mails])
    events = Event.objects.across_tenants(WHY).select_related("tenant")
    wanted = {offer.event_id for offer in by_id.values()}
    known = prefetch_for_seen(events.filter(pk__in=wanted)).in_bulk()
    for offer in by_id.values():
        offer.invitation.event = known[offer.event_id]
    return {mail.pk: _compose(mail, by_id.get(mail.subject_id)) for mail in mails}


def _compose(mail: "OutgoingMail", offer: SeatOffer | None) -> Letter | Withheld:
    if offer is None or offer.tenant_id != mail.tenant_id:
        return Withheld("cancelled", "the offer is gone")
    invitation = offer.invitation
    event, until = invitation.event, offer.until
    if offer.outcome != OfferOutcome.OPEN or until is None or until <= timezone.now():
        return Withheld("superseded", "the offer is settled")
    if invitation.revoked_at or event.state != Event.State.PUBLISHED or event.is_locked:
        return Withheld("cancelled", "the event or the invitation is off")
    try:
        link = settings.BASE_URL + reverse("rsvp", args=[invitation.token])
    except LookupError:
        return Withheld("cancelled", "the link was made with a key that is gone")
    with translation.override(invitation.language):
        return _letter(mail, offer, link, words.moment(event.local(until)))


def _letter(mail: "OutgoingMail", offer: SeatOffer, link: str, until: str) -> Letter:
    invitation = offer.invitation
    event, tenant = invitation.event, invitation.event.tenant
    shown = seen(event, audience_of(invitation))
    facts: dict[str, Any] = {
        "contact": invitation.contact,
        "seats": invitation.party,
        "seen": shown,
        "when": words.when(shown, reader_zone=tenant.time_zone),
        "until": until,
        "tenant": tenant,
        "questions_to": event.contact_email or tenant.contact_email,
        "questions_phone": event.contact_phone or tenant.contact_phone,
        "link": link,
        "subject": _("A seat is free for you: %(title)s") % {"title": event.title},
    }
    reply_address = f"svar-{invitation.reply_token}@{settings.REPLY_DOMAIN}"
    return Letter(
        to=Address(mail.to_address, invitation.contact.name),
        sender=Address(reply_address, tenant.name),
        reply_to=Address(reply_address, tenant.name),
        subject=facts["subject"],
        text=render_to_string("emails/seat_offer.txt", facts),
        html=render_to_string("emails/seat_offer.html", facts),
        delivery_id=mail.delivery_id,
        language=invitation.language,
        **deadlines(event.starts_at),
    )


def _of_offers(mails: "Sequence[OutgoingMail]", fact: str) -> dict[int, Any]:
    offers = SeatOffer.objects.across_tenants(WHY).filter(pk__in=[mail.subject_id for mail in mails])
    known = {
        (pk, tenant): value for pk, tenant, value in offers.order_by().values_list("pk", "tenant_id", fact)
    }
    keys = {mail.pk: (mail.subject_id, mail.tenant_id) for mail in mails}
    return {pk: known[key] for pk, key in keys.items() if key in known}


def _names(mails: "Sequence[OutgoingMail]") -> dict[int, str]:
    titles = _of_offers(mails, "event__title")
    return {pk: _("Offer of a seat: %(title)s") % {"title": title} for pk, title in titles.items()}


def _contacts(mails: "Sequence[OutgoingMail]") -> dict[int, int]:
    return _of_offers(mails, "invitation__contact_id")


def _addresses(mails: "Sequence[OutgoingMail]") -> dict[int, str]:
    return _of_offers(mails, "invitation__contact__email")


register("seat_offer", compose_offers, namer=_names)
subjects.register("seat_offer", SeatOffer, event="event", contact="invitation__contact")
recipients.register("seat_offer", _contacts, _addresses)
