"""The addresses of feeds: who may read what, and HTTP as real calendars speak it."""

import datetime as dt
import gzip
import logging
from typing import Any

import brotli
import pytest
from django.db import DatabaseError, connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.http import http_date

from events.calendar import schedule, scopes, services, serving, stored
from events.calendar.models import Feed
from events.calendar.public import public_feed
from events.gatherings import services as gatherings
from events.gatherings.models import Appearance, Event, EventHost, PlaceLevel, ProgrammeItem
from events.gatherings.services import schedule_changed
from events.gatherings.visibility import seen
from events.tenancy.models import Membership
from events.tokens import new_nonce
from tests.calendar.facts import events_in, values
from tests.factories import contact, draft, event, invitation, organisation, programme

PUBLIC = "/calendar/public/sandefjord.ics"


def titles(response):
    return [str(found["SUMMARY"]) for found in events_in(response.content)]


@pytest.fixture
def meeting(sandefjord):
    """Listed for the public, with every field filled, a programme, and a guest: so that there is something to hide."""
    row = event(
        sandefjord,
        title="Dialogmøte om trygghet",
        is_public=True,
        purpose="Vi snakker om trygghet.",
        chair="Grete Ordstyrer",
        online_url="https://video.example/hemmelig",
        contact_phone="33 00 00 00",
    )
    host = organisation(sandefjord, name="Sandefjord kommune")
    EventHost.objects.create(tenant=sandefjord, event=row, organisation=host)
    (item,) = programme(row, "Samtale i grupper")
    Appearance.objects.create(tenant=sandefjord, item=item, name="Per Taler", office="ordfører")
    invitation(row, contact=contact(sandefjord, name="Gunnar Gjest", email="gunnar@forening.example"))
    schedule_changed(sandefjord.pk)
    return row


def secret_of(person, name="Telefon"):
    """The path of a fresh secret feed."""
    membership = Membership.objects.across_tenants("a test").get(user=person, ended_at__isnull=True)
    _feed, token = services.create(membership=membership, name=name, nonce=new_nonce())
    return f"/calendar/{token}.ics"


# --- What is in it -------------------------------------------------------------------------------------------------
def test_the_public_feed_shows_only_what_the_public_may_know(client, meeting):
    (found,) = events_in(client.get(PUBLIC).content)
    assert (found["SUMMARY"], found["LOCATION"]) == ("Dialogmøte om trygghet", "Sandefjord")
    text = client.get(PUBLIC).content.replace(b"\r\n ", b"").decode()
    hidden = (
        "Grete",
        "Per Taler",
        "Samtale i grupper",
        "Kari",
        "33 00",
        "video.example",
        "Rådhusgata",
        "Gunnar",
    )
    assert [word for word in hidden if word in text] == []


def test_the_public_feed_leaves_out_what_is_not_listed_and_drafts(client, meeting, sandefjord, kristiansand):
    event(sandefjord, title="Lukket møte", is_public=False)
    draft(sandefjord, title="Utkast", is_public=True)
    event(kristiansand, title="Naboens møte", is_public=True)
    assert titles(client.get(PUBLIC)) == ["Dialogmøte om trygghet"]


def test_the_place_is_told_as_far_as_the_event_allows(client, meeting):
    Event.objects.of(meeting.tenant).update(place_for_public=PlaceLevel.NOTHING)
    (found,) = events_in(client.get(PUBLIC).content)
    assert "LOCATION" not in found


@pytest.mark.parametrize(
    "closes",
    [
        {"place_for_public": PlaceLevel.CITY},
        {"is_public": False},
    ],
    ids=["less of the place is told", "not public any more"],
)
def test_what_the_public_may_know_no_longer_is_in_no_answer_whatever_a_calendar_remembers(
    client, meeting, kari, closes
):
    """Neither from what is kept, plain or compressed, nor as "not modified" for who has the older one."""
    Event.objects.of(meeting.tenant).update(place_for_public=PlaceLevel.ADDRESS)
    schedule_changed(meeting.tenant_id)
    asked = [{"accept-encoding": kind} for kind in ("gzip", "identity")]
    older = [client.get(path, headers=each) for path in (PUBLIC, f"{PUBLIC}?all") for each in asked]
    assert "Rådhusgata" in older[1].content.decode()
    meeting.refresh_from_db()
    settled = {"hosts": [], "measures": [], "programme": [], "format_name": ""}
    gatherings.change(meeting, by=kari, facts=closes, **settled)
    answers = []
    for path in (PUBLIC, f"{PUBLIC}?all"):
        for each in asked:
            first = older[len(answers)]
            known = {"if-none-match": first["ETag"], "if-modified-since": first["Last-Modified"]}
            answers.append(client.get(path, headers=each | known))
    assert [answer.status_code for answer in answers] == [200] * 4
    texts = [
        (gzip.decompress(one.content) if one.headers.get("Content-Encoding") else one.content).decode()
        for one in answers
    ]
    assert [word for word in ("Rådhusgata", "Møterom", "Kari", "hemmelig") if word in "".join(texts)] == []


def test_a_staff_feed_shows_the_room_and_the_programme_but_no_person(client, meeting, leif):
    octets = client.get(secret_of(leif)).content
    (found,) = events_in(octets)
    assert "Møterom 3" in found["LOCATION"]
    assert "Samtale i grupper" in found["DESCRIPTION"]
    text = octets.replace(b"\r\n ", b"").decode()
    assert [
        name for name in ("Grete", "Per Taler", "Kari", "Gunnar", "gunnar", "33 00") if name in text
    ] == []
    assert values(octets, "ATTENDEE") == values(octets, "ORGANIZER") == []


@pytest.mark.parametrize("level", ["internal", "restricted"])
def test_an_item_for_our_own_staff_alone_is_in_no_feed_because_others_keep_feeds(
    client, meeting, leif, level
):
    facts = {"position": 9, "title": "Sak om ett menneske", "level": level}
    ProgrammeItem.objects.create(tenant=meeting.tenant, event=meeting, **facts)
    schedule_changed(meeting.tenant_id)
    text = client.get(secret_of(leif)).content.decode().replace("\r\n ", "")
    assert "Samtale i grupper" in text
    assert "Sak om ett menneske" not in text


def test_a_staff_feed_holds_the_tenants_published_events_and_no_other(
    client, meeting, sandefjord, kristiansand, kari
):
    event(
        sandefjord,
        title="Lukket møte",
        starts_at=meeting.starts_at + dt.timedelta(days=1),
        ends_at=meeting.ends_at + dt.timedelta(days=1),
    )
    draft(sandefjord, title="Utkast")
    event(kristiansand, title="Naboens møte")
    assert titles(client.get(secret_of(kari))) == ["Dialogmøte om trygghet", "Lukket møte"]


def test_a_vague_date_never_becomes_a_day(client, meeting, sandefjord):
    Event.objects.create(
        tenant=sandefjord,
        title="Høsten 2026",
        state=Event.State.HELD,
        held_at=timezone.now(),
        published_at=timezone.now(),
        vague_from=timezone.now().date(),
        vague_precision="season",
        is_public=True,
    )
    assert titles(client.get(PUBLIC + "?all=1")) == ["Dialogmøte om trygghet"]


def _moved(row, days):
    starts = timezone.now() + dt.timedelta(days=days)
    Event.objects.of(row.tenant).filter(pk=row.pk).update(
        starts_at=starts, ends_at=starts + dt.timedelta(hours=2)
    )
    schedule_changed(row.tenant_id)


@pytest.mark.parametrize(("days", "shown"), [(-170, 1), (-200, 0), (500, 1), (600, 0)])
def test_the_window_is_half_a_year_back_and_a_year_and_a_half_ahead(client, meeting, days, shown):
    _moved(meeting, days)
    assert len(titles(client.get(PUBLIC))) == shown
    assert len(titles(client.get(PUBLIC + "?all=1"))) == 1


@pytest.mark.parametrize(
    ("cancelled", "held", "shown"), [(-10, 20, 1), (-100, 20, 1), (-80, -70, 1), (-100, -70, 0)]
)
def test_a_cancelled_event_stays_for_90_days_or_until_its_day(client, meeting, cancelled, held, shown):
    _moved(meeting, held)
    when = timezone.now() + dt.timedelta(days=cancelled)
    Event.objects.of(meeting.tenant).update(state=Event.State.CANCELLED, cancelled_at=when)
    found = events_in(client.get(PUBLIC).content)
    assert [str(one["STATUS"]) for one in found] == ["CANCELLED"] * shown


def test_the_feed_follows_the_calendar_day_without_a_change(client, meeting, time_machine):
    assert len(titles(client.get(PUBLIC))) == 1
    time_machine.move_to(timezone.now() + dt.timedelta(days=300))
    assert titles(client.get(PUBLIC)) == []


def test_the_feed_is_in_the_language_of_its_reader(client, meeting, sandefjord, kari):
    kari.language = "en"
    kari.save()
    response = client.get(secret_of(kari))
    assert values(response.content, "NAME") == [f"NAME:{sandefjord.name}\\, for staff"]
    assert response["Content-Language"] == "en"


# --- Who may read it -----------------------------------------------------------------------------------------------
def test_wrong_revoked_and_ended_are_told_apart_by_nobody(client, meeting, kari, mina, leif):
    revoked, ended, closed = secret_of(kari), secret_of(mina), secret_of(leif)
    assert [client.get(path).status_code for path in (revoked, ended, closed)] == [200, 200, 200]
    Feed.objects.across_tenants("a test").filter(membership__user=kari).update(revoked_at=timezone.now())
    Membership.objects.across_tenants("a test").filter(user=mina).update(ended_at=timezone.now())
    leif.is_active = False
    leif.save()
    answers = [
        client.get(path)
        for path in (revoked, ended, closed, "/calendar/wrong.ics", "/calendar/public/no.ics")
    ]
    assert [(a.status_code, a.content, sorted(a.items())) for a in answers] == [
        (404, answers[0].content, sorted(answers[0].items()))
    ] * 5


def test_the_token_is_read_in_any_case(client, meeting, kari):
    assert (
        client.get(
            secret_of(kari).upper().replace("/CALENDAR/", "/calendar/").replace(".ICS", ".ics")
        ).status_code
        == 200
    )


def test_the_token_is_in_no_table(meeting, kari):
    token = secret_of(kari).removeprefix("/calendar/").removesuffix(".ics")
    (row,) = Feed.objects.across_tenants("a test").values()
    assert len(token) == 32
    assert [name for name, value in row.items() if token in str(value)] == []


def test_a_use_is_noted_once_a_day(client, meeting, kari, django_assert_num_queries):
    path = secret_of(kari)
    client.get(path)
    assert Feed.objects.across_tenants("a test").get().last_used_on == timezone.now().date()
    etag = client.get(path)["ETag"]
    with django_assert_num_queries(1):
        client.get(path, headers={"if-none-match": etag})


def test_rooms_above_can_register_scopes_of_their_own(client, meeting, monkeypatch):
    monkeypatch.setattr(scopes, "_openers", dict(scopes._openers))
    scopes.register(
        "invitee", lambda digest, everything: schedule.public("sandefjord", everything=everything)
    )
    assert titles(client.get("/calendar/whatever.ics")) == ["Dialogmøte om trygghet"]


# --- HTTP ----------------------------------------------------------------------------------------------------------
@pytest.fixture(params=["public", "secret"])
def path(request, meeting, kari):
    return PUBLIC if request.param == "public" else secret_of(kari)


def test_an_unchanged_feed_answers_304_by_etag_and_by_date(client, path):
    first = client.get(path)
    for headers in ({"if-none-match": first["ETag"]}, {"if-modified-since": first["Last-Modified"]}):
        again = client.get(path, headers=headers)
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
        assert again["Last-Modified"] == first["Last-Modified"]


def test_a_changed_event_changes_etag_and_date_and_nothing_else_does(client, path, meeting):
    first = client.get(path)
    schedule_changed(meeting.tenant_id)  # such as a draft published and taken back: the bytes stay
    assert client.get(path, headers={"if-none-match": first["ETag"]}).status_code == 304
    Event.objects.of(meeting.tenant).update(title="Nytt navn", changed_at=timezone.now())
    schedule_changed(meeting.tenant_id)
    for headers in ({"if-none-match": first["ETag"]}, {"if-modified-since": first["Last-Modified"]}):
        changed = client.get(path, headers=headers)
        assert changed.status_code == 200
        assert titles(changed) == ["Nytt navn"]


def test_without_a_change_of_version_the_kept_bytes_are_sent(client, path, meeting):
    client.get(path)
    Event.objects.of(meeting.tenant).update(title="Skrevet forbi tjenesten")
    assert titles(client.get(path)) == ["Dialogmøte om trygghet"]


@pytest.mark.parametrize(
    ("accepted", "name", "unpack", "suffix"),
    [
        ("gzip", "gzip", gzip.decompress, "-gz"),
        ("gzip(gfe), br;q=0.1, gzip", "gzip", gzip.decompress, "-gz"),
        ("br, gzip;q=0.8", "br", brotli.decompress, "-br"),
    ],
)
def test_the_bytes_are_compressed_for_who_reads_that_with_an_etag_of_their_own(
    client, path, accepted, name, unpack, suffix
):
    plain, packed = client.get(path), client.get(path, headers={"accept-encoding": accepted})
    assert (plain.has_header("Content-Encoding"), packed["Content-Encoding"]) == (False, name)
    assert unpack(packed.content) == plain.content
    assert packed["ETag"] == plain["ETag"][:-1] + suffix + '"'
    assert not packed["ETag"].startswith("W/")
    assert (int(plain["Content-Length"]), int(packed["Content-Length"])) == (
        len(plain.content),
        len(packed.content),
    )
    assert client.get(path, headers={"accept-encoding": "gzip;q=0"}).content == plain.content


@pytest.mark.parametrize(
    ("accepted", "chosen"),
    [
        ("", ""),
        ("identity", ""),
        ("gzip", "gzip"),
        ("x-gzip", "gzip"),
        ("deflate, gzip;q=1.0, *;q=0.5", "gzip"),
        ("gzip, deflate, br, zstd", "br"),
        ("br;q=0, gzip;q=0", ""),
        ("*", "br"),
        ("*;q=0", ""),
        ("GZIP ; Q=0.3", "gzip"),
        ("gzip;q=many", "gzip"),
        (",,;q=1", ""),
    ],
)
def test_the_encoding_is_the_best_of_those_the_reader_names(accepted, chosen):
    assert serving.encoding(accepted) == chosen


def test_a_body_replaced_while_it_is_packed_is_sent_with_its_own_hash(client, path, meeting):
    client.get(path)
    asked = []

    def meanwhile(execute, sql, params, many, context):
        if sql == stored.READ[""] and not asked:
            asked.append(sql)
            Event.objects.of(meeting.tenant).update(title="Nytt navn", changed_at=timezone.now())
            schedule_changed(meeting.tenant_id)
            client.get(path, headers={"accept-encoding": "gzip"})
        return execute(sql, params, many, context)

    with connection.execute_wrapper(meanwhile):
        packed = client.get(path, headers={"accept-encoding": "br"})
    plain = client.get(path)
    assert (asked, "Nytt navn" in plain.content.decode()) == ([stored.READ[""]], True)
    assert brotli.decompress(packed.content) == plain.content
    assert packed["ETag"] == plain["ETag"][:-1] + '-br"'


def test_the_view_itself_sends_no_bytes_to_head(meeting):
    """The test client would drop them, and so would a server, but only after they were read."""
    answer: Any = public_feed(RequestFactory().head(PUBLIC), tenant="sandefjord")
    assert (answer.status_code, answer.content) == (200, b"")
    assert int(answer["Content-Length"]) > 0


def test_head_says_what_get_would_without_the_bytes(client, path):
    asked, had = client.head(path), client.get(path)
    assert (asked.status_code, asked.content) == (200, b"")
    assert dict(asked.items()) == dict(had.items())


@pytest.mark.parametrize("accept", ["", "*/*", "text/html", "application/json", "nonsense"])
def test_any_accept_header_gets_the_calendar(client, path, accept):
    response = client.get(path, headers={"accept": accept})
    assert (response.status_code, response["Content-Type"]) == (200, "text/calendar; charset=utf-8")


@pytest.mark.parametrize(
    "verb", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND", "REPORT", "MKCOL", "LOCK", "TRACE"]
)
def test_other_verbs_are_refused_by_name(path, verb):
    response = Client(enforce_csrf_checks=True).generic(verb, path)
    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD")


def test_caches_and_search_engines_are_told(client, path):
    for response in (client.get(path), client.get(path, headers={"if-none-match": client.get(path)["ETag"]})):
        assert response["Cache-Control"] == ("public" if path == PUBLIC else "private") + ", no-cache"
        assert response["X-Robots-Tag"] == "noindex, nofollow"
        assert "Accept-Encoding" in response["Vary"]
        assert "Cookie" not in response["Vary"]
        assert not response.cookies


def test_nobody_is_sent_to_sign_in(client, meeting):
    for path in (PUBLIC, "/calendar/wrong.ics", "/calendar/public/nobody.ics"):
        assert client.get(path).status_code in (200, 404)


def test_a_feed_that_cannot_be_written_says_try_later_and_is_never_empty(
    client, path, meeting, monkeypatch, caplog
):
    def fails(*args, **kwargs):
        raise DatabaseError("the database is away")

    schedule_changed(meeting.tenant_id)
    monkeypatch.setattr("events.calendar.writing.seen", fails)
    with caplog.at_level(logging.CRITICAL):
        response = client.get(path)
    assert (response.status_code, response["Retry-After"], response["Cache-Control"]) == (
        503,
        "600",
        "no-store",
    )
    assert b"VCALENDAR" not in response.content


def test_a_date_from_before_the_change_gets_the_feed(client, path):
    long_ago = http_date((timezone.now() - dt.timedelta(days=900)).timestamp())
    assert client.get(path, headers={"if-modified-since": long_ago}).status_code == 200


def test_the_unchanged_path_asks_the_database_once(client, path, django_assert_num_queries):
    etag = client.get(path)["ETag"]
    with django_assert_num_queries(1):
        client.get(path, headers={"if-none-match": etag})


def test_a_rebuild_takes_as_many_statements_for_four_events_as_for_two(client, path, meeting):
    counts = []
    client.get(path)
    for shown in (2, 4):
        while Event.objects.of(meeting.tenant).count() < shown:
            row = event(meeting.tenant, is_public=True)
            EventHost.objects.create(tenant=row.tenant, event=row, organisation=organisation(row.tenant))
            programme(row, "Velkommen", "Samtale")
        Event.objects.of(meeting.tenant).update(changed_at=timezone.now())
        schedule_changed(meeting.tenant_id)
        with CaptureQueriesContext(connection) as asked:
            assert len(titles(client.get(path))) == shown
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_one_edit_writes_one_event_anew(client, path, meeting, monkeypatch):
    others = [event(meeting.tenant, is_public=True) for _n in range(2)]
    schedule_changed(meeting.tenant_id)
    client.get(path)
    written = []

    def watched(row, audience):
        written.append(row.pk)
        return seen(row, audience)

    monkeypatch.setattr("events.calendar.writing.seen", watched)
    Event.objects.of(meeting.tenant).filter(pk=others[0].pk).update(
        title="Nytt navn", changed_at=timezone.now()
    )
    schedule_changed(meeting.tenant_id)
    assert sorted(titles(client.get(path))) == sorted([meeting.title, "Nytt navn", others[1].title])
    assert written == [others[0].pk]


def test_a_new_day_writes_no_event_anew_and_a_new_month_all(client, path, meeting, monkeypatch, time_machine):
    time_machine.move_to(dt.datetime(2027, 1, 30, 12, tzinfo=dt.UTC))
    client.get(path)
    written = []

    def watched(row, audience):
        written.append(row.pk)
        return seen(row, audience)

    monkeypatch.setattr("events.calendar.writing.seen", watched)
    for day, events in (("2027-01-31", []), ("2027-02-01", [meeting.pk])):
        time_machine.move_to(dt.datetime.fromisoformat(f"{day}T12:00:00+00:00"))
        assert client.get(path).status_code == 200
        assert written == events


def test_public_and_staff_feeds_never_share_lines(client, meeting, kari):
    secret = secret_of(kari)
    client.get(secret)
    assert b"Samtale i grupper" in client.get(secret).content
    assert b"Samtale i grupper" not in client.get(PUBLIC).content
