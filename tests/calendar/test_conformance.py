"""The rules of a feed, one promise each: what stands in it, and what never does. How it is asked for: test_asked.py."""

import datetime as dt
import logging

import icalendar
import pytest
from django.conf import settings as django_settings
from django.utils import timezone, translation

from events.calendar import services
from events.calendar.models import StoredBody, StoredEvent
from events.gatherings import services as gatherings
from events.gatherings.models import Event, EventHost
from events.gatherings.services import schedule_changed
from events.gatherings.visibility import Audience, seen
from invites.invitations import imip
from tests.calendar.facts import events_in, unfolded, values
from tests.calendar.test_feeds import PUBLIC, meeting
from tests.calendar.test_selections import feed_of
from tests.factories import event, organisation

__all__ = ["meeting"]  # the fixture: listed, every field filled, with a guest, a speaker and a contact
SETTLED = {"hosts": [], "measures": [], "programme": [], "format_name": ""}
KINDS = {
    "public": None,
    "own": {},
    "mine": {"scope": "mine"},
    "role": {"held_by": "coordinator"},
    "body": {"held_by": services.OF_THE_BODY, "scope": "body"},
}


@pytest.fixture(params=KINDS)
def kind(request):
    return request.param


@pytest.fixture
def path(kind, meeting, kari):
    """The address of a feed of each kind; the meeting is in all of them."""
    host = meeting.hosts.first()
    own = kari.memberships.get()
    Event.objects.of(meeting.tenant).filter(pk=meeting.pk).update(responsible=own)
    if KINDS[kind] is None:
        return PUBLIC
    selected = KINDS[kind] | ({"organisation": host} if kind == "body" else {})
    return feed_of(kari, **selected)[1]


def lines(response, name):
    assert response.status_code == 200
    return values(response.content, name)


# --- An event's identity ----------------------------------------------------------------------------------------------
def test_the_uid_is_for_life_and_that_of_the_invitation(client, path, meeting, kari):
    before = lines(client.get(path), "UID")
    starts = meeting.starts_at + dt.timedelta(days=3)
    facts = {"starts_at": starts, "ends_at": starts + dt.timedelta(hours=1), "title": "Flyttet"}
    gatherings.change(meeting, by=kari, facts=facts, **SETTLED | {"hosts": list(meeting.hosts.all())})
    moved = client.get(path)
    gatherings.cancel(meeting, by=kari, reason="")
    meeting.refresh_from_db()
    asked = imip.request(seen(meeting, Audience.INVITED), changed_at=meeting.changed_at).before
    assert before == lines(moved, "UID") == lines(client.get(path), "UID") == values(asked, "UID")
    assert lines(client.get(path), "SEQUENCE") == values(asked, "SEQUENCE") != lines(moved, "SEQUENCE")


def test_sequence_rises_on_a_new_time_and_not_on_a_new_title(client, path, meeting, kari):
    kept = SETTLED | {"hosts": list(meeting.hosts.all())}
    found = [lines(client.get(path), "SEQUENCE")]
    gatherings.change(meeting, by=kari, facts={"title": "Nytt navn"}, **kept)
    found.append(lines(client.get(path), "SEQUENCE"))
    later = {"starts_at": meeting.starts_at + dt.timedelta(hours=1)}
    gatherings.change(meeting, by=kari, facts=later, **kept)
    found.append(lines(client.get(path), "SEQUENCE"))
    assert found == [["SEQUENCE:0"], ["SEQUENCE:0"], ["SEQUENCE:1"]]


def test_stamps_come_from_rows_so_that_the_same_is_written_a_minute_later(
    client, path, meeting, time_machine
):
    noon = timezone.now().replace(hour=12, minute=0)
    time_machine.move_to(noon, tick=False)
    first = client.get(path)
    StoredBody.objects.all().delete()
    StoredEvent.objects.across_tenants("a test").delete()
    time_machine.move_to(noon + dt.timedelta(minutes=1), tick=False)
    again = client.get(path)
    assert (first.content, first["ETag"]) == (again.content, again["ETag"])
    stamp = f"{Event.objects.of(meeting.tenant).get().changed_at:%Y%m%dT%H%M%SZ}"
    assert lines(first, "DTSTAMP") == [f"DTSTAMP:{stamp}"]
    assert lines(first, "LAST-MODIFIED") == [f"LAST-MODIFIED:{stamp}"]


# --- What it says -----------------------------------------------------------------------------------------------------
def test_no_person_is_in_any_feed(client, path, meeting):
    response = client.get(path)
    for name in ("ATTENDEE", "ORGANIZER", "CONTACT", "COMMENT"):
        assert lines(response, name) == []
    words = response.content.replace(b"\r\n ", b"").decode()
    people = ("Grete", "Per Taler", "ordfører", "Kari", "Gunnar", "gunnar@", "kari@", "33 00")
    assert [name for name in people if name in words] == []


@pytest.mark.parametrize("language", [code for code, _name in django_settings.LANGUAGES])
def test_a_cancelled_meeting_says_so_in_the_language_of_the_reader(client, meeting, sandefjord, language):
    gatherings.cancel(meeting, by=None, reason="")
    type(sandefjord).objects.filter(pk=sandefjord.pk).update(language=language)
    (found,) = events_in(client.get(PUBLIC).content)
    with translation.override(language):
        said = translation.gettext("Cancelled: %(title)s") % {"title": meeting.title}
    assert (str(found["SUMMARY"]), str(found["STATUS"])) == (said, "CANCELLED")
    assert said != meeting.title
    assert (said == f"Cancelled: {meeting.title}") == (language == "en")


def test_a_meeting_that_takes_place_is_confirmed(client, path):
    assert (lines(client.get(path), "STATUS"), lines(client.get(path), "TRANSP")) == (
        ["STATUS:CONFIRMED"],
        ["TRANSP:OPAQUE"],
    )


def test_who_may_know_it_gets_the_link_to_join_as_conference(client, path, kind):
    found = lines(client.get(path), "CONFERENCE")
    told = ["CONFERENCE;VALUE=URI;FEATURE=AUDIO,VIDEO:https://video.example/hemmelig"]
    assert found == ([] if kind == "public" else told)


def test_the_url_is_of_a_page_that_the_reader_may_open(client, path, kind, meeting):
    public = f"{django_settings.BASE_URL}/events/{meeting.uid}/"
    own = f"{django_settings.BASE_URL}/t/sandefjord/events/{meeting.pk}/"
    assert lines(client.get(path), "URL") == [f"URL:{public if kind in ('public', 'body') else own}"]


def test_the_kind_of_meeting_is_its_category(client, path, meeting):
    assert lines(client.get(path), "CATEGORIES") == ["CATEGORIES:dialogmøte"]


def test_a_feed_tells_its_name_and_how_often_to_look(client, path, kind):
    response = client.get(path)
    own = {
        "own": "\\, for ansatte",
        "role": "\\, for ansatte",
        "mine": "\\, mine møter",
        "body": "\\, Sandefjord kommune",
    }
    name = f"Sandefjord kommune{own.get(kind, '')}"
    assert lines(response, "NAME") == [f"NAME:{name}"]
    assert lines(response, "X-WR-CALNAME") == [f"X-WR-CALNAME:{name}"]
    assert lines(response, "REFRESH-INTERVAL") == ["REFRESH-INTERVAL;VALUE=DURATION:PT1H"]
    assert lines(response, "X-PUBLISHED-TTL") == ["X-PUBLISHED-TTL:PT1H"]


def test_a_new_name_or_address_of_ours_is_told_at_once(client, path, meeting, settings):
    """Neither is a change of an event, nor of the tenant's schedule."""
    client.get(path)
    type(meeting.tenant).objects.filter(pk=meeting.tenant_id).update(name="Nye Sandefjord")
    assert lines(client.get(path), "NAME")[0].startswith("NAME:Nye Sandefjord")
    settings.BASE_URL = "https://ny.example"
    assert lines(client.get(path), "URL")[0].startswith("URL:https://ny.example/")


def test_the_calendar_itself_has_no_uid_and_names_its_maker(client, path):
    calendar = icalendar.Calendar.from_ical(client.get(path).content)
    assert ("UID" in calendar, calendar["VERSION"], str(calendar["PRODID"])) == (
        False,
        "2.0",
        "-//Moteplass//Moteplass//NO",
    )


# --- How it is written ------------------------------------------------------------------------------------------------
def test_lines_are_folded_end_with_crlf_and_hold_no_control_character(client, path, meeting):
    hostile = 'Æ"\x07;,\\\x1b\n' + "blåbærsyltetøy " * 12
    Event.objects.of(meeting.tenant).update(
        title=hostile[:150], purpose=hostile * 3, changed_at=timezone.now()
    )
    schedule_changed(meeting.tenant_id)
    octets = client.get(path).content
    assert octets.endswith(b"END:VCALENDAR\r\n")
    assert max(len(line) for line in octets.split(b"\r\n")) <= 75
    rest = octets.replace(b"\r\n", b"").decode()
    assert [char for char in rest if ord(char) < 32 or 127 <= ord(char) < 160] == []
    assert [line for line in unfolded(octets) if line and not line[0].isupper()] == []


def test_a_bad_row_never_breaks_the_feed_of_the_others(client, path, meeting, caplog):
    """Such as a zone that is none any more; it is told to the log, and comes back when it is right again."""
    own = Event.objects.of(meeting.tenant).get(pk=meeting.pk).responsible
    other = event(meeting.tenant, title="Møte i ukjent sone", is_public=True, responsible=own)
    Event.objects.of(meeting.tenant).filter(pk=other.pk).update(time_zone="Europe/Atlantis")
    EventHost.objects.create(tenant=meeting.tenant, event=other, organisation=meeting.hosts.first())
    schedule_changed(meeting.tenant_id)
    with caplog.at_level(logging.ERROR):
        found = events_in(client.get(path).content)
    assert [str(one["SUMMARY"]) for one in found] == [meeting.title]
    assert f"event {other.pk} cannot be written" in caplog.text
    Event.objects.of(meeting.tenant).filter(pk=other.pk).update(
        time_zone="Europe/Oslo", changed_at=timezone.now()
    )
    schedule_changed(meeting.tenant_id)
    assert len(events_in(client.get(path).content)) == 2


@pytest.mark.parametrize(
    ("days", "shown", "all_shown"), [(-182, 1, 1), (-184, 0, 1), (547, 1, 1), (549, 0, 1)]
)
def test_the_window_is_six_months_back_and_eighteen_ahead_and_all_lifts_it(
    client, path, meeting, days, shown, all_shown, time_machine
):
    time_machine.move_to(timezone.now().replace(hour=12, minute=0), tick=False)
    starts = timezone.now() + dt.timedelta(days=days)
    Event.objects.of(meeting.tenant).update(starts_at=starts, ends_at=starts + dt.timedelta(hours=2))
    schedule_changed(meeting.tenant_id)
    assert len(events_in(client.get(path).content)) == shown
    assert len(events_in(client.get(f"{path}?all").content)) == all_shown


def test_vague_dates_and_drafts_are_in_no_feed(client, path, meeting):
    own = Event.objects.of(meeting.tenant).get(pk=meeting.pk).responsible
    facts = {"title": "Vår 2026", "vague_from": timezone.localdate(), "vague_precision": "season"}
    held = {"state": Event.State.HELD, "held_at": timezone.now(), "published_at": timezone.now()}
    vague = Event.objects.create(tenant=meeting.tenant, is_public=True, responsible=own, **facts, **held)
    started = event(meeting.tenant, is_public=True, state=Event.State.DRAFT, responsible=own)
    for row in (vague, started):
        EventHost.objects.create(tenant=row.tenant, event=row, organisation=meeting.hosts.first())
    schedule_changed(meeting.tenant_id)
    for address in (path, f"{path}?all"):
        assert len(events_in(client.get(address).content)) == 1


def test_a_meeting_hosted_by_others_is_in_no_feed_of_a_body(client, meeting, kari):
    other = organisation(meeting.tenant, name="Politiet")
    path = feed_of(kari, **KINDS["body"], organisation=other)[1]
    assert events_in(client.get(path).content) == []
