"""A series in the feeds: what each selection tells of it, and how little is written anew."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from events.calendar import render, services, stored
from events.calendar.models import StoredSeries
from events.gatherings import locking
from events.gatherings import services as gatherings
from events.gatherings.models import Event
from events.gatherings.schedule import schedule_changed
from events.gatherings.series import services as repeating
from events.tenancy.models import Membership
from events.tokens import new_nonce
from tests.factories import draft, event
from tests.series.reading import expanded
from tests.series.stage import FIRST, given_of, made

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("january")]
PUBLIC = "/calendar/public/sandefjord.ics"


@pytest.fixture
def series(sandefjord, kari):
    """Six meetings that are published and listed for the public."""
    first = draft(
        sandefjord,
        title="Samarbeidsforum",
        starts_at=FIRST,
        ends_at=FIRST + dt.timedelta(hours=2),
        answer_by=None,
        is_public=True,
    )
    made_of = made(first, by=kari, count=6)
    repeating.publish_all(made_of, by=kari)
    return made_of


@pytest.fixture
def rows(series):
    return list(series.occurrences.order_by("recurrence_at"))


def secret(person):
    membership = Membership.objects.across_tenants("a test").get(user=person)
    _feed, token = services.create(membership=membership, name="Telefon", nonce=new_nonce())
    return f"/calendar/{token}.ics"


def told(client, path=PUBLIC):
    """The VEVENTs as text, without the zones, lines unfolded."""
    octets = client.get(path).content.replace(b"\r\n ", b"")
    return octets[octets.index(b"BEGIN:VEVENT") :].decode() if b"BEGIN:VEVENT" in octets else ""


def read(client, path=PUBLIC):
    return [(starts, title) for starts, _ends, title in expanded(client.get(path).content)]


def lines_of(text, name):
    return [line for line in text.split("\r\n") if line.startswith((f"{name}:", f"{name};"))]


def test_a_series_is_one_event_with_a_rule(client, series, rows):
    text = told(client)
    assert text.count("BEGIN:VEVENT") == 1
    assert lines_of(text, "RRULE") == ["RRULE:FREQ=WEEKLY;UNTIL=20270413T150000Z;BYDAY=TU"]
    assert lines_of(text, "UID") == [f"UID:{render.uid_of(series.uid)}"]
    assert read(client) == [(row.starts_at, "Samarbeidsforum") for row in rows]


def test_moved_cancelled_and_renamed_ones_are_told_as_they_are(client, rows, kari):
    later = rows[1].starts_at + dt.timedelta(days=1)
    times = {"starts_at": later, "ends_at": later + dt.timedelta(hours=3)}
    gatherings.change(rows[1], by=kari, **given_of(rows[1], **times))
    gatherings.cancel(rows[2], by=kari, reason="")
    gatherings.change(rows[3], by=kari, **given_of(rows[3], title="Årsmøte"))
    after = [Event.objects.of(row.tenant_id).get(pk=row.pk) for row in rows]
    words = [
        "Samarbeidsforum",
        "Samarbeidsforum",
        "Avlyst: Samarbeidsforum",
        "Årsmøte",
        *["Samarbeidsforum"] * 2,
    ]
    expected = sorted(zip([row.starts_at for row in after], words, strict=True))
    assert sorted(read(client)) == sorted(read(client, secret(kari))) == expected


HIDES = {
    "a draft": {"state": "draft", "published_at": None},
    "not public": {"is_public": False},
    "locked": {"locked_at": FIRST},
    "cancelled while a draft": {"state": "cancelled", "published_at": None, "cancelled_at": FIRST},
}


@pytest.mark.parametrize("facts", HIDES.values(), ids=HIDES)
@pytest.mark.parametrize("number", [0, 2, 5])
def test_of_a_hidden_one_a_gap_between_two_others_is_all_that_is_told(client, rows, facts, number):
    hidden = {**facts, "title": "Fortrolig", "venue": "Hemmelig sted", "city": "Larvik"}
    Event.objects.of(rows[0].tenant_id).filter(pk=rows[number].pk).update(**hidden)
    schedule_changed(rows[0].tenant_id)
    text = told(client)
    day = f"{rows[number].recurrence_local:%Y%m%dT%H%M%S}"
    mentions = [line for line in text.split("\r\n") if day in line]
    assert mentions == ([f"EXDATE;TZID=Europe/Oslo:{day}"] if number == 2 else [])
    assert [word for word in ("Fortrolig", "Hemmelig", "Larvik", str(rows[number].uid)) if word in text] == []
    assert read(client) == [(row.starts_at, "Samarbeidsforum") for row in rows if row != rows[number]]


def test_what_becomes_of_a_hidden_one_changes_no_byte(client, rows, series, kari, sandefjord):
    Event.objects.of(sandefjord).filter(pk=rows[2].pk).update(is_public=False)
    schedule_changed(sandefjord.pk)
    before = client.get(PUBLIC).content
    later = rows[2].starts_at + dt.timedelta(days=1)
    rows[2].refresh_from_db()
    times = {"starts_at": later, "ends_at": later + dt.timedelta(hours=3)}
    gatherings.change(rows[2], by=kari, **given_of(rows[2], title="Nytt", **times))
    repeating.extend(series, by=kari, until=None, count=9)
    locking.lock(rows[2], by=kari)
    gatherings.cancel(rows[2], by=kari, reason="")
    assert client.get(PUBLIC).content == before


@pytest.mark.parametrize("query", ["?place=Sandefjord", "?kind=dialogue", "?language=nb"])
def test_a_narrowed_feed_leaves_out_what_is_of_another_kind(client, rows, query):
    other = {"city": "Larvik", "kind": "course", "language": "en"}
    Event.objects.of(rows[0].tenant_id).filter(pk=rows[3].pk).update(**other)
    schedule_changed(rows[0].tenant_id)
    assert len(read(client)) == 6
    assert read(client, PUBLIC + query) == [
        (row.starts_at, "Samarbeidsforum") for row in rows if row != rows[3]
    ]
    only = {
        "?place=Sandefjord": "?place=Larvik",
        "?kind=dialogue": "?kind=course",
        "?language=nb": "?language=en",
    }
    text = told(client, PUBLIC + only[query])
    assert (text.count("BEGIN:VEVENT"), lines_of(text, "RRULE"), lines_of(text, "EXDATE")) == (1, [], [])


def test_a_cancelled_one_is_forgotten_as_any_other_and_leaves_a_gap(client, rows, kari, sandefjord):
    past = {"cancelled_at": FIRST - dt.timedelta(days=300), "state": "cancelled"}
    day = FIRST - dt.timedelta(days=300)
    gone = {**past, "starts_at": day, "ends_at": day + dt.timedelta(hours=2)}
    Event.objects.of(sandefjord).filter(pk=rows[1].pk).update(**gone)
    schedule_changed(sandefjord.pk)
    assert "Avlyst" not in told(client)
    assert len(lines_of(told(client), "EXDATE")) == 1


def test_a_series_is_shown_whole_when_any_of_it_is_in_the_window(client, sandefjord, kari):
    first = draft(
        sandefjord, starts_at=FIRST, ends_at=FIRST + dt.timedelta(hours=2), answer_by=None, is_public=True
    )
    yearly = made(first, by=kari, frequency="yearly", count=5)
    repeating.publish_all(yearly, by=kari)
    event(
        sandefjord,
        title="Langt frem",
        starts_at=FIRST.replace(year=2030),
        ends_at=FIRST.replace(year=2030, hour=18),
        is_public=True,
    )
    assert [starts.year for starts, _title in read(client)] == [2027, 2028, 2029, 2030, 2031]
    assert "Langt frem" not in told(client)


def test_a_series_wholly_outside_the_window_is_not_shown(client, sandefjord, kari):
    starts = FIRST.replace(year=2031)
    first = draft(
        sandefjord, starts_at=starts, ends_at=starts + dt.timedelta(hours=2), answer_by=None, is_public=True
    )
    repeating.publish_all(made(first, by=kari, count=3), by=kari)
    assert told(client) == ""
    assert len(read(client, f"{PUBLIC}?all")) == 3


# --- Sequence and stamps -------------------------------------------------------------------------------------------
def sequence(client, path=PUBLIC):
    return int(lines_of(told(client, path), "SEQUENCE")[0].partition(":")[2])


def test_the_rules_sequence_rises_with_what_the_reader_sees_and_never_falls(
    client, rows, kari, sandefjord, january
):
    seen = [sequence(client)]
    locking.lock(rows[2], by=kari)
    seen.append(sequence(client))
    locking.unlock(rows[2], by=kari)
    seen.append(sequence(client))
    stored.forget(f"{sandefjord.pk}:public:full:")
    january.shift(60)
    schedule_changed(sandefjord.pk)
    seen.append(sequence(client))  # also when all that was kept is thrown away
    assert seen == sorted(set(seen))


def test_new_words_are_a_new_stamp_and_no_new_sequence(client, rows, kari):
    before, stamp = sequence(client), lines_of(told(client), "DTSTAMP")[0]
    for row in rows:
        Event.objects.of(row.tenant_id).filter(pk=row.pk).update(changed_at=FIRST, purpose="Nytt")
    schedule_changed(rows[0].tenant_id)
    assert sequence(client) == before
    assert lines_of(told(client), "DTSTAMP")[0] == "DTSTAMP:20270309T160000Z" > stamp


def test_feeds_of_other_selections_count_by_themselves(client, rows, kari, sandefjord):
    own = secret(kari)
    before = sequence(client, own)
    Event.objects.of(sandefjord).filter(pk=rows[2].pk).update(is_public=False)
    schedule_changed(sandefjord.pk)
    assert sequence(client, own) == before
    assert StoredSeries.objects.of(sandefjord).count() == 1
    sequence(client)
    assert StoredSeries.objects.of(sandefjord).count() == 2


def test_what_strangers_ask_for_is_forgotten_with_the_feed_it_was_kept_for(
    client, rows, monkeypatch, sandefjord, january
):
    monkeypatch.setattr(stored, "MOST_NARROWED", 2)
    for language in ("nb", "nn", "da", "sv"):
        january.shift(2)
        Event.objects.of(sandefjord).update(language=language)
        schedule_changed(sandefjord.pk)
        assert len(read(client, f"{PUBLIC}?language={language}")) == 6
    assert StoredSeries.objects.of(sandefjord).count() == 2


# --- How little is done --------------------------------------------------------------------------------------------
def test_one_edit_writes_one_vevent_anew(client, rows, kari, monkeypatch):
    client.get(PUBLIC)
    drawn, draw = [], render.vevent
    monkeypatch.setattr(
        render, "vevent", lambda seen, **facts: drawn.append(seen.title) or draw(seen, **facts)
    )
    gatherings.change(rows[3], by=kari, **given_of(rows[3], title="Årsmøte"))
    assert "Årsmøte" in told(client)
    assert drawn == ["Årsmøte"]


def test_an_unchanged_feed_with_a_series_asks_once(client, rows, django_assert_num_queries):
    client.get(PUBLIC)
    with django_assert_num_queries(1):
        client.get(PUBLIC)


def asked(client):
    schedule_changed(Event.objects.across_tenants("a test").first().tenant_id)
    with CaptureQueriesContext(connection) as caught:
        client.get(PUBLIC)
    return len(caught.captured_queries)


def test_three_series_are_written_with_as_many_statements_as_one(client, rows, sandefjord, kari):
    client.get(PUBLIC)
    one = asked(client)
    for _each in range(2):
        first = draft(
            sandefjord, starts_at=FIRST, ends_at=FIRST + dt.timedelta(hours=1), answer_by=None, is_public=True
        )
        repeating.publish_all(made(first, by=kari, count=3), by=kari)
    client.get(PUBLIC)
    assert asked(client) == one


def test_a_feed_without_series_asks_no_more_than_before(client, sandefjord):
    event(sandefjord, is_public=True)
    schedule_changed(sandefjord.pk)
    client.get(PUBLIC)
    assert asked(client) <= 5  # which feed, its events, what was packed, and the new body


def test_a_series_of_which_one_cannot_be_written_leaves_that_one_out(client, rows, monkeypatch):
    draw = render.vevent

    def fails(seen, **facts):
        if seen.occurrence.at == rows[2].recurrence_at:
            raise RuntimeError
        return draw(seen, **facts)

    monkeypatch.setattr(render, "vevent", fails)
    assert len(read(client)) == 5


# --- Links ---------------------------------------------------------------------------------------------------------
def test_the_public_link_of_a_series_leads_to_its_next_listed_meeting(client, rows, series, sandefjord):
    (url,) = lines_of(told(client), "URL")
    path = url.partition(":")[2].partition("//")[2].partition("/")[2]
    Event.objects.of(sandefjord).filter(pk=rows[0].pk).update(is_public=False)
    assert client.get(f"/{path}").headers["Location"] == f"/events/{rows[1].uid}/"
    Event.objects.of(sandefjord).update(is_public=False)
    assert client.get(f"/{path}").status_code == 404


def test_staff_are_led_to_the_page_of_the_series(client, rows, series, kari):
    (url,) = lines_of(told(client, secret(kari)), "URL")
    assert url.endswith(f"/t/sandefjord/series/{series.pk}/")
