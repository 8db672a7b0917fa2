"""What stands in each letter, as facts for the page to be set: the words and the place of the invitation mail."""

import datetime as dt
import re
from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

import segno
from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from events.directory.models import Contact
from events.gatherings.models import Event
from events.gatherings.visibility import Audience, line, seen
from events.languages import RIGHT_TO_LEFT, InviteeLanguage
from events.typesetting import can_write, heading
from invites.invitations import words
from invites.invitations.lettering.codes import code_of
from invites.invitations.models import Invitation

ENOUGH = 400  # signs of the purpose where the whole of it does not fit on the page
ANSWER_PAGE = "/svar/"


def letters(event: Event, invitations: Sequence[Invitation], *, on: dt.date) -> dict[str, Any]:
    """One entry an invitation, each in its invitee's language; dated `on`. Needs `event.tenant` and the contacts.

    Raises LookupError for an invitation whose code or link cannot be written.
    """
    common = {language: _common(event, language, on) for language in {written_in(row) for row in invitations}}
    with translation.override(event.tenant.language):
        title = _("Invitation: %(title)s") % {"title": line(event.title)}
    return {
        "title": title,
        "language": event.tenant.language,
        "letters": [_letter(row, common[written_in(row)]) for row in invitations],
    }


def written_in(invitation: Invitation) -> str:
    """The invitee's language, or the tenant's where no font at hand draws it."""
    return invitation.language if can_write(invitation.language) else invitation.event.tenant.language


def recipient(contact: Contact) -> list[str]:
    """The lines in the envelope's window: the contact's own address, else the organisation's with the name below it."""
    name, organisation = line(contact.name), contact.organisation
    if contact.address or organisation is None:
        return [name, *_lines(contact.address)]
    with translation.override(contact.language):
        attention = _("Attn: %(name)s") % {"name": name}
    found = [line(organisation.name), attention, *_lines(organisation.address)]
    town = line(organisation.city)
    if town and town.casefold() not in organisation.address.casefold():
        found.append(town)
    return found


def has_address(contact: Contact) -> bool:
    return bool(contact.address or (contact.organisation and contact.organisation.address))


def _lines(address: str) -> list[str]:
    return [line(part) for part in re.split(r"[,\n]", address) if line(part)]


def _letter(invitation: Invitation, common: dict[str, Any]) -> dict[str, Any]:
    link = f"{settings.BASE_URL}{reverse('rsvp', args=[invitation.token])}"
    name = line(invitation.contact.name)
    with translation.override(common["language"]):
        greeting = _("Hello %(name)s,") % {"name": name}
    return {
        **common,
        "to": recipient(invitation.contact),
        "greeting": greeting,
        "note": line(invitation.note),
        "code": code_of(invitation),
        "qr": segno.make(link, error="m", micro=False).svg_inline(border=0),
    }


def _common(event: Event, language: str, on: dt.date) -> dict[str, Any]:
    """All that is the same for everybody who reads `language`."""
    with translation.override(language):
        shown, tenant = seen(event, Audience.INVITED), event.tenant
        phone = shown.contact_phone or line(tenant.contact_phone)
        day = words.day(dt.datetime.combine(on, dt.time(12), ZoneInfo(tenant.time_zone)))
        return {
            "language": language if language in InviteeLanguage.values else tenant.language,
            "to_left": language in RIGHT_TO_LEFT,
            "sender": line(tenant.name),
            "date": day,
            "title": heading(shown.title),
            "intro": _("%(sender)s invites you to") % {"sender": line(tenant.name)},
            "facts": _facts(event),
            "purpose_label": _("Purpose"),
            "purpose": shown.purpose,
            "purpose_short": f"{shown.purpose[:ENOUGH].rstrip()}…",
            "programme_label": _("Programme"),
            "programme": words.programme(shown),
            "more": _("The page where you answer has the whole text and the programme."),
            **_how_to_answer(words.answer_by(shown), phone),
            "signature": [each for each in (shown.contact_name, line(tenant.name)) if each],
            "questions": ", ".join(filter(None, (shown.contact_email or tenant.contact_email, phone))),
            "questions_label": _("Questions?"),
        }


def _facts(event: Event) -> list[list[str]]:
    """(label, words), as far as the ladder of the place lets invitees see."""
    shown, everything = seen(event, Audience.INVITED), seen(event, Audience.ORGANISER)
    place = [shown.place] if shown.place else []
    if everything.place != shown.place:
        place.append(_opening(words.place_opens(shown)))
    found = [
        (_("When"), words.when(shown, reader_zone=event.tenant.time_zone)),
        (_("Where"), " ".join(place)),
        (_("Online"), _("The link is shown when you have said yes.") if everything.online_url else ""),
        (_("Hosts"), ", ".join(shown.hosts)),
        (_("Chair"), shown.chair),
    ]
    return [[label, said] for label, said in found if said]


def _opening(opens: str) -> str:
    if opens:
        return _("The exact place is told to those who come, from %(when)s.") % {"when": opens}
    return _("The exact place is shown when you have said yes.")


def _how_to_answer(answer_by: str, phone: str) -> dict[str, Any]:
    address = settings.BASE_URL.partition("://")[2] + ANSWER_PAGE
    return {
        "question": _("Are you coming?"),
        "answer_by": _("Please answer by %(answer_by)s.") % {"answer_by": answer_by} if answer_by else "",
        "qr_alt": _("Square code that leads to the page where you answer"),
        "scan": _("Scan the square with the camera of a phone,"),
        "type": _("or open %(address)s and type this code:") % {"address": address},
        "call": _("or call %(phone)s.") % {"phone": phone} if phone else "",
        "alone": _(
            "The code is yours alone. Do not pass it on. Other invitees cannot see that you are invited."
        ),
    }
