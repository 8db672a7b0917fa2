"""What became of a mail is a function of all its events, whatever their order, number and the worker's pace."""

import datetime as dt
import random
import threading
import uuid
from itertools import count

import pytest
from django.db import OperationalError, connection, connections, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from invites.post import delivery, moves, services, tasks
from invites.post.events import RANK, Standing, Told, standing
from invites.post.models import Delivery, OutgoingMail
from invites.post.provider_models import DeliveryEvent, FormerDelivery
from invites.post.transports.base import accepted, refused, unknown
from tests.post import provider
from tests.post.kit import STATE, queue, rows
from tests.stage import ON_POSTGRES

NOW = dt.datetime(2026, 11, 2, 9, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)
TOLD = st.builds(
    Told,
    at=st.integers(0, 5).map(lambda minutes: NOW + minutes * MINUTE),
    event_id=st.text("abc", min_size=1, max_size=2),
    what=st.sampled_from(Delivery.values),
    detail=st.sampled_from(["", "550 no", "451 later"]),
)


@pytest.fixture(autouse=True)
def _wakes(wakes):
    return wakes


def told(delivery_id, what, *, at=NOW, event_id="", detail=""):
    return DeliveryEvent(
        event_id=event_id or uuid.uuid4().hex,
        delivery_id=delivery_id,
        what=what,
        at=at,
        detail=detail,
        source="sendgrid",
    )


def take_in(*events):
    return delivery.take_in(events)


def fate(mail):
    mail.refresh_from_db()
    return mail.state, mail.delivery


@pytest.fixture
def mail(sandefjord):
    return queue(sandefjord)[0]


def put(mail, state, **facts):
    OutgoingMail.objects.of(mail.tenant_id).filter(pk=mail.pk).update(state=state, **facts)


# --- The pure function ------------------------------------------------------------------------------------------
@given(st.lists(TOLD, max_size=8), st.randoms(use_true_random=False))
def test_order_and_repetition_change_nothing(events, dice):
    again = events + dice.choices(events, k=3) if events else []
    dice.shuffle(again)
    assert standing(again) == standing(events)


@given(st.lists(TOLD, max_size=6), st.lists(st.lists(TOLD, max_size=4), max_size=3))
def test_an_earlier_delivery_speaks_only_of_its_arrival(current, earlier):
    alone, together = standing(current), standing(current, earlier)
    arrivals = [found for found in map(standing, earlier) if found.what in ("delivered", "complained")]
    if alone.what in ("delivered", "complained") or not arrivals:
        assert together == alone
    else:
        assert together in arrivals


def test_every_outcome_has_a_rank_of_its_own():
    assert sorted(RANK.values()) == list(range(1, len(Delivery) + 1))
    assert set(RANK) == set(Delivery)


@pytest.mark.parametrize(
    ("events", "what"),
    [
        ((), ""),
        (("processed",), "processed"),
        (("deferred", "processed"), "deferred"),
        (("delivered", "deferred", "processed"), "delivered"),
        (("delivered", "bounced"), "bounced"),
        (("blocked", "delivered"), "blocked"),
        (("dropped", "processed"), "dropped"),
        (("dropped", "delivered"), "delivered"),
        (("complained", "delivered", "bounced"), "complained"),
    ],
)
def test_the_weightiest_event_is_what_became_of_it(events, what):
    assert standing(Told(NOW, str(n), name) for n, name in enumerate(events)).what == what


def test_of_several_alike_the_latest_is_shown():
    events = [Told(NOW + n * MINUTE, f"e{n}", "deferred", f"{n}") for n in (2, 3, 1)]
    assert standing(events) == Standing("deferred", NOW + 3 * MINUTE, "3")


# --- The row ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("state", "what", "then"),
    [
        (STATE.UNKNOWN, "processed", STATE.ACCEPTED),
        (STATE.UNKNOWN, "deferred", STATE.ACCEPTED),
        (STATE.UNKNOWN, "delivered", STATE.ACCEPTED),
        (STATE.UNKNOWN, "bounced", STATE.ACCEPTED),
        (STATE.UNKNOWN, "dropped", STATE.FAILED),
        (STATE.FAILED, "delivered", STATE.ACCEPTED),
        (STATE.FAILED, "dropped", STATE.FAILED),
        (STATE.ACCEPTED, "dropped", STATE.FAILED),
        (STATE.ACCEPTED, "bounced", STATE.ACCEPTED),
        (STATE.CALLING, "delivered", STATE.CALLING),
        (STATE.SUPERSEDED, "delivered", STATE.SUPERSEDED),
        (STATE.QUEUED, "processed", STATE.QUEUED),
    ],
)
def test_events_settle_what_the_worker_could_not(mail, state, what, then):
    put(mail, state)
    take_in(told(mail.delivery_id, what))
    assert fate(mail) == (then, what)


def test_a_mail_that_waits_for_another_try_is_not_sent_twice(mail):
    put(mail, STATE.QUEUED, attempts=1, problem="unreachable: 500")
    take_in(told(mail.delivery_id, "delivered"))
    assert fate(mail) == (STATE.ACCEPTED, "delivered")
    assert mail.problem == ""


def test_a_dropped_mail_says_why(mail):
    put(mail, STATE.UNKNOWN)
    take_in(told(mail.delivery_id, "dropped", detail="Bounced Address"))
    mail.refresh_from_db()
    assert mail.problem == "dropped: Bounced Address"
    assert (mail.delivery_at, mail.delivery_detail) == (NOW, "Bounced Address")


def test_an_event_during_the_call_is_there_when_the_worker_finds_no_answer(mail):
    (held,) = moves.mark_calling(moves.claim(1))
    take_in(told(mail.delivery_id, "delivered"))
    moves.settle([(held, unknown("time-out"))])
    assert fate(mail) == (STATE.UNKNOWN, "delivered")
    tasks.sweep()
    assert fate(mail) == (STATE.ACCEPTED, "delivered")


def test_events_before_their_mail_are_attached_by_the_sweeper(mail):
    early = uuid.uuid4()
    take_in(told(early, "bounced"))
    assert DeliveryEvent.objects.get().mail is None
    put(mail, STATE.ACCEPTED, delivery_id=early)
    tasks.sweep()
    assert fate(mail) == (STATE.ACCEPTED, "bounced")
    assert DeliveryEvent.objects.get().mail == mail


def test_events_of_strangers_are_forgotten_and_those_of_mails_stay(mail):
    long_ago = timezone.now() - dt.timedelta(days=15)
    take_in(told(uuid.uuid4(), "bounced"), told(uuid.uuid4(), "bounced"), told(mail.delivery_id, "processed"))
    young = DeliveryEvent.objects.filter(mail=None).first()
    DeliveryEvent.objects.exclude(pk=young.pk).update(received_at=long_ago)
    assert delivery.forget_strangers() == 1
    assert set(DeliveryEvent.objects.values_list("mail", flat=True)) == {None, mail.pk}


def test_a_crash_between_keeping_and_following_is_mended_by_the_repetition(mail):
    event = told(mail.delivery_id, "delivered")
    delivery.keep([event])
    assert fate(mail) == (STATE.QUEUED, "")
    take_in(told(mail.delivery_id, "delivered", event_id=event.event_id))
    assert DeliveryEvent.objects.count() == 1
    assert fate(mail)[1] == "delivered"


def test_after_sending_again_the_earlier_events_are_shown_but_do_not_speak(mail, kari):
    first = mail.delivery_id
    put(mail, STATE.ACCEPTED)
    take_in(told(first, "bounced"))
    mail.refresh_from_db()
    services.send_again(mail, by=kari)
    mail.refresh_from_db()
    assert (mail.state, mail.delivery, mail.delivery_at) == (STATE.QUEUED, "", None)
    assert FormerDelivery.objects.get().delivery_id == first
    put(mail, STATE.ACCEPTED)
    take_in(told(first, "complained", event_id="late", at=NOW), told(mail.delivery_id, "bounced"))
    assert mail.events.count() == 3


@pytest.mark.parametrize(("what", "shown"), [("bounced", "processed"), ("delivered", "delivered")])
def test_a_late_event_of_the_earlier_sending_counts_only_if_the_mail_arrived(mail, kari, what, shown):
    first = mail.delivery_id
    put(mail, STATE.UNKNOWN)
    mail.refresh_from_db()
    services.send_again(mail, by=kari)
    put(mail, STATE.ACCEPTED)
    mail.refresh_from_db()
    take_in(told(first, what), told(mail.delivery_id, "processed"))
    assert fate(mail) == (STATE.ACCEPTED, shown)


# --- Any interleaving with the worker ---------------------------------------------------------------------------
REVISION = count(1)
OUTCOMES = {"accepted": accepted("id"), "refused": refused("550"), "unknown": unknown("time-out")}


def run(tenant, number, steps, outcome):
    """A mail's life: `steps` are events, and once "settle" for the worker. Returns how it ends after a sweep."""
    mail = queue(tenant, revision=number)[-1]
    (held,) = moves.mark_calling(moves.claim(1, ids=[mail.pk]))
    for step in steps:
        if step == "settle":
            moves.settle([(held, OUTCOMES[outcome])])
        else:
            what, minute, event_id = step
            take_in(told(mail.delivery_id, what, at=NOW + minute * MINUTE, event_id=f"{number}-{event_id}"))
    tasks.sweep()
    mail.refresh_from_db()
    return mail.state, mail.delivery, mail.delivery_at, mail.delivery_detail


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(data=st.data())
def test_whenever_the_worker_settles_the_end_is_the_same(sandefjord, data):
    names = data.draw(st.lists(st.sampled_from(Delivery.values), max_size=4))
    events = [(what, minute, str(minute)) for minute, what in enumerate(names)]
    outcome = data.draw(st.sampled_from(sorted(OUTCOMES)))
    ends = set()
    for _turn in range(3):
        steps = [*events, *events[:1], "settle"]
        ends.add(run(sandefjord, next(REVISION), data.draw(st.permutations(steps)), outcome))
    assert len(ends) == 1


def test_events_duplicated_and_shuffled_have_one_final_state(client, settings, sandefjord):
    """The full run has 5,000 events in 20 orders (`make chaos`)."""
    signer, dice = provider.Signer(), random.Random(7)
    settings.SENDGRID_EVENT_PUBLIC_KEY = signer.public()
    mails = queue(sandefjord, 250)
    OutgoingMail.objects.of(sandefjord).update(state=STATE.UNKNOWN, settled_at=timezone.now())
    events = provider.told_of([mail.delivery_id for mail in mails], dice)
    assert len(events) >= 400
    ends = []
    for _order in range(4):
        with transaction.atomic():
            provider.replay(client, signer, provider.shuffled(events, dice), batch=120, dice=dice)
            ends.append(provider.final_state(sandefjord.pk))
            transaction.set_rollback(True)
    assert ends == [ends[0]] * 4
    assert {end[2] for end in ends[0]} == {*Delivery.values, ""}


# --- At the same time -------------------------------------------------------------------------------------------
def all_at_once(jobs):
    """Runs every job in a thread of its own, all released together."""
    barrier, errors = threading.Barrier(len(jobs)), []

    def run(job):
        try:
            connection.ensure_connection()
            barrier.wait(timeout=60)
            job()
        except Exception as error:
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", range(4))
def test_webhooks_at_the_same_time_end_in_the_right_state(sandefjord, turn):
    mails = queue(sandefjord, 5)
    OutgoingMail.objects.of(sandefjord).update(state=STATE.UNKNOWN)

    def tell(number, what):
        return lambda: take_in(*[told(mail.delivery_id, what, at=NOW + number * MINUTE) for mail in mails])

    names = ["processed", "deferred", "delivered", "bounced"] * 2
    all_at_once([tell(number, what) for number, what in enumerate(names)])
    ends = [(mail.state, mail.delivery, mail.delivery_at) for mail in rows(sandefjord)]
    assert ends == [(STATE.ACCEPTED, "bounced", NOW + 7 * MINUTE)] * 5
    assert DeliveryEvent.objects.filter(mail=None).count() == 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", range(2))
def test_the_same_events_at_the_same_time_in_other_orders_are_kept_once(sandefjord, turn):
    mails, dice = queue(sandefjord, 150), random.Random(turn)
    OutgoingMail.objects.of(sandefjord).update(state=STATE.UNKNOWN)

    def tell():
        events = [told(mail.delivery_id, "delivered", event_id=f"of {mail.pk}") for mail in mails]
        dice.shuffle(events)
        return lambda: take_in(*events)

    all_at_once([tell() for _request in range(6)])
    assert DeliveryEvent.objects.count() == 150
    assert {(mail.state, mail.delivery) for mail in rows(sandefjord)} == {(STATE.ACCEPTED, "delivered")}


@pytest.mark.django_db(transaction=True)
def test_a_deadlock_is_tried_again(mail, monkeypatch):
    follow, troubles = delivery.follow, [OperationalError("deadlock detected")] * 2

    def unlucky(ids):
        if troubles:
            raise troubles.pop()
        return follow(ids)

    put(mail, STATE.UNKNOWN)
    monkeypatch.setattr(delivery, "follow", unlucky)
    assert take_in(told(mail.delivery_id, "delivered")) == (0, 1)  # the third time, it was there already
    assert fate(mail) == (STATE.ACCEPTED, "delivered")
    troubles.extend([OperationalError("gone")] * 3)
    with pytest.raises(OperationalError):
        take_in(told(mail.delivery_id, "delivered"))


def test_a_row_written_meanwhile_is_looked_at_again(mail, monkeypatch):
    """Another webhook's event is committed after we read the events and before we write."""
    put(mail, STATE.UNKNOWN)
    write, others = delivery._write, [told(mail.delivery_id, "delivered", event_id="of another")]

    def slow(row, now):
        if others:
            delivery.keep([others.pop()])
            DeliveryEvent.objects.update(mail=mail)
        write(row, now)

    monkeypatch.setattr(delivery, "_write", slow)
    take_in(told(mail.delivery_id, "deferred"))
    assert fate(mail) == (STATE.ACCEPTED, "delivered")


@pytest.fixture
def meanwhile(monkeypatch):
    """`meanwhile(do)` does something once, after the events were read and before the row is written."""
    write = delivery._write

    def arrange(do):
        left = [do]

        def slow(row, now):
            if left:
                left.pop()()
            write(row, now)

        monkeypatch.setattr(delivery, "_write", slow)

    return arrange


def test_a_mail_sent_again_meanwhile_does_not_get_the_fate_of_its_first_sending(mail, kari, meanwhile):
    put(mail, STATE.UNKNOWN)
    mail.refresh_from_db()
    meanwhile(lambda: services.send_again(mail, by=kari))
    take_in(told(mail.delivery_id, "bounced"))
    assert fate(mail) == (STATE.QUEUED, "")


def test_a_mail_handed_over_meanwhile_is_left_to_its_worker(mail, meanwhile):
    put(mail, STATE.QUEUED, attempts=1, problem="unreachable: 500")
    meanwhile(lambda: put(mail, STATE.CALLING))
    take_in(told(mail.delivery_id, "processed"))
    assert fate(mail) == (STATE.CALLING, "processed")


def test_the_threads_run_on_the_database_that_the_suite_runs_on():
    assert connection.vendor == ("postgresql" if ON_POSTGRES else "sqlite")
