"""64 parallel answers for the last seats never overbook (real threads, real transactions, both databases)."""

import fcntl
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connection, connections

from events.gatherings.models import Event
from invites.answers import services, taking
from invites.answers.models import Answer
from invites.answers.people import Person, named
from invites.invitations.models import Invitation
from tests.factories import event, invitation, tenant

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("still_post")]
CROWD = 64
TURN = (
    Path(tempfile.gettempdir()) / "moteplass-crowd.lock"
)  # two crowds at once want more connections than PostgreSQL has


def all_at_once(jobs):
    """Runs every job in a thread of its own, all released together; returns "ok" or the error's name for each."""
    barrier = threading.Barrier(len(jobs))

    def run(job):
        try:
            connection.ensure_connection()
            barrier.wait(timeout=60)
            job()
        except services.Refused as refusal:
            return type(refusal).__name__
        else:
            return "ok"
        finally:
            connections.close_all()

    with TURN.open("w") as turn, ThreadPoolExecutor(len(jobs)) as pool:
        fcntl.flock(turn, fcntl.LOCK_EX)
        return list(pool.map(run, jobs))


def crowd(capacity):
    meeting = event(tenant(), waitlist="none", capacity=capacity)
    for _ in range(CROWD):
        invitation(meeting)
    rows = Invitation.objects.of(meeting.tenant).select_related("event", "contact", "tenant")
    return meeting, list(rows.filter(event=meeting))


def accept(row):
    return lambda: services.answer(row, reply="accepted", comment="", source="web")


def outcome(meeting):
    rows = Invitation.objects.of(meeting.tenant).filter(event=meeting)
    taken = Event.objects.of(meeting.tenant).get(pk=meeting.pk).seats_taken
    return rows.coming().count(), taken


@pytest.mark.parametrize("capacity", [1, 5, 63])
@pytest.mark.parametrize("turn", [1, 2, 3])
def test_64_parallel_answers_for_the_last_seats_never_overbook(capacity, turn):
    meeting, rows = crowd(capacity)
    results = all_at_once([accept(row) for row in rows])

    assert sorted(results) == sorted(["ok"] * capacity + ["Full"] * (CROWD - capacity))
    assert outcome(meeting) == (capacity, capacity)
    assert Answer.objects.of(meeting.tenant).count() == capacity


def test_64_parallel_answers_without_a_limit_all_get_in_without_an_error():
    meeting, rows = crowd(None)
    assert all_at_once([accept(row) for row in rows]) == ["ok"] * CROWD
    assert outcome(meeting) == (CROWD, CROWD)


def test_64_parallel_posts_of_one_invitee_are_one_answer():
    meeting, rows = crowd(1)
    assert all_at_once([accept(rows[0])] * CROWD) == ["ok"] * CROWD
    assert outcome(meeting) == (1, 1)
    assert Answer.objects.of(meeting.tenant).count() == 1


def test_one_invitee_who_says_three_things_at_once_ends_in_the_latest():
    meeting, rows = crowd(None)
    jobs = [
        lambda reply=reply: services.answer(rows[0], reply=reply, comment="", source="web")
        for reply in ("accepted", "tentative", "declined")
    ]
    assert all_at_once(jobs * 8) == ["ok"] * 24

    row = Invitation.objects.of(meeting.tenant).get(pk=rows[0].pk)
    latest = Answer.objects.of(meeting.tenant).filter(invitation=row).first()
    assert latest is not None
    assert (row.reply, row.replied_at) == (latest.reply, latest.answered_at)
    assert outcome(meeting) == ((1, 1) if row.reply == "accepted" else (0, 0))


def test_seats_that_are_given_up_while_others_want_them_are_counted_right():
    meeting, rows = crowd(CROWD // 2)
    holders, hopeful = rows[: CROWD // 2], rows[CROWD // 2 :]
    for row in holders:
        services.answer(row, reply="accepted", comment="", source="web")
    held = Invitation.objects.of(meeting.tenant).select_related("event", "contact", "tenant")
    giving_up = [
        lambda row=row: services.answer(row, reply="declined", comment="", source="web")
        for row in held.filter(event=meeting).coming()
    ]
    results = all_at_once([*giving_up, *(accept(row) for row in hopeful)])

    assert results[: CROWD // 2] == ["ok"] * (CROWD // 2)
    got_in = results[CROWD // 2 :].count("ok")
    assert outcome(meeting) == (got_in, got_in)


@pytest.mark.parametrize("turn", [1, 2])
def test_parties_that_want_the_last_seats_at_once_never_overbook(turn):
    meeting = event(tenant(), waitlist="none", capacity=30)
    for number in range(CROWD):
        invitation(meeting, for_organisation=True, quota=1 + number % 4)
    rows = Invitation.objects.of(meeting.tenant).select_related("event", "contact", "tenant")
    people = [Person(f"P {number}") for number in range(4)]
    jobs = [
        lambda row=row: services.answer(
            row, reply="accepted", comment="", source="web", people=people[: row.quota]
        )
        for row in rows.filter(event=meeting)
    ]
    results = all_at_once(jobs)

    coming = list(Invitation.objects.of(meeting.tenant).coming())
    assert results.count("ok") == len(coming)
    assert sum(row.party for row in coming) == outcome(meeting)[1] <= 30
    assert outcome(meeting)[1] > 26  # at most three seats are of no use to a party of four
    assert [(row.party, len(named(row))) for row in coming] == [(row.quota, row.quota) for row in coming]


def test_an_organisation_that_names_others_at_once_ends_with_the_names_of_one_answer():
    meeting = event(tenant(), waitlist="none", capacity=3)
    row = invitation(meeting, for_organisation=True, quota=3)
    read = Invitation.objects.of(meeting.tenant).select_related("event", "contact", "tenant").get(pk=row.pk)
    parties = [
        [Person(f"{letter} {n}") for n in range(size)] for letter, size in (("A", 1), ("B", 2), ("C", 3))
    ]
    jobs = [
        lambda people=people: services.answer(read, reply="accepted", comment="", source="web", people=people)
        for people in parties
    ]
    assert all_at_once(jobs * 8) == ["ok"] * 24

    now = named(row)
    assert list(now) in parties
    assert outcome(meeting) == (1, len(now))


def test_this_test_can_fail_a_check_that_reads_before_it_writes_overbooks(monkeypatch):
    """The seats as most people write them: look, then count up. Proof that the crowd above does collide."""

    def look_then_count(row, said, becomes, now):
        if row.event.seats_taken >= row.event.capacity:
            raise services.Full
        events = Event.objects.of(row.tenant_id).filter(pk=row.event_id)
        events.update(seats_taken=row.event.seats_taken + 1)

    monkeypatch.setattr(taking, "_move_seats", look_then_count)
    meeting, rows = crowd(1)
    all_at_once([accept(row) for row in rows])

    assert outcome(meeting)[0] > 1
