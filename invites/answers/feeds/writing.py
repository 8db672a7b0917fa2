"""Writes an invitee's own calendar: each meeting as the own answer opens it, and that answer in words and status.

Nothing of it is shared with another person's feed, so an event's lines are not kept as those of other feeds are.
"""

import datetime as dt
import logging
from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.conf import settings
from django.db import DatabaseError
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from events.calendar import packing, render
from events.calendar.reading import in_window
from events.calendar.selections import Detail, Selection
from events.gatherings.models import Event
from events.gatherings.visibility import Audience, place_opens_at, prefetch_for_seen, seen
from invites.invitations.models import Invitation, Reply
from invites.invitations.notices import audience_of

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Source:
    tenant_id: int
    contact_id: int
    tenant: str
    language: str
    alarm: int | None
    detail: str
    everything: bool


def write(source: Source) -> list[bytes]:
    """The calendar in pieces (see `packing`). Equal rows give equal bytes. Raises DatabaseError."""
    with translation.override(source.language):
        rows = invitations(source)
        zones = {zone for row in rows for zone in _zones(row.event)}
        head = render.head(name=_("%(tenant)s, my invitations") % {"tenant": source.tenant}, zones=zones)
        return list(packing.in_pieces(head, _parts(source, rows), render.END))


def _zones(event: Event) -> set[str]:
    """Also that of its series, in which its RECURRENCE-ID is written."""
    return {event.time_zone} | ({event.series.time_zone} if event.series else set())


def invitations(source: Source) -> list[Invitation]:
    """Those that are valid, to events that calendars show: no drafts, no vague dates, none locked. In order of time."""
    shown = in_window(
        Event.objects.of(source.tenant_id).in_calendar(),
        today=timezone.now().date(),
        everything=source.everything,
    )
    mine = Invitation.objects.of(source.tenant_id).valid().filter(contact=source.contact_id)
    mine = mine.exclude(expires_at__lte=timezone.now())
    rows = {row.event_id: row for row in mine.filter(event__in=shown.values("pk")).select_related("contact")}
    found = []
    for event in prefetch_for_seen(shown.filter(pk__in=list(rows))).order_by("starts_at", "pk"):
        rows[event.pk].event = event
        found.append(rows[event.pk])
    return found


def _parts(source: Source, rows: list[Invitation]) -> Iterator[tuple[int, bytes]]:
    """One bad row must not take the calendar from the person: it is left out, and told to the log."""
    for row in rows:
        try:
            yield row.event_id, _vevent(source, row)
        except DatabaseError:
            raise
        except Exception:
            log.exception("invitation %s cannot be written into a calendar", row.pk)


def _vevent(source: Source, row: Invitation) -> bytes:
    event, reply = row.event, row.reply
    # As in every feed no person is named: Google and others keep what it says.
    facts = Selection(source.tenant_id, detail=source.detail).narrowed(seen(event, audience_of(row)))
    if source.detail == Detail.FULL:
        said = _("Your answer: %(answer)s") % {"answer": answer_in_words(row)}
        facts = replace(facts, purpose="\n\n".join(filter(None, (said, facts.purpose))))
    plain = (
        facts.cancelled or source.detail == Detail.BUSY
    )  # whoever sees only "busy" learns of no answer, either
    changed_at = _changed_at(row)
    return render.vevent(
        facts,
        dtstamp=changed_at,
        last_modified=changed_at,
        url="" if source.detail == Detail.BUSY else _address(event),
        title="" if plain else _titled(reply, facts.title),
        alarm=None if reply == Reply.DECLINED else source.alarm,
        status="CONFIRMED" if reply in (Reply.ACCEPTED, Reply.DECLINED) else "TENTATIVE",
        busy=reply != Reply.DECLINED,
    )


def answer_in_words(row: Invitation) -> str:
    return str(row.get_reply_display()) if row.reply else _("none yet")


def _titled(reply: str, title: str) -> str:
    """Many calendars show nothing of a status, so that the title says it."""
    words = {
        Reply.ACCEPTED.value: "%(title)s",
        Reply.TENTATIVE.value: _("Maybe: %(title)s"),
        Reply.WAITING.value: _("Waiting list: %(title)s"),
        Reply.DECLINED.value: _("Declined: %(title)s"),
    }
    return words.get(reply, _("Not answered: %(title)s")) % {"title": title}


def _changed_at(row: Invitation) -> dt.datetime:
    """The latest of what a row says changed these lines; the exact place may have opened by itself since."""
    moments = [row.event.changed_at, row.invited_at, row.replied_at]
    opened = place_opens_at(row.event) if audience_of(row) == Audience.ACCEPTED else None
    if opened and opened <= timezone.now():
        moments.append(opened)
    return max(each for each in moments if each)


def _address(event: Event) -> str:
    """Only of a page that is open to everybody: the invitation's own link is never in a feed."""
    if not event.is_public or event.state not in (Event.State.PUBLISHED, Event.State.HELD):
        return ""
    return settings.BASE_URL + reverse("public-event", kwargs={"uid": event.uid})
