"""A pause holds for all workers; after it one of them tries, and the others wait for what comes of it."""

import datetime as dt
import threading
import time

import pytest
from django.db import IntegrityError, connection
from django.utils import timezone

from invites.post import lanes, moves, outbox
from invites.post.models import MailLane, OutgoingMail
from invites.post.problems import Problem
from invites.post.transports.base import accepted, later, refused, unknown
from tests.post.kit import STATE, Scripted, once_more, queue, rows, states
from tests.post.servers import Provider
from tests.post.test_workers import at_once

MINUTE = dt.timedelta(minutes=1)
BUSY = later("429", Problem.BUSY, wait=10 * MINUTE)


@pytest.fixture(autouse=True)
def _wakes(wakes):
    return wakes


def pause_is_over():
    MailLane.objects.update(paused_until=timezone.now())


def test_in_a_pause_nobody_calls_and_no_mail_moves(sandefjord, transport):
    post = transport(accepted(), BUSY)
    queue(sandefjord, 4)
    outbox.deliver()
    outbox.deliver()
    assert len(post.sent) == 2
    assert states(sandefjord) == [STATE.ACCEPTED] + [STATE.QUEUED] * 3
    assert [mail.attempts for mail in rows(sandefjord)] == [1, 1, 0, 0]
    lane = outbox.closed_lane()
    assert lane is not None
    assert lane.paused_until is not None
    assert 9 * MINUTE < lane.paused_until - timezone.now() <= 10 * MINUTE
    assert lane.problem == "busy: 429"


def test_a_pause_that_another_worker_was_told_of_stops_this_one_at_once(sandefjord, transport):
    """In the statement before each call, not only at the beginning of a batch."""

    def meanwhile(letter):
        lanes.pause("file", wait=MINUTE, problem="busy")
        return accepted()

    post = transport(accepted(), meanwhile)
    queue(sandefjord, 5)
    outbox.deliver()
    assert len(post.sent) == 2
    assert states(sandefjord) == [STATE.ACCEPTED] * 2 + [STATE.QUEUED] * 3


def test_the_pause_of_one_way_out_is_not_that_of_another(sandefjord, transport):
    transport()
    lanes.pause("sendgrid", wait=MINUTE, problem="busy")
    queue(sandefjord)
    outbox.deliver()
    assert states(sandefjord) == [STATE.ACCEPTED]


def test_after_a_pause_one_mail_tries_the_lane_and_the_others_follow(sandefjord, transport):
    seen = []

    def look(letter):
        lane = MailLane.objects.get()
        seen.append((lane.paused_until is not None, bool(lane.probe_by)))
        return accepted()

    transport(BUSY, look, look, look)
    queue(sandefjord, 3)
    outbox.deliver()
    pause_is_over()
    once_more(sandefjord)
    assert seen == [(True, True), (False, False), (False, False)]
    assert states(sandefjord) == [STATE.ACCEPTED] * 3
    assert outbox.closed_lane() is None


@pytest.mark.parametrize("outcome", [BUSY, later("500", pause=False, strain=True), unknown("time-out")])
def test_a_try_that_fails_begins_a_longer_pause(sandefjord, transport, monkeypatch, outcome):
    monkeypatch.setattr(lanes, "LONGEST_PAUSE", 10 * MINUTE)
    transport(later("no connection"), outcome)
    queue(sandefjord, 3)
    outbox.deliver()
    assert MailLane.objects.get().pauses == 1
    pause_is_over()
    outbox.deliver()
    lane = MailLane.objects.get()
    assert lane.pauses == 2
    assert lane.paused_until is not None
    assert lane.paused_until > timezone.now() + MINUTE
    assert (lane.probe_by, lane.probe_until) == ("", None)


def test_a_refused_mail_shows_that_the_lane_is_open(sandefjord, transport):
    transport(BUSY, refused("550 no such user"))
    queue(sandefjord, 3)
    outbox.deliver()
    pause_is_over()
    outbox.deliver()
    assert states(sandefjord)[1:] == [STATE.FAILED, STATE.ACCEPTED]


def test_pauses_grow_to_half_a_minute_and_are_spread(db, monkeypatch):
    monkeypatch.setattr(lanes, "FIRST_PAUSE", dt.timedelta(seconds=2))
    waits = [lanes._back_off(pauses).total_seconds() for pauses in (0, 1, 2, 4, 9, 60)]
    for wait, shortest in zip(waits, (2, 4, 8, 30, 30, 30), strict=True):
        assert shortest <= wait <= 1.5 * shortest


def test_a_pause_is_never_shortened(db):
    lanes.pause("file", wait=10 * MINUTE, problem="busy: first")
    lanes.pause("file", wait=MINUTE, problem="busy: second")
    lane = MailLane.objects.get()
    assert lane.paused_until is not None
    assert lane.paused_until > timezone.now() + 9 * MINUTE
    assert lane.pauses == 1


def test_only_one_worker_tries_and_a_killed_one_is_replaced_when_its_lease_ends(db):
    lanes.pause("file", wait=dt.timedelta(0), problem="busy")
    assert lanes.way("file", by="one") == lanes.Way(probing=True)
    assert lanes.way("file", by="two") == lanes.Way(wait=lanes.WHILE_TRIED)
    MailLane.objects.update(probe_until=timezone.now() - dt.timedelta(seconds=1))
    assert lanes.way("file", by="two").probing
    lanes.open_up("file", by="one")  # too late: it is another's to say
    assert MailLane.objects.get().paused_until is not None
    lanes.open_up("file", by="two")
    assert lanes.way("file", by="one") == lanes.Way()


def test_who_has_nothing_to_try_with_leaves_the_lane_to_others(sandefjord, transport):
    transport()
    lanes.pause("file", wait=dt.timedelta(0), problem="busy")
    outbox.deliver()
    assert MailLane.objects.get().probe_by == ""
    queue(sandefjord)
    outbox.deliver()
    assert states(sandefjord) == [STATE.ACCEPTED]


@pytest.mark.parametrize(
    "nonsense",
    [
        {"probe_by": "x", "probe_until": None},
        {"probe_by": "", "probe_until": timezone.now()},
        {"probe_by": "x", "probe_until": timezone.now(), "paused_until": None},
    ],
)
def test_the_database_refuses_a_try_of_an_open_lane_or_without_a_lease(db, nonsense):
    facts = {"paused_until": timezone.now(), **nonsense}
    with pytest.raises(IntegrityError):
        MailLane.objects.create(name="file", **facts)


@pytest.mark.django_db(transaction=True)
def test_workers_that_wait_for_a_try_send_when_it_went_well(sandefjord, wakes, monkeypatch):
    """One worker tries slowly; the others wait inside their round, and none calls before it is back."""
    lanes.pause("file", wait=dt.timedelta(0), problem="busy")
    turn, calls = threading.Lock(), []

    def slow(letter):
        with turn:
            calls.append((time.monotonic(), bool(MailLane.objects.get().paused_until)))
        time.sleep(0.15 if len(calls) == 1 else 0.002)
        return accepted()

    monkeypatch.setattr(outbox, "BATCH", 5)
    monkeypatch.setattr(lanes, "WHILE_TRIED", 0.02)
    monkeypatch.setattr(outbox, "current_transport", lambda: Scripted(*[slow] * 100))
    queue(sandefjord, 40)
    at_once(outbox.deliver, 4)
    assert states(sandefjord) == [STATE.ACCEPTED] * 40
    assert [tried for _at, tried in calls] == [True] + [False] * 39
    assert calls[1][0] - calls[0][0] >= 0.15


@pytest.mark.django_db(transaction=True)
def test_one_request_reaches_the_provider_in_each_429_window(sandefjord, wakes, monkeypatch, settings):
    """Four workers against a real server that asks for a second's pause now and then."""
    window = dt.timedelta(seconds=1)
    script = (
        [202] * 6 + [(429, {"Retry-After": "1"}, b"")] + [202] * 6 + [(429, {"Retry-After": "1"}, b"")] * 2
    )
    monkeypatch.setattr(lanes, "WHILE_TRIED", 0.02)
    monkeypatch.setattr(moves, "FIRST_WAIT", dt.timedelta(seconds=0.1))
    with Provider(*script) as server:
        settings.MAIL_TRANSPORT, settings.SENDGRID_BASE_URL = "sendgrid", server.url
        settings.SENDGRID_API_KEY = "SG.key"
        queue(sandefjord, 40)
        at_once(outbox.deliver, 4)
        once_more(sandefjord)
    assert states(sandefjord) == [STATE.ACCEPTED] * 40
    told = [at for at, status in server.answered if status == 429]
    assert len(told) >= 3
    for at in told:
        # What the others had begun when it was said is no breach; a request begun a moment later is.
        inside = [begun for begun in server.begun if at + 0.1 < begun < at + window.total_seconds() - 0.02]
        assert inside == []
    assert OutgoingMail.objects.of(sandefjord).filter(attempts__gt=1).count() <= len(told)
    connection.close()
