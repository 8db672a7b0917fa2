"""The outbox: rows first, wake-ups second, one fate for each mail (rule 2)."""

import datetime as dt
import time
import uuid

import pytest
from django.db import transaction
from django.utils import timezone

from invites.post import letters, moves, outbox, tasks
from invites.post.letters import Address, Withheld
from invites.post.models import SUCCESSORS, OutgoingMail, OutgoingMailQuerySet, WorkerHeartbeat
from invites.post.problems import OTHER, Problem, explain
from invites.post.transports.base import accepted, later, refused, unknown
from tests.post import kit
from tests.post.kit import STATE, queue, rows, states

MINUTE = dt.timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _wakes(wakes):
    return wakes


@pytest.fixture(autouse=True)
def _quick_enough(monkeypatch):
    """A call that does not sleep is quick, also on a machine that has much to do."""
    monkeypatch.setattr(outbox, "WINDOW_SECONDS", 10)


def register(monkeypatch, kind, composer):
    monkeypatch.setitem(letters._composers, kind, composer)


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


@pytest.mark.parametrize(
    ("pause", "windows"),
    [(0, [[1], [2, 3, 4], [2, 3, 4], [2, 3, 4], [5]]), (0.03, [[1], [2], [3], [4], [5]])],
)
def test_one_commit_stands_for_many_quick_calls_or_for_one_slow_one(
    sandefjord, transport, monkeypatch, pause, windows
):
    """And it settles the window before."""

    def look(letter):
        calling.append([mail.subject_id for mail in rows(sandefjord) if mail.state == STATE.CALLING])
        accepted_so_far.append(states(sandefjord).count(STATE.ACCEPTED))
        time.sleep(pause)
        return accepted()

    if pause:
        monkeypatch.setattr(outbox, "WINDOW_SECONDS", pause * 1.9)
    calling: list[list[int]] = []
    accepted_so_far: list[int] = []
    transport(*[look] * 5)
    queue(sandefjord, 5)
    outbox.deliver()
    assert calling == windows
    assert accepted_so_far == [window[0] - 1 for window in windows]
    assert states(sandefjord) == [STATE.ACCEPTED] * 5


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
    waits = [mail.due_at - timezone.now() for mail in rows(sandefjord)]
    assert all(dt.timedelta(seconds=50) < wait < dt.timedelta(seconds=90) for wait in waits)


def test_greylisting_holds_up_only_its_own_mail(sandefjord, transport):
    post = transport(later("450 greylisted", Problem.BUSY, pause=False))
    queue(sandefjord, 4)
    outbox.deliver()
    assert len(post.sent) == 4
    assert states(sandefjord) == [STATE.QUEUED] + [STATE.ACCEPTED] * 3


def test_the_wait_the_provider_asks_for_is_kept_for_all(sandefjord, transport):
    transport(later("429", Problem.BUSY, wait=dt.timedelta(seconds=777)))
    queue(sandefjord, 2)
    outbox.deliver()
    waits = [(mail.due_at - timezone.now()).total_seconds() for mail in rows(sandefjord)]
    assert all(770 < wait <= 777 for wait in waits)


def test_waits_grow_to_an_hour_and_are_spread():
    waits = [[moves.back_off(attempts) for _again in range(20)] for attempts in (1, 2, 5, 7, 70)]
    shortest = [dt.timedelta(minutes=minutes) for minutes in (1, 2, 16, 60, 60)]
    for spread, at_least in zip(waits, shortest, strict=True):
        assert all(at_least <= wait <= 1.5 * at_least for wait in spread)
        assert len(set(spread)) > 10


def test_after_three_days_of_trying_a_mail_is_failed(sandefjord, transport):
    transport(later("connection refused"))
    queue(sandefjord)
    OutgoingMail.objects.of(sandefjord).update(attempts=moves.MAX_ATTEMPTS - 1)
    outbox.deliver()
    (mail,) = rows(sandefjord)
    assert mail.state == STATE.FAILED
    assert mail.problem == "gave up: connection refused"


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


# --- Composing --------------------------------------------------------------------------------------------------
def test_a_mail_that_cannot_be_composed_is_failed_and_the_others_go_on(sandefjord, transport, monkeypatch):
    def poisonous(mails):
        if any(mail.subject_id == 2 for mail in mails):
            raise ZeroDivisionError("secret detail")
        return kit.compose_plain(mails)

    register(monkeypatch, "plain", poisonous)
    transport()
    queue(sandefjord, 4)
    outbox.deliver()
    assert states(sandefjord) == [STATE.ACCEPTED, STATE.FAILED, STATE.ACCEPTED, STATE.ACCEPTED]
    assert rows(sandefjord)[1].problem == "composing: ZeroDivisionError"


def test_a_kind_nobody_registered_is_failed(sandefjord, transport):
    transport()
    queue(sandefjord, kind="unheard-of")
    outbox.deliver()
    assert states(sandefjord) == [STATE.FAILED]


def test_a_mail_the_composer_forgets_is_failed(sandefjord, transport, monkeypatch):
    register(monkeypatch, "plain", lambda mails: {})
    transport()
    queue(sandefjord)
    outbox.deliver()
    assert states(sandefjord) == [STATE.FAILED]


def test_a_letter_the_transport_cannot_code_is_failed_before_it_is_called(sandefjord, settings, monkeypatch):
    def hostile(mails):
        addresses = {1: "good@x.example", 2: "two@x.example\r\nBcc: all@x.example"}
        return {
            mail.pk: kit.letter(to=Address(addresses[mail.subject_id]), delivery_id=mail.delivery_id)
            for mail in mails
        }

    register(monkeypatch, "plain", hostile)
    queue(sandefjord, 2)
    outbox.deliver()
    assert states(sandefjord) == [STATE.ACCEPTED, STATE.FAILED]
    assert len(list(settings.MAIL_DIR.glob("*.eml"))) == 1


@pytest.mark.parametrize("state", [STATE.CANCELLED, STATE.SUPERSEDED])
def test_a_withheld_mail_is_not_sent(sandefjord, transport, monkeypatch, state):
    register(
        monkeypatch,
        "plain",
        lambda mails: {mail.pk: Withheld(state, "the event has begun") for mail in mails},
    )
    post = transport()
    queue(sandefjord, 2)
    outbox.deliver()
    assert post.sent == []
    assert states(sandefjord) == [state] * 2


def test_mails_of_several_kinds_are_each_composed_as_a_batch(sandefjord, transport, monkeypatch):
    batches = []

    def composer(mails):
        batches.append((mails[0].kind, len(mails)))
        return kit.compose_plain(mails)

    register(monkeypatch, "plain", composer)
    register(monkeypatch, "other", composer)
    transport()
    queue(sandefjord, 4)
    queue(sandefjord, 3, kind="other")
    outbox.deliver()
    assert sorted(batches) == [("other", 3), ("plain", 4)]


# --- What got lost ----------------------------------------------------------------------------------------------
def held(tenant, state, minutes):
    OutgoingMail.objects.of(tenant).update(
        state=state, claimed_at=timezone.now() - minutes * MINUTE, claimed_by="gone", attempts=1
    )


def test_a_crash_before_the_call_goes_back_into_the_queue(sandefjord, wakes):
    queue(sandefjord)
    held(sandefjord, STATE.CLAIMED, 6)
    wakes.clear()
    assert outbox.sweep() == 1
    assert states(sandefjord) == [STATE.QUEUED]
    assert wakes == ["invites.post.tasks.deliver"]


def test_a_crash_during_the_call_becomes_unknown(sandefjord):
    queue(sandefjord)
    held(sandefjord, STATE.CALLING, 6)
    assert outbox.sweep() == 1
    (mail,) = rows(sandefjord)
    assert (mail.state, mail.problem) == (STATE.UNKNOWN, "stopped")


@pytest.mark.parametrize("state", [STATE.CLAIMED, STATE.CALLING])
def test_a_worker_that_may_be_alive_keeps_its_mails(sandefjord, state):
    queue(sandefjord)
    held(sandefjord, state, 4)
    assert outbox.sweep() == 0
    assert states(sandefjord) == [state]


def test_a_mail_that_kills_every_worker_is_parked(sandefjord):
    queue(sandefjord)
    held(sandefjord, STATE.CLAIMED, 6)
    OutgoingMail.objects.of(sandefjord).update(attempts=moves.MAX_ATTEMPTS)
    outbox.sweep()
    assert states(sandefjord) == [STATE.FAILED]


def test_a_late_answer_settles_what_the_sweeper_called_unknown(sandefjord, transport):
    def slow(letter):
        OutgoingMail.objects.of(sandefjord).update(claimed_at=timezone.now() - 6 * MINUTE)
        outbox.sweep()
        assert states(sandefjord) == [STATE.UNKNOWN]
        return accepted("late")

    transport(slow)
    queue(sandefjord)
    outbox.deliver()
    (mail,) = rows(sandefjord)
    assert (mail.state, mail.provider_id, mail.problem) == (STATE.ACCEPTED, "late", "")


@pytest.mark.parametrize("now", [{"state": STATE.QUEUED}, {"claimed_by": "another"}])
def test_a_mail_that_was_swept_or_taken_while_it_was_composed_is_not_called(
    sandefjord, transport, monkeypatch, now
):
    def slow(mails):
        OutgoingMail.objects.of(sandefjord).filter(subject_id=1).update(**now)
        return kit.compose_plain(mails)

    register(monkeypatch, "plain", slow)
    post = transport()
    queue(sandefjord, 2)
    outbox._deliver_batch(moves.claim(10), post, float("inf"))
    assert post.sent == ["guest2@forening.example"]
    assert states(sandefjord) == [now.get("state", STATE.CLAIMED), STATE.ACCEPTED]


def test_a_claim_takes_only_what_is_still_queued(sandefjord, monkeypatch):
    """Between looking and taking, another worker may have been there."""
    queue(sandefjord)
    (taken,) = moves.claim(10)
    monkeypatch.setattr(OutgoingMailQuerySet, "due", lambda mails: mails)
    assert moves.claim(10) == []
    assert rows(sandefjord)[0].claimed_by == taken.claimed_by


def test_overdue_mails_wake_the_workers_and_fresh_ones_do_not(sandefjord, wakes):
    queue(sandefjord, 3)
    wakes.clear()
    outbox.sweep()
    assert wakes == []
    OutgoingMail.objects.of(sandefjord).update(due_at=timezone.now() - MINUTE)
    outbox.sweep()
    assert wakes == ["invites.post.tasks.deliver"]


def test_each_sweep_leaves_one_heartbeat(db):
    tasks.sweep()
    first = WorkerHeartbeat.objects.get().beat_at
    tasks.sweep()
    assert WorkerHeartbeat.objects.get().beat_at > first


# --- Numbers ----------------------------------------------------------------------------------------------------
def test_the_age_of_the_oldest_due_mail(sandefjord, kristiansand):
    assert outbox.oldest_due_age() is None
    queue(sandefjord, due_at=timezone.now() + MINUTE)
    assert outbox.oldest_due_age() is None
    queue(kristiansand, kind="other", due_at=timezone.now() - 10 * MINUTE)
    age = outbox.oldest_due_age()
    assert age is not None
    assert 10 * MINUTE <= age < 11 * MINUTE


def test_trouble_counts_only_ones_own(sandefjord, kristiansand, transport):
    transport(refused("no"), unknown("?"))
    queue(sandefjord, 2)
    queue(kristiansand, 1, kind="unheard-of")
    assert outbox.trouble(sandefjord) == {"failed": 0, "unknown": 0}
    outbox.deliver()
    assert outbox.trouble(sandefjord) == {"failed": 1, "unknown": 1}
    assert outbox.trouble(kristiansand) == {"failed": 1, "unknown": 0}


def test_every_problem_has_words():
    for problem in Problem:
        explained = explain(f"{problem}: 550 no")
        assert explained.what
        assert explained.todo
        assert explained.said == "550 no"
    assert explain("something old").what == str(OTHER[0])


def test_every_state_has_successors():
    assert set(SUCCESSORS) == set(STATE)


# --- Settled by what the provider tells later --------------------------------------------------------------------
@pytest.mark.parametrize(
    ("taken", "state", "problem"), [(True, STATE.ACCEPTED, ""), (False, STATE.FAILED, "refused: dropped")]
)
def test_an_event_settles_a_mail_of_unknown_fate_once(sandefjord, transport, taken, state, problem):
    transport(unknown("time-out"))
    (mail,) = queue(sandefjord)
    outbox.deliver()
    assert moves.settle_by_event(mail.pk, accepted=taken, problem="refused: dropped")
    (mail,) = rows(sandefjord)
    assert (mail.state, mail.problem) == (state, problem)
    assert not moves.settle_by_event(mail.pk, accepted=not taken, problem="other")
    assert rows(sandefjord)[0].state == state


def test_an_event_about_an_earlier_delivery_settles_nothing(sandefjord, transport):
    transport(unknown("time-out"))
    (mail,) = queue(sandefjord)
    outbox.deliver()
    assert not moves.settle_by_event(mail.pk, accepted=True, delivery_id=uuid.uuid4())
    assert moves.settle_by_event(mail.pk, accepted=True, delivery_id=mail.delivery_id)


@pytest.mark.parametrize("state", [STATE.CALLING, STATE.SUPERSEDED, STATE.CANCELLED, STATE.FAILED])
def test_an_event_leaves_a_mail_to_whoever_has_settled_it_or_is_about_to(sandefjord, state):
    (mail,) = queue(sandefjord)
    OutgoingMail.objects.of(sandefjord).update(state=state, attempts=1)
    assert not moves.settle_by_event(mail.pk, accepted=True)
    assert not moves.settle_by_event(mail.pk, accepted=False, problem="x")
    assert states(sandefjord) == [state]


def test_a_mail_that_was_taken_after_all_is_not_sent_again(sandefjord, transport):
    post = transport(later("500"))
    (mail,) = queue(sandefjord)
    assert not moves.settle_by_event(mail.pk, accepted=True)  # never tried: the event is not about it
    outbox.deliver()
    assert not moves.settle_by_event(mail.pk, accepted=False, problem="x")
    assert moves.settle_by_event(mail.pk, accepted=True)
    OutgoingMail.objects.of(sandefjord).update(due_at=timezone.now())
    outbox.deliver()
    assert post.sent == ["guest1@forening.example"]
    assert states(sandefjord) == [STATE.ACCEPTED]
