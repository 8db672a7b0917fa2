"""The worker sweeps by itself, without a set-up step."""

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
    made = Schedule.objects.order_by("func").values_list("func", "schedule_type", "minutes", "repeats")
    assert list(made) == [
        ("invites.post.tasks.sweep", Schedule.MINUTES, 1, -1),
        ("invites.replies.tasks.clean", Schedule.DAILY, None, -1),
    ]
    assert started == [1, 1]


@pytest.mark.parametrize("name", [qcluster.SWEEP, "invites.post.tasks.deliver"])
def test_jobs_are_found_by_their_names(name, monkeypatch, db):
    from importlib import import_module

    module, _dot, function = name.rpartition(".")
    monkeypatch.setattr(outbox, function, lambda: 7)
    assert getattr(import_module(module), function)() == 7
