"""The invitation mail: right words, right links, nothing it should not say, and quick enough for ten thousand."""

import datetime as dt
import email
import email.policy
import re
import time
from html.parser import HTMLParser

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from icalendar import Calendar

from events.gatherings.models import Appearance, EventHost
from events.tokens import digest
from invites.invitations import mails
from invites.invitations.mails import compose_invitations, names, preview
from invites.post import outbox
from invites.post.letters import Letter, Withheld
from invites.post.models import OutgoingMail
from invites.post.transports import mime, sendgrid
from tests.factories import contact, event, invitation, organisation, programme, tenant

STATE = OutgoingMail.State


def queued(*invitations, revision=0):
    rows = []
    for row in invitations:
        outbox.enqueue(
            "invitation", tenant=row.tenant, items=[(row.pk, row.contact.email)], revision=revision
        )
        rows.append(
            OutgoingMail.objects.of(row.tenant_id).get(
                kind="invitation", subject_id=row.pk, revision=revision
            )
        )
    return rows


def compose(*invitations, revision=0):
    rows = queued(*invitations, revision=revision)
    composed = compose_invitations(rows)
    return [composed[row.pk] for row in rows]


def compose_one(row, **options) -> Letter:
    (letter,) = compose(row, **options)
    assert isinstance(letter, Letter)
    return letter


@pytest.fixture
def meeting(sandefjord):
    made = event(
        sandefjord,
        title="Dialogmøte om tillit",
        purpose="Vi vil høre hva dere trenger.\n\nKom som dere er.",
        chair="Kari Nordmann",
        contact_phone="33 41 60 00",
        online_url="https://meet.example/secret",
    )
    host = organisation(sandefjord, name="Sandefjord bydelsråd")
    EventHost.objects.create(tenant=sandefjord, event=made, organisation=host)
    first, _second = programme(made, "Velkommen", "Samtale i grupper")
    first.starts = dt.time(17, 5)
    first.save()
    Appearance.objects.create(tenant=sandefjord, item=first, name="Ola Vert", office="ordfører")
    return made


@pytest.fixture
def asked(meeting):
    return invitation(meeting, language="en", contact=contact(meeting.tenant, name="Amina Yusuf"))


class Links(HTMLParser):
    def __init__(self, html):
        super().__init__()
        self.found = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        if tag == "a":
            self.found.append(dict(attrs)["href"])


# --- What it says -----------------------------------------------------------------------------------------------
def test_the_text_says_who_what_when_where_why_and_whom_to_ask(asked, meeting):
    text = compose_one(asked).text
    starts = meeting.starts_local
    for said in (
        "Hello Amina Yusuf,",
        "Sandefjord kommune invites you to",
        "Dialogmøte om tillit",
        f"{starts:%A}",
        f"{starts:%B %Y}",
        "17:00–19:00",
        "Sentrum, Sandefjord",
        "The exact place is shown when you have said yes.",
        "Vi vil høre hva dere trenger.",
        "17:05 Velkommen (Ola Vert, ordfører)",
        "Samtale i grupper",
        "Sandefjord bydelsråd",
        "Kari Nordmann",
        f"Please answer by {starts - dt.timedelta(days=1):%A}",
        "Kari Koordinator, kari@sandefjord.example, 33 41 60 00",
        "Other invitees cannot see that you are invited or what you answer.",
    ):
        assert said in text


def test_the_html_says_all_that_the_text_says(asked):
    letter = compose_one(asked)
    stripped = re.sub(r"<[^>]+>|\s+", " ", letter.html.partition("<body>")[2])
    words = set(re.findall(r"\w{3,}", letter.text)) - {"https", "http"}
    assert words - set(re.findall(r"\w{3,}", stripped + " ".join(Links(letter.html).found))) == set()


def test_what_invitees_may_not_see_yet_is_in_no_part(asked):
    letter = compose_one(asked)
    for part in (letter.text, letter.html, letter.calendar.decode().replace("\r\n ", "")):
        for hidden in ("Rådhusgata", "Møterom 3", "rådhus", "meet.example"):
            assert hidden not in part


def test_three_links_lead_to_the_invitees_own_page(asked, settings):
    settings.BASE_URL = "https://moteplass.example"
    letter = compose_one(asked)
    base = f"https://moteplass.example/rsvp/{asked.token}/?answer="
    links = [base + answer for answer in ("accepted", "tentative", "declined")]
    assert [link for link in Links(letter.html).found if "/rsvp/" in link] == links
    assert re.findall(r"https?://\S+", letter.text) == links
    assert digest(asked.token) == asked.token_hash


def test_organizer_sender_and_reply_address_are_one_and_the_same(asked, settings):
    letter = compose_one(asked)
    reply = f"svar-{asked.reply_token}@{settings.REPLY_DOMAIN}"
    assert letter.sender == letter.reply_to
    assert letter.sender.email == reply
    assert letter.sender.name == "Sandefjord kommune"
    (vevent,) = Calendar.from_ical(letter.calendar).walk("VEVENT")
    assert str(vevent["ORGANIZER"]) == f"mailto:{reply}"
    assert str(vevent["ATTENDEE"]) == f"mailto:{asked.contact.email}"
    assert letter.method == "REQUEST"


def test_each_invitee_is_written_to_in_their_own_language(meeting):
    english, norwegian = compose(invitation(meeting, language="en"), invitation(meeting, language="nb"))
    weekdays = ("mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag")
    weekday = weekdays[meeting.starts_local.weekday()]
    assert (english.language, norwegian.language) == ("en", "nb")
    assert weekday in norwegian.text
    assert weekday not in english.text
    assert '<html lang="nb" dir="ltr">' in norwegian.html
    assert '<html lang="en" dir="ltr">' in english.html


def test_the_zone_is_named_only_when_it_is_not_the_readers(meeting):
    here = compose_one(invitation(meeting, language="en"))
    abroad = event(meeting.tenant, time_zone="Africa/Nairobi")
    there = compose_one(invitation(abroad, language="en"))
    assert "time)" not in here.text
    assert "(Nairobi time)" in there.text


def test_there_are_no_pictures_no_scripts_and_nothing_from_elsewhere(asked):
    html = compose_one(asked).html
    assert re.findall(r"<(img|script|link|iframe|object)|url\(|@import| src=", html) == []
    assert {link.partition(":")[0] for link in Links(html).found} == {"http", "mailto"}


def test_nobody_else_is_named(meeting):
    others = [invitation(meeting) for _other in range(3)]
    letter = compose(invitation(meeting), *others)[0]
    everything = letter.text + letter.html + letter.calendar.decode().replace("\r\n ", "")
    for other in others:
        assert other.contact.name not in everything
        assert other.contact.email not in everything
        assert other.token not in everything


def test_an_event_without_extras_has_no_empty_headings(sandefjord):
    bare = event(sandefjord, answer_by=None, contact_name="", contact_email="", district="", city="")
    letter = compose_one(invitation(bare, language="en"))
    for part in (letter.text, letter.html):
        for heading in ("Purpose", "Programme", "Chair", "Hosts", "Please answer by", "None"):
            assert heading not in part
        assert "post@sandefjord.example" in part


def test_the_preview_is_the_mail_to_the_letter(meeting):
    person = contact(meeting.tenant, name="Amina Yusuf", language="en")
    shown = preview(meeting, person)
    sent = compose_one(invitation(meeting, contact=person, language="en"))

    def without_secrets(letter):
        return [
            re.sub(r"rsvp/[a-z2-7]{32}|svar-[a-z2-7]{32}", "…", part)
            for part in (
                letter.subject,
                letter.text,
                letter.html,
                letter.calendar.decode().replace("\r\n ", ""),
            )
        ]

    assert without_secrets(shown) == without_secrets(sent)
    assert (shown.to, shown.language) == (sent.to, sent.language)


def test_staff_read_the_events_title(asked):
    (row,) = queued(asked)
    with translation.override("en"):
        assert names([row]) == {row.pk: "Invitation: Dialogmøte om tillit"}


# --- What is not sent -------------------------------------------------------------------------------------------
@pytest.mark.parametrize("state", ["draft", "held", "cancelled"])
def test_nothing_is_sent_for_an_event_that_is_not_on(sandefjord, state):
    (withheld,) = compose(invitation(event(sandefjord, state=state)))
    assert isinstance(withheld, Withheld)
    assert withheld.state == STATE.CANCELLED


def test_nothing_is_sent_after_the_event_has_begun(sandefjord):
    now = timezone.now()
    begun = event(sandefjord, starts_at=now - dt.timedelta(minutes=1), ends_at=now + dt.timedelta(hours=1))
    soon = event(sandefjord, starts_at=now + dt.timedelta(minutes=1), ends_at=now + dt.timedelta(hours=1))
    withheld, letter = compose(invitation(begun), invitation(soon))
    assert withheld == Withheld(STATE.CANCELLED, "the event has begun")
    assert isinstance(letter, Letter)


def test_nothing_is_sent_for_an_invitation_that_was_withdrawn_or_expired(meeting):
    now = timezone.now()
    composed = compose(invitation(meeting, revoked_at=now), invitation(meeting, expires_at=now))
    assert composed == [Withheld(STATE.CANCELLED, "the invitation was withdrawn")] * 2


def test_an_older_mail_gives_way_to_a_newer_one_only_when_there_is_one(meeting, asked):
    meeting.sequence = 2
    meeting.save()
    letter = compose_one(asked)
    assert b"SEQUENCE:2\r\n" in letter.calendar
    queued(asked, revision=2)
    assert compose(asked) == [Withheld(STATE.SUPERSEDED, "a newer mail says it")]


def test_a_mail_whose_invitation_is_gone_or_another_tenants_is_not_sent(asked, kristiansand):
    (row,) = queued(asked)
    row.tenant_id = kristiansand.pk
    assert compose_invitations([row]) == {row.pk: Withheld(STATE.CANCELLED, "the invitation is gone")}
    (row,) = queued(asked)
    row.subject_id = 10**9
    assert compose_invitations([row]) == {row.pk: Withheld(STATE.CANCELLED, "the invitation is gone")}


# --- Hostile texts ----------------------------------------------------------------------------------------------
HOSTILE = "a\r\nBcc: x@y.example\x00\x0b<script>alert('&')</script>\u202e\u2028]]>{{ x }}"


def parts_of(letter):
    wire = mime.message(letter)
    message = email.message_from_bytes(wire, policy=email.policy.default)
    assert message.get_all("To") == [message["To"]]
    assert len(message["To"].addresses) == 1
    assert not {"Cc", "Bcc"} & set(message.keys())
    reply = message["From"].addresses[0].addr_spec
    assert message["Reply-To"].addresses[0].addr_spec == reply
    calendars = [p for p in message.walk() if p.get_content_type() in {"text/calendar", "application/ics"}]
    assert len(calendars) == 2
    for part in calendars:
        coded = part.get_payload(decode=True)
        assert isinstance(coded, bytes)
        (vevent,) = Calendar.from_ical(coded).walk("VEVENT")
        assert not isinstance(vevent["ATTENDEE"], list)
        assert str(vevent["ATTENDEE"]) == f"mailto:{letter.to.email}"
        assert str(vevent["ORGANIZER"]) == f"mailto:{reply}"
    return message


def test_hostile_texts_stay_text(sandefjord):
    stored = HOSTILE.replace("\x00", "")  # which PostgreSQL refuses to store
    bad = event(sandefjord, purpose=stored, chair=stored, city=stored, contact_name=stored)
    programme(bad, stored)
    bad.title = bad.tenant.name = HOSTILE
    person = contact(sandefjord, name=stored, language="en")
    person.name = HOSTILE
    letter = preview(bad, person)
    parts_of(letter)
    assert "<script" not in letter.html
    assert "&lt;script&gt;alert(&#x27;&amp;&#x27;)&lt;/script&gt;" in letter.html
    assert "<script>alert('&')</script>" in letter.text
    assert "{{ x }}" in letter.text
    assert "\x00" not in letter.text + letter.html
    sendgrid.payload(letter)


@hypothesis_settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.data())
def test_any_text_makes_a_mail_that_others_can_read(meeting, data):
    """Titles far longer than the column too: the composer does not rely on the form."""
    text = st.text(max_size=200) | st.just("ø" * 10_000) | st.just(HOSTILE)
    for field in ("title", "purpose", "chair", "city", "contact_name", "contact_phone"):
        setattr(meeting, field, data.draw(text, label=field))
    meeting.tenant.name = data.draw(st.text(max_size=200), label="tenant")
    person = contact(meeting.tenant)
    person.name = data.draw(st.text(max_size=200), label="name")
    letter = preview(meeting, person)
    parts_of(letter)
    sendgrid.payload(letter)
    person.delete()


# --- Ten thousand -----------------------------------------------------------------------------------------------
def test_a_batch_costs_the_same_queries_however_many(meeting):
    other = event(tenant("larvik"))
    counts = []
    for number in (1, 12):
        rows = queued(*(invitation(where) for where in (meeting, other) for _row in range(number)))
        with CaptureQueriesContext(connection) as queries:
            assert len(compose_invitations(rows)) == 2 * number
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 9


def test_words_are_rendered_once_for_an_event_and_a_language(meeting, monkeypatch):
    made, real = [], mails.paper_for

    def counted(event, language, **given):
        made.append(language)
        return real(event, language, **given)

    monkeypatch.setattr(mails, "paper_for", counted)
    compose(*(invitation(meeting, language=language) for language in ("nb", "en") for _row in range(5)))
    assert sorted(made) == ["en", "nb"]


def test_a_recipient_costs_far_less_than_a_rendering(meeting):
    """The budget is 60 µs (make bench); here only that nothing is rendered for each recipient."""
    row = invitation(meeting)
    begun = time.perf_counter()
    paper = mails.paper_for(meeting, "nb")
    once = time.perf_counter() - begun
    begun = time.perf_counter()
    for _recipient in range(100):
        paper.letter(row, to="a@x.example", delivery_id=row.event.uid)
    assert (time.perf_counter() - begun) / 100 < once / 5


def test_a_mail_is_of_no_use_once_the_meeting_began_and_not_tried_again_two_hours_before(sandefjord):
    meeting = event(sandefjord)
    letter = preview(meeting, contact(sandefjord))
    assert meeting.starts_at is not None
    assert letter.useless_from == meeting.starts_at
    assert letter.give_up_at == meeting.starts_at - dt.timedelta(hours=2)
