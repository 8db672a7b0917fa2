"""The invitee's own feed (ADR 0031): whose it is, what it tells, when its bytes change, and when it is gone."""

import datetime as dt
import io
import uuid

import pytest
import vobject
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as tries
from hypothesis import strategies as st

from events.audit import AuditEntry
from events.calendar import limits
from events.calendar.models import StoredBody
from events.directory.merging.services import merge
from events.directory.models import Contact
from events.gatherings import locking, moving
from events.gatherings.models import Event, PlaceLevel
from events.gatherings.services import schedule_changed
from events.gatherings.visibility import seen
from events.tokens import new_nonce
from invites.answers.feeds import services, tasks
from invites.answers.feeds.models import MOST, OwnFeed
from invites.answers.own import erasing, holdings
from invites.answers.own import services as own
from invites.answers.seats import services as seats
from invites.answers.services import answer
from invites.invitations import services as invitations
from invites.invitations.models import Invitation
from invites.invitations.notices import audience_of
from tests.calendar.facts import events_in, golden, thunderbird_reads, unfolded, values
from tests.factories import OSLO, contact, draft, event, invitation, organisation, programme

NONCE = "0" * 32


@pytest.fixture(autouse=True)
def asked_for_seldom():
    """Nobody was asked for anything yet: a token made of the same row in another test is the same."""
    limits._counts.clear()


@pytest.fixture
def amina(sandefjord):
    return contact(sandefjord, name="Amina Noor", email="amina@moske.example")


@pytest.fixture
def meeting(sandefjord, amina):
    """Amina and Ola are invited; only those who come are told the address."""
    row = event(sandefjord, title="Samarbeidsforum", place_for_invited=PlaceLevel.CITY, purpose="Om trygghet")
    programme(row, "Samtale")
    invitation(row, contact=amina)
    invitation(row, contact=contact(sandefjord, name="Ola Nabo", email="ola@kirke.example"))
    schedule_changed(sandefjord.pk)
    return row


def of(person, event_=None):
    rows = (
        Invitation.objects.of(person.tenant)
        .select_related("event", "contact", "tenant")
        .filter(contact=person)
    )
    return rows.get(event=event_) if event_ else rows.get()


def feed_of(person, **facts):
    """(the feed, its path)"""
    facts = {"name": "Telefon", "nonce": new_nonce(), **facts}
    made, token = services.create(Contact.objects.of(person.tenant).get(pk=person.pk), **facts)
    return made, f"/calendar/{token}.ics"


def text(response):
    assert response.status_code == 200, response.content
    return response.content.replace(b"\r\n ", b"").decode()


def one(response):
    (found,) = events_in(response.content)
    return found


def say(row, reply, **facts):
    return answer(row, reply=reply, comment="", source="web", **facts)


# --- What it tells ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("reply", "summary", "status", "transp", "words"),
    [
        ("", "Ikke besvart: Samarbeidsforum", "TENTATIVE", "OPAQUE", "Svaret ditt: ikke gitt ennå"),
        ("accepted", "Samarbeidsforum", "CONFIRMED", "OPAQUE", "Svaret ditt: ja"),
        ("tentative", "Kanskje: Samarbeidsforum", "TENTATIVE", "OPAQUE", "Svaret ditt: kanskje"),
        ("declined", "Takket nei: Samarbeidsforum", "CONFIRMED", "TRANSPARENT", "Svaret ditt: nei"),
    ],
)
def test_the_own_answer_is_said_in_status_and_in_words(
    client, meeting, amina, reply, summary, status, transp, words
):
    if reply:
        say(of(amina), reply)
    found = one(client.get(feed_of(amina)[1]))
    assert (found["SUMMARY"], found["STATUS"], found["TRANSP"]) == (summary, status, transp)
    assert found["DESCRIPTION"].startswith(words)


def test_whoever_waits_for_a_seat_reads_that_and_then_the_seat(client, meeting, amina, kari):
    seats.set_seats(meeting, by=kari, facts={"capacity": 1, "waitlist": "automatic"})
    other = (
        Invitation.objects.of(amina.tenant)
        .select_related("event", "contact", "tenant")
        .exclude(contact=amina)
        .get()
    )
    say(other, "accepted")
    say(of(amina), "accepted")
    path = feed_of(amina)[1]
    waiting = one(client.get(path))
    assert (waiting["SUMMARY"], waiting["STATUS"]) == ("Venteliste: Samarbeidsforum", "TENTATIVE")
    other.refresh_from_db()
    say(other, "declined")  # and the seat goes to Amina in the same transaction
    assert (one(client.get(path))["SUMMARY"], "Rådhusgata" in text(client.get(path))) == (
        "Samarbeidsforum",
        True,
    )


def test_the_place_opens_with_the_yes_and_closes_with_the_no(client, meeting, amina):
    path = feed_of(amina)[1]
    assert one(client.get(path))["LOCATION"] == "Sandefjord"
    say(of(amina), "accepted")
    assert "Rådhusgata 1" in one(client.get(path))["LOCATION"]
    say(of(amina), "declined")
    assert one(client.get(path))["LOCATION"] == "Sandefjord"


def test_the_exact_place_opens_at_its_moment_though_no_row_changes(client, meeting, amina, time_machine):
    Event.objects.of(amina.tenant).filter(pk=meeting.pk).update(place_hours_before=3)
    schedule_changed(amina.tenant_id)
    say(of(amina), "accepted")
    path = feed_of(amina)[1]
    time_machine.move_to(meeting.starts_at - dt.timedelta(hours=4), tick=False)
    before = client.get(path)
    assert "Rådhusgata" not in text(before)
    time_machine.move_to(meeting.starts_at - dt.timedelta(hours=2), tick=False)
    after = client.get(path, headers={"if-none-match": before["ETag"]})
    assert "Rådhusgata" in text(after)
    opened = meeting.starts_at - dt.timedelta(hours=3)
    assert one(after)["LAST-MODIFIED"].dt == opened.replace(microsecond=0)


def test_uid_and_sequence_are_those_of_the_invitation_and_no_person_or_link_is_in_it(client, meeting, amina):
    row = of(amina)
    say(row, "accepted")
    sent = client.get(f"/rsvp/{row.token}/event.ics").content
    octets = client.get(feed_of(amina)[1]).content
    for name in ("UID", "SEQUENCE"):
        assert values(octets, name) == values(sent, name)
    told = {line.partition(":")[0].partition(";")[0] for line in unfolded(octets)}
    assert told & {"ATTENDEE", "ORGANIZER", "URL"} == set()
    hidden = ("Amina", "amina@", "Ola", "ola@", "Kari", "svar-", "/rsvp/", row.token, row.reply_token)
    assert [word for word in hidden if word in octets.replace(b"\r\n ", b"").decode()] == []


def test_it_links_only_to_the_page_that_is_open_to_everybody(client, meeting, amina):
    Event.objects.of(amina.tenant).filter(pk=meeting.pk).update(is_public=True)
    assert f"/events/{meeting.uid}/" in one(client.get(feed_of(amina)[1]))["URL"]


def test_what_a_person_is_not_to_see_is_not_in_it(client, meeting, amina, sandefjord, kristiansand):
    for title, facts in (("Låst", {"locked_at": timezone.now()}), ("Trukket", {}), ("Utløpt", {})):
        row = invitation(event(sandefjord, title=title, **facts), contact=amina)
        if title == "Trukket":
            invitations.withdraw(row, by=None)
        if title == "Utløpt":
            Invitation.objects.of(sandefjord).filter(pk=row.pk).update(expires_at=timezone.now())
    invitation(draft(sandefjord, title="Utkast"), contact=amina)
    vague = {
        "starts_at": None,
        "ends_at": None,
        "answer_by": None,
        "vague_from": dt.date(2026, 5, 1),
        "state": "held",
    }
    invitation(event(sandefjord, title="En gang", vague_precision="month", **vague), contact=amina)
    event(sandefjord, title="Ikke invitert", is_public=True)
    invitation(event(kristiansand, title="Naboens"), contact=contact(kristiansand, email=amina.email))
    assert [each["SUMMARY"] for each in events_in(client.get(feed_of(amina)[1]).content)] == [
        "Ikke besvart: Samarbeidsforum"
    ]


def test_a_cancelled_meeting_stays_and_says_so_and_a_locked_one_goes_at_once(client, meeting, amina, kari):
    path = feed_of(amina, alarm=60)[1]
    assert values(client.get(path).content, "TRIGGER") == ["TRIGGER:-PT60M"]
    Event.objects.of(amina.tenant).filter(pk=meeting.pk).update(
        state="cancelled", cancelled_at=timezone.now()
    )
    schedule_changed(amina.tenant_id)
    found = one(client.get(path))
    assert (found["SUMMARY"], found["STATUS"], found["TRANSP"]) == (
        "Avlyst: Samarbeidsforum", "CANCELLED", "TRANSPARENT",
    )  # fmt: skip
    meeting.refresh_from_db()
    locking.lock(meeting, by=kari)
    assert "Samarbeidsforum" not in text(client.get(path))


def test_the_own_language_of_the_person_is_the_feeds(client, meeting, amina):
    path = feed_of(amina)[1]
    client.get(path)
    own.correct(Contact.objects.of(amina.tenant).get(pk=amina.pk), facts={"language": "uk"})
    answered = client.get(path)
    assert (answered["Content-Language"], "Ще без відповіді: Samarbeidsforum" in text(answered)) == (
        "uk",
        True,
    )


# --- When its bytes change -------------------------------------------------------------------------------------------
def test_one_statement_opens_an_unchanged_feed_however_many_meetings(client, meeting, amina, sandefjord):
    path = feed_of(amina)[1]
    for more in (0, 5):
        for _number in range(more):
            invitation(event(sandefjord), contact=amina)
        first = client.get(path)
        with CaptureQueriesContext(connection) as caught:
            assert client.get(path, headers={"if-none-match": first["ETag"]}).status_code == 304
        assert len(caught) == 1, [each["sql"] for each in caught]


def change_of_another(meeting, amina, kari):
    Event.objects.of(amina.tenant).filter(pk=meeting.pk).update(title="Nytt navn", changed_at=timezone.now())
    schedule_changed(amina.tenant_id)


CHANGES = {
    "the calendar": change_of_another,
    "an answer": lambda meeting, amina, kari: say(of(amina), "accepted"),
    "another answer": lambda meeting, amina, kari: say(of(amina), "declined"),
    "a new invitation": lambda meeting, amina, kari: invitation(event(amina.tenant), contact=amina),
    "a withdrawal": lambda meeting, amina, kari: invitations.withdraw(of(amina), by=kari),
    "an end of its own": lambda meeting, amina, kari: (
        Invitation.objects.of(amina.tenant).filter(contact=amina).update(expires_at=timezone.now())
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_changes_the_feed_is_in_the_next_answer(client, meeting, amina, kari, change):
    say(of(amina), "tentative")
    path = feed_of(amina)[1]
    first = client.get(path)
    CHANGES[change](meeting, amina, kari)
    assert client.get(path, headers={"if-none-match": first["ETag"]}).status_code == 200


def test_another_persons_answer_changes_nothing_here(client, meeting, amina):
    path = feed_of(amina)[1]
    first = client.get(path)
    other = (
        Invitation.objects.of(amina.tenant)
        .select_related("event", "contact", "tenant")
        .exclude(contact=amina)
        .get()
    )
    say(other, "accepted")
    assert client.get(path, headers={"if-none-match": first["ETag"]}).status_code == 304


def test_whoever_moves_to_a_host_becomes_a_co_host_in_the_feed_too(client, meeting, amina, sandefjord):
    from events.gatherings.models import EventHost

    host = organisation(sandefjord)
    EventHost.objects.create(tenant=sandefjord, event=meeting, organisation=host)
    Event.objects.of(sandefjord).filter(pk=meeting.pk).update(place_hours_before=1)
    schedule_changed(sandefjord.pk)
    say(of(amina), "accepted")
    path = feed_of(amina)[1]
    assert "Rådhusgata" not in text(client.get(path))
    Contact.objects.of(sandefjord).filter(pk=amina.pk).update(organisation=host)
    assert "Rådhusgata" in text(client.get(path))


# --- Whose it is -----------------------------------------------------------------------------------------------------
def test_two_people_at_the_same_meeting_never_get_each_others_bytes(client, meeting, amina):
    ola = Contact.objects.of(amina.tenant).get(name="Ola Nabo")
    say(of(amina), "accepted")
    say(of(ola), "declined")
    paths = [feed_of(person)[1] for person in (amina, ola, amina)]
    for _round in range(2):
        for packed in ("gzip", "br", "identity"):
            found = [one_summary(client.get(path, headers={"accept-encoding": packed})) for path in paths]
            assert found == ["Samarbeidsforum", "Takket nei: Samarbeidsforum", "Samarbeidsforum"]
    assert StoredBody.objects.filter(key__contains=":own.").count() == 3


def one_summary(response):
    import gzip

    import brotli

    unpack = {"gzip": gzip.decompress, "br": brotli.decompress}.get(
        response.headers.get("Content-Encoding"), bytes
    )
    (found,) = events_in(unpack(response.content))
    return str(found["SUMMARY"])


@pytest.mark.parametrize(
    "ends",
    [
        lambda person: erasing.erase(person),
        lambda person: (
            Contact.objects.of(person.tenant).filter(pk=person.pk).update(email="etterfolger@x.example")
        ),
        lambda person: (
            Contact.objects.of(person.tenant)
            .filter(pk=person.pk)
            .update(valid_until=timezone.localdate() - dt.timedelta(days=1))
        ),
        lambda person: services.end(OwnFeed.objects.of(person.tenant).get()),
        lambda person: services.renew(OwnFeed.objects.of(person.tenant).get(), nonce=NONCE),
    ],
    ids=["erased", "the row is another person's now", "no longer in the role", "ended", "a new address"],
)
def test_the_address_is_dead_at_once_and_its_bytes_are_forgotten(client, meeting, amina, ends):
    path = feed_of(amina)[1]
    assert "Samarbeidsforum" in text(client.get(path))
    ends(Contact.objects.of(amina.tenant).select_related("tenant").get(pk=amina.pk))
    assert client.get(path).status_code == 404
    tasks.clean()
    assert not StoredBody.objects.filter(key__contains=":own.").exists()


@pytest.mark.parametrize("way", ["erased", "ended", "renewed"])
def test_ending_and_erasing_throw_the_bytes_away_in_their_own_transaction(client, meeting, amina, way):
    feed, path = feed_of(amina)
    for each in (path, f"{path}?all", feed_of(contact(amina.tenant))[1]):
        assert client.get(each).status_code == 200
    ways = {
        "erased": lambda: erasing.erase(
            Contact.objects.of(amina.tenant).select_related("tenant").get(pk=amina.pk)
        ),
        "ended": lambda: services.end(feed),
        "renewed": lambda: services.renew(feed, nonce=NONCE),
    }
    ways[way]()
    assert StoredBody.objects.filter(key__contains=":own.").count() == 1


def test_an_operator_ends_all_of_a_persons_feeds_at_one_tenant(client, meeting, amina, kristiansand):
    elsewhere = contact(kristiansand, email=amina.email)
    paths = [feed_of(person)[1] for person in (amina, amina, elsewhere)]
    said = io.StringIO()
    for _call in range(2):
        call_command("end_calendars", "AMINA@moske.example", "--tenant", "sandefjord", stdout=said)
    assert said.getvalue().split() == ["ended:", "2", "ended:", "0"]
    assert [client.get(path).status_code for path in paths] == [404, 404, 200]
    assert AuditEntry.objects.of(amina.tenant).filter(action="own.feed_ended").count() == 2


def test_the_bytes_of_a_living_feed_stay(client, meeting, amina):
    client.get(feed_of(amina)[1])
    assert (tasks.clean(), StoredBody.objects.filter(key__contains=":own.").count()) == (0, 1)


def test_the_feed_follows_a_new_address_that_the_person_confirms(client, meeting, amina):
    path = feed_of(amina)[1]
    person = Contact.objects.of(amina.tenant).get(pk=amina.pk)
    link = own.ask_address(person, email="ny@moske.example", language="nb")
    own.confirm_address(link)
    assert client.get(path).status_code == 200


@pytest.mark.parametrize(("address", "status"), [("AMINA@moske.example", 200), ("annen@moske.example", 404)])
def test_merging_carries_a_feed_of_the_same_mailbox_and_kills_any_other(
    client, meeting, amina, sandefjord, kari, address, status
):
    twin = contact(sandefjord, name="A. Noor", email=address)
    path = feed_of(twin)[1]
    client.get(path)
    merge(kept=amina, gone=twin, facts={}, by=kari)
    answered = client.get(path)
    assert answered.status_code == status
    assert ("Samarbeidsforum" in answered.content.decode()) == (status == 200)


def test_no_more_than_a_few_and_a_double_click_makes_one(amina, meeting):
    first = feed_of(amina, nonce=NONCE)
    assert feed_of(amina, nonce=NONCE) == first
    for _number in range(1, MOST):
        feed_of(amina)
    with pytest.raises(services.TooMany):
        feed_of(amina)
    services.end(first[0])
    feed_of(amina)


def test_the_token_is_in_no_table_and_not_in_the_trail(amina, meeting):
    from tests.own import scene

    _feed, path = feed_of(amina)
    token = path.split("/")[2].removesuffix(".ics")
    assert len(token) == 32
    assert scene.found_in(scene.dump(), (token,)) == {}
    assert AuditEntry.objects.of(amina.tenant).filter(action="own.feed_made").count() == 1


def test_it_is_among_what_is_held_about_a_person(amina, meeting):
    feed_of(amina, name="Jobbtelefon")
    assert holdings.as_data(amina)["own_feeds"][0]["name"] == "Jobbtelefon"


# --- The pages -------------------------------------------------------------------------------------------------------
@pytest.fixture
def me(amina, monkeypatch):
    from invites.post import outbox

    monkeypatch.setattr(outbox, "wake", lambda *args, **kwargs: None)
    person = Contact.objects.of(amina.tenant).select_related("tenant").get(pk=amina.pk)
    return f"/me/{own.send_link(person, language='nb').token}/calendar/"


def test_a_forwarded_invitation_opens_no_calendar_of_the_person(client, meeting, amina):
    token = of(amina).token
    assert client.get(f"/me/{token}/calendar/").status_code == 404
    assert client.post(f"/me/{token}/calendar/new/", {"name": "x", "nonce": NONCE}).status_code == 404
    assert not OwnFeed.objects.of(amina.tenant).exists()


def test_looking_changes_nothing_and_leaves_no_cookie(client, me, meeting, amina):
    page = client.get(me)
    assert (page.status_code, len(page.content) <= 30_000, page.cookies) == (200, True, {})
    for path in ("new/", "renew/", "end/"):
        assert client.get(me + path).status_code == 405
    assert not OwnFeed.objects.of(amina.tenant).exists()


def test_a_language_that_was_chosen_goes_along_with_every_step(client, me, meeting, amina):
    assert f'{me}new/?lang=pl"' in client.get(f"{me}?lang=pl").content.decode()
    made = client.post(f"{me}new/?lang=pl", {"name": "Telefon", "nonce": NONCE})
    assert (made["Content-Language"], f'{me}?lang=pl"' in made.content.decode()) == ("pl", True)
    feed = OwnFeed.objects.of(amina.tenant).get()
    assert client.post(f"{me}end/?lang=pl", {"feed": feed.pk})["Location"] == f"{me}?done=ended&lang=pl"


def test_less_detail_tells_less_and_busy_not_even_the_answer(client, meeting, amina):
    say(of(amina), "tentative")
    told = {
        detail: text(client.get(feed_of(amina, detail=detail)[1])) for detail in ("full", "title", "busy")
    }
    for words, shown in (
        ("Om trygghet", ["full"]),
        ("Svaret ditt", ["full"]),
        ("LOCATION:", ["full"]),
        ("Samarbeidsforum", ["full", "title"]),
        ("Kanskje: ", ["full", "title"]),
        ("SUMMARY:Opptatt", ["busy"]),
        ("URL:", []),
    ):
        assert [detail for detail, octets in told.items() if words in octets] == shown, words


def test_busy_says_nothing_of_a_meeting_that_is_off_but_that(client, meeting, amina, leif):
    moving.cancel(meeting, by=leif, reason="Sykdom")
    octets = text(client.get(feed_of(amina, detail="busy")[1]))
    assert "SUMMARY:Avlyst: Opptatt" in octets
    assert "Samarbeidsforum" not in octets


def test_the_page_asks_how_much_it_tells_and_takes_no_other_word(client, me, meeting, amina):
    assert client.post(me + "new/", {"name": "A", "nonce": NONCE, "detail": "title"}).status_code == 200
    assert OwnFeed.objects.of(amina.tenant).get().detail == "title"
    wrong = client.post(me + "new/", {"name": "B", "nonce": "b" * 32, "detail": "alt"})
    assert "ds-error-summary" in wrong.content.decode()
    client.post(me + "new/", {"name": "C", "nonce": "c" * 32})
    assert sorted(OwnFeed.objects.of(amina.tenant).values_list("name", "detail")) == [
        ("A", "title"),
        ("C", "full"),
    ]


def test_nobody_renews_or_ends_the_feed_of_another(client, me, meeting, amina):
    ola = Contact.objects.of(amina.tenant).get(name="Ola Nabo")
    feed, path = feed_of(ola)
    for pk in (feed.pk, "x", "", "9" * 30, "²"):
        assert client.post(me + "renew/", {"feed": pk, "nonce": NONCE}).status_code == 302
        assert client.post(me + "end/", {"feed": pk}).status_code == 302
    assert client.get(path).status_code == 200


def test_what_is_wrong_is_said_beside_the_field_and_too_many_in_words(client, me, meeting, amina):
    page = client.post(me + "new/", {"name": "", "nonce": NONCE, "alarm": "7"})
    assert page.status_code == 200
    assert "ds-error-summary" in page.content.decode()
    for _number in range(MOST):
        feed_of(amina)
    page = client.post(me + "new/", {"name": "Sjette", "nonce": "a" * 32})
    assert "Du har så mange adresser som du kan ha" in page.content.decode()
    assert OwnFeed.objects.of(amina.tenant).count() == MOST


def test_the_list_asks_the_same_of_the_database_however_long_it_is(client, me, meeting, amina):
    counts = []
    for _number in range(3):
        feed_of(amina)
        with CaptureQueriesContext(connection) as caught:
            client.get(me)
        counts.append(len(caught))
    assert counts[0] == counts[2] <= 4


def test_the_address_is_shown_once_with_how_to_use_it_on_a_small_page(client, me, meeting, amina):
    page = client.post(me + "new/", {"name": "Telefon", "nonce": NONCE, "alarm": "60"})
    shown = page.content.decode()
    assert (page.status_code, len(page.content) <= 30_000, page.cookies) == (200, True, {})
    for words in ("Google", "Outlook", "Apple", "Thunderbird", "iPhone", "svg+xml", "/calendar/"):
        assert words in shown
    assert OwnFeed.objects.of(amina.tenant).get().alarm == 60


# --- The bytes, as reviewed ------------------------------------------------------------------------------------------
@pytest.mark.parametrize("case", ["unanswered", "accepted_with_place", "declined"])
def test_the_bytes_are_as_reviewed_and_other_readers_read_them(
    client, sandefjord, amina, time_machine, settings, case
):
    settings.BASE_URL = "https://moteplass.example"
    time_machine.move_to("2026-03-01T09:00:00Z", tick=False)
    starts = dt.datetime(2026, 3, 12, 17, tzinfo=OSLO)
    facts = {
        "starts_at": starts,
        "ends_at": starts + dt.timedelta(hours=2),
        "answer_by": None,
        "uid": uuid.UUID("1" * 32),
    }
    row = event(
        sandefjord,
        title="Samarbeidsforum",
        purpose="Om trygghet.",
        place_for_invited=PlaceLevel.CITY,
        **facts,
    )
    mine = invitation(row, contact=amina)
    time_machine.move_to("2026-03-02T10:00:00Z", tick=False)
    if case != "unanswered":
        say(of(amina), case.partition("_")[0])
    octets = client.get(feed_of(amina, alarm=60)[1]).content
    golden(f"own_feed_{case}", octets)
    stamp = "20260301T090000Z" if case == "unanswered" else "20260302T100000Z"
    assert values(octets, "DTSTAMP") == [f"DTSTAMP:{stamp}"]
    (read,) = thunderbird_reads(octets)
    assert (read["starts"]["wall"], read["uid"]) == ("2026-03-12T17:00:00", f"{row.uid}@moteplass.example")
    (found,) = vobject.readOne(io.StringIO(octets.decode())).vevent_list
    assert found.summary.value == read["summary"]
    assert mine.contact_id == amina.pk


# --- Nothing of anybody else -----------------------------------------------------------------------------------------
REPLIES = st.sampled_from(["", "accepted", "tentative", "declined"])
LADDERS = st.sampled_from([level.value for level in PlaceLevel])
MEETINGS = st.lists(
    st.tuples(LADDERS, st.sampled_from([None, 1, 24 * 30]), REPLIES, REPLIES, st.sampled_from("ABX"), st.booleans()),
    min_size=1, max_size=4,
)  # fmt: skip


@pytest.mark.django_db(transaction=False)
@tries(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(plan=MEETINGS)
def test_a_feed_holds_only_what_its_reader_may_see_and_nothing_of_anybody_else(client, sandefjord, plan):
    a = contact(sandefjord, name="Person Alfa", email=f"alfa{timezone.now().timestamp()}@x.example")
    b = contact(sandefjord, name="Person Beta", email=f"beta{timezone.now().timestamp()}@x.example")
    rows = []
    for number, (level, hours, said_a, said_b, who, locked) in enumerate(plan):
        row = event(sandefjord, title=f"Møte {number} slutt", venue=f"Sted{number}", place_for_invited=level,
                    place_for_public=0, place_hours_before=hours, online_url=f"https://video.example/{number}",
                    locked_at=timezone.now() if locked else None)  # fmt: skip
        for person, said in ((a, said_a), (b, said_b)):
            if who != {a: "B", b: "A"}[person]:
                at = timezone.now() if said else None
                invitation(row, contact=person, reply=said, replied_at=at)
        rows.append((row, who, locked))
    feeds = {person: text(client.get(feed_of(person)[1])) for person in (a, b)}
    for person, other in ((a, b), (b, a)):
        for words in (
            other.name,
            other.email,
            person.name,
            person.email,
            "Kari",
            "ATTENDEE",
            "ORGANIZER",
            "rsvp",
        ):
            assert words not in feeds[person]
        for row, _who, locked in rows:
            mine = (
                Invitation.objects.of(sandefjord)
                .filter(event=row, contact=person)
                .select_related("event", "contact")
            )
            if locked or not mine:
                assert row.title not in feeds[person]
                assert row.venue not in feeds[person]
                continue
            shown = seen(row, audience_of(mine.get()))
            assert row.title in feeds[person]
            assert (row.venue in feeds[person]) == (row.venue in shown.place)
            assert (row.online_url in feeds[person]) == bool(shown.online_url)


def test_the_language_chosen_on_the_own_page_goes_along_to_the_calendars(client, me, meeting, amina):
    page = client.get(me.replace("calendar/", ""), {"lang": "pl"}).content.decode()
    assert f'href="{me}?lang=pl"' in page
