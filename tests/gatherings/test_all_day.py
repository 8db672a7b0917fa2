"""Events on whole days: entered without times, kept on midnights, said by their days and by nothing else."""

import datetime as dt
import io
import re

import pypdf
import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from zeal import zeal_ignore

from events.gatherings import services
from events.gatherings.clock import usual_deadline
from events.gatherings.days import DAY
from events.gatherings.models import Event
from events.gatherings.revisions import PastRevision, as_it_was, moved, moved_to_another_day
from events.gatherings.visibility import Audience, seen
from invites.invitations import words
from invites.invitations.telling.changes import changes
from invites.post import outbox
from invites.replies.moments import days
from minutes.records.sheet import _when
from tests.factories import OSLO, draft, event, on_days
from tests.gatherings.test_forms import LEAST, MANAGEMENT, TIMES, entry, typed, wrong  # noqa: F401
from tests.house.routes import OPEN, STAFF, TOKEN
from tests.house.stage import build
from tests.invitations.telling import change, invited, letter, mails, say, tell

FIRST, LAST = dt.date(2026, 12, 7), dt.date(2026, 12, 9)
SAYING_THE_LAST_DAY = 10  # pages at least, so that there is something to say wrongly
THE_DOORS_HOURS = {
    "door-links"
}  # from when until when a link opens the list: moments, also of an all-day event
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture(autouse=True)
def september():
    with (
        time_machine.travel(dt.datetime(2026, 9, 1, 12, tzinfo=OSLO), tick=False),
        translation.override("en"),
    ):
        yield


# --- The form -------------------------------------------------------------------------------------------------------
def test_a_tick_stands_for_the_times(entry):  # noqa: F811
    filled = entry(all_day="on", start_date="2026-12-07")
    assert filled.is_valid()
    facts = filled.given()["facts"]
    assert facts["all_day"] is True
    assert facts["starts_at"] == dt.datetime(2026, 12, 7, tzinfo=OSLO)
    assert facts["ends_at"] == dt.datetime(2026, 12, 8, tzinfo=OSLO)


def test_the_last_day_that_is_typed_is_a_day_of_the_visit(entry):  # noqa: F811
    filled = entry(all_day="on", start_date="2026-12-07", end_date="2026-12-09", zone="Africa/Nairobi")
    assert filled.is_valid()
    assert filled.given()["facts"]["ends_at"] == dt.datetime(2026, 12, 9, 21, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("values", "fields"),
    [
        ({"all_day": "on"}, {"start_date"}),
        ({"all_day": "on", "end_date": "2026-12-09"}, {"start_date"}),
        ({"all_day": "on", "start_date": "2026-12-07", "end_date": "2026-12-06"}, {"end_date"}),
        ({"all_day": "on", "start_date": "i morgen"}, {"start_date"}),
        ({"all_day": "on", "start_date": "2026-12-07", "deadline_date": "2026-12-08"}, {"deadline_date"}),
    ],
)
def test_what_is_wrong_with_days_is_said_at_the_field(entry, values, fields):  # noqa: F811
    assert wrong(entry(**values)) == fields


def test_times_that_are_not_needed_are_kept_and_not_judged(entry):  # noqa: F811
    filled = entry(**{**TIMES, "all_day": "on", "end_time": "sent", "title": ""})
    assert wrong(filled) == {"title"}
    assert (filled.times["start_time"].value(), filled.times["end_time"].value()) == ("17:00", "sent")
    assert entry(**{**TIMES, "all_day": "on"}).is_valid()


def test_the_form_shows_an_all_day_event_as_it_was_typed(entry, sandefjord, kari, client):  # noqa: F811
    row = draft(sandefjord, **on_days(FIRST, LAST))
    client.force_login(kari, backend=BACKEND)
    page = client.get(reverse("event-edit", kwargs={"tenant": "sandefjord", "pk": row.pk})).content.decode()
    value = dict(re.findall(r'<input[^>]*name="(\w+)" value="([^"]*)"', page))
    assert (value["start_date"], value["end_date"]) == ("2026-12-07", "2026-12-09")
    assert re.search(r'name="all_day"[^>]* checked', page)
    assert "00:00" not in re.sub(r"<[^>]*>", " ", page)
    assert {"start_time", "end_time"}.isdisjoint(value)


def test_the_deadline_of_an_all_day_event_is_the_end_of_a_day():
    starts = dt.datetime(2026, 12, 7, tzinfo=OSLO).astimezone(dt.UTC)
    early, late = starts - 30 * DAY, starts - 2 * DAY
    found = usual_deadline(starts, "Europe/Oslo", now=early, all_day=True).astimezone(OSLO)
    assert (found.date(), found.time()) == (dt.date(2026, 12, 3), dt.time(23, 59))
    found = usual_deadline(starts, "Europe/Oslo", now=late, all_day=True).astimezone(OSLO)
    assert (found.date(), found.time()) == (dt.date(2026, 12, 6), dt.time(23, 59))
    assert usual_deadline(starts, "Europe/Oslo", now=starts, all_day=True) == starts


# --- What is kept ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "wrong_times",
    [
        {"starts_at": dt.datetime(2026, 12, 7, 9, tzinfo=OSLO)},
        {"ends_at": dt.datetime(2026, 12, 7, 23, 59, tzinfo=OSLO)},
        {"time_zone": "Europe/Helsinki"},
        {"starts_at": None, "ends_at": None},
    ],
)
def test_an_all_day_event_is_on_whole_days_of_its_own_zone(sandefjord, kari, wrong_times):
    facts = {"title": "Fagdag", **on_days(FIRST), **wrong_times}
    with pytest.raises(ValueError, match="midnight"):
        services.create(tenant=sandefjord, by=kari, facts=facts)
    assert not Event.objects.of(sandefjord).exists()


def test_the_database_keeps_no_all_day_event_without_a_day(sandefjord):
    with pytest.raises(IntegrityError), transaction.atomic():
        draft(sandefjord, all_day=True, starts_at=None, ends_at=None, answer_by=None)


def test_days_instead_of_times_is_a_material_change_and_so_is_the_way_back(sandefjord, kari):
    times = {
        "starts_at": dt.datetime(2026, 12, 7, tzinfo=OSLO),
        "ends_at": dt.datetime(2026, 12, 8, tzinfo=OSLO),
    }
    row = event(sandefjord, **times, answer_by=None)
    now = change(row, by=kari, all_day=True)  # the same two moments
    assert (now.sequence, now.time_sequence, now.all_day) == (1, 1, True)
    before = as_it_was(now, 0)
    assert (before.all_day, moved(before, now), moved_to_another_day(before, now)) == (False, True, False)
    assert change(now, by=kari, all_day=False).sequence == 2


def test_a_revision_from_before_there_were_all_day_events_was_none(sandefjord, kari):
    row = event(sandefjord, answer_by=None)
    now = change(row, by=kari, **{**on_days(FIRST), "answer_by": None})
    kept = PastRevision.objects.of(sandefjord).get()
    assert kept.facts.pop("all_day") is False
    kept.save()
    assert as_it_was(now, 0).all_day is False


def test_a_yes_to_an_hour_waits_for_a_new_one_when_it_becomes_a_day(sandefjord, kari, monkeypatch):
    monkeypatch.setattr(outbox, "wake", lambda *args, **kwargs: None)
    starts = dt.datetime(2026, 12, 7, 17, tzinfo=OSLO)
    row = event(sandefjord, starts_at=starts, ends_at=starts + dt.timedelta(hours=2), answer_by=None)
    invited(row, reply="accepted")
    now = change(row, by=kari, **{**on_days(FIRST, LAST), "answer_by": None})
    (news,) = changes(now, since=0, audience=Audience.INVITED)
    assert (news.old, news.new) == (
        "Monday 7 December 2026, 17:00–19:00",
        "Monday 7 December 2026 to Wednesday 9 December 2026",
    )
    tell(now, by=kari, asks_again=True)
    told = letter(mails(sandefjord, "update")[0])
    with translation.override("nb"):
        old, new = words.days(FIRST, LAST), words.moment(starts)
    assert old in told.text
    assert new.partition(",")[0] in told.text
    assert "00:00" not in told.text
    assert b"DTSTART;VALUE=DATE:20261207\r\nDTEND;VALUE=DATE:20261210" in told.calendar
    row.invitations.get().refresh_from_db()


# --- What is said ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("language", ["nb", "nn", "da", "sv", "en", "ar", "so", "pl", "uk", "ur"])
def test_days_are_said_in_every_language_without_a_clock(sandefjord, language):
    with translation.override(language):
        one = words.when(
            seen(event(sandefjord, **on_days(FIRST)), Audience.INVITED), reader_zone="Europe/Oslo"
        )
        many = words.when(
            seen(event(sandefjord, **on_days(FIRST, LAST)), Audience.INVITED), reader_zone="Asia/Tokyo"
        )
        said = words.day(FIRST), words.day(LAST), words.day(LAST + DAY)
    assert said[0] in one
    assert one != said[0]
    assert said[0] in many
    assert said[1] in many
    for told in (one, many):
        assert "00:00" not in told
        assert said[2] not in told


def test_minutes_say_the_days(sandefjord):
    facts = {
        "starts_at": "2026-12-06T23:00:00Z",
        "ends_at": "2026-12-09T23:00:00Z",
        "time_zone": "Europe/Oslo",
    }
    assert _when({**facts, "all_day": True}) == "Monday 7 December 2026 to Wednesday 9 December 2026"
    assert "00:00" in _when(facts)  # approved before: as it was approved


def test_days_that_a_calendar_proposes_are_read():
    assert days("20261207") == days("20261207", "20261208") == days("2026-12-07", "", "P1D") == (FIRST, FIRST)
    assert days("20261207", "20261210") == days("20261207", "", "P3D") == (FIRST, LAST)
    assert days("20261207", "20261207") == days("20261207", "20261201") == (FIRST, FIRST)
    assert days("20261207T090000") is days("20261399") is days("") is None
    assert days("99991231", "", "P9D") == (dt.date(9999, 12, 31), dt.date(9999, 12, 31))


def _asked(stage):
    """Each page that shows something, and who opens it."""
    for name, route in STAFF.items():
        if route.allows("GET") and "coordinator" in route.roles and name not in THE_DOORS_HOURS:
            rows = {key: stage.rows[row] for key, row in route.arguments.items()}
            rows = {key: getattr(row, "pk", row) for key, row in rows.items()}
            yield name, "coordinator", reverse(name, kwargs={"tenant": "sandefjord", **rows})
    for name, route in (OPEN | TOKEN).items():
        if "GET" in route.methods:
            yield name, "", reverse(name, kwargs=route.filled(stage.rows))


def _text(page):
    octets = b"".join(page) if page.streaming else page.content
    if octets.startswith(b"%PDF"):
        return "".join(sheet.extract_text() for sheet in pypdf.PdfReader(io.BytesIO(octets)).pages)
    return octets.decode(errors="replace")


def test_no_page_says_midnight_or_the_day_after(db):
    stage = build()
    after = set()
    for row in Event.objects.of(stage.ours).filter(starts_at__isnull=False):
        first = row.starts_local.date()
        Event.objects.of(stage.ours).filter(pk=row.pk).update(
            **{**on_days(first, first + 2 * DAY), "answer_by": row.answer_by}
        )
        after.add(first + 3 * DAY)
    assert len(after) > 1
    said = 0
    for name, who, address in _asked(stage):
        client = Client()
        if who:
            client.force_login(stage.people[who], backend=BACKEND)
        with zeal_ignore():
            page = client.get(address, follow=True)
        text = _text(page)
        text = re.sub(r"<[^>]*>", " ", text)
        assert not re.search(r"(?<![\d:+])00[:.]00(?![\d:])", text), name
        said += (
            bool(re.search(r"17[. ]+september 2026", text, re.IGNORECASE))
            or "DTEND;VALUE=DATE:20260918" in text
        )
        for day in after - {timezone.localdate()}:
            with translation.override("nb"):
                assert not re.search(rf"(?<!\d){date_format(day, 'DATE_FORMAT')}", text), (name, day)
    assert said > SAYING_THE_LAST_DAY


__all__ = ["LEAST", "MANAGEMENT", "say", "typed"]
