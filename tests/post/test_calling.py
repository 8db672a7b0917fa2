"""The commit before a call: what it marks, what it settles, and when it does neither (rule 2)."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from invites.post import calling, moves
from invites.post.models import OutgoingMail
from tests.post import kit
from tests.post.kit import STATE, queue, rows, states


@pytest.fixture
def held(sandefjord, wakes):
    """Two mails that this worker holds, and has not called."""
    queue(sandefjord, 2)
    return moves.claim(2, by="me")


def in_call(mail):
    assert calling.begin(mail, lane="file")


def change(mail, **facts):
    OutgoingMail.objects.of(mail.tenant_id).filter(pk=mail.pk).update(**facts)


def test_one_commit_marks_a_mail_and_settles_the_one_before(sandefjord, held):
    first, second = held
    in_call(first)
    before = timezone.now()
    assert calling.begin(second, lane="file", done=(first, "id-1"))
    settled, called = rows(sandefjord)
    assert (settled.state, settled.provider_id, settled.problem, settled.attempts) == (
        STATE.ACCEPTED,
        "id-1",
        "",
        1,
    )
    assert settled.settled_at >= before >= settled.claimed_at
    assert (called.state, called.provider_id, called.attempts) == (STATE.CALLING, "", 1)
    assert called.claimed_at >= before
    assert called.settled_at is None


@pytest.mark.django_db(transaction=True)
def test_it_is_committed_when_it_returns(sandefjord, held):
    """Another connection sees it at once."""
    in_call(held[0])
    connection.close()
    assert states(sandefjord) == [STATE.CALLING, STATE.CLAIMED]


@pytest.mark.django_db(transaction=True)
def test_it_refuses_to_run_in_a_transaction_that_may_be_taken_back(sandefjord, held):
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        calling.begin(held[0], lane="file")
    assert states(sandefjord) == [STATE.CLAIMED] * 2


@pytest.mark.parametrize("state", [STATE.QUEUED, STATE.SUPERSEDED, STATE.CANCELLED, STATE.CALLING])
def test_a_mail_that_is_not_to_be_called_is_left_alone_and_the_one_before_is_settled(sandefjord, held, state):
    first, second = held
    in_call(first)
    change(second, state=state, claimed_by="me" if state != STATE.CALLING else "another")
    assert not calling.begin(second, lane="file", done=(first, "id-1"))
    assert states(sandefjord) == [STATE.ACCEPTED, state]
    assert rows(sandefjord)[1].attempts == 0


def test_a_mail_of_another_worker_is_not_called(sandefjord, held):
    change(held[0], claimed_by="another")
    assert not calling.begin(held[0], lane="file")
    assert states(sandefjord) == [STATE.CLAIMED] * 2


@pytest.mark.parametrize("told", [STATE.ACCEPTED, STATE.FAILED])
def test_what_the_provider_told_of_the_one_before_stands_and_the_mail_is_called(sandefjord, held, told):
    first, second = held
    in_call(first)
    change(first, state=told, provider_id="from the event")
    assert calling.begin(second, lane="file", done=(first, "id-1"))
    assert states(sandefjord) == [told, STATE.CALLING]
    assert rows(sandefjord)[0].provider_id == "from the event"


def test_what_the_sweeper_called_unknown_is_settled(sandefjord, held):
    first, second = held
    in_call(first)
    change(first, state=STATE.UNKNOWN, problem="no-answer")
    assert calling.begin(second, lane="file", done=(first, "id-1"))
    assert states(sandefjord) == [STATE.ACCEPTED, STATE.CALLING]
    assert rows(sandefjord)[0].problem == ""


def test_the_call_before_may_have_been_of_the_same_series(sandefjord, wakes, monkeypatch):
    """It is over, so it does not stand in the way of the newer mail."""
    kit.register(monkeypatch, "first", kit.compose_plain, series="s")
    kit.register(monkeypatch, "again", kit.compose_plain, series="s")
    queue(sandefjord, kind="first")
    (older,) = moves.claim(1, by="me")
    in_call(older)
    queue(sandefjord, kind="again", revision=1)
    (newer,) = moves.claim(1, by="me")
    assert not calling.begin(newer, lane="file")
    assert states(sandefjord) == [STATE.CALLING, STATE.CLAIMED]
    assert calling.begin(newer, lane="file", done=(older, "id-1"))
    assert states(sandefjord) == [STATE.ACCEPTED, STATE.CALLING]


def test_odd_characters_of_the_providers_id_are_values(sandefjord, held):
    first, second = held
    in_call(first)
    odd = "%(id)s :id ' \\ %% ; DROP"
    assert calling.begin(second, lane="file", done=(first, odd))
    assert rows(sandefjord)[0].provider_id == odd


def test_trouble_with_the_database_is_djangos_own_error(held, monkeypatch):
    """Which is what a round takes for a lost connection."""
    monkeypatch.setattr(calling, "_in_words_of", lambda vendor: "UPDATE no_such_table SET x = 1")
    with pytest.raises(DatabaseError):
        calling.begin(held[0], lane="file")
