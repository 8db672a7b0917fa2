"""What each kind of feed shows, to whom it is open, and how little of it a feed of less detail tells."""

import datetime as dt

import pytest
from django.db import IntegrityError
from django.db.models import F
from django.utils import timezone

from events.calendar import limits, services, stored
from events.calendar.models import Feed, StoredBody
from events.calendar.selections import Selection, Wanted
from events.gatherings.models import Event, EventHost, EventMeasure
from events.gatherings.services import schedule_changed
from events.tenancy.models import Membership
from events.tokens import new_nonce
from tests.calendar.facts import events_in, values
from tests.factories import event, measure, organisation, programme, staff

PUBLIC = "/calendar/public/sandefjord.ics"


def member(person):
    return Membership.objects.across_tenants("a test").get(user=person, ended_at__isnull=True)


def feed_of(person, held_by="", **selected):
    """(the feed, its path)"""
    made, token = services.create(
        membership=member(person), name=new_nonce(), nonce=new_nonce(), selected=selected, held_by=held_by
    )
    return made, f"/calendar/{token}.ics"


def titles(response):
    assert response.status_code == 200, response.content
    return sorted(str(found["SUMMARY"]) for found in events_in(response.content))


@pytest.fixture
def course(sandefjord):
    row = event(sandefjord, title="Kurs", kind="course", city="Larvik", language="en", is_public=True)
    schedule_changed(sandefjord.pk)
    return row


@pytest.fixture
def meeting(sandefjord, course):
    return event(sandefjord, title="Dialogmøte", city="Sandefjord", purpose="Om trygghet", is_public=True)


# --- The public feed, narrowed --------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", ["Dialogmøte", "Kurs"]),
        ("?kind=course", ["Kurs"]),
        ("?place=larvik", ["Kurs"]),
        ("?place=Oslo", []),
        ("?language=nb", ["Dialogmøte"]),
        ("?language=en&kind=course&place=Larvik", ["Kurs"]),
        ("?language=nb&kind=course", []),
        ("?kind=&place=", ["Dialogmøte", "Kurs"]),
        ("?all=1&kind=course", ["Kurs"]),
    ],
)
def test_a_public_feed_is_narrowed_as_its_address_says(client, meeting, query, shown):
    assert titles(client.get(PUBLIC + query)) == shown


def test_a_public_feed_of_one_measure_shows_the_meetings_planned_to_advance_it(client, meeting, sandefjord):
    one = measure(sandefjord)
    EventMeasure.objects.create(tenant=sandefjord, event=meeting, measure=one)
    assert titles(client.get(f"{PUBLIC}?measure={one.pk}")) == ["Dialogmøte"]
    assert titles(client.get(f"{PUBLIC}?measure={one.pk + 1}")) == []


@pytest.mark.parametrize(
    "query",
    ["kind=party", "measure=three", "measure=-1", "language=xx", "detail=names", f"place={'x' * 101}"],
)
def test_a_question_that_means_nothing_is_refused_and_never_an_empty_calendar(client, meeting, query):
    answer = client.get(f"{PUBLIC}?{query}")
    assert (answer.status_code, b"VCALENDAR" in answer.content) == (400, False)
    assert query.partition("=")[0] in answer.content.decode()


def test_strangers_fill_no_table_by_asking_in_many_ways(client, meeting, monkeypatch):
    monkeypatch.setattr(stored, "MOST_NARROWED", 5)
    for number in range(8):
        client.get(f"{PUBLIC}?place=Sted{number}")
    assert StoredBody.objects.count() == 5
    assert titles(client.get(PUBLIC)) == ["Dialogmøte", "Kurs"]


def test_strangers_push_out_only_the_oldest_of_the_public_bodies_and_none_of_a_secret_feed(
    client, meeting, kari, monkeypatch
):
    monkeypatch.setattr(stored, "MOST_NARROWED", 2)
    _feed, path = feed_of(kari)
    client.get(path)
    for number in range(4):
        client.get(f"{PUBLIC}?place=Sted{number}")
        StoredBody.objects.update(changed_at=F("changed_at") - dt.timedelta(minutes=1))
    kept = set(StoredBody.objects.values_list("key", flat=True))
    public = {Selection(meeting.tenant_id, wanted=Wanted(city=f"Sted{n}")).key + ":nb" for n in (2, 3)}
    assert kept == public | {Selection(meeting.tenant_id, "staff").key + ":nb"}


def test_no_text_of_a_stranger_is_part_of_a_key(client, meeting):
    client.get(f"{PUBLIC}?place=%25%27;DROP")
    assert "DROP" not in StoredBody.objects.get().key


# --- Detail ---------------------------------------------------------------------------------------------------------
def test_title_and_time_is_just_that(client, meeting, course):
    programme(meeting, "Samtale")
    octets = client.get(f"{PUBLIC}?detail=title&place=sandefjord").content
    (found,) = events_in(octets)
    assert (found["SUMMARY"], "LOCATION" in found) == ("Dialogmøte", False)
    assert [word for word in ("trygghet", "Samtale", "Sandefjord rådhus") if word in octets.decode()] == []


def test_busy_tells_only_when(client, meeting, kari):
    _feed, path = feed_of(kari, detail="busy")
    octets = client.get(path).content
    (found, _course) = events_in(octets)
    assert (found["SUMMARY"], found["DTSTART"].dt) == ("Opptatt", meeting.starts_at.replace(microsecond=0))
    told = {line.partition(":")[0].partition(";")[0] for line in octets.decode().split("\r\n")}
    hidden = {"LOCATION", "DESCRIPTION", "CATEGORIES", "URL", "CONFERENCE", "ATTENDEE", "ORGANIZER"}
    assert told & hidden == set()
    assert "Dialogmøte" not in octets.decode()


def test_feeds_of_different_detail_share_no_lines(client, meeting, kari):
    paths = [feed_of(kari, detail=detail)[1] for detail in ("full", "title", "busy", "full")]
    shown = [client.get(path).content for path in paths]
    assert ["Om trygghet" in text.decode() for text in shown] == [True, False, False, True]
    assert shown[0] == shown[3]


def test_an_alarm_rings_before_the_meeting_and_not_for_what_is_cancelled(client, meeting, course, kari):
    Event.objects.of(meeting.tenant).filter(pk=course.pk).update(
        state="cancelled", cancelled_at=timezone.now()
    )
    _feed, path = feed_of(kari, alarm=60)
    octets = client.get(path).content
    assert values(octets, "TRIGGER") == ["TRIGGER:-PT60M"]
    assert values(client.get(feed_of(kari)[1]).content, "TRIGGER") == []
    with pytest.raises(IntegrityError):
        feed_of(kari, alarm=dt.timedelta(weeks=1) // dt.timedelta(minutes=1) + 1)


# --- One's own ------------------------------------------------------------------------------------------------------
def test_my_own_meetings_are_those_i_am_responsible_for(client, meeting, course, kari, mina):
    Event.objects.of(meeting.tenant).filter(pk=course.pk).update(responsible=member(kari))
    assert titles(client.get(feed_of(kari, scope="mine")[1])) == ["Kurs"]
    assert titles(client.get(feed_of(mina, scope="mine")[1])) == []


# --- Of a role ------------------------------------------------------------------------------------------------------
def test_a_feed_of_a_role_lives_as_long_as_somebody_has_it(client, meeting, kari, mina):
    _feed, path = feed_of(kari, held_by="minute_taker")
    assert titles(client.get(path)) == ["Dialogmøte", "Kurs"]
    other = staff(meeting.tenant, "minute_taker", name="Ola Andre")
    Membership.objects.across_tenants("a test").filter(user=mina).update(ended_at=timezone.now())
    assert client.get(path).status_code == 200
    other.is_active = False
    other.save()
    assert client.get(path).status_code == 404
    assert not Feed.objects.of(meeting.tenant).alive().exists()


def test_another_tenants_people_keep_no_feed_of_ours_alive(client, meeting, kari, nils):
    Membership.objects.across_tenants("a test").filter(user=nils).update(role="reader")
    assert client.get(feed_of(kari, held_by="reader")[1]).status_code == 404


def test_who_shares_a_feed_is_warned_when_one_who_knew_it_has_left(client, meeting, kari, mina):
    row, _path = feed_of(kari, held_by="minute_taker")
    staff(meeting.tenant, "minute_taker", name="Ola Andre")
    feeds = Feed.objects.of(meeting.tenant).with_leavers()
    assert not feeds.get().somebody_left
    Membership.objects.across_tenants("a test").filter(user=mina).update(ended_at=timezone.now())
    assert feeds.get().somebody_left
    services.renew(row, by=member(kari), nonce=new_nonce())
    assert not feeds.get().somebody_left


# --- Of a body ------------------------------------------------------------------------------------------------------
def test_a_feed_of_a_body_shows_the_meetings_it_hosts_and_the_place_but_no_page_of_staff(
    client, meeting, course, kari
):
    police = organisation(meeting.tenant, name="Sør-Øst politidistrikt")
    EventHost.objects.create(tenant=meeting.tenant, event=meeting, organisation=police)
    Event.objects.of(meeting.tenant).filter(pk=meeting.pk).update(is_public=False)
    _feed, path = feed_of(kari, held_by=services.OF_THE_BODY, scope="body", organisation=police)
    octets = client.get(path).content
    (found,) = events_in(octets)
    assert (found["SUMMARY"], "Møterom 3" in found["LOCATION"]) == ("Dialogmøte", True)
    assert values(octets, "URL") == []
    assert values(octets, "NAME") == ["NAME:Sandefjord kommune\\, Sør-Øst politidistrikt"]


@pytest.mark.parametrize(
    ("held_by", "selected"),
    [
        ("body", {"scope": "staff"}),
        ("reader", {"scope": "mine"}),
        ("", {"scope": "public"}),
        ("", {"scope": "body"}),
    ],
)
def test_the_database_refuses_a_feed_without_sense(meeting, kari, held_by, selected):
    with pytest.raises(IntegrityError):
        feed_of(kari, held_by, **selected)


# --- Ends -----------------------------------------------------------------------------------------------------------
def test_revoking_the_last_feed_of_a_selection_leaves_no_bytes(client, meeting, kari, mina):
    (one, first), (two, second) = feed_of(kari), feed_of(mina)
    assert (client.get(first).status_code, client.get(second).status_code) == (200, 200)
    services.revoke(one, by=member(kari))
    assert (client.get(first).status_code, client.get(second).status_code) == (404, 200)
    client.get(feed_of(mina, detail="busy")[1])
    assert StoredBody.objects.count() == 2
    services.revoke(two, by=member(mina))
    assert [row.key for row in StoredBody.objects.all()] == [
        Selection(meeting.tenant_id, "staff", detail="busy").key + ":nb"
    ]


def test_an_address_asked_for_too_often_is_told_to_wait_and_others_are_not(
    client, meeting, kari, mina, monkeypatch
):
    monkeypatch.setattr(limits, "_counts", {})
    now = limits.time.monotonic()
    monkeypatch.setattr(limits.time, "monotonic", lambda: now)
    often, seldom = feed_of(kari)[1], feed_of(mina)[1]
    assert {client.get(often).status_code for _n in range(limits.MOST)} == {200}
    refused = client.get(often)
    assert (refused.status_code, refused["Retry-After"], b"VCALENDAR" in refused.content) == (
        429,
        "60",
        False,
    )
    assert (client.get(seldom).status_code, client.get(PUBLIC).status_code) == (200, 200)


def test_a_row_that_cannot_be_written_is_left_out_and_the_others_stay(
    client, meeting, course, monkeypatch, caplog
):
    from events.calendar import writing

    def fails(row, audience):
        if row.pk == course.pk:
            raise ValueError("a bad row")
        return usual(row, audience)

    usual = writing.seen
    monkeypatch.setattr(writing, "seen", fails)
    assert titles(client.get(PUBLIC)) == ["Dialogmøte"]
    assert f"event {course.pk} cannot be written" in caplog.text


def test_keys_tell_apart_what_shows_different_things():
    wants = [
        Wanted(),
        Wanted(kind="course"),
        Wanted(measure=1),
        Wanted(city="1"),
        Wanted(language="nb"),
        Wanted(city="nb"),
    ]
    every = [
        Selection(1),
        Selection(2),
        Selection(1, "staff"),
        Selection(1, "mine", 1),
        Selection(1, "body", 1),
    ]
    every += [
        Selection(1, "mine", 2),
        Selection(1, detail="busy"),
        Selection(1, alarm=15),
        Selection(1, alarm=0),
    ]
    every += [Selection(1, wanted=one) for one in wants[1:]]
    assert len({one.key for one in every}) == len(every)
    assert Wanted(city="OSLO").key == Wanted(city="oslo").key
    assert max(len(one.key) for one in every) < 80
