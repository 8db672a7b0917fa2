"""What is sent back to somebody whose answer could not count: the time is new, or all seats are taken.

Subject = the invitation. Kind "answer_again" has the event's sequence as its revision, so once for each; kind
"seats_taken" the message that came in. No calendar part, or a calendar that answers by itself would answer for ever.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from events.gatherings.visibility import seen
from events.tenancy.models import Tenant
from invites.invitations import notices, words
from invites.invitations.mails import addresses, contacts
from invites.invitations.models import Invitation
from invites.invitations.notices import GONE, OFF, Case
from invites.post import outbox, recipients
from invites.post import subjects as about
from invites.post.letters import Address, Letter, Withheld, deadlines, register
from invites.post.models import OutgoingMail

ANSWER_AGAIN, SEATS_TAKEN = "answer_again", "seats_taken"


def ask_again(invitation: Invitation) -> int:
    """Asks the invitee for an answer to the new time, once for each; 0 when they have no address or were asked."""
    return _queue(ANSWER_AGAIN, invitation, revision=invitation.event.sequence)


def tell_full(invitation: Invitation, *, message: int) -> int:
    """Tells the invitee that all seats are taken; once for each message (its row's id) that said yes."""
    return _queue(SEATS_TAKEN, invitation, revision=message)


def _queue(kind: str, invitation: Invitation, *, revision: int) -> int:
    to, tenant = invitation.contact.email, invitation.tenant
    items = [(invitation.pk, to)] if to else []
    return outbox.enqueue(kind, tenant=tenant, items=items, revision=revision)


def compose(mails: Sequence[OutgoingMail]) -> dict[int, Letter | Withheld]:
    """Letters by the mail's id. Withheld: off, begun, withdrawn, too late to answer, or answered meanwhile."""
    found = notices.cases(mails)
    return {mail.pk: _compose(found[mail.pk]) if mail.pk in found else GONE for mail in mails}


def _compose(case: Case) -> Letter | Withheld:
    if reason := notices.off(case) or _needless(case):
        return reason
    try:
        link = settings.BASE_URL + reverse("rsvp", args=[case.invitation.token])
    except LookupError:
        return Withheld(OFF, "the link was made with a key that is gone")
    with translation.override(case.invitation.language):
        return _letter(case, link)


def _needless(case: Case) -> Withheld | None:
    if case.event.answers_closed:
        return Withheld(OFF, "the answer deadline has passed")
    replied = case.invitation.replied_at
    if replied and replied > case.mail.created_at:
        return Withheld(OFF, "answered meanwhile")
    return None


def _letter(case: Case, link: str) -> Letter:
    invitation, event, tenant = case.invitation, case.event, case.event.tenant
    facts = _facts(case, tenant) | {"link": link}
    reply = Address(f"svar-{invitation.reply_token}@{settings.REPLY_DOMAIN}", tenant.name)
    return Letter(
        to=Address(case.mail.to_address, invitation.contact.name),
        sender=reply,
        reply_to=reply,
        subject=facts["subject"],
        text=render_to_string(f"emails/{case.mail.kind}.txt", facts),
        html=render_to_string(f"emails/{case.mail.kind}.html", facts),
        delivery_id=case.mail.delivery_id,
        language=invitation.language,
        **deadlines(event.starts_at),
    )


def _facts(case: Case, tenant: Tenant) -> dict[str, Any]:
    event = case.event
    shown = seen(event, notices.audience_of(case.invitation))
    subjects: Mapping[str, str] = {
        ANSWER_AGAIN: _("Please answer again: %(title)s"),
        SEATS_TAKEN: _("All seats are taken: %(title)s"),
    }
    return {
        "subject": subjects[case.mail.kind] % {"title": shown.title},
        "contact": case.invitation.contact,
        "seen": shown,
        "when": words.when(shown, reader_zone=tenant.time_zone),
        "tenant": tenant,
        "questions_to": event.contact_email or tenant.contact_email,
        "questions_phone": event.contact_phone or tenant.contact_phone,
    }


def _again_names(mails: Sequence[OutgoingMail]) -> dict[int, str]:
    return notices.names(mails, _("Request to answer again: %(title)s"))


def _full_names(mails: Sequence[OutgoingMail]) -> dict[int, str]:
    return notices.names(mails, _("All seats are taken: %(title)s"))


register(ANSWER_AGAIN, compose, namer=_again_names)
register(SEATS_TAKEN, compose, namer=_full_names)
for kind in (ANSWER_AGAIN, SEATS_TAKEN):
    recipients.register(kind, contacts, addresses)
    about.register(kind, Invitation, event="event", contact="contact")
