"""Mails of one series: the newest wins, nobody gets an old one after a new one, and what was not sent is taken back."""

import threading
import time

import pytest
from django.db import connection

from invites.post import moves, outbox
from invites.post.letters import series_of
from invites.post.models import OutgoingMail
from invites.post.transports.base import accepted, later
from tests.post import kit
from tests.post.kit import STATE, once_more, queue, register, rows, states
from tests.post.test_workers import at_once


@pytest.fixture(autouse=True)
def _series(monkeypatch, wakes):
    """Two kinds that say the same thing anew, and one that stands alone."""
    register(monkeypatch, "asked", kit.compose_plain, series="ask")
    register(monkeypatch, "changed", kit.compose_plain, series="ask")
    return wakes


def by_kind(tenant):
    return [(mail.kind, mail.revision, mail.subject_id, str(mail.state)) for mail in rows(tenant)]


def test_a_newer_revision_replaces_what_was_not_sent(sandefjord, kristiansand):
    queue(sandefjord, 2, kind="asked")
    queue(kristiansand, 1, kind="asked", revision=7)
    queue(sandefjord, 1, kind="plain")
    outbox.enqueue("changed", tenant=sandefjord, items=[(1, "guest1@forening.example")], revision=1)
    assert by_kind(sandefjord) == [
        ("asked", 0, 1, "superseded"),
        ("asked", 0, 2, "queued"),
        ("plain", 0, 1, "queued"),
        ("changed", 1, 1, "queued"),
    ]
    assert rows(sandefjord)[0].problem == "a newer mail says it"
    assert states(kristiansand) == [STATE.QUEUED]


def test_of_two_kinds_with_one_revision_the_later_queued_is_the_newer(sandefjord, transport):
    queue(sandefjord, kind="changed", revision=1)
    queue(sandefjord, kind="asked", revision=1)
    assert states(sandefjord) == [STATE.SUPERSEDED, STATE.QUEUED]


def test_an_older_revision_that_comes_late_is_not_sent(sandefjord, transport):
    post = transport()
    queue(sandefjord, kind="asked", revision=3)
    queue(sandefjord, kind="changed", revision=2)
    outbox.deliver()
    assert len(post.sent) == 1
    assert by_kind(sandefjord) == [("asked", 3, 1, "accepted"), ("changed", 2, 1, "superseded")]


def test_what_was_sent_stays_sent(sandefjord, transport):
    transport()
    queue(sandefjord, kind="asked")
    outbox.deliver()
    queue(sandefjord, kind="asked", revision=1)
    outbox.deliver()
    assert states(sandefjord) == [STATE.ACCEPTED] * 2


def test_a_mail_that_is_replaced_in_a_workers_hands_is_not_called(sandefjord, transport, monkeypatch):
    """Between its claim and its call: the rest of the batch goes on."""

    def slow(mails):
        if mails[0].revision == 0:
            outbox.enqueue("changed", tenant=sandefjord, items=[(1, "guest1@forening.example")], revision=1)
        return kit.compose_plain(mails)

    register(monkeypatch, "asked", slow, series="ask")
    post = transport()
    queue(sandefjord, 2, kind="asked")
    outbox.deliver()
    assert post.sent == ["guest2@forening.example", "guest1@forening.example"]
    assert by_kind(sandefjord) == [
        ("asked", 0, 1, "superseded"),
        ("asked", 0, 2, "accepted"),
        ("changed", 1, 1, "accepted"),
    ]


def test_a_claimed_mail_that_was_missed_by_its_successor_is_not_called_either(
    sandefjord, transport, monkeypatch
):
    """Two transactions at once may not see each other's row; the statement before the call does."""

    def slow(mails):
        newer = OutgoingMail(tenant=sandefjord, kind="changed", series="ask", subject_id=1, revision=1)
        newer.to_address, newer.state = "guest1@forening.example", STATE.CANCELLED
        newer.save()
        return kit.compose_plain(mails)

    register(monkeypatch, "asked", slow, series="ask")
    post = transport()
    queue(sandefjord, 2, kind="asked")
    outbox.deliver()
    assert post.sent == ["guest2@forening.example"]
    assert [mail.state for mail in rows(sandefjord)][:2] == [STATE.SUPERSEDED, STATE.ACCEPTED]


def test_a_newer_mail_waits_for_the_call_of_the_older_to_end(sandefjord, transport):
    post = transport()
    queue(sandefjord, kind="asked")
    OutgoingMail.objects.of(sandefjord).update(state=STATE.CALLING, claimed_by="another", attempts=1)
    queue(sandefjord, 2, kind="changed", revision=1)
    outbox.deliver()
    assert post.sent == ["guest2@forening.example"]
    assert states(sandefjord) == [STATE.CALLING, STATE.QUEUED, STATE.ACCEPTED]
    OutgoingMail.objects.of(sandefjord).filter(revision=0).update(state=STATE.ACCEPTED)
    once_more(sandefjord)
    assert states(sandefjord) == [STATE.ACCEPTED] * 3


def test_an_older_mail_that_is_to_be_tried_again_gives_way(sandefjord, transport):
    """Its call failed while the newer one was queued."""

    def meanwhile(letter):
        queue(sandefjord, kind="changed", revision=1)
        return later("450 not now", pause=False)

    transport(meanwhile)
    queue(sandefjord, kind="asked")
    outbox.deliver()
    once_more(sandefjord)
    assert states(sandefjord) == [STATE.SUPERSEDED, STATE.ACCEPTED]


@pytest.mark.django_db(transaction=True)
def test_while_workers_send_nobody_gets_an_old_revision_after_a_new_one(sandefjord, wakes, monkeypatch):
    monkeypatch.setattr(outbox, "BATCH", 7)
    turn, got, people = threading.Lock(), [], 12

    def compose(mails):
        return {
            mail.pk: kit.letter(
                to=kit.Address(mail.to_address), delivery_id=mail.delivery_id, subject=str(mail.revision)
            )
            for mail in mails
        }

    def send(letter):
        time.sleep(0.001)
        with turn:
            got.append((letter.to.email, int(letter.subject)))
        return accepted()

    register(monkeypatch, "asked", compose, series="ask")
    monkeypatch.setattr(outbox, "current_transport", lambda: kit.Scripted(*[send] * 1000))
    work = iter(range(4))

    def organiser_or_worker():
        if next(work) == 0:
            for revision in range(25):
                queue(sandefjord, people, kind="asked", revision=revision)
        else:
            for _round in range(25):
                outbox.deliver()
                time.sleep(0.004)

    at_once(organiser_or_worker, 4)
    once_more(sandefjord)
    once_more(sandefjord)
    for person in {address for address, _revision in got}:
        revisions = [revision for address, revision in got if address == person]
        assert revisions == sorted(set(revisions))
        assert revisions[-1] == 24
    assert {str(mail.state) for mail in rows(sandefjord)} == {"accepted", "superseded"}
    connection.close()


# --- Taking back --------------------------------------------------------------------------------------------------
def test_what_was_not_sent_is_taken_back_and_who_never_got_anything_is_told(
    sandefjord, kristiansand, transport
):
    transport()
    queue(sandefjord, 2, kind="asked")
    outbox.deliver()
    queue(sandefjord, 4, kind="changed", revision=1)
    queue(sandefjord, 4, kind="plain")
    queue(kristiansand, 4, kind="asked", revision=7)
    moves.claim(3, by="a worker")
    never = outbox.cancel_unsent(tenant=sandefjord, series="ask", subject_ids=[1, 2, 3, 99], why="withdrawn")
    assert never == {3}
    assert by_kind(sandefjord)[:6] == [
        ("asked", 0, 1, "accepted"),
        ("asked", 0, 2, "accepted"),
        ("changed", 1, 1, "cancelled"),
        ("changed", 1, 2, "cancelled"),
        ("changed", 1, 3, "cancelled"),
        ("changed", 1, 4, "queued"),
    ]
    assert rows(sandefjord)[4].problem == "withdrawn"
    assert states(kristiansand) == [STATE.QUEUED] * 4
    assert outbox.cancel_unsent(tenant=sandefjord, series="ask", subject_ids=[1, 2, 3]) == set()


def test_only_the_named_kinds_are_taken_back(sandefjord):
    queue(sandefjord, 1, kind="asked")
    queue(sandefjord, 1, kind="plain")
    assert outbox.cancel_unsent(tenant=sandefjord, kinds=["plain"], subject_ids=[1]) == {1}
    assert states(sandefjord) == [STATE.QUEUED, STATE.CANCELLED]


def test_a_mail_taken_back_from_a_workers_hands_is_not_called(sandefjord, transport, monkeypatch):
    def slow(mails):
        assert outbox.cancel_unsent(tenant=sandefjord, series="ask", subject_ids=[1]) == {1}
        return kit.compose_plain(mails)

    register(monkeypatch, "asked", slow, series="ask")
    post = transport()
    queue(sandefjord, 2, kind="asked")
    outbox.deliver()
    assert post.sent == ["guest2@forening.example"]


@pytest.mark.parametrize(
    ("state", "has"),
    [
        (STATE.CALLING, True),
        (STATE.ACCEPTED, True),
        (STATE.UNKNOWN, True),
        (STATE.QUEUED, False),
        (STATE.CLAIMED, False),
        (STATE.FAILED, False),
        (STATE.SUPERSEDED, False),
        (STATE.CANCELLED, False),
    ],
)
def test_who_was_reached_is_who_may_have_got_a_mail(sandefjord, kristiansand, state, has):
    queue(sandefjord, 2, kind="asked")
    queue(kristiansand, 1, kind="asked", revision=7)
    queue(sandefjord, 1, kind="plain")
    OutgoingMail.objects.of(sandefjord).filter(subject_id=1).update(state=state)
    assert outbox.reached("ask", tenant=sandefjord, subject_ids=[1, 2]) == ({1} if has else set())
    assert outbox.reached("ask", tenant=kristiansand, subject_ids=[1]) == set()


def test_many_subjects_are_asked_for_in_portions(sandefjord):
    queue(sandefjord, 1100, kind="asked")
    queue(sandefjord, 1100, kind="changed", revision=1)
    assert outbox.cancel_unsent(tenant=sandefjord, series="ask", subject_ids=range(1, 1101)) == set(
        range(1, 1101)
    )
    assert {str(mail.state) for mail in rows(sandefjord)} == {"superseded", "cancelled"}


def test_invitations_are_a_series():
    assert series_of("invitation") == "invitation"
    assert series_of("unheard-of") == ""
