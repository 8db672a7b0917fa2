"""No channel shows more of guests and place than the event's matrix allows (rule 5, ADR 24): random meetings, audiences
and answers, every word that is found in what came out held against an oracle of its own.

A case is one rendering for one audience or guest: of the engine alone, or of a page, a calendar, a feed, a mail, a
search, a file (CSV, vCard) or the text of a PDF.
"""

import datetime as dt
import io
import json
import random
import re
from collections import Counter, defaultdict

import pypdf
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from events.calendar import services as feeds
from events.gatherings import guestlist, visibility
from events.gatherings.audiences import Audience
from events.gatherings.models import Event
from events.gatherings.visibility import GuestFacts
from events.tenancy.models import Membership
from events.tokens import new_nonce
from invites.invitations.lettering import codes
from invites.invitations.lettering import pdf as letters
from invites.invitations.telling.people import SAYING_WHEN
from invites.post.letters import Letter, composer_of
from invites.post.models import OutgoingMail
from minutes.approval import services as approval
from minutes.publication.rendition import latest_version, rendition
from minutes.records import services as records
from minutes.records.document import document
from tests import factories
from tests.hostile.guests import (
    ACCEPTED,
    FIELDS,
    INVITED,
    ORGANISER,
    PUBLIC,
    Guest,
    Meeting,
    Words,
    mails_of,
    random_event,
    random_guests,
    stage,
)

pytestmark = pytest.mark.timeout(600)
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
WORD = re.compile(r"[Qq][bcdfghjklmnpqrstvwxz]{9,}(?:@gjest\.example)?")
PEOPLE_COME = re.compile(r"(\d+) (?:people|person) comes? so far")
ENGINE, ROUNDS = 9_000, 12
MAIL_AUDIENCE = {"invitation": INVITED, "chase": INVITED, "reminder": ACCEPTED, "place": ACCEPTED}


class Finder:
    """Counts the cases of each channel and keeps what was shown that should not be."""

    def __init__(self) -> None:
        self.cases: Counter[str] = Counter()
        self.leaks: dict[str, set[str]] = defaultdict(set)
        self.named = 0  # minutes that name somebody to the organiser
        self.shown = 0  # words that were rightly there: the test has something to see

    def look(self, channel: str, meeting: Meeting, rendered: str, allowed: set[str]) -> None:
        """`allowed` are the words that may stand in `rendered`; any other of the meeting's is a leak."""
        self.cases[channel] += 1
        unfolded = re.sub(r"\r\n[ \t]|=\r?\n", "", rendered)
        found = {word.lower() for word in WORD.findall(unfolded)}
        secret = {word.lower() for word in meeting.all_words()}
        may = {word.lower() for word in allowed}
        self.shown += len(found & may)
        self.leaks[channel] |= (found & secret) - may

    @property
    def leaking(self) -> list[str]:
        return sorted(channel for channel, words in self.leaks.items() if words)


# --- The engine alone: thousands of meetings without a database -----------------------------------------------------
def as_facts(guest: Guest, viewer: Guest | None) -> list[GuestFacts]:
    """What the loaders hand to the engine: an organisation without a name, and the people it named, not for lists."""
    known = {name: "" if guest.sends else guest.facts[name] for name in ("name", "role", "email", "phone")}
    own = GuestFacts(
        **known,
        organisation=guest.facts["organisation"],
        answer=guest.reply,
        comes=guest.reply == "accepted",
        may_come=guest.reply == "tentative",
        seats=guest.seats,
        unlisted=guest.unlisted,
        is_self=guest is viewer,
    )
    named = [
        GuestFacts(name=name, comes=guest.reply == "accepted", seats=0, named=False) for name in guest.people
    ]
    return [own, *named]


def look_at_the_engine(finder: Finder, seed: int, cases: int) -> list[str]:
    """Adds `cases` of the channel "engine"; returns what was wrong with numbers and order."""
    chance, words, wrong = random.Random(seed), Words(seed), []
    while finder.cases["engine"] < cases:
        facts, place = random_event(chance, words)
        event = Event(
            state=chance.choice(("published", "published", "published", "held", "cancelled")), **facts
        )
        meeting = Meeting(event, random_guests(chance, words, most=14), place)
        numbers = []
        for audience in Audience:
            found = seen_by(meeting, audience, chance)
            finder.look("engine", meeting, repr(found), meeting.guest_words(audience))
            if audience < ORGANISER:
                numbers.append((audience, found))
        wrong += [f"{event.state}: {why}" for why in wrong_numbers(meeting, numbers)]
    return wrong


def seen_by(meeting: Meeting, audience: int, chance: random.Random):
    viewer = next((one for one in meeting.guests if one.audience == audience), None)
    facts = [one for guest in meeting.guests if not guest.revoked for one in as_facts(guest, viewer)]
    chance.shuffle(facts)
    return visibility.guests(meeting.event, audience, facts)


def wrong_numbers(meeting: Meeting, seen) -> list[str]:
    """No number below five, as such or as the difference of a number and a list, whoever sees which of them."""
    wrong, total = [], meeting.coming()
    lists = {0}
    for audience, found in seen:
        rows = [one for one in found.people if one.answer in ("", "accepted")]
        lists |= {len(rows), len(found.organisations), len(rows) + len(found.organisations)}
        if found.people != tuple(
            sorted(found.people, key=lambda one: (one.name.casefold(), one.organisation))
        ):
            wrong.append("rows are not in the order of names")
        if list(found.organisations) != sorted(set(found.organisations), key=str.casefold):
            wrong.append("organisations are not a sorted list of each once")
        if audience == PUBLIC and not found.people and 0 < len(found.organisations) < 5:
            wrong.append("the public sees a list of few organisations")
        if any((one.role or one.email or one.answer) and not one.name for one in found.people):
            wrong.append("something is told without a name")
        if found.count is not None and (audience < meeting.event.count_for or found.count != total):
            wrong.append("a number that is not for them")
    counts = {found.count for _audience, found in seen if found.count is not None}
    wrong += [f"{count} and a list of {size}" for count in counts for size in lists if 0 < count - size < 5]
    return wrong


# --- Pages, calendars, feeds and mails, as they leave the house ------------------------------------------------------
def look_at_channels(finder: Finder, at, seed: int, *, meetings: int) -> None:
    staged = stage(at, seed, number=meetings, most=9)
    rows = {mail: (meeting, guest) for meeting in staged for mail, guest in mails_of(meeting)}
    look_at_mails(finder, rows)
    for meeting in staged:
        look_at_pages(finder, meeting)
    look_at_feeds(finder, at, staged)


def look_at_mails(finder: Finder, rows) -> None:
    by_kind = defaultdict(list)
    for mail in rows:
        by_kind[mail.kind].append(mail)
    for kind, mails in by_kind.items():
        if kind in ("chase", "reminder"):  # these go to whom the others have reached
            said = OutgoingMail.objects.across_tenants("test").filter(kind__in=SAYING_WHEN)
            said.update(state="accepted", settled_at=timezone.now() - dt.timedelta(days=3))
        for pk, letter in composer_of(kind)(mails).items():
            if isinstance(letter, Letter):
                meeting, guest = rows[next(mail for mail in mails if mail.pk == pk)]
                audience = MAIL_AUDIENCE.get(kind, guest.audience)
                own = set(guest.facts.values()) | set(guest.people if kind == "receipt" else ())
                hosts = {one.facts["organisation"] for one in meeting.guests if one.host}
                allowed = own | hosts | mail_place(meeting, audience)
                text = letter.subject + letter.text + letter.html + letter.calendar.decode()
                finder.look(f"mail: {kind}", meeting, text, allowed)


def mail_place(meeting: Meeting, audience: int) -> set[str]:
    return meeting.place_words(audience) | ({meeting.words["item"]} if meeting.opens(audience) else set())


def look_at_pages(finder: Finder, meeting: Meeting) -> None:
    client = Client()
    hosts = {one.facts["organisation"] for one in meeting.guests if one.host}
    for guest in meeting.guests:
        page = client.get(f"/rsvp/{guest.row.token}/?lang=en")
        if page.status_code == 404:
            continue
        place = mail_place(meeting, guest.audience) | hosts
        allowed = place | meeting.guest_words(guest.audience) | set(guest.people)
        finder.look("invitee's page", meeting, page.content.decode(), allowed)
        told = PEOPLE_COME.search(page.content.decode())
        if told and (int(told[1]) < 5 or guest.audience < meeting.event.count_for):
            finder.leaks["a number on the invitee's page"].add(told[0])
        file = client.get(f"/rsvp/{guest.row.token}/event.ics")
        finder.look("invitee's calendar", meeting, file.content.decode(), place)
    if meeting.event.is_public:
        page = client.get(reverse("public-event", kwargs={"uid": meeting.event.uid}))
        allowed = meeting.place_words(PUBLIC) | meeting.guest_words(PUBLIC) | hosts
        finder.look("public page", meeting, page.content.decode(), allowed)


def look_at_feeds(finder: Finder, at, staged: list[Meeting]) -> None:
    client, public = Client(), Client()
    reader = factories.staff(at, "reader")
    client.force_login(reader, backend=BACKEND)
    membership = Membership.objects.of(at).get(user=reader)
    _feed, token = feeds.create(membership=membership, name="Kalender", nonce=new_nonce())
    channels = {
        "public feed": (public.get(f"/calendar/public/{at.slug}.ics"), PUBLIC),
        "staff feed": (public.get(f"/calendar/{token}.ics"), ORGANISER),
        "front page": (public.get("/"), PUBLIC),
        "reader's list": (client.get(reverse("event-list", kwargs={"tenant": at.slug})), ORGANISER),
    }
    for meeting in staged:
        address = reverse("event-detail", kwargs={"tenant": at.slug, "pk": meeting.event.pk})
        mine = {**channels, "reader's page": (client.get(address), ORGANISER)}
        hosts = {one.facts["organisation"] for one in meeting.guests if one.host}
        for channel, (page, audience) in mine.items():
            assert page.status_code == 200
            finder.look(channel, meeting, body(page), mail_place(meeting, audience) | hosts)
        look_at_searches(finder, meeting, client)


def look_at_searches(finder: Finder, meeting: Meeting, reader: Client) -> None:
    """What is typed finds no meeting by a guest or by the hidden part of the place; the field alone repeats it."""
    at = {"tenant": meeting.event.tenant.slug}
    guest = meeting.guests[0].facts
    for words, shelf in (
        (guest["name"], "upcoming"),
        (guest["organisation"], "past"),
        (meeting.words["room"], ""),
    ):
        page = reader.get(reverse("event-list", kwargs=at), {"q": words, "show": shelf})
        finder.look("reader's search", meeting, body(page), {words})
    page = reader.get(reverse("directory", kwargs=at), {"q": guest["email"]})
    finder.look("reader's search of the directory", meeting, body(page), {guest["email"]})


# --- Files: what is printed or taken out -----------------------------------------------------------------------------
def text_of(pdf: bytes) -> list[str]:
    """The text of each page, read back; what a line's end or a hyphen parted is one word again."""
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    return [
        re.sub(r"[-\xad\u2010]?\n", "", page.extract_text()) + " " + page.extract_text() for page in pages
    ]


def look_at_files(finder: Finder, at, seed: int, *, meetings: int) -> None:
    """The door's list, letters and lists as CSV and vCard: for staff who may see guests, and for a reader."""
    staff, reader = Client(), Client()
    staff.force_login(factories.staff(at, "coordinator"), backend=BACKEND)
    reader.force_login(factories.staff(at, "reader"), backend=BACKEND)
    staged = stage(at, seed, number=meetings, most=9)
    for meeting in staged:
        look_at_the_door(finder, meeting, staff)
        look_at_letters(finder, meeting)
        look_at_lists(finder, staged, meeting, staff)
        for name, keys in FILES.items():
            page = reader.get(address(name, meeting, keys))
            text = " ".join(text_of(page.content)) if page.content.startswith(b"%PDF") else body(page)
            finder.look(f"{name} for a reader", meeting, text, set())


NEEDS_CSV = "need-totals-csv for a reader"  # totals alone: it holds no word of anybody
FILES = {
    "door-pdf": ("pk",),
    "invitation-export": ("pk",),
    "need-totals-csv": ("pk",),
    "contact-export-csv": (),
    "contact-export-vcards": (),
}


def address(name: str, meeting: Meeting, keys=("pk",)) -> str:
    return reverse(name, kwargs={"tenant": meeting.event.tenant.slug} | dict.fromkeys(keys, meeting.event.pk))


def look_at_the_door(finder: Finder, meeting: Meeting, staff: Client) -> None:
    """Names and organisations of those who come, and nothing else."""
    pages = text_of(staff.get(address("door-pdf", meeting)).content)
    coming = [one for one in meeting.guests if one.reply == "accepted" and not one.revoked]
    allowed = {word for one in coming for word in (one.facts["name"], one.facts["organisation"], *one.people)}
    for page in pages:
        finder.look("PDF: door", meeting, page, allowed)


def look_at_letters(finder: Finder, meeting: Meeting) -> None:
    """Each page is one invitee's, and may be read by whoever opens the envelope: the place is that before a yes."""
    rows = [guest.row for guest in meeting.guests if not guest.revoked]
    if not rows:
        return
    for row in rows:
        codes.seal(row)
        row.save()
    hosts = {one.facts["organisation"] for one in meeting.guests if one.host}
    pages = text_of(letters.render(meeting.event, rows, on=dt.date(2026, 11, 27)))
    own = [guest for guest in meeting.guests if not guest.revoked]
    assert len(pages) == len(own)
    for page, guest in zip(pages, own, strict=True):
        finder.look(
            "PDF: letter", meeting, page, set(guest.facts.values()) | hosts | meeting.place_words(INVITED)
        )


def look_at_lists(finder: Finder, staged: list[Meeting], meeting: Meeting, staff: Client) -> None:
    """A meeting's list tells nothing of the place, and of no other meeting's guests; the kitchen's names nobody."""
    listed = body(staff.get(address("invitation-export", meeting)))
    assert meeting.guests[0].revoked or meeting.guests[0].facts["name"] in listed
    for other in staged:
        allowed = meeting.guest_words(ORGANISER) if other is meeting else set()
        finder.look("CSV: guest list", other, listed, allowed)
    finder.look("CSV: needs", meeting, body(staff.get(address("need-totals-csv", meeting))), set())


def body(page) -> str:
    return (b"".join(page) if page.streaming else page.content).decode()


def look_at_minutes(finder: Finder, at, seed: int, *, meetings: int) -> None:
    taker = factories.staff(at, "coordinator")
    reader = Membership.objects.of(at).get(user=factories.staff(at, "reader"))
    client = Client()
    client.force_login(reader.user, backend=BACKEND)
    for meeting in stage(at, seed, number=meetings, most=9):
        Event.objects.of(at).filter(pk=meeting.event.pk).update(state="held", held_at=meeting.event.starts_at)
        meeting.event.refresh_from_db()
        minutes = records.open_minutes(meeting.event, by=taker)
        approval.submit(minutes, by=taker)
        approval.approve(minutes, by=taker)
        minutes.refresh_from_db()
        hosts = {one.facts["organisation"] for one in meeting.guests if one.host}
        allowed = meeting.place_words(ORGANISER) | hosts
        for channel, text in {
            "minutes of a reader": rendition(minutes, latest_version(minutes), to=reader),
            "draft minutes of a reader": rendition(minutes, None, to=reader),
        }.items():
            finder.look(channel, meeting, json.dumps(text), allowed)
        page = client.get(reverse("minutes-detail", kwargs={"tenant": at.slug, "pk": meeting.event.pk}))
        finder.look("minutes page of a reader", meeting, body(page), allowed)
        for name, more in (("minutes-pdf", {}), ("minutes-version-pdf", {"number": 1})):
            at_one = {"tenant": at.slug, "pk": meeting.event.pk, **more}
            pdf = text_of(client.get(reverse(name, kwargs=at_one)).content)
            finder.look("PDF: minutes of a reader", meeting, " ".join(pdf), allowed)
        finder.named += bool(document(minutes)["attendance"]["people"])


# --- The promises ------------------------------------------------------------------------------------------
def test_ten_thousand_cases_and_no_channel_shows_more_than_the_matrix_allows(db):
    finder = Finder()
    assert look_at_the_engine(finder, seed=4, cases=ENGINE) == []
    for turn in range(ROUNDS):
        look_at_channels(finder, factories.tenant(), seed=40 + turn, meetings=4)
    look_at_minutes(finder, factories.tenant(), seed=99, meetings=12)
    look_at_files(finder, factories.tenant(), seed=70, meetings=12)
    assert finder.leaking == [], dict(finder.leaks)
    assert sum(finder.cases.values()) >= 10_000, finder.cases
    rendered = sum(finder.cases.values()) - finder.cases["engine"]
    assert rendered >= 1_400, finder.cases
    least = {
        kind: finder.cases[f"mail: {kind}"] for kind in (*MAIL_AUDIENCE, "update", "receipt", "cancellation")
    }
    assert min(least.values()) >= 10, least
    files = ("PDF: door", "PDF: letter", "PDF: minutes of a reader", "CSV: guest list", "reader's search")
    assert min(finder.cases[channel] for channel in files) >= 10, finder.cases
    assert (finder.shown > 5_000, finder.named > 0) == (True, True)


def all_fields(event, audience):
    return frozenset(FIELDS)


def no_objection(one, sees):
    return one.comes or one.may_come


def open_at_once(event, audience, *, now=None):
    return True


@pytest.mark.parametrize(
    ("module", "name", "broken", "found_in"),
    [
        (guestlist, "sight", all_fields, {"engine", "invitee's page", "public page"}),
        (guestlist, "_is_listed", no_objection, {"engine"}),
        (
            visibility,
            "place_is_open",
            open_at_once,
            {"mail: invitation", "invitee's calendar", "public feed"},
        ),
    ],
    ids=["everybody sees every field", "who objected is listed", "the place is open to all"],
)
def test_a_broken_engine_is_found_out(db, monkeypatch, module, name, broken, found_in):
    monkeypatch.setattr(module, name, broken)
    if name == "sight":  # the loader asks before it reads anybody
        monkeypatch.setattr("invites.answers.disclosure.sight", broken)
    finder = Finder()
    look_at_the_engine(finder, seed=4, cases=500)
    look_at_channels(finder, factories.tenant(), seed=40, meetings=4)
    assert found_in <= set(finder.leaking)


@pytest.mark.parametrize("field", FIELDS)
def test_an_engine_that_is_broken_for_one_field_is_found_out(monkeypatch, field):
    real = guestlist.sight
    monkeypatch.setattr(guestlist, "sight", lambda event, audience: real(event, audience) | {field})
    finder = Finder()
    wrong = look_at_the_engine(finder, seed=4, cases=500)
    assert finder.leaking or wrong


def everything(*_args, **_facts):
    return True


@pytest.mark.parametrize(
    ("broken", "found_in"),
    [
        (
            "minutes.publication.rendition.names_in_minutes",
            {"PDF: minutes of a reader", "minutes page of a reader"},
        ),
        ("events.gatherings.visibility.place_is_open", {"PDF: letter"}),
        ("events.tenancy.models.Membership.may", {f"{name} for a reader" for name in FILES} - {NEEDS_CSV}),
    ],
    ids=["names in everybody's minutes", "the place is open to all", "a reader may do everything"],
)
def test_what_a_broken_house_lets_into_files_is_found_out(db, monkeypatch, broken, found_in):
    monkeypatch.setattr(broken, everything)
    finder = Finder()
    look_at_minutes(finder, factories.tenant(), seed=99, meetings=2)
    look_at_files(finder, factories.tenant(), seed=70, meetings=2)
    assert found_in <= set(finder.leaking)


def test_a_number_below_five_is_found_out(monkeypatch):
    monkeypatch.setattr(guestlist, "FEW", 1)
    assert look_at_the_engine(Finder(), seed=4, cases=500) != []
