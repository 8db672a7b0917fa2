"""Random meetings with guests whose every fact is a word of its own, and an oracle that reads the matrix by itself.

The oracle never asks the engine: it is written from DESIGN.md, rule 5, so that the two can disagree.
"""

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from events.directory.models import Contact, Organisation
from events.gatherings.models import Event, EventHost
from invites.answers.models import Answer
from invites.invitations.models import Invitation, Representative
from invites.post.models import OutgoingMail
from tests import factories

PUBLIC, INVITED, ACCEPTED, CO_HOST, ORGANISER = range(5)
FIELDS = ("name", "organisation", "role", "contact", "answer", "count")
RUNGS = {"city": 1, "district": 2, "address": 3, "venue": 3, "room": 4}
NOW = timezone.now
LETTERS = "bcdfghjklmnpqrstvwxz"


class Words:
    """Words that are nowhere twice, and in no text of ours."""

    def __init__(self, seed: int) -> None:
        self.chance, self.made = random.Random(seed), 0

    def one(self) -> str:
        self.made += 1
        return (
            "Q"
            + "".join(self.chance.choices(LETTERS, k=9))
            + "".join(LETTERS[int(n)] for n in str(self.made))
        )


@dataclass
class Guest:
    """What is true of one guest, and the words by which each fact is found again."""

    facts: dict[str, str]
    reply: str = ""
    seats: int = 1
    unlisted: bool = False
    revoked: bool = False
    sends: bool = False  # an organisation that names its people
    people: list[str] = field(default_factory=list)
    host: bool = False
    row: Any = None

    @property
    def audience(self) -> int:
        if self.reply != "accepted" or self.revoked:
            return INVITED
        return CO_HOST if self.host else ACCEPTED


@dataclass
class Meeting:
    event: Event
    guests: list[Guest]
    words: dict[str, str]  # of the place

    def opens(self, audience: int) -> bool:
        """The exact place: to hosts at once, to those who come by the hours; a locked event tells it nobody outside."""
        event = self.event
        if audience == ORGANISER:
            return True
        if audience < ACCEPTED or event.locked_at:
            return False
        hours = event.place_hours_before
        return audience == CO_HOST or hours is None or NOW() >= event.starts_at - dt.timedelta(hours=hours)

    def place_words(self, audience: int) -> set[str]:
        """What `audience` may read of the place."""
        level = 4 if self.opens(audience) else self.event.place_for_public
        if audience >= INVITED and not self.opens(audience):
            level = max(level, self.event.place_for_invited)
        found = {self.words[name] for name, rung in RUNGS.items() if level >= rung}
        return found | ({self.words["online"]} if self.opens(audience) else set())

    def guest_words(self, audience: int, *, own: Guest | None = None) -> set[str]:
        """What `audience` may read of the guests, with what `own` knows of itself."""
        found = {word for guest in self.guests for word in self._of(guest, audience)}
        return found | (set(own.facts.values()) | set(own.people) if own else set())

    def _of(self, guest: Guest, audience: int) -> Iterator[str]:
        event = self.event
        if audience == ORGANISER:
            yield from (*guest.facts.values(), *guest.people)
            return
        maybe = guest.reply == "tentative" and audience >= event.answer_for and audience >= event.name_for
        told = not event.locked_at and (
            event.state == "published" or (event.state == "held" and audience >= ACCEPTED)
        )
        if not told or guest.unlisted or guest.revoked or not (guest.reply == "accepted" or maybe):
            return
        if audience >= event.organisation_for:
            yield guest.facts["organisation"]
        if guest.sends or audience < event.name_for:
            return
        yield guest.facts["name"]
        if audience >= event.role_for:
            yield guest.facts["role"]
        if audience >= event.contact_for:
            yield from (guest.facts["email"], guest.facts["phone"])

    def all_words(self) -> set[str]:
        of_guests = {word for guest in self.guests for word in (*guest.facts.values(), *guest.people)}
        return of_guests | set(self.words.values())

    def coming(self) -> int:
        return sum(one.seats for one in self.guests if one.reply == "accepted" and not one.revoked)


def random_event(chance: random.Random, words: Words) -> tuple[dict[str, Any], dict[str, str]]:
    """Facts of an Event, and the words of its place."""
    place = {name: words.one() for name in RUNGS}
    place["online"] = words.one()
    starts = NOW() + dt.timedelta(hours=chance.randint(3, 500))
    facts: dict[str, Any] = {name: place[name] for name in RUNGS}
    facts |= {f"{name}_for": chance.choice((0, 1, 2, 2, 3, 4)) for name in FIELDS}
    facts |= {
        "online_url": f"https://video.example/{place['online']}",
        "starts_at": starts,
        "ends_at": starts + dt.timedelta(hours=2),
        "answer_by": None,
        "place_for_public": chance.randint(0, 4),
        "place_for_invited": chance.randint(0, 4),
        "place_hours_before": chance.choice((None, None, 1, 24, 200, 600)),
        "locked_at": NOW() if chance.random() < 0.1 else None,
        "is_public": chance.random() < 0.7,
        "police_attends": chance.random() < 0.3,
    }
    return facts, place


def random_guest(chance: random.Random, words: Words, organisations: list[str]) -> Guest:
    facts = {name: words.one() for name in ("name", "role", "phone")}
    facts |= {"email": f"{words.one()}@gjest.example".lower(), "organisation": chance.choice(organisations)}
    reply = chance.choice(("accepted", "accepted", "accepted", "tentative", "declined", "waiting", ""))
    guest = Guest(facts, reply, unlisted=chance.random() < 0.15, revoked=chance.random() < 0.1)
    if chance.random() < 0.2:
        guest.sends = True
        guest.people = [words.one() for _ in range(chance.randint(1, 3))] if reply == "accepted" else []
        guest.seats = max(1, len(guest.people))
    return guest


def random_guests(chance: random.Random, words: Words, most: int) -> list[Guest]:
    organisations = [words.one() for _ in range(chance.randint(1, most))]
    guests = [random_guest(chance, words, organisations) for _ in range(chance.randint(1, most))]
    hosts = set(chance.sample(organisations, chance.choice((0, 0, 1))))
    for guest in guests:
        guest.host = guest.facts["organisation"] in hosts
    return guests


def stage(at: Any, seed: int, *, number: int, most: int) -> list[Meeting]:
    """`number` random meetings in the database, at one tenant, with answers and with the mails of each kind."""
    chance, words = random.Random(seed), Words(seed)
    return [_meeting(at, chance, words, most) for _ in range(number)]


def _meeting(at: Any, chance: random.Random, words: Words, most: int) -> Meeting:
    facts, place = random_event(chance, words)
    event = factories.event(at, sequence=1, told_sequence=1, contact_name="Kari", **facts)
    item = factories.programme(event, "Samtale")[0]
    place["item"] = words.one()
    item.place = place["item"]
    item.save()
    meeting = Meeting(event, random_guests(chance, words, most), place)
    known: dict[str, Organisation] = {}
    for guest in meeting.guests:
        name = guest.facts["organisation"]
        if name not in known:
            known[name] = factories.organisation(at, name=name)
            if guest.host:
                EventHost.objects.create(tenant=at, event=event, organisation=known[name])
        guest.row = _invited(at, event, guest, known[name])
    return meeting


def _invited(at: Any, event: Event, guest: Guest, organisation: Organisation) -> Invitation:
    mine = {name: guest.facts[name] for name in ("name", "role", "phone", "email")}
    contact = Contact.objects.create(tenant=at, organisation=organisation, **mine)
    now = NOW()
    row = factories.invitation(
        event,
        contact=contact,
        reply=guest.reply,
        replied_at=now if guest.reply else None,
        waiting_since=now if guest.reply == "waiting" else None,
        unlisted=guest.unlisted,
        revoked_at=now if guest.revoked else None,
        for_organisation=guest.sends,
        quota=3 if guest.sends else 1,
        party=guest.seats,
    )
    for position, name in enumerate(guest.people, start=1):
        Representative.objects.create(tenant=at, invitation=row, position=position, name=name)
    return row


def mails_of(meeting: Meeting) -> Iterator[tuple[OutgoingMail, Guest]]:
    """A mail of each kind to each guest, as rows that a worker holds; what may not be sent is withheld by itself."""
    at, event = meeting.event.tenant, meeting.event
    day = event.local(NOW()).date().toordinal()
    kinds = {"invitation": 1, "update": 1, "cancellation": 1, "chase": day, "reminder": day, "place": 7}
    for guest in meeting.guests:
        _mail(at, "invitation", guest, 0, "accepted")
        for kind, revision in kinds.items():
            yield _mail(at, kind, guest, revision, "claimed"), guest
        if guest.reply:
            said = {"answered_at": guest.row.replied_at, "source": "web", "reply": guest.reply}
            given = Answer.objects.create(tenant=at, invitation=guest.row, party=guest.seats, **said)
            yield _mail(at, "receipt", guest, 0, "claimed", about=given.pk), guest


def _mail(at: Any, kind: str, guest: Guest, revision: int, state: str, about: int = 0) -> OutgoingMail:
    in_series = kind in ("invitation", "update", "cancellation")
    return OutgoingMail.objects.create(
        tenant=at,
        kind=kind,
        series="invitation" if in_series else "",
        subject_id=about or guest.row.pk,
        revision=revision,
        to_address=guest.facts["email"],
        state=state,
        settled_at=NOW() - dt.timedelta(days=3) if state == "accepted" else None,
        claimed_at=NOW() if state == "claimed" else None,
    )
