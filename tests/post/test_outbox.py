"""The outbox: rows first, wake-ups second, one fate for each mail (rule 2)."""

import datetime as dt
from collections import Counter

import pytest
import time_machine
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from invites.post import calling, moves, outbox, trouble
from invites.post.models import SUCCESSORS, OutgoingMail
from invites.post.problems import OTHER, Problem, explain
from invites.post.transports.base import accepted, later, refused, unknown
from tests.post import kit
from tests.post.kit import STATE, once_more, queue, register, rows, states

MINUTE = dt.timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _wakes(wakes):
    return wakes


# --- Into the queue ---------------------------------------------------------------------------------------------
def test_a_second_call_queues_nothing(sandefjord):
    items = [(1, "a@x.example"), (2, "b@x.example")]
    assert outbox.enqueue("plain", tenant=sandefjord, items=items) == 2
    assert outbox.enqueue("plain", tenant=sandefjord, items=items) == 0
    assert outbox.enqueue("plain", tenant=sandefjord, items=[*items, (3, "c@x.example")]) == 1
    assert [mail.to_address for mail in rows(sandefjord)] == ["a@x.example", "b@x.example", "c@x.example"]


def test_a_new_revision_of_the_same_subject_is_a_new_mail(sandefjord):
    assert outbox.enqueue("plain", tenant=sandefjord, items=[(1, "a@x.example")]) == 1
    assert outbox.enqueue("plain", tenant=sandefjord, items=[(1, "a@x.example")], revision=1) == 1
    assert [mail.revision for mail in rows(sandefjord)] == [0, 1]


def test_nothing_to_queue_asks_the_database_nothing(sandefjord, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert outbox.enqueue("plain", tenant=sandefjord, items=[]) == 0


def test_one_mail_costs_one_statement(sandefjord, django_assert_num_queries):
    with transaction.atomic(), django_assert_num_queries(1):
        outbox.enqueue("plain", tenant=sandefjord, items=[(1, "a@x.example")])


@pytest.mark.parametrize(("recipients", "jobs"), [(1, 1), (250, 1), (251, 2), (1100, 4)])
def test_workers_are_woken_after_the_commit_with_one_job_for_250_recipients(
    sandefjord, wakes, django_capture_on_commit_callbacks, recipients, jobs
):
    with django_capture_on_commit_callbacks(execute=True):
        queue(sandefjord, recipients)
        assert wakes == []
    assert wakes == ["invites.post.tasks.deliver"] * jobs


def test_mails_for_later_and_mails_queued_before_wake_nobody(
    sandefjord, wakes, django_capture_on_commit_callbacks
):
    queue(sandefjord)
    with django_capture_on_commit_callbacks(execute=True):
        queue(sandefjord)
        queue(sandefjord, revision=1, due_at=timezone.now() + MINUTE)
    assert wakes == []
    assert len(rows(sandefjord)) == 2


@pytest.mark.django_db(transaction=True)
def test_rows_stand_when_nobody_can_be_woken(sandefjord, monkeypatch, transport):
    def broken(*args, **options):
        raise ConnectionError("no queue")

    monkeypatch.setattr(outbox, "async_task", broken)
    with transaction.atomic():
        assert outbox.enqueue("plain", tenant=sandefjord, items=[(1, "a@x.example")]) == 1
    assert states(sandefjord) == [STATE.QUEUED]
    transport()
    outbox.deliver()
    assert states(sandefjord) == [STATE.ACCEPTED]


# --- Out of the queue -------------------------------------------------------------------------------------------
def test_due_mails_go_out_once_oldest_first(sandefjord, transport):
    post = transport()
    queue(sandefjord, 5)
    assert outbox.deliver() == 5
    assert outbox.deliver() == 0
    assert post.sent == [f"guest{n}@forening.example" for n in range(1, 6)]
    assert states(sandefjord) == [STATE.ACCEPTED] * 5
    assert [mail.provider_id for mail in rows(sandefjord)] == [f"id-{address}" for address in post.sent]
    assert [mail.attempts for mail in rows(sandefjord)] == [1] * 5
    assert post.closed == 2


def test_a_mail_for_later_waits(sandefjord, transport):
    post = transport()
    queue(sandefjord, due_at=timezone.now() + MINUTE)
    outbox.deliver()
    assert post.sent == []
    assert states(sandefjord) == [STATE.QUEUED]


def test_only_the_named_mails_are_delivered(sandefjord, transport):
    post = transport()
    _first, second = queue(sandefjord, 2)
    outbox.deliver([second.pk])
    assert post.sent == ["guest2@forening.example"]
    assert states(sandefjord) == [STATE.QUEUED, STATE.ACCEPTED]


@pytest.mark.django_db(transaction=True)
def test_calling_is_committed_before_the_provider_is_called(sandefjord, transport):
    seen = []

    def look(letter):
        assert not transaction.get_connection().in_atomic_block
        seen.append(OutgoingMail.objects.of(sandefjord).get(delivery_id=letter.delivery_id).state)
        return accepted()

    transport(*[look] * 5)
    queue(sandefjord, 5)
    outbox.deliver()
    assert seen == [STATE.CALLING] * 5


def test_one_mail_at_a_time_is_in_a_call_and_its_commit_settles_the_one_before(sandefjord, transport):
    """A worker that dies leaves one mail of unknown fate, never more."""
    seen = []

    def look(letter):
        seen.append((states(sandefjord).count(STATE.CALLING), states(sandefjord).count(STATE.ACCEPTED)))
        return accepted()

    transport(*[look] * 5)
    queue(sandefjord, 5)
    outbox.deliver()
    assert seen == [(1, n) for n in range(5)]
    assert states(sandefjord) == [STATE.ACCEPTED] * 5


def test_a_mail_costs_one_statement_beside_those_of_its_batch(sandefjord, transport, monkeypatch):
    """A batch costs the lane, the claim, composing; each mail one more, which Django's cursor never sees."""
    real, begun = calling._changed, []
    monkeypatch.setattr(calling, "_changed", lambda facts: begun.append(facts["id"]) or real(facts))
    transport()
    queue(sandefjord, 4)
    with CaptureQueriesContext(connection) as few:
        outbox.deliver()
    assert len(begun) == 4
    queue(sandefjord, 9, revision=1)
    with CaptureQueriesContext(connection) as many:
        outbox.deliver()
    assert len(begun) == 4 + 9
    both = [[query["sql"].split()[0] for query in found.captured_queries] for found in (few, many)]
    more = Counter(both[1]) - Counter(both[0])
    assert more == {"SAVEPOINT": 5, "RELEASE": 5}  # of the test's own transaction


def test_refused_for_good_is_failed_and_the_others_go_on(sandefjord, transport):
    transport(accepted(), refused("550 no such user"), accepted())
    queue(sandefjord, 3)
    outbox.deliver()
    assert states(sandefjord) == [STATE.ACCEPTED, STATE.FAILED, STATE.ACCEPTED]
    assert explain(rows(sandefjord)[1].problem).said == "550 no such user"


def test_no_answer_is_unknown_and_never_sent_again_by_itself(sandefjord, transport):
    post = transport(unknown("time-out"))
    queue(sandefjord)
    outbox.deliver()
    assert states(sandefjord) == [STATE.UNKNOWN]
    OutgoingMail.objects.of(sandefjord).update(due_at=timezone.now() - dt.timedelta(days=1))
    outbox.sweep()
    outbox.deliver()
    assert post.sent == ["guest1@forening.example"]
    assert states(sandefjord) == [STATE.UNKNOWN]


def test_a_transport_that_breaks_leaves_one_mail_of_unknown_fate(sandefjord, transport):
    post = transport(accepted(), RuntimeError("a bug"))
    queue(sandefjord, 5)
    outbox.deliver()
    assert states(sandefjord) == [STATE.ACCEPTED, STATE.UNKNOWN] + [STATE.QUEUED] * 3
    assert len(post.sent) == 2


def test_trouble_at_the_provider_leaves_the_others_untried(sandefjord, transport):
    post = transport(later("connection refused"))
    queue(sandefjord, 5)
    assert outbox.deliver() == 1
    assert post.sent == ["guest1@forening.example"]
    assert states(sandefjord) == [STATE.QUEUED] * 5
    assert [mail.attempts for mail in rows(sandefjord)] == [1, 0, 0, 0, 0]
    assert [mail.due_at > timezone.now() for mail in rows(sandefjord)] == [True] + [False] * 4


def test_greylisting_holds_up_only_its_own_mail(sandefjord, transport):
    post = transport(later("450 greylisted", Problem.BUSY, pause=False))
    queue(sandefjord, 4)
    outbox.deliver()
    assert len(post.sent) == 4
    assert states(sandefjord) == [STATE.QUEUED] + [STATE.ACCEPTED] * 3


def test_waits_grow_to_half_an_hour_and_are_spread():
    waits = [[moves.back_off(attempts) for _again in range(20)] for attempts in (1, 2, 5, 9, 70)]
    shortest = [dt.timedelta(seconds=seconds) for seconds in (10, 20, 160, 1800, 1800)]
    for spread, at_least in zip(waits, shortest, strict=True):
        assert all(at_least <= wait <= 1.5 * at_least for wait in spread)
        assert len(set(spread)) > 10


# --- How long it is tried -----------------------------------------------------------------------------------------
def greylisted(sandefjord, transport, **facts):
    """One mail whose every call is answered "later"; returns the row after `rounds` of them."""
    transport(*[later("450 not now", Problem.BUSY, pause=False)] * 9)
    return queue(sandefjord, **facts)[0]


def test_a_mail_is_tried_for_a_day_after_it_was_first_due(sandefjord, transport):
    first_due = greylisted(sandefjord, transport).due_at
    with time_machine.travel(first_due, tick=False) as clock:
        outbox.deliver()
        clock.move_to(first_due + dt.timedelta(hours=23, minutes=59, seconds=55))
        mail = once_more(sandefjord)
        assert (mail.state, mail.attempts) == (STATE.QUEUED, 2)
        assert mail.due_at == first_due + dt.timedelta(days=1)  # a last try, then no more
        clock.move_to(first_due + dt.timedelta(days=1))
        mail = once_more(sandefjord)
    assert (mail.state, mail.attempts, mail.problem) == (STATE.FAILED, 3, "gave up: 450 not now")


@pytest.mark.parametrize(("of_row", "of_letter", "hours"), [(5, None, 5), (None, 3, 3), (5, 3, 3), (3, 5, 3)])
def test_the_earlier_moment_to_give_up_holds(sandefjord, transport, monkeypatch, of_row, of_letter, hours):
    begun = timezone.now()
    moment = {
        of_row: begun + dt.timedelta(hours=of_row or 0),
        of_letter: begun + dt.timedelta(hours=of_letter or 0),
    }
    limits = {"give_up_at": moment[of_letter] if of_letter else None}
    register(monkeypatch, "plain", lambda mails: kit.compose_plain(mails, **limits))
    greylisted(sandefjord, transport, give_up_at=moment[of_row] if of_row else None)
    outbox.deliver()
    with time_machine.travel(begun + dt.timedelta(hours=hours, minutes=-1), tick=False):
        assert once_more(sandefjord).state == STATE.QUEUED
    with time_machine.travel(begun + dt.timedelta(hours=hours), tick=False):
        assert once_more(sandefjord).state == STATE.FAILED


def test_a_mail_whose_time_was_up_before_its_first_try_is_tried_once(sandefjord, transport):
    post = transport()
    queue(sandefjord, give_up_at=timezone.now() - dt.timedelta(seconds=1))
    outbox.deliver()
    assert len(post.sent) == 1
    assert states(sandefjord) == [STATE.ACCEPTED]


def test_what_waits_beyond_its_time_is_failed_without_a_call(sandefjord, transport):
    """Behind a lane that is paused, or without any worker."""
    post = transport()
    queue(sandefjord, give_up_at=timezone.now() - MINUTE)
    queue(sandefjord, revision=1, give_up_at=timezone.now() + MINUTE)
    outbox.sweep()
    outbox.deliver()
    assert post.sent == ["guest1@forening.example"]
    assert [(mail.state, mail.problem) for mail in rows(sandefjord)] == [
        (STATE.FAILED, "gave up"),
        (STATE.ACCEPTED, ""),
    ]


def test_a_letter_that_became_useless_since_it_was_composed_is_cancelled(sandefjord, transport, monkeypatch):
    """The meeting begins while a batch goes out."""
    begins = timezone.now() + MINUTE
    register(monkeypatch, "plain", lambda mails: kit.compose_plain(mails, useless_from=begins))
    with time_machine.travel(begins - dt.timedelta(seconds=1), tick=False) as clock:
        queue(sandefjord, 3)

        def slow(letter):
            clock.move_to(begins)
            return accepted()

        post = transport(accepted(), slow)
        outbox.deliver()
    assert len(post.sent) == 2
    assert states(sandefjord) == [STATE.ACCEPTED, STATE.ACCEPTED, STATE.CANCELLED]
    assert rows(sandefjord)[2].problem == "the meeting has begun"


def test_a_round_that_is_over_puts_the_rest_back_and_wakes_another(sandefjord, transport, wakes, monkeypatch):
    post = transport()
    monkeypatch.setattr(outbox, "ROUND_SECONDS", -1)
    queue(sandefjord, 5)
    wakes.clear()
    outbox.deliver()
    assert post.sent == []
    assert states(sandefjord) == [STATE.QUEUED] * 5
    assert [mail.attempts for mail in rows(sandefjord)] == [0] * 5
    assert wakes == ["invites.post.tasks.deliver"]


# --- Numbers ----------------------------------------------------------------------------------------------------
def test_the_age_of_the_oldest_due_mail(sandefjord, kristiansand):
    assert outbox.oldest_due_age() is None
    queue(sandefjord, due_at=timezone.now() + MINUTE)
    assert outbox.oldest_due_age() is None
    queue(kristiansand, kind="other", due_at=timezone.now() - 10 * MINUTE)
    age = outbox.oldest_due_age()
    assert age is not None
    assert 10 * MINUTE <= age < 11 * MINUTE


def in_trouble(tenant):
    found = {group.key: group.count for group in trouble.groups(tenant)}
    return {"failed": found.get("failed", 0), "unknown": found.get("unknown", 0)}


def test_trouble_counts_only_ones_own(sandefjord, kristiansand, transport):
    transport(refused("no"), unknown("?"))
    queue(sandefjord, 2)
    queue(kristiansand, 1, kind="unheard-of")
    assert in_trouble(sandefjord) == {"failed": 0, "unknown": 0}
    outbox.deliver()
    assert in_trouble(sandefjord) == {"failed": 1, "unknown": 1}
    assert in_trouble(kristiansand) == {"failed": 1, "unknown": 0}


def test_every_problem_has_words():
    for problem in Problem:
        explained = explain(f"{problem}: 550 no")
        assert explained.what
        assert explained.todo
        assert explained.said == "550 no"
    assert explain("something old").what == str(OTHER[0])


def test_every_state_has_successors():
    assert set(SUCCESSORS) == set(STATE)
