"""What the invitee's page says: facts for its template, and nothing that the answer so far does not open."""

from typing import Any

from events.gatherings.models import Event
from events.gatherings.visibility import Audience, seen
from events.languages import other_languages
from invites.answers import disclosure, services
from invites.answers.choices import offered, standpoint
from invites.answers.door import codes
from invites.answers.forms import AnswerForm
from invites.answers.models import Answer, AnswerSource
from invites.answers.people import named
from invites.answers.requests import showing as requests
from invites.invitations import words
from invites.invitations.models import Invitation
from invites.invitations.notices import audience_of


def facts(invitation: Invitation, form: AnswerForm) -> dict[str, Any]:
    """For `answers/rsvp.html`. Labels and moments are in the language active now, on the event's own clock."""
    event, given, closed = invitation.event, standing(invitation), closed_to(invitation)
    at, until = standpoint(invitation, late=closed == "late"), invitation.offered_until
    return _event_facts(invitation) | {
        "host": event.tenant.name,
        "name": masked(invitation.contact.name),
        "organisation": masked(str(invitation.contact.organisation or "")),
        "token": invitation.token,
        "at": at,
        "standing": given,
        "standing_at": words.moment(event.local(given.answered_at)) if given else "",
        "offered_until": words.moment(event.local(until)) if at.offered and until else "",
        "coming": at.coming,
        "mode": invitation.get_mode_display() if at.coming else "",
        "quota": invitation.quota if invitation.for_organisation else 0,
        "named": named(invitation) if at.coming or at.waiting else (),
        "form": form.offer(offered(at)),
        "closed": closed,
        "open": closed in ("", "late"),
        "languages": other_languages(),
        **requests.facts(invitation),
        "disclosure": disclosure.facts(invitation),
        "guests": disclosure.guest_list(invitation),
        "door_code": codes.shown(invitation),
    }


def standing(invitation: Invitation) -> Answer | None:
    """The answer that stands, or None when nothing was said yet."""
    return Answer.objects.standing(invitation)


def masked(name: str) -> str:
    """Only the first letter of each word: the invitee knows whose invitation it is, a stranger does not."""
    return " ".join(f"{word[0]}…" for word in name.split())


def closed_to(invitation: Invitation) -> str:
    """As `why_closed`, for this invitee: a seat that is offered may be taken after the deadline, too."""
    why = why_closed(invitation.event)
    late = why == "late" and services.closed_to(invitation, AnswerSource.WEB)
    return why if why != "late" or late else ""


def why_closed(event: Event) -> str:
    """One of "cancelled", "begun" and "late"; "" while answers are taken."""
    if event.state == Event.State.CANCELLED:
        return "cancelled"
    if event.has_begun or event.state == Event.State.HELD:
        return "begun"
    return "late" if event.answers_closed else ""


def _event_facts(invitation: Invitation) -> dict[str, Any]:
    event, tenant = invitation.event, invitation.event.tenant
    shown, promised = seen(event, audience_of(invitation)), seen(event, Audience.ORGANISER)
    return {
        "seen": shown,
        "more_place": promised.place != shown.place,
        "more_online": promised.online_url != shown.online_url,
        "place_opens": words.place_opens(shown),
        "when": words.when(shown, reader_zone=tenant.time_zone),
        "answer_by": words.answer_by(shown),
        "several_days": any(item.day > 1 for item in shown.programme),
        "questions_to": shown.contact_email or tenant.contact_email,
        "questions_phone": shown.contact_phone or tenant.contact_phone,
    }
