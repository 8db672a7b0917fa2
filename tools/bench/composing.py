"""Composing an invitation: text, HTML and calendar request, for one more recipient; beside the ordinary way.

The ordinary way renders the same two templates with the same facts for each recipient, builds an icalendar object and
an EmailMultiAlternatives. What the event tells is looked up once in both.
"""

import uuid
from collections.abc import Iterator
from unittest.mock import patch

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from icalendar import Calendar, vCalAddress, vText
from icalendar import Event as CalendarEvent

from events.gatherings.models import Event
from invites.invitations import mails
from invites.invitations.models import Invitation
from invites.invitations.sheets import sheet
from invites.post.letters import Letter
from invites.post.transports import mime, sendgrid
from tools.bench import measure, people
from tools.bench.measure import Row

RECIPIENTS = 200
ORDINARY, MICROSECONDS = 20.0, 60.0
CODED = 10.0  # our own: what the wire wants costs the same in both ways
LANGUAGE = "nb"
Facts = dict[str, dict[str, object]]  # by template


def rows(runs: int = 5, recipients: int = RECIPIENTS, seconds: float = 0.25) -> Iterator[Row]:
    (made,) = people.events(people.tenant("bench-composing"), 1)
    invitations = people.invitations(made, recipients)
    event = Event.objects.of(made.tenant_id).select_related("tenant").get(pk=made.pk)
    paper, facts = mails.paper_for(event, LANGUAGE), facts_of(event)

    def ours(invitation: Invitation) -> Letter:
        return paper.letter(invitation, to=invitation.contact.email, delivery_id=uuid.uuid4())

    works = {
        "letter": lambda: [ours(each) for each in invitations],
        "mime": lambda: [mime.message(ours(each)) for each in invitations],
        "sendgrid": lambda: [sendgrid.payload(ours(each)) for each in invitations],
        "ordinary": lambda: [ordinary(each, event, facts) for each in invitations],
        "ordinary.mime": lambda: [ordinary(each, event, facts).message().as_bytes() for each in invitations],
    }
    cost = {
        name: found / recipients for name, found in measure.cpu(works, runs=runs, seconds=seconds).items()
    }
    yield from _compared(cost, runs)


def _compared(cost: dict[str, float], runs: int) -> Iterator[Row]:
    what, unit = "composing an invitation", "µs CPU"
    words = f"{what}, text, HTML and REQUEST"
    yield measure.at_least(
        "compose.peer",
        f"{words}, against the ordinary way",
        cost["letter"],
        cost["ordinary"],
        ORDINARY,
        unit=unit,
        runs=runs,
    )
    limit = f"{words}, against {MICROSECONDS:.0f} µs"
    yield measure.at_most("compose.letter", limit, cost["letter"], MICROSECONDS, 1.0, unit=unit, runs=runs)
    for way, name in (("mime", "RFC 5322"), ("sendgrid", "SendGrid's JSON")):
        coded = f"{what} and coding it as {name}, against the ordinary way as RFC 5322"
        yield measure.at_least(
            f"compose.{way}", coded, cost[way], cost["ordinary.mime"], CODED, unit=unit, runs=runs
        )


def facts_of(event: Event) -> Facts:
    """What our own composer gives each template."""
    with patch("invites.invitations.notices.sheet", wraps=sheet) as asked:
        mails.paper_for(event, LANGUAGE)
    return {call.args[0]: call.args[1] for call in asked.call_args_list}


def ordinary(invitation: Invitation, event: Event, facts: Facts) -> EmailMultiAlternatives:
    own = {
        "name": invitation.contact.name,
        "link": f"{settings.BASE_URL}/rsvp/{invitation.token}/",
    }
    bodies = {
        template.rpartition(".")[2]: render_to_string(template, {**known, **own})
        for template, known in facts.items()
    }
    sender = f"svar-{invitation.reply_token}@{settings.REPLY_DOMAIN}"
    message = EmailMultiAlternatives(
        subject=event.title,
        body=bodies["txt"],
        from_email=f"{event.tenant.name} <{sender}>",
        to=[invitation.contact.email],
        reply_to=[sender],
        headers={"X-Delivery-Id": str(uuid.uuid4())},
    )
    calendar = _calendar(invitation, event, sender)
    message.attach_alternative(bodies["html"], "text/html")
    message.attach_alternative(calendar.decode(), "text/calendar; method=REQUEST")
    message.attach("invite.ics", calendar, "application/ics")
    return message


def _calendar(invitation: Invitation, event: Event, sender: str) -> bytes:
    calendar, meeting = Calendar(), CalendarEvent()
    calendar.add("prodid", "-//bench//ordinary//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "REQUEST")
    meeting.add("uid", str(event.uid))
    meeting.add("summary", event.title)
    meeting.add("description", event.purpose)
    meeting.add("location", event.city)
    meeting.add("dtstart", event.starts_local)
    meeting.add("dtend", event.ends_local)
    meeting.add("dtstamp", event.changed_at)
    meeting.add("sequence", event.sequence)
    organizer, attendee = vCalAddress(f"mailto:{sender}"), vCalAddress(f"mailto:{invitation.contact.email}")
    organizer.params["CN"] = vText(event.tenant.name)
    attendee.params["CN"] = vText(invitation.contact.name)
    attendee.params["RSVP"] = vText("TRUE")
    meeting.add("organizer", organizer)
    meeting.add("attendee", attendee)
    calendar.add_component(meeting)
    return bytes(calendar.to_ical())
