"""What stands against sending: empty placeholders, a place given away, secret links, too much. And that it holds."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from events.directory.models import Contact
from events.gatherings.models import Event, EventHost, PlaceLevel
from invites.invitations import checks, services
from invites.invitations.checks import Refused, refusals
from invites.invitations.drafting import services as drafting
from invites.invitations.leaks import hidden
from invites.invitations.links import Found, Why, looks_random, secret_links
from invites.invitations.mails import compose_invitations
from invites.invitations.models import Invitation
from invites.post import outbox
from invites.post.models import OutgoingMail
from tests.factories import contact, event, invitation, organisation, programme

PDF = b"%PDF-1.7\n"


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def meeting(sandefjord):
    return event(
        sandefjord, title="Dialogmøte om tillit", online_url="https://meet.example/j/81234567890?pwd=x"
    )


def write(tenant, by, body, language="nb", subject="Velkommen"):
    drafting.write_words(tenant, by=by, kind="invitation", language=language, subject=subject, body=body)


def said(found):
    return [(refusal.what, refusal.who, refusal.field) for refusal in found]


# --- Empty placeholders -------------------------------------------------------------------------------------------
def test_an_ordinary_round_may_be_sent(meeting):
    people = [contact(meeting.tenant), contact(meeting.tenant, language="en")]
    assert refusals(meeting, people, {people[0].pk: "Takk for sist!"}, greeting="Velkommen.") == []


def test_a_placeholder_that_some_lack_names_them(meeting, kari):
    write(meeting.tenant, kari, "Hei {name} i {organisation}")
    alone = contact(meeting.tenant, name="Uten Forening", organisation=None)
    people = [contact(meeting.tenant), alone, contact(meeting.tenant, organisation=None, language="en")]
    assert said(refusals(meeting, people)) == [
        (
            "The text uses {organisation}, and some of the recipients belong to none.",
            ("Uten Forening",),
            "wording:nb",
        )
    ]


def test_quota_is_empty_for_persons_and_filled_for_organisations(meeting, kari):
    write(meeting.tenant, kari, "Dere kan sende {quota}")
    one, two = contact(meeting.tenant, name="Anne"), contact(meeting.tenant, name="Bo")
    assert [found.who for found in refusals(meeting, [one, two], quotas={one.pk: 2})] == [("Bo",)]
    assert refusals(meeting, [one], quotas={one.pk: 2}) == []


def test_a_deadline_or_place_that_is_not_there_concerns_all_who_read_the_language(sandefjord, kari):
    bare = event(sandefjord, answer_by=None, place_for_public=0, place_for_invited=0)
    write(sandefjord, kari, "Svar innen {deadline}, vi møtes {place}", language="en")
    anne = contact(sandefjord, name="Anne", language="en")
    assert said(refusals(bare, [anne, contact(sandefjord)])) == [
        ("The text uses {deadline}, and the meeting has no answer deadline.", ("Anne",), "wording:en"),
        (
            "The text uses {place}, and invitees see nothing of the place before they accept.",
            ("Anne",),
            "wording:en",
        ),
    ]


# --- The place rule -------------------------------------------------------------------------------------------------
LEAKS = [
    ("Rådhusgata 1", "Rådhusgata 1"),
    ("i rådhusgt. 1B", "rådhusgt"),
    ("RADHUSGATEN", "RADHUSGATEN"),
    ("Rådhus\u00adgata", "Rådhusgata"),
    ("i rådhuset", "rådhuset"),
    ("i rådhussalen", "rådhussalen"),
    ("på Sandefjord rådhus", "Sandefjord rådhus"),
    ("møterom nr. 3", "møterom 3"),
    ("rom 3", "rom 3"),
    ("https://MEET.example/j/81234567890?pwd=x", "meet.example/j/81234567890?pwd=x"),
    ("møte-ID 812 3456 7890", "812 3456 7890"),
]
SAFE = [
    "Dialogmøte om trygghet i Sentrum, Sandefjord",
    "Sandefjord kommune inviterer trossamfunn, skoler og politi",
    "17:05 Velkommen, 3 innlegg og 1 pause",
    "Vi finner et møterom når vi vet hvor mange som kommer",
    "Ring 33 41 60 00, eller se https://www.kommune.no/dialog",
]


@pytest.mark.parametrize(("text", "word"), LEAKS)
@pytest.mark.parametrize(
    "field", ["title", "purpose", "chair", "programme", "note", "greeting", "wording:nb"]
)
def test_no_text_may_tell_the_place_that_is_hidden(meeting, kari, field, text, word):
    person = contact(meeting.tenant, name="Anne")
    notes = {person.pk: text} if field == "note" else {}
    if field in ("title", "purpose", "chair"):
        setattr(meeting, field, text)
    elif field == "programme":
        programme(meeting, text)
    elif field == "wording:nb":
        write(meeting.tenant, kari, text)
    found = refusals(meeting, [person], notes, greeting=text if field == "greeting" else "")
    leak = [each for each in found if f"“{word}”" in each.what]
    assert [each.field for each in leak] == [field]
    assert [each.who for each in leak] == [("Anne",) if field == "note" else ()]


@pytest.mark.parametrize("text", SAFE)
def test_what_invitees_may_know_is_not_refused(meeting, text):
    meeting.purpose = text
    assert refusals(meeting, [contact(meeting.tenant)]) == []


def test_what_is_told_of_the_place_anyway_is_no_secret(meeting):
    meeting.title, meeting.online_url = "Møte i Sandefjord rådhus, Rådhusgata 1", ""
    meeting.place_for_invited = PlaceLevel.ADDRESS
    people = [contact(meeting.tenant)]
    assert refusals(meeting, people) == []
    meeting.title = "Møterom 3"
    assert [found.field for found in refusals(meeting, people)] == ["title"]
    meeting.place_for_invited = PlaceLevel.ROOM
    assert refusals(meeting, people) == []


def test_the_district_is_a_secret_when_it_is_hidden(meeting):
    meeting.title, meeting.place_for_invited = "Dialogmøte i Sentrum", PlaceLevel.CITY
    assert ["“Sentrum”" in found.what for found in refusals(meeting, [contact(meeting.tenant)])] == [True]


def test_the_place_of_an_item_is_as_secret_as_the_room(meeting):
    first, _second = programme(meeting, "Velkommen", "Vi går til Bystyresalen")
    first.place = "Bystyresalen"
    first.save()
    assert [found.field for found in refusals(meeting, [contact(meeting.tenant)])] == ["programme"]


def test_the_name_of_a_host_is_shown_anyway(meeting):
    meeting.venue, meeting.address, meeting.purpose = "Frelsesarmeen", "", "Sammen med Frelsesarmeen."
    people = [contact(meeting.tenant)]
    assert [found.field for found in refusals(meeting, people)] == ["purpose"]
    host = organisation(meeting.tenant, name="Frelsesarmeen")
    EventHost.objects.create(tenant=meeting.tenant, event=meeting, organisation=host)
    assert refusals(Event.objects.of(meeting.tenant).get(pk=meeting.pk), people) == []


@pytest.mark.parametrize(
    ("venue", "text", "found"),
    [
        ("Sentrum moské", "Vi inviterer moskeer og menigheter", []),
        ("Sentrum moské", "Vi møtes i Sentrum moskeen", ["Sentrum moskeen"]),
        ("Breidablikk ungdomsskole", "For elever i ungdomsskolen", []),
        ("Breidablikk ungdomsskole", "på Breidablikk", ["Breidablikk"]),
        ("Kongens gate 5, 3210 Sandefjord", "Kongensgate", ["Kongensgate"]),
        ("Kongens gate 5, 3210 Sandefjord", "3210", ["3210"]),
        ("Hall B", "Hall B", ["Hall B"]),
    ],
)
def test_words_that_also_name_the_invited_tell_a_place_only_together_with_its_name(venue, text, found):
    secret = hidden(places=[venue], room="", online_url="", shown=["Sandefjord", "Sentrum"])
    assert secret.found_in(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("rommet heter sandefjorddialogmote", ["sandefjorddialogmote"]),
        ("kode 9x41", ["9x41"]),
        ("Vi bruker meet.example", []),
    ],
)
def test_the_name_of_an_online_room_is_told_by_itself_too(text, found):
    url = "https://meet.example/SandefjordDialogMote?p=9x41"
    assert hidden(places=[], room="", online_url=url, shown=[]).found_in(text) == found


def test_the_name_of_a_file_must_not_tell_the_place(meeting, kari):
    drafting.add_enclosure(meeting, by=kari, name="Veien til rådhuset.pdf", content=PDF, with_invitation=True)
    people = [contact(meeting.tenant)]
    assert [(found.field, "“rådhuset”" in found.what) for found in refusals(meeting, people)] == [
        ("enclosures", True)
    ]
    drafting.send_along(meeting.enclosures.get(), along=False)
    assert refusals(meeting, people) == []


# --- Links ----------------------------------------------------------------------------------------------------------
TOKEN = "abcdefghijklmnopqrstuvwxyz234567"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"https://moteplass.example/rsvp/{TOKEN}/?answer=accepted", "/rsvp/…"),
        (f"/calendar/{TOKEN}.ics", "/calendar/…"),
        (f"skriv til svar-{TOKEN}@moteplass.example", "svar-…@"),
        (f"https%3A%2F%2Fx%2Frsvp%2F{TOKEN}", "%2Frsvp%…"),
    ],
)
def test_our_own_secret_links_are_found_and_not_repeated(text, shown):
    assert secret_links(text) == [Found(Why.OURS, shown)]


@pytest.mark.parametrize(
    "link",
    [
        "https://zoom.us/j/123?pwd=abc",
        "https://example.org/?access_token=1",
        "https://example.org/#token=1",
        "https://user:secret@example.org/",
        "https://teams.example/l/meetup-join/19%3ameeting_NjY0ZTk0ZDgtN2Y0Zi00@thread.v2/0",
        "https://docs.example/document/d/1A2b3C4d5E6f7G8h9I0jKlMn/edit",
        "https://example.org/5f4dcc3b5aa765d61d8327deb882cf99",
        "https://example.org/0c8f3a52-6b1d-4e7e-9c57-2f7a90d1b3aa",
        "http://[::1/x",
        "www.example.org/?passcode=1234",
    ],
)
def test_foreign_links_with_a_password_or_token_are_found(link):
    assert [found.why for found in secret_links(f"Se {link}, takk.")] == [Why.SECRET]


@pytest.mark.parametrize(
    "link",
    [
        "https://www.kommune.no/dialogmote-om-trygghet-2026",
        "https://www.nrk.no/vestfold/dialog-1.16543210",
        "www.example.org/covid19-rapport-2026-del2",
        "https://moteplass.example/calendar/public/sandefjord.ics",
        "https://example.org/?postcode=3210&monkey=1",
        "kari@sandefjord.example",
    ],
)
def test_plain_links_are_left_alone(link):
    assert secret_links(f"Se {link}.") == []


def test_long_words_are_not_random():
    assert not looks_random("menneskerettighetsorganisasjonen")
    assert looks_random("kJ8s0aQ1x9Zp4w")


@pytest.mark.parametrize("field", ["purpose", "note"])
def test_a_secret_link_in_a_text_is_refused_with_where_it_belongs(meeting, field):
    link, person = "https://zoom.us/j/1?pwd=hemmelig", contact(meeting.tenant)
    if field == "purpose":
        meeting.purpose = link
    found = refusals(meeting, [person], {person.pk: link} if field == "note" else {})
    assert [(each.field, "meeting's own field" in each.what) for each in found] == [(field, True)]
    assert "hemmelig" not in found[0].what


# --- Too much -------------------------------------------------------------------------------------------------------
def test_a_note_too_long_is_refused(meeting):
    person = contact(meeting.tenant)
    long = "a" * (checks.NOTE_LONGEST + 1)
    twice = "a" * (checks.TO_ONE_LONGEST + 1)  # with the greeting of a wave that was joined
    assert [each.field for each in refusals(meeting, [person], {person.pk: twice})] == ["note"]
    assert [each.field for each in refusals(meeting, [person], greeting=long)] == ["greeting"]
    assert refusals(meeting, [person], {person.pk: long[1:]}, greeting=long[1:]) == []


def test_two_notes_at_their_longest_fit_the_row(meeting, kari):
    person, longest = contact(meeting.tenant), "a" * checks.NOTE_LONGEST
    to_one = "a" * checks.TO_ONE_LONGEST
    services.invite(meeting, by=kari, contacts=[person], note=longest, notes={person.pk: to_one})
    row = Invitation.objects.of(meeting.tenant).get()
    Invitation._meta.get_field("note").clean(row.note, row)
    assert row.note == f"{to_one}\n\n{longest}"


# --- It holds when sending --------------------------------------------------------------------------------------------
def test_sending_is_refused_and_nothing_is_written(meeting, kari):
    person = contact(meeting.tenant)
    with pytest.raises(Refused) as refused:
        services.invite(meeting, by=kari, contacts=[person], notes={person.pk: "Vi møtes i Rådhusgata 1"})
    assert [each.field for each in refused.value.refusals] == ["note"]
    assert Invitation.objects.of(meeting.tenant).count() == 0
    assert OutgoingMail.objects.of(meeting.tenant).count() == 0


def test_notes_go_to_their_own_and_the_greeting_to_all(meeting, kari):
    one, two = contact(meeting.tenant), contact(meeting.tenant)
    services.invite(
        meeting, by=kari, contacts=[one, two], note="Velkommen!", notes={two.pk: "Takk for sist."}
    )
    notes = dict(Invitation.objects.of(meeting.tenant).values_list("contact_id", "note"))
    assert notes == {one.pk: "Velkommen!", two.pk: "Takk for sist.\n\nVelkommen!"}


def test_a_mail_that_waited_is_not_written_when_the_title_tells_the_place_meanwhile(meeting):
    row = invitation(meeting)
    later = dt.datetime(2030, 1, 1, tzinfo=dt.UTC)
    outbox.enqueue("invitation", tenant=row.tenant, items=[(row.pk, row.contact.email)], due_at=later)
    meeting.title = "Møte i Rådhusgata 1"
    meeting.save()
    with pytest.raises(Refused):
        compose_invitations(list(OutgoingMail.objects.of(row.tenant)))


def test_the_checks_cost_the_same_queries_for_one_and_three_people(meeting, kari):
    write(meeting.tenant, kari, "Hei {name} i {organisation}")
    people = [contact(meeting.tenant) for _person in range(3)]
    counts = []
    for some in (people[:1], people):
        rows = list(Contact.objects.of(meeting.tenant).filter(pk__in=[one.pk for one in some]))
        fresh = Event.objects.of(meeting.tenant).select_related("tenant").get(pk=meeting.pk)
        with CaptureQueriesContext(connection) as queries:
            assert refusals(fresh, rows) == []
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 6
