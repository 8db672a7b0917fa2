"""Meetings at the hours where calendars go wrong, each with what every client must make of it."""

import calendar
import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

from events.gatherings.models import Event
from events.gatherings.services import schedule_changed
from events.tenancy.models import Tenant
from tests.factories import event

OSLO, NAIROBI, NEW_YORK = "Europe/Oslo", "Africa/Nairobi", "America/New_York"
HOSTILE_TITLE = 'Møte\r\nATTENDEE:mailto:x@y.example\x07\x1b;,\\ "rom" 😀 ' + "æøå" * 20
HOSTILE_PURPOSE = (
    "Først; så, til slutt C:\\felles\r\nEND:VEVENT\nBEGIN:VALARM\u2028<b>&amp;</b> https://x.example/?a=1,2;b"
)


@dataclass(frozen=True)
class Told:
    """What a client has of a meeting. Times are UTC."""

    title: str
    starts: dt.datetime
    ends: dt.datetime
    purpose: str = ""
    place: str = ""
    cancelled: bool = False


def fill(tenant: Tenant) -> list[Told]:
    """Makes the meetings, all ahead and listed for the public. Returns what is to be told of them, by their start."""
    said = [_one(tenant, *facts) for facts in _ordinary()]
    said.append(_one(tenant, "Avlyst møte", _ahead(5, 6, 18), OSLO, 2, cancelled=True))
    said.append(_hostile(tenant))
    schedule_changed(tenant.pk)
    return sorted(said, key=lambda one: one.starts)


def _ordinary() -> list[tuple[str, dt.datetime, str, float]]:
    """(title, wall clock at the place, zone, hours that pass)"""
    spring, autumn = _last_sunday(3), _last_sunday(10)
    facts = [("Sommermøte", _ahead(7, 7, 17), OSLO, 2.0), ("Vintermøte", _ahead(1, 15, 17), OSLO, 2.0)]
    for name, sunday in (("vår", spring), ("høst", autumn)):
        for days in (-1, 0, 1):
            facts.append((f"Stilte klokker, {name} {days}", sunday + dt.timedelta(days, hours=17), OSLO, 2.0))
        facts.append((f"Nattevakt, {name}", sunday + dt.timedelta(hours=-1), OSLO, 6.0))
    facts.append(("Klokka er halv tre to ganger", autumn + dt.timedelta(hours=2, minutes=30), OSLO, 0.5))
    facts.append(("Besøk i Mombasa", _ahead(2, 9, 9), NAIROBI, 8.0))
    facts.append(("Besøk i New York", _ahead(3, 20, 9), NEW_YORK, 3.0))  # between their change and ours
    facts.append(("Delegasjonsbesøk", _ahead(6, 1, 12), OSLO, 52.0))
    return facts


def _one(
    tenant: Tenant,
    title: str,
    wall: dt.datetime,
    zone: str,
    hours: float,
    *,
    cancelled: bool = False,
    purpose: str = "",
) -> Told:
    starts = wall.replace(tzinfo=ZoneInfo(zone)).astimezone(dt.UTC)
    ends = starts + dt.timedelta(hours=hours)
    state = Event.State.CANCELLED if cancelled else Event.State.PUBLISHED
    when = {"starts_at": starts, "ends_at": ends, "time_zone": zone, "answer_by": None}
    told = {"is_public": True, "place_for_public": 0, "published_at": timezone.now()}
    row = event(tenant, title=title, purpose=purpose, state=state, **when, **told)
    more = f"Mer: {settings.BASE_URL}/events/{row.uid}/"
    return Told(f"Avlyst: {title}" if cancelled else title, starts, ends, more, cancelled=cancelled)


def _hostile(tenant: Tenant) -> Told:
    """Its words are told as they were meant: on one line, without what no calendar may hold."""
    made = _one(tenant, HOSTILE_TITLE, _ahead(5, 20, 18), OSLO, 2, purpose=HOSTILE_PURPOSE)
    place = '"Rådhuset"; rom 3, 2. etg. \\ bakgården'
    Event.objects.of(tenant).filter(purpose=HOSTILE_PURPOSE).update(city=place, place_for_public=1)
    title = 'Møte ATTENDEE:mailto:x@y.example;,\\ "rom" 😀 ' + "æøå" * 20
    purpose = (
        "Først; så, til slutt C:\\felles\nEND:VEVENT\nBEGIN:VALARM\n<b>&amp;</b> https://x.example/?a=1,2;b"
    )
    return Told(title, made.starts, made.ends, f"{purpose}\n\n{made.purpose}", place)


def _ahead(month: int, day: int, hour: int) -> dt.datetime:
    """The next such day, at least a week ahead: within every feed's window."""
    soon = timezone.now().replace(tzinfo=None) + dt.timedelta(days=7)
    moment = dt.datetime(soon.year, month, day, hour)  # noqa: DTZ001 - a wall clock; its zone comes later
    return moment if moment > soon else moment.replace(year=soon.year + 1)


def _last_sunday(month: int) -> dt.datetime:
    """Midnight of the next last Sunday of a month of 31 days."""
    found = _ahead(month, 20, 0)
    last = dt.date(found.year, month, calendar.monthrange(found.year, month)[1])
    return dt.datetime.combine(last - dt.timedelta(days=(last.weekday() + 1) % 7), dt.time())
