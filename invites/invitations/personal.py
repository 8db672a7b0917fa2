"""What differs from recipient to recipient in a mail to invitees: the values that fill the gaps of a paper."""

from functools import lru_cache
from html import escape

from django.conf import settings
from django.utils import translation
from django.utils.translation import ngettext

from events.gatherings.visibility import line, text
from invites.invitations import wording
from invites.invitations.models import Invitation


def personal(invitation: Invitation) -> dict[str, str]:
    """What fills the gaps of a paper for one recipient, as text."""
    contact, note = invitation.contact, invitation.note
    return {
        "name": line(contact.name),
        "link": f"{settings.BASE_URL}/rsvp/{invitation.token}/",
        "organisation": line(contact.organisation.name) if contact.organisation else "",
        "quota": str(invitation.quota) if invitation.for_organisation else "",
        "party": party(invitation.quota, invitation.language) if invitation.for_organisation else "",
        "note": f"\n{text(note)}\n" if note else "",
    }


def in_html(own: dict[str, str]) -> dict[str, str]:
    """The same for the HTML: every value is text, so it is escaped; the note becomes paragraphs."""
    return {
        "name": escape(own["name"]),
        "link": own["link"],
        "organisation": escape(own["organisation"]),
        "quota": own["quota"],
        "party": f"<p>{escape(own['party'].strip())}</p>" if own["party"] else "",
        "note": note_in_html(own["note"]) if own["note"] else "",
    }


@lru_cache(maxsize=256)
def party(quota: int, language: str) -> str:
    """The paragraph that asks an organisation to send people and to name them itself."""
    with translation.override(language):
        text = ngettext(
            "Your organisation is asked to send %(quota)s person, and names that person itself when it answers.",
            "Your organisation is asked to send up to %(quota)s people, and names them itself when it answers.",
            quota,
        )
    return f"{text % {'quota': quota}}\n\n"


@lru_cache(maxsize=256)
def note_in_html(note: str) -> str:
    """A note as paragraphs; most of a round get the same one."""
    each = (escape(paragraph).replace("\n", "<br>") for paragraph in wording.paragraphs(note))
    return "".join(f'<p dir="auto">{paragraph}</p>' for paragraph in each)
