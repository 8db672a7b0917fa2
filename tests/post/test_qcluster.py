"""The worker sweeps by itself, without a set-up step."""

from importlib import import_module

import pytest
from django.core.management import call_command, get_commands
from django_q.models import Schedule

from invites.management.commands import qcluster
from invites.post import outbox


def test_manage_py_qcluster_is_ours():
    assert get_commands()["qcluster"] == "invites"


def test_a_starting_worker_makes_the_schedule_once(db, monkeypatch):
    started = []
    monkeypatch.setattr("django_q.management.commands.qcluster.Cluster.start", lambda self: started.append(1))
    call_command("qcluster")
    call_command("qcluster")
    made = Schedule.objects.order_by("pk").values_list("func", "schedule_type", "minutes", "repeats")
    assert list(made) == [(func, Schedule.MINUTES, 1, -1) for _name, func in qcluster.SCHEDULES]
    assert {"invites.post.tasks.sweep", "invites.invitations.tasks.tick"} <= {row[0] for row in made}
    assert started == [1, 1]


@pytest.mark.parametrize("name", [func for _name, func in qcluster.SCHEDULES])
def test_every_scheduled_job_is_there_and_has_nothing_to_do(name, db):
    module, _dot, function = name.rpartition(".")
    assert getattr(import_module(module), function)() == 0


@pytest.mark.parametrize("name", [qcluster.SWEEP, "invites.post.tasks.deliver"])
def test_jobs_are_found_by_their_names(name, monkeypatch, db):
    module, _dot, function = name.rpartition(".")
    monkeypatch.setattr(outbox, function, lambda: 7)
    assert getattr(import_module(module), function)() == 7
