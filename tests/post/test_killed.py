"""A worker is killed outright (SIGKILL) while it hands a mail over: nothing is lost, nothing goes out twice."""

import datetime as dt
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from invites.post import outbox
from invites.post.models import OutgoingMail
from tests.post.kit import STATE, queue, rows, states
from tests.stage import ON_POSTGRES, POSTGRES_URL

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).resolve().parents[2]
WORKER = """
import os, signal, sys, django
django.setup()
from invites.post import letters, outbox
from invites.post.transports.base import accepted
from tests.post import kit

def send(letter):
    print(letter.to.email, flush=True)
    if letter.to.email == "guest5@forening.example":
        os.kill(os.getpid(), signal.SIGKILL)
    return accepted()

letters.register("plain", kit.compose_plain)
outbox.WINDOW_SECONDS = 10
outbox.current_transport = lambda: kit.Scripted(*[send] * 100)
outbox.deliver()
"""


def run_worker():
    """A worker of its own, on the test's database, that dies at the fifth mail; returns the mails it handed over."""
    name = str(connection.settings_dict["NAME"])
    url = f"{POSTGRES_URL.rpartition('/')[0]}/{name}" if ON_POSTGRES else f"sqlite:///{name}"
    environment = {**os.environ, "DATABASE_URL": url, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", WORKER], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == -signal.SIGKILL, done.stderr
    return done.stdout.split()


def test_a_killed_worker_loses_nothing_and_sends_nothing_twice(sandefjord, wakes, transport):
    queue(sandefjord, 8)
    sent = run_worker()
    assert sent == [f"guest{n}@forening.example" for n in range(1, 6)]
    assert states(sandefjord) == [STATE.ACCEPTED] * 4 + [STATE.CALLING] * 3 + [STATE.CLAIMED]

    OutgoingMail.objects.of(sandefjord).filter(state__in=(STATE.CALLING, STATE.CLAIMED)).update(
        claimed_at=timezone.now() - dt.timedelta(minutes=6)
    )
    assert outbox.sweep() == 4
    post = transport()
    outbox.deliver()
    assert states(sandefjord) == [STATE.ACCEPTED] * 4 + [STATE.UNKNOWN] * 3 + [STATE.ACCEPTED]
    assert not set(post.sent) & set(sent)
    assert len(rows(sandefjord)) == 8
