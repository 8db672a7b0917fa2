"""The organiser's page "To decide": sections that rooms add, counts that lead there, decisions made once."""

import pytest

from events.gatherings.models import Event
from invites.answers.models import Answer
from invites.answers.requests.services import Substitute, ask_late, take_back
from invites.invitations import deciding
from invites.invitations.deciding import Choice, Row, Section
from tests.factories import contact, event, invitation
from tests.queries import queries_of
from tests.requests.scene import asked, fresh, kinds, name, only, reply_of, say


@pytest.fixture
def page(meeting):
    return f"/t/sandefjord/events/{meeting.pk}/decisions/"


def one_of_each(meeting):
    """A late answer, a substitute and a delegation, of three invitees."""
    rows = [invitation(meeting) for _ in range(3)]
    ask_late(fresh(rows[0]), reply="accepted", comment="")
    name(rows[1], Substitute("Bo", f"bo{rows[1].pk}@x.example"))
    name(rows[2], Substitute("Ada", f"ada{rows[2].pk}@x.example"), kind="delegation", source="calendar")


def test_what_waits_is_shown_by_section_with_who_what_and_the_buttons(at_desk, kari, amina, late, page):
    name(amina, comment="Jeg er på reise")
    text = at_desk(kari).get(page).content.decode()
    for words in ("Amina Noor, Sentrum moské", "Bo Berg", "bo@moske.example", "Jeg er på reise"):
        assert words in text
    assert f"/decisions/{only(amina).pk}/approve/" in text
    assert f"/decisions/{only(amina).pk}/refuse/" in text


def test_an_empty_page_says_what_will_show_up(at_desk, kari, page):
    assert b'class="ds-card empty"' in at_desk(kari).get(page).content


def test_as_many_queries_for_three_of_each_as_for_one(at_desk, kari, meeting, late, page):
    client = at_desk(kari)
    client.get(page)
    one_of_each(meeting)
    one = queries_of(client, page)
    one_of_each(meeting)
    one_of_each(meeting)
    assert queries_of(client, page) == one


@pytest.mark.parametrize(
    "address", ["/t/sandefjord/", "/t/sandefjord/events/{pk}/", "/t/sandefjord/events/{pk}/invitations/"]
)
def test_the_number_that_waits_leads_there_from_where_one_looks(at_desk, kari, meeting, late, page, address):
    kari.language = "en"
    kari.save()
    client, address = at_desk(kari), address.format(pk=meeting.pk)
    assert "request" not in client.get(address).content.decode()
    one_of_each(meeting)
    text = client.get(address).content.decode()
    assert ("3 requests" in text, page in text) == (True, True)


def test_a_reader_and_a_minute_taker_are_shown_no_number(at_desk, leif, mina, meeting, late, page):
    one_of_each(meeting)
    for user in (leif, mina):
        assert page not in at_desk(user).get(f"/t/sandefjord/events/{meeting.pk}/").content.decode()


def test_approving_and_a_second_click(at_desk, kari, amina, page, sandefjord):
    name(amina)
    client, address = at_desk(kari), f"/t/sandefjord/decisions/{only(amina).pk}/approve/"
    for _ in range(2):
        assert client.post(address).headers["Location"] == page
    assert (only(amina).state, only(amina).decided_by) == ("granted", kari)
    assert kinds(sandefjord, "bo@moske.example") == ["stand_in"]
    assert "Kari Koordinator" in client.get(page).content.decode()


def test_a_refusal_needs_a_reason_and_keeps_what_was_typed(at_desk, kari, amina, page):
    name(amina)
    client, address = at_desk(kari), f"/t/sandefjord/decisions/{only(amina).pk}/refuse/"
    assert client.get(address).status_code == 200
    assert only(amina).state == "pending"
    assert b'id="id_reason_error"' in client.post(address, {"reason": "  "}).content
    assert client.post(address, {"reason": "Ikke denne gangen."}).headers["Location"] == page
    assert (only(amina).state, only(amina).reason) == ("refused", "Ikke denne gangen.")
    assert "Ikke denne gangen." in client.get(page).content.decode()


def test_a_reason_gives_away_neither_the_place_nor_a_secret_link(at_desk, kari, amina):
    name(amina)
    client, address = at_desk(kari), f"/t/sandefjord/decisions/{only(amina).pk}/refuse/"
    for reason in ("Vi er i Møterom 3, fullt.", f"Se /rsvp/{fresh(amina).token}/"):
        assert b'id="id_reason_error"' in client.post(address, {"reason": reason}).content
    assert only(amina).state == "pending"


def test_what_stands_against_it_is_said_and_it_waits_on(at_desk, kari, amina, page, meeting):
    Event.objects.of(meeting.tenant).filter(pk=meeting.pk).update(capacity=0, waitlist="none")
    name(amina)
    client = at_desk(kari)
    kari.language = "en"
    kari.save()
    assert "All seats are taken." in client.get(page).content.decode()
    text = client.post(f"/t/sandefjord/decisions/{only(amina).pk}/approve/", follow=True).content.decode()
    assert "There is no seat for it." in text
    assert (only(amina).state, reply_of(amina)) == ("pending", "")


def test_what_was_taken_back_is_said_not_decided(at_desk, kari, amina, page):
    name(amina)
    take_back(only(amina))
    client = at_desk(kari)
    for way in ("approve", "refuse"):
        answer = client.post(f"/t/sandefjord/decisions/{only(amina).pk}/{way}/", {"reason": "x"})
        assert answer.headers["Location"] == page
    assert [row.state for row in asked(amina)] == ["withdrawn"]


def test_nothing_waits_once_the_meeting_is_off_or_the_invitation_withdrawn(amina, meeting):
    name(amina)
    assert deciding.waiting(meeting.tenant_id) == {meeting.pk: 1}
    Event.objects.of(meeting.tenant).filter(pk=meeting.pk).update(
        state="cancelled", cancelled_at=meeting.starts_at
    )
    assert deciding.waiting(meeting.tenant_id) == {}


def test_one_tenants_requests_are_never_anothers(amina, meeting, kristiansand, nils, at_desk):
    theirs = event(kristiansand)
    name(invitation(theirs, contact=contact(kristiansand)), Substitute("X", "x@x.example"))
    name(amina)
    assert deciding.waiting(kristiansand.pk) == {theirs.pk: 1}
    for way in ("approve", "refuse"):
        assert at_desk(nils).post(f"/t/kristiansand/decisions/{only(amina).pk}/{way}/").status_code == 404


def test_another_room_adds_a_section_of_its_own(at_desk, kari, meeting, page, monkeypatch):
    """The seam for held replies: a heading, rows with buttons and links, a count, in the order of its position."""
    monkeypatch.setattr(deciding, "_sections", dict(deciding._sections))
    say(invitation(meeting), "declined")
    choice = Choice("Bruk svaret", "/use/", {"what": "yes"}, main=True)
    row = Row(
        "Ukjent avsender", "svarte ja", meeting.starts_at, lines=(("Fra", "x@x.example"),), choices=(choice,)
    )
    deciding.register(
        Section(
            "held",
            "Holdt tilbake",
            rows=lambda _event: [row],
            waiting=Answer.objects.of,
            position=1,
        )
    )
    text = at_desk(kari).get(page).content.decode()
    assert ["Holdt tilbake" in text, 'action="/use/"' in text, 'name="what" value="yes"' in text] == [
        True
    ] * 3
    assert deciding.waiting(meeting.tenant_id)[meeting.pk] == 1
    with pytest.raises(ValueError, match="held"):
        deciding.register(Section("held", "", rows=lambda _event: ()))
