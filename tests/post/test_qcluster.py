"""The worker sweeps by itself, without a set-up step, and is kept alive by a watchdog: real processes, real signals."""

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

import pytest
from django.core.management import call_command, get_commands
from django.db import connection
from django_q.models import OrmQ, Schedule

from invites.management.commands import qcluster
from invites.post import leash, outbox
from invites.post.models import WorkerHeartbeat
from tests.factories import event, invitation
from tests.post.kit import STATE, states
from tests.post.servers import wait_for
from tests.stage import ON_POSTGRES, POSTGRES_URL

ROOT = Path(__file__).resolve().parents[2]
WATCHED = """
import django
django.setup()
from django.core.management import call_command
from invites.post import watchdog
watchdog.TICK = 0.2
watchdog.ROUSE_EVERY = watchdog.BEAT_EVERY = watchdog.SWEEP_EVERY = 1.0
watchdog.HEART_STOPPED = 6.0
watchdog.SHORT_LIFE = 0.0
call_command("qcluster")
"""


def test_manage_py_qcluster_is_ours():
    assert get_commands()["qcluster"] == "invites"


def test_each_schedule_is_made_once(db):
    qcluster.schedule_ticks()
    qcluster.schedule_ticks()
    made = Schedule.objects.order_by("pk").values_list("func", "schedule_type", "repeats")
    assert list(made) == [(func, often["schedule_type"], -1) for _name, func, often in qcluster.SCHEDULES]


def test_the_child_wears_a_leash(db, monkeypatch):
    done = []
    monkeypatch.setattr(leash, "wear", lambda: done.append("leash"))
    monkeypatch.setattr(
        "django_q.management.commands.qcluster.Cluster.start", lambda self: done.append("start")
    )
    call_command("qcluster", "--child")
    assert done == ["leash", "start"]


@pytest.mark.parametrize("name", [func for _name, func, _often in qcluster.SCHEDULES])
def test_every_scheduled_job_is_there_and_has_nothing_to_do(name, db):
    module, _dot, function = name.rpartition(".")
    assert getattr(import_module(module), function)() == 0


@pytest.mark.parametrize("name", [qcluster.SWEEP, "invites.post.tasks.deliver"])
def test_jobs_are_found_by_their_names(name, monkeypatch, db):
    module, _dot, function = name.rpartition(".")
    monkeypatch.setattr(outbox, function, lambda: 7)
    assert getattr(import_module(module), function)() == 7


def test_only_a_worker_whose_supervisor_let_go_stops(monkeypatch):
    assert not leash.let_go()
    theirs, ours = os.pipe()
    monkeypatch.setenv(leash.LEASH, str(theirs))
    assert not leash.let_go()
    os.close(ours)
    assert leash.let_go()
    os.close(theirs)


# --- Real processes ---------------------------------------------------------------------------------------------
@contextmanager
def watched(folder):
    """`manage.py qcluster` on the test's database, with a quick watchdog; ends with SIGTERM within seconds."""
    name = str(connection.settings_dict["NAME"])
    environment = {
        **os.environ,
        "TESTING": "0",
        "DEMO": "1",
        "DATABASE_URL": f"{POSTGRES_URL.rpartition('/')[0]}/{name}" if ON_POSTGRES else f"sqlite:///{name}",
        "VAR_DIR": str(folder),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PYTHONPATH": str(ROOT),
    }
    log = (folder / "log").open("wb")
    process = subprocess.Popen(
        [sys.executable, "-c", WATCHED], cwd=ROOT, env=environment, stdout=log, stderr=log
    )
    try:
        assert wait_for(WorkerHeartbeat.objects.exists, 20), (folder / "log").read_text()
        yield process
    finally:
        log.close()
        begun = time.monotonic()
        if process.poll() is None:
            process.terminate()
        process.wait(20)
        assert time.monotonic() - begun < 9
        assert wait_for(lambda: not family(process.pid), 5)


def family(supervisor):
    """The processes of the cluster that this supervisor started: they carry its name in their environment."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                facts = (entry / "environ").read_bytes()
                if f"-{supervisor}\0".encode() in facts and leash.CLUSTER.encode() in facts:
                    found.append(int(entry.name))
            except OSError:
                continue
    return sorted(found)


def invite(tenant, count):
    """Queues invitations as a web process does: the rows, and a wake-up where the queue is there."""
    meeting = event(tenant)
    items = [(invitation(meeting).pk, f"guest{n}@forening.example") for n in range(count)]
    outbox.enqueue("invitation", tenant=tenant, items=items)


@pytest.mark.django_db(transaction=True)
def test_a_cluster_that_is_hit_is_started_again_and_mails_go_out(sandefjord, tmp_path, wakes):
    with watched(tmp_path) as supervisor:
        invite(sandefjord, 3)  # nobody is woken: the watchdog sees that mails are due
        assert wait_for(lambda: states(sandefjord) == [STATE.ACCEPTED] * 3, 20), (
            states(sandefjord),
            (tmp_path / "log").read_text(),
        )
        before = family(supervisor.pid)
        assert len(before) >= 5  # cluster, sentinel, two workers, pusher, monitor

        os.kill(before[0], signal.SIGKILL)  # the cluster dies, and its orphans are ended
        assert wait_for(
            lambda: len(family(supervisor.pid)) >= 5 and before[0] not in family(supervisor.pid), 20
        )
        Schedule.objects.all().delete()
        OrmQ.objects.all().delete()
        invite(sandefjord, 3)
        assert wait_for(lambda: states(sandefjord) == [STATE.ACCEPTED] * 6, 20)
        assert wait_for(Schedule.objects.exists)
        assert not set(before) & set(family(supervisor.pid))


@pytest.mark.django_db(transaction=True)
def test_a_cluster_whose_heart_stopped_is_started_again(sandefjord, tmp_path, wakes):
    """As when it dead-locks: here all of it is frozen."""
    with watched(tmp_path) as supervisor:
        invite(sandefjord, 1)
        assert wait_for(lambda: states(sandefjord) == [STATE.ACCEPTED], 20)
        before = family(supervisor.pid)
        for pid in before:
            os.kill(pid, signal.SIGSTOP)
        assert wait_for(lambda: len(set(family(supervisor.pid)) - set(before)) >= 5, 30)
        invite(sandefjord, 1)
        assert wait_for(lambda: states(sandefjord) == [STATE.ACCEPTED] * 2, 20)
        assert not set(before) & set(family(supervisor.pid))


@pytest.mark.django_db(transaction=True)
def test_nobody_outlives_a_supervisor_that_is_killed_outright(tmp_path, db):
    with watched(tmp_path) as supervisor:
        assert family(supervisor.pid)
        supervisor.kill()
        assert wait_for(lambda: not family(supervisor.pid), leash.GRACE + 6)
