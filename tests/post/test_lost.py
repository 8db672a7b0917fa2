"""What got lost is found: the sweeper and the supervisor. What the provider tells later is in test_events."""

import datetime as dt

import pytest
from django.utils import timezone
from django_q.models import OrmQ

from invites.post import lanes, moves, outbox, tasks
from invites.post.models import MailLane, OutgoingMail, OutgoingMailQuerySet, WorkerHeartbeat
from invites.post.transports.base import accepted
from tests.post import kit
from tests.post.kit import STATE, queue, register, rows, states

MINUTE = dt.timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _wakes(wakes):
    return wakes


def held(tenant, state, minutes):
    OutgoingMail.objects.of(tenant).update(
        state=state, claimed_at=timezone.now() - minutes * MINUTE, claimed_by="gone", attempts=1
    )


def test_a_crash_before_the_call_goes_back_into_the_queue(sandefjord, wakes):
    queue(sandefjord)
    held(sandefjord, STATE.CLAIMED, 2)
    wakes.clear()
    assert outbox.sweep() == 1
    assert states(sandefjord) == [STATE.QUEUED]
    assert wakes == ["invites.post.tasks.deliver"]


def test_a_crash_during_the_call_becomes_unknown(sandefjord):
    queue(sandefjord)
    held(sandefjord, STATE.CALLING, 2)
    assert outbox.sweep() == 1
    (mail,) = rows(sandefjord)
    assert (mail.state, mail.problem) == (STATE.UNKNOWN, "stopped")


@pytest.mark.parametrize("state", [STATE.CLAIMED, STATE.CALLING])
def test_a_worker_that_may_be_alive_keeps_its_mails(sandefjord, state):
    queue(sandefjord)
    held(sandefjord, state, 1)
    assert outbox.sweep() == 0
    assert states(sandefjord) == [state]


def test_a_call_that_the_provider_told_of_meanwhile_was_taken(sandefjord):
    queue(sandefjord, 2)
    held(sandefjord, STATE.CALLING, 2)
    OutgoingMail.objects.of(sandefjord).filter(subject_id=1).update(delivery="processed")
    outbox.sweep()
    assert states(sandefjord) == [STATE.ACCEPTED, STATE.UNKNOWN]


def test_a_mail_that_kills_every_worker_is_found_and_parked_and_the_others_go_out(sandefjord, transport):
    """With it come fewer and fewer others: 300 mails, then 25, then it alone."""
    post = transport()
    queue(sandefjord, 300)
    batches = []
    for _crash in range(3):
        while mails := moves.claim(
            250, by=moves.holder()
        ):  # a round of workers that lives until mail 7 is among its own
            if any(mail.subject_id == 7 for mail in mails):
                break
            for mail in mails:
                OutgoingMail.objects.of(sandefjord).filter(pk=mail.pk).update(state=STATE.ACCEPTED)
        batches.append(len(mails))
        OutgoingMail.objects.of(sandefjord).filter(state=STATE.CLAIMED).update(
            claimed_at=timezone.now() - 2 * MINUTE
        )
        outbox.sweep()
    outbox.deliver()
    assert batches == [250, 25, 1]
    assert "guest7@forening.example" not in post.sent
    assert states(sandefjord) == [STATE.ACCEPTED] * 6 + [STATE.FAILED] + [STATE.ACCEPTED] * 293
    assert rows(sandefjord)[6].problem == "composing: it ended our program"


def test_a_late_answer_settles_what_the_sweeper_called_unknown(sandefjord, transport):
    def slow(letter):
        OutgoingMail.objects.of(sandefjord).update(claimed_at=timezone.now() - 2 * MINUTE)
        outbox.sweep()
        assert states(sandefjord) == [STATE.UNKNOWN]
        return accepted("late")

    transport(slow)
    queue(sandefjord)
    outbox.deliver()
    (mail,) = rows(sandefjord)
    assert (mail.state, mail.provider_id, mail.problem) == (STATE.ACCEPTED, "late", "")


@pytest.mark.parametrize(
    "now",
    [
        {"state": STATE.QUEUED, "due_at": timezone.now() + dt.timedelta(days=1)},
        {"state": STATE.CLAIMED, "claimed_by": "another"},
        {"state": STATE.CANCELLED},
        {"state": STATE.SUPERSEDED},
    ],
)
def test_a_mail_that_was_swept_or_taken_while_it_was_composed_is_not_called(
    sandefjord, transport, monkeypatch, now
):
    def slow(mails):
        OutgoingMail.objects.of(sandefjord).filter(subject_id=1).update(**now)
        return kit.compose_plain(mails)

    register(monkeypatch, "plain", slow)
    post = transport()
    queue(sandefjord, 2)
    outbox.deliver()
    assert post.sent == ["guest2@forening.example"]
    assert states(sandefjord) == [now["state"], STATE.ACCEPTED]


def test_a_claim_takes_only_what_is_still_queued(sandefjord, monkeypatch):
    """Between looking and taking, another worker may have been there."""
    queue(sandefjord)
    (taken,) = moves.claim(10, by="one")
    monkeypatch.setattr(OutgoingMailQuerySet, "due", lambda mails: mails)
    assert moves.claim(10, by="two") == []
    assert rows(sandefjord)[0].claimed_by == taken.claimed_by


def test_overdue_mails_wake_the_workers_and_fresh_ones_do_not(sandefjord, wakes):
    queue(sandefjord, 3)
    wakes.clear()
    outbox.sweep()
    assert wakes == []
    OutgoingMail.objects.of(sandefjord).update(due_at=timezone.now() - MINUTE)
    outbox.sweep()
    assert wakes == ["invites.post.tasks.deliver"]


@pytest.mark.parametrize("job", [tasks.sweep, tasks.beat, tasks.deliver])
def test_each_job_leaves_one_heartbeat(db, job):
    job()
    first = WorkerHeartbeat.objects.get().beat_at
    job()
    assert WorkerHeartbeat.objects.get().beat_at > first


def test_heartbeats_of_workers_long_gone_are_forgotten(db):
    WorkerHeartbeat.objects.create(name="old", beat_at=timezone.now() - dt.timedelta(days=2))
    WorkerHeartbeat.objects.create(name="new", beat_at=timezone.now() - MINUTE)
    outbox.sweep()
    assert [heart.name for heart in WorkerHeartbeat.objects.all()] == ["new"]


def test_only_an_idle_queue_with_due_mails_is_roused(sandefjord, wakes):
    assert not outbox.rouse()
    queue(sandefjord, due_at=timezone.now() + MINUTE)
    assert not outbox.rouse()
    queue(sandefjord, revision=1)
    wakes.clear()
    assert outbox.rouse()
    assert wakes == ["invites.post.tasks.deliver"]
    OutgoingMail.objects.of(sandefjord).filter(revision=1).update(
        state=STATE.CLAIMED, claimed_at=timezone.now()
    )
    queue(sandefjord, revision=2)
    assert not outbox.rouse()  # a worker is at it
    OutgoingMail.objects.of(sandefjord).filter(revision=1).update(state=STATE.ACCEPTED)
    for _job in range(outbox.MANY_JOBS):
        OrmQ.objects.create(key="moteplass", payload="a job that waits")
    assert not outbox.rouse()
    OrmQ.objects.all().delete()
    lanes.pause("file", wait=MINUTE, problem="busy")
    assert not outbox.rouse()
    MailLane.objects.update(paused_until=timezone.now())
    assert outbox.rouse()
