"""The rules of a feed over HTTP, one promise each; real calendars ask in clients/."""

import datetime as dt
import time
from types import SimpleNamespace

import brotli
import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from events.calendar import limits, stored
from events.gatherings.models import Event
from events.gatherings.services import schedule_changed
from tests.calendar.test_feeds import PUBLIC, meeting, secret_of

__all__ = ["meeting"]
ENCODINGS = ["identity", "gzip", "br"]


@pytest.fixture(params=["public", "secret"])
def path(request, meeting, kari):
    return PUBLIC if request.param == "public" else secret_of(kari)


def edit(row):
    Event.objects.of(row.tenant).update(title="Nytt navn", changed_at=timezone.now())
    schedule_changed(row.tenant_id)


@pytest.mark.parametrize("verb", ["get", "head"])
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_each_encoding_has_its_own_etag_and_its_own_304(client, path, meeting, encoding, verb):
    ask = getattr(client, verb)
    first = ask(path, headers={"accept-encoding": encoding})
    others = {
        client.get(path, headers={"accept-encoding": other})["ETag"]
        for other in ENCODINGS
        if other != encoding
    }
    assert (len(others - {first["ETag"]}), first["ETag"].startswith('"')) == (2, True)
    known = {"accept-encoding": encoding, "if-none-match": first["ETag"]}
    again = ask(path, headers=known)
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert {ask(path, headers=known | {"if-none-match": other}).status_code for other in others} == {200}
    edit(meeting)
    assert ask(path, headers=known).status_code == 200


def test_bytes_written_anew_and_the_same_keep_their_date(client, path, meeting, time_machine):
    """As on a new day: who asks by date alone is not sent the same once more."""
    noon = timezone.now().replace(hour=12)
    time_machine.move_to(noon, tick=False)
    first = client.get(path)
    time_machine.move_to(noon + dt.timedelta(days=1), tick=False)
    again = client.get(path)
    assert (again.content, again["Last-Modified"], again["ETag"]) == (
        first.content,
        first["Last-Modified"],
        first["ETag"],
    )


def test_brotli_is_packed_once_and_never_from_a_body_that_was_replaced(client, path, meeting, monkeypatch):
    packs = []

    def meanwhile(plain, quality):
        packs.append(plain)
        if len(packs) == 1:
            edit(meeting)
            client.get(path, headers={"accept-encoding": "gzip"})
        return brotli.compress(plain, quality=quality)

    monkeypatch.setattr(stored, "brotli", SimpleNamespace(compress=meanwhile))
    asked = {"accept-encoding": "br"}
    client.get(path)
    client.get(path, headers=asked)
    again = [client.get(path, headers=asked) for _n in range(2)]
    stored._with_hash.cache_clear()
    again.append(client.get(path, headers=asked))
    assert {brotli.decompress(one.content) for one in again} == {client.get(path).content}
    assert b"Nytt navn" in packs[1]
    assert len(packs) == 2


@pytest.mark.parametrize("written", ["W/{}", '"other", {}', "*"])
def test_an_etag_is_known_however_a_cache_on_the_way_writes_it(client, path, written):
    """nginx weakens it when it packs by itself (RFC 9110, section 13.1.2: compared weakly)."""
    etag = client.get(path)["ETag"]
    assert client.get(path, headers={"if-none-match": written.format(etag)}).status_code == 304


def test_what_not_modified_says_is_what_the_whole_would_say(client, path):
    whole = client.get(path)
    bare = client.get(path, headers={"if-none-match": whole["ETag"]})
    for name in ("ETag", "Last-Modified", "Cache-Control", "Vary", "X-Robots-Tag"):
        assert bare[name] == whole[name], name
    assert bare.has_header("Content-Type") is False or bare["Content-Type"] == whole["Content-Type"]


def test_an_etag_counts_more_than_a_date(client, path):
    """RFC 9110, section 13.1.3. Clocks of clients are wrong."""
    tomorrow = "Fri, 01 Jan 2100 00:00:00 GMT"
    asked = {"if-none-match": '"an older one"', "if-modified-since": tomorrow}
    assert client.get(path, headers=asked).status_code == 200


@pytest.mark.parametrize("nonsense", ["", "yesterday", '"', "W/", "\x80", "a" * 5000])
def test_a_condition_that_means_nothing_gets_the_feed(client, path, nonsense):
    for name in ("if-none-match", "if-modified-since", "accept-encoding", "accept-language"):
        answer = client.get(path, headers={name: nonsense})
        assert (answer.status_code, answer.content[:15]) == (200, b"BEGIN:VCALENDAR"), name


def test_who_is_signed_in_gets_the_same_bytes_and_no_cookie(client, at_desk, path, kari):
    stranger = client.get(path)
    member = at_desk(kari).get(path)
    assert (member.content, member["ETag"], dict(member.cookies)) == (stranger.content, stranger["ETag"], {})
    assert "Cookie" not in member["Vary"]


@pytest.mark.parametrize(
    "address", ["wrong.ics", "wrong", "public/nobody.ics", "public/sandefjord", "", "a/b.ics"]
)
def test_no_address_under_calendar_leads_to_a_sign_in(client, meeting, address):
    answer = client.get(f"/calendar/{address}")
    assert (answer.status_code, dict(answer.cookies)) == (404, {})


def test_also_what_is_not_a_calendar_is_kept_out_of_search_engines_and_caches(client, meeting):
    for address in ("wrong.ics", "public/nobody.ics"):
        answer = client.get(f"/calendar/{address}")
        assert (answer["X-Robots-Tag"], answer["Cache-Control"]) == ("noindex, nofollow", "no-store")
        assert answer["Content-Type"] == "text/plain; charset=utf-8"


@pytest.mark.parametrize("verb", ["get", "head"])
def test_without_a_database_the_answer_is_try_later_and_neither_empty_nor_gone(client, path, verb, caplog):
    client.get(path)

    def away(execute, sql, params, many, context):
        raise OperationalError("the database is away")

    with connection.execute_wrapper(away):
        answer = getattr(client, verb)(path)
    assert (answer.status_code, answer["Retry-After"], answer["Cache-Control"]) == (503, "600", "no-store")
    assert b"VCALENDAR" not in answer.content
    assert client.get(path).status_code == 200


def test_one_address_in_google_outlook_and_five_devices_is_never_asked_to_wait(
    client, meeting, kari, monkeypatch
):
    """All wake up in the same minute; each asks with HEAD and with GET, and on a bad line twice more."""
    monkeypatch.setattr(limits, "_counts", {})
    now = time.monotonic()
    monkeypatch.setattr(limits.time, "monotonic", lambda: now)
    path = secret_of(kari)
    for _client in ("Google", "Outlook", *range(5)):
        for _attempt in range(3):
            assert (client.head(path).status_code, client.get(path).status_code) == (200, 200)


def test_who_asked_too_often_is_answered_again_in_the_next_minute(client, meeting, kari, monkeypatch):
    monkeypatch.setattr(limits, "_counts", {})
    now = [time.monotonic()]
    monkeypatch.setattr(limits.time, "monotonic", lambda: now[0])
    path = secret_of(kari)
    assert [client.get(path).status_code for _n in range(limits.MOST + 1)][-1] == 429
    now[0] += limits.WINDOW
    assert client.get(path).status_code == 200
