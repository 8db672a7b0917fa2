"""Writing mails: in batches, and one that cannot be written holds up nobody."""

import datetime as dt

import pytest
from django.utils import timezone

from invites.post import outbox
from invites.post.letters import Address, Withheld
from tests.post import kit
from tests.post.kit import STATE, once_more, queue, register, rows, states

MINUTE = dt.timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _wakes(wakes):
    return wakes


def test_a_mail_that_breaks_its_composer_is_parked_after_three_tries_and_the_others_go_on(
    sandefjord, transport, monkeypatch
):
    def poisonous(mails):
        if any(mail.subject_id == 2 for mail in mails):
            raise ZeroDivisionError("secret detail")
        return kit.compose_plain(mails)

    register(monkeypatch, "plain", poisonous)
    transport()
    queue(sandefjord, 4)
    outbox.deliver()
    assert states(sandefjord) == [STATE.ACCEPTED, STATE.QUEUED, STATE.ACCEPTED, STATE.ACCEPTED]
    assert rows(sandefjord)[1].due_at > timezone.now()
    for _again in range(2):
        once_more(sandefjord)
    assert (rows(sandefjord)[1].state, rows(sandefjord)[1].crashes) == (STATE.FAILED, 2)
    assert rows(sandefjord)[1].problem == "composing: ZeroDivisionError"


def test_a_composer_that_broke_for_a_moment_harms_nobody(sandefjord, transport, monkeypatch):
    broken = [True]

    def shaky(mails):
        if broken:
            raise KeyError("a template is being replaced")
        return kit.compose_plain(mails)

    register(monkeypatch, "plain", shaky)
    transport()
    queue(sandefjord, 2)
    outbox.deliver()
    assert states(sandefjord) == [STATE.QUEUED] * 2
    broken.clear()
    once_more(sandefjord)
    assert states(sandefjord) == [STATE.ACCEPTED] * 2


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
