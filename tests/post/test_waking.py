"""One call that waits for a worker is enough: a burst of mails leaves one, and none is left behind."""

import datetime as dt

import pytest
from django.utils import timezone
from django_q.conf import Conf
from django_q.models import OrmQ

from invites.post import outbox, waking


@pytest.fixture(autouse=True)
def queue_of_jobs(monkeypatch, db):
    """Jobs wait in the queue, as in production, instead of being done at once."""
    monkeypatch.setattr(Conf, "SYNC", False)
    monkeypatch.setattr(waking, "_left", None)


def take(call):
    """As a worker takes a job."""
    OrmQ.objects.filter(pk=call.pk).update(lock=timezone.now() + dt.timedelta(minutes=5))


def test_a_burst_leaves_one_call():
    for _mail in range(5):
        outbox.wake(1)
    assert OrmQ.objects.count() == 1


def test_a_call_that_was_taken_is_followed_by_another():
    outbox.wake(1)
    take(OrmQ.objects.get())
    outbox.wake(1)
    outbox.wake(1)
    assert OrmQ.objects.count() == 2


def test_a_call_that_is_done_or_lost_is_followed_by_another():
    outbox.wake(1)
    OrmQ.objects.all().delete()
    outbox.wake(1)
    assert OrmQ.objects.count() == 1


def test_many_recipients_still_wake_several_workers():
    outbox.wake(1)
    outbox.wake(outbox.BATCH * 2)
    assert OrmQ.objects.count() == 3


def test_what_waits_is_a_call_to_deliver():
    outbox.wake(1)
    assert OrmQ.objects.get().func() == "invites.post.tasks.deliver"


def test_to_see_that_a_call_waits_costs_one_look(django_assert_num_queries):
    outbox.wake(1)
    with django_assert_num_queries(1):
        outbox.wake(1)
