"""A worker is killed outright (SIGKILL) at each step of a hand-over: nothing is lost, nothing goes out twice unmarked.

And a worker whose database goes away under its hands ends cleanly, writes down what it knows, and loses nothing.
"""

import datetime as dt
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from invites.post import calling, delivering, moves, outbox
from invites.post.models import OutgoingMail
from invites.post.transports.base import accepted
from tests.post.kit import STATE, queue, rows, states
from tests.stage import ON_POSTGRES, POSTGRES_URL

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).resolve().parents[2]
WORKER = """
import os, signal, sys, django
django.setup()
from invites.post import calling, delivering, letters, moves, outbox
from invites.post.transports.base import accepted
from tests.post import kit

DYING, FIFTH = sys.argv[1], "guest5@forening.example"

def die(step):
    if step == DYING:
        os.kill(os.getpid(), signal.SIGKILL)

def after(module, name, step, is_it=lambda *args, **options: True):
    real = getattr(module, name)
    def dying(*args, **options):
        result = real(*args, **options)
        if is_it(*args, **options):
            die(step)
        return result
    setattr(module, name, dying)

def send(letter):
    print(letter.to.email, flush=True)
    if letter.to.email == FIFTH:
        die("after the call")
    return accepted()

def settles_fifth(mail, lane, done=None):
    return done is not None and done[0].to_address == FIFTH

after(moves, "claim", "after the claim")
after(delivering, "ready", "after composing")
after(calling, "begin", "after the commit of calling", lambda mail, **_more: mail.to_address == FIFTH)
after(calling, "begin", "after settling", settles_fifth)
letters.register("plain", kit.compose_plain)
outbox.current_transport = lambda: kit.Scripted(*[send] * 100)
outbox.deliver()
"""


def run_worker(dying):
    """A worker of its own, on the test's database, that dies at the step `dying`; returns what it handed over."""
    name = str(connection.settings_dict["NAME"])
    url = f"{POSTGRES_URL.rpartition('/')[0]}/{name}" if ON_POSTGRES else f"sqlite:///{name}"
    environment = {**os.environ, "DATABASE_URL": url, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", WORKER, dying],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr
    return done.stdout.split()


GOOD, HELD = STATE.ACCEPTED, STATE.CLAIMED
STEPS = {  # what is sent, and how the eight mails stand after the kill
    "after the claim": (0, [HELD] * 8),
    "after composing": (0, [HELD] * 8),
    "after the commit of calling": (4, [GOOD] * 4 + [STATE.CALLING] + [HELD] * 3),
    "after the call": (5, [GOOD] * 4 + [STATE.CALLING] + [HELD] * 3),
    "after settling": (5, [GOOD] * 5 + [STATE.CALLING] + [HELD] * 2),
}


@pytest.mark.parametrize("step", STEPS)
def test_a_worker_killed_at_any_step_loses_nothing_and_sends_nothing_twice(
    sandefjord, wakes, transport, step
):
    """At most the one mail that was being called is of unknown fate, and it is marked so."""
    number, left = STEPS[step]
    queue(sandefjord, 8)
    sent = run_worker(step)
    assert sent == [f"guest{n}@forening.example" for n in range(1, number + 1)]
    assert states(sandefjord) == left

    OutgoingMail.objects.of(sandefjord).filter(state__in=(STATE.CALLING, STATE.CLAIMED)).update(
        claimed_at=timezone.now() - dt.timedelta(minutes=2)
    )
    assert outbox.sweep() == 8 - left.count(GOOD)
    post = transport()
    outbox.deliver()
    assert states(sandefjord) == [STATE.UNKNOWN if state == STATE.CALLING else GOOD for state in left]
    assert not set(post.sent) & set(sent)
    assert len(rows(sandefjord)) == 8


# --- The database goes away -----------------------------------------------------------------------------------------
@pytest.mark.postgres
@pytest.mark.skipif(not ON_POSTGRES, reason="a connection that can be cut")
@pytest.mark.parametrize("cut_at", [1, 3, 5])
def test_a_cut_connection_loses_nothing_and_sends_nothing_twice(sandefjord, transport, wakes, cut_at):
    """The answer of the call that was going on is written down as soon as the database answers again."""

    def cut(letter):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            (mine,) = cursor.fetchone()
        import psycopg

        with psycopg.connect(
            f"{POSTGRES_URL.rpartition('/')[0]}/{connection.settings_dict['NAME']}"
        ) as other:
            other.execute("SELECT pg_terminate_backend(%s)", [mine])
        return accepted("known")

    post = transport(*[accepted()] * (cut_at - 1), cut)
    queue(sandefjord, 5)
    outbox.deliver()
    assert len(post.sent) == cut_at
    assert states(sandefjord) == [STATE.ACCEPTED] * cut_at + [STATE.QUEUED] * (5 - cut_at)
    assert rows(sandefjord)[cut_at - 1].provider_id == "known"
    outbox.deliver()
    assert len(post.sent) == len(set(post.sent)) == 5
    assert states(sandefjord) == [STATE.ACCEPTED] * 5


@pytest.mark.parametrize("commits", [False, True])
def test_a_commit_of_which_nobody_knows_whether_it_was_made(
    sandefjord, transport, wakes, monkeypatch, commits
):
    """The database went away while it committed `calling`: that mail was not called, so it is simply sent later."""
    real, times = calling.begin, []

    def breaks(mail, **facts):
        times.append(mail.to_address)
        if len(times) != 3:
            return real(mail, **facts)
        if commits:
            real(mail, **facts)
        raise OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr(calling, "begin", breaks)
    post = transport()
    queue(sandefjord, 5)
    outbox.deliver()
    assert states(sandefjord) == [STATE.ACCEPTED] * 2 + [STATE.QUEUED] * 3
    assert [mail.attempts for mail in rows(sandefjord)] == [1, 1, 0, 0, 0]
    outbox.deliver()
    assert len(post.sent) == len(set(post.sent)) == 5
    assert states(sandefjord) == [STATE.ACCEPTED] * 5


def test_a_database_that_stays_away_leaves_the_mails_to_the_sweeper(
    sandefjord, transport, wakes, monkeypatch
):
    def away(*_args, **_facts):
        raise OperationalError("the database system is shutting down")

    monkeypatch.setattr(delivering, "RESCUE_SECONDS", 0.3)
    monkeypatch.setattr(calling, "begin", away)
    monkeypatch.setattr(moves, "put_back_all", away)
    transport()
    queue(sandefjord, 2)
    assert outbox.deliver() == 0
    assert states(sandefjord) == [STATE.CLAIMED] * 2
