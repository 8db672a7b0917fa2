"""The exact place opens by answer and by hour, and those who come are told once it does, by one rule everywhere."""

import datetime as dt

import pytest
from django.utils import timezone

from events.gatherings.models import EventHost
from events.gatherings.visibility import Audience, place_level, seen
from invites.invitations.notices import audience_of
from invites.invitations.place import services
from invites.post.letters import Letter, Withheld
from invites.post.models import OutgoingMail
from tests import factories
from tests.invitations.telling import fresh, invited, later, letter, mails, of, read, say, sent, tell

HOUR = dt.timedelta(hours=1)
LINK = "https://video.example/rom"


@pytest.fixture(autouse=True)
def still_post(monkeypatch):
    monkeypatch.setattr("invites.post.outbox.wake", lambda *args: None)


@pytest.fixture
def meeting(sandefjord):
    """In two weeks; the exact place opens a day before."""
    return factories.event(sandefjord, title="Dialogmøte", online_url=LINK, place_hours_before=24)


@pytest.fixture
def opening(meeting):
    return meeting.starts_at - 24 * HOUR


def said(found: Letter) -> str:
    return found.text + found.html + found.calendar.decode()


def tells(text: str) -> bool:
    return any(word in text for word in ("Rådhusgata", "Møterom", LINK))


@pytest.mark.parametrize("audience", list(Audience))
def test_the_ladder_opens_by_answer_and_hour(meeting, opening, audience):
    before, after = (place_level(meeting, audience, now=opening + turn * HOUR) for turn in (-1, 0))
    expected = {
        Audience.PUBLIC: (1, 1),
        Audience.INVITED: (2, 2),
        Audience.ACCEPTED: (2, 4),
        Audience.CO_HOST: (4, 4),
        Audience.ORGANISER: (4, 4),
    }
    assert (before, after) == expected[audience]


def test_link_and_rooms_of_the_programme_open_with_the_place(meeting, opening):
    item = factories.programme(meeting, "Samtale")[0]
    item.place = "Formannskapssalen"
    item.save()
    for turn, open_now in ((-1, False), (0, True)):
        shown = seen(meeting, Audience.ACCEPTED, now=opening + turn * HOUR)
        assert (bool(shown.online_url), bool(shown.programme[0].place)) == (open_now, open_now)
        assert (shown.place_opens_at is None) == open_now


def test_a_locked_meeting_tells_its_place_to_nobody_outside(meeting, opening):
    meeting.locked_at = opening
    told = [place_level(meeting, audience, now=opening) for audience in Audience]
    assert told == [1, 2, 2, 2, 4]


def test_who_comes_from_a_host_is_a_co_host_and_before_the_yes_an_invitee_like_all(meeting):
    row = invited(meeting)
    organisation = row.contact.organisation
    EventHost.objects.create(tenant=meeting.tenant, event=meeting, organisation=organisation)
    assert audience_of(fresh(row)) == Audience.INVITED
    say(row, "accepted")
    assert audience_of(fresh(row)) == Audience.CO_HOST
    other = invited(meeting, "Omar Haddad", reply="accepted")
    assert audience_of(fresh(other)) == Audience.ACCEPTED


def test_before_it_opens_no_page_calendar_or_mail_tells_those_who_come(meeting, client, opening):
    row = invited(meeting, reply="accepted")
    page = client.get(f"/rsvp/{row.token}/?lang=en").content.decode()
    assert "The exact place is told to those who come, from" in page
    texts = [page, client.get(f"/rsvp/{row.token}/event.ics").content.decode()]
    texts += [said(letter(mail)) for mail in mails(meeting.tenant, "receipt")]
    day = meeting.local(timezone.now()).date().toordinal()
    texts.append(said(letter(sent(row, "claimed", kind="reminder", revision=day))))
    tell(later(meeting))
    texts += [said(letter(mail)) for mail in mails(meeting.tenant, "update")]
    assert [tells(text) for text in texts] == [False] * 5


def test_when_it_opens_those_who_come_are_told_once_with_a_newer_stamp_and_the_same_sequence(
    meeting, opening, client, time_machine
):
    row = invited(meeting, reply="accepted")
    for name, reply in (("Bo Berg", "declined"), ("Eva Lund", ""), ("Omar Haddad", "tentative")):
        invited(meeting, name, reply=reply)
    assert services.tick(opening - HOUR) == 0
    file = f"/rsvp/{row.token}/event.ics"
    before = read(client.get(file).content)[1]
    time_machine.move_to(opening)
    after = read(client.get(file).content)[1]
    assert (tells(str(before["LOCATION"])), tells(str(after["LOCATION"]))) == (False, True)
    assert after.decoded("DTSTAMP") == opening.replace(microsecond=0) > before.decoded("DTSTAMP")
    assert [services.tick() for _ in range(3)] == [1, 0, 0]
    (mail,) = mails(meeting.tenant, "place")
    found = letter(mail)
    method, vevent = read(found.calendar)
    assert (mail.subject_id, method, tells(found.text), tells(found.html)) == (row.pk, "REQUEST", True, True)
    assert (str(vevent["UID"]).partition("@")[0], vevent["SEQUENCE"]) == (str(meeting.uid), 0)
    assert vevent.decoded("DTSTAMP") >= opening.replace(microsecond=0) > meeting.changed_at
    assert "Rådhusgata 1" in str(vevent["LOCATION"])
    assert str(vevent["ATTENDEE"].params["PARTSTAT"]) == "ACCEPTED"


def test_two_workers_at_the_same_minute_tell_once(meeting, opening):
    invited(meeting, reply="accepted")
    both = [of(meeting), of(meeting)]
    assert [services.tell(event, opening) for event in both] == [1, 0]


def test_hosts_have_known_it_and_are_not_told_again(meeting, opening):
    row = invited(meeting, reply="accepted")
    factories.invitation(
        meeting,
        contact=factories.contact(meeting.tenant, organisation=None),
        reply="accepted",
        replied_at=timezone.now(),
    )
    EventHost.objects.create(tenant=meeting.tenant, event=meeting, organisation=row.contact.organisation)
    assert services.tick(opening) == 1


@pytest.mark.parametrize(
    "change", [{"place_hours_before": 2}, {"moved": 7}], ids=["other hours", "another week"]
)
def test_what_opens_anew_is_told_anew(meeting, opening, change):
    invited(meeting, reply="accepted")
    assert services.tick(opening) == 1
    if "moved" in change:
        later(meeting)
        again = opening + dt.timedelta(days=7)
    else:
        type(meeting).objects.of(meeting.tenant).update(**change)
        again = meeting.starts_at - 2 * HOUR
    assert (services.tick(opening + HOUR), services.tick(again), services.tick(again + HOUR)) == (0, 1, 0)


@pytest.mark.parametrize(
    ("what", "state"),
    [("no", "cancelled"), ("closed", "cancelled"), ("cancelled", "cancelled"), ("update", "superseded")],
)
def test_a_mail_that_waited_is_not_sent_when_it_no_longer_holds(meeting, opening, time_machine, what, state):
    row = invited(meeting, reply="accepted")
    time_machine.move_to(opening)
    services.tick()
    (mail,) = mails(meeting.tenant, "place")
    events = type(meeting).objects.of(meeting.tenant)
    if what == "no":
        type(row).objects.of(meeting.tenant).update(reply="declined")
    elif what == "closed":
        events.update(place_hours_before=1)
    elif what == "cancelled":
        events.update(state="cancelled", cancelled_at=opening)
    else:
        sent(row, "queued", kind="update", revision=1)
    withheld = letter(mail)
    assert isinstance(withheld, Withheld)
    assert withheld.state == state


def test_the_place_is_told_in_the_invitees_language_and_not_in_quiet_hours(meeting, opening, time_machine):
    row = invited(meeting, reply="accepted")
    type(row).objects.of(meeting.tenant).update(language="en")
    tenant = meeting.tenant
    tenant.quiet_from, tenant.quiet_until = dt.time(16), dt.time(19)  # it opens at 17:00 the day before
    tenant.save()
    time_machine.move_to(opening)
    services.tick()
    mail = OutgoingMail.objects.of(tenant).get(kind="place")
    assert of(meeting).local(mail.due_at).time() == dt.time(19)
    assert "Where we meet: Dialogmøte" in letter(mail).subject
