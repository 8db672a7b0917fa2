"""`make chaos` in small: real workers are killed, the queue is emptied, the provider has bad days."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.stage import ON_POSTGRES
from tools.chaos.database import programs

ROOT = Path(__file__).resolve().parents[2]
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(ON_POSTGRES, reason="the runs bring a database of their own"),
]


def run(name, **sizes):
    """The promises of one run by what they say."""
    done = subprocess.run(
        [sys.executable, "-m", "tools.chaos.scenarios", name, json.dumps(sizes)],
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if name != "TESTING"},
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return {promise["what"]: promise for promise in map(json.loads, done.stdout.splitlines())}


def broken(promises):
    return [f"{what}: {promise['found']}" for what, promise in promises.items() if not promise["kept"]]


def test_killed_workers_lose_nothing_and_repeat_nothing_in_silence():
    promises = run("kills", mails=400, number=4, stuck=2)
    assert (broken(promises), "no mail lost" in promises) == ([], True)


def test_an_emptied_queue_delays_and_loses_nothing():
    promises = run("queue", mails=200)
    assert (broken(promises), "no mail lost" in promises) == ([], True)


def test_a_provider_with_bad_days_gets_every_mail_once():
    promises = run("provider", mails=30, out=[1, 3], hasty=True, hang_seconds=3)
    assert (broken(promises), "accept-then-drop ends as unknown" in promises) == ([], True)


@pytest.mark.skipif(programs() is None, reason="PostgreSQL's own programs are absent")
def test_a_restarted_database_needs_no_restart_of_the_worker():
    promises = run("database", mails=300, restarts=2)
    assert (broken(promises), "no mail lost" in promises) == ([], True)


def test_events_in_any_order_end_in_one_state():
    promises = run("events", number=200, orders=4)
    assert (broken(promises), len(promises)) == ([], 1)


def test_64_at_once_for_the_last_seats_never_overbook():
    promises = run("seats", rounds=1)
    assert (broken(promises), len(promises)) == ([], 4)
