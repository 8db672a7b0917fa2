"""Several workers at once, on the database the suite runs on: one mail, one worker, one call."""

import threading
import time
from collections import Counter

import pytest
from django.db import connection

from invites.post import moves, outbox
from invites.post.models import OutgoingMail
from invites.post.transports.base import accepted
from tests.post import kit
from tests.post.kit import STATE, queue, states

pytestmark = pytest.mark.django_db(transaction=True)
WORKERS = 6


def at_once(work, workers=WORKERS):
    """Runs `work` in threads that start together; returns their results, and raises what any of them raised."""
    start, results, errors = threading.Barrier(workers), [], []

    def run():
        try:
            start.wait()
            results.append(work())
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _worker in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
    return results


def test_two_workers_never_claim_the_same_mail(sandefjord, wakes):
    queue(sandefjord, 300)

    def claim_all():
        mine = []
        while batch := moves.claim(17, by=moves.holder()):
            mine += [mail.pk for mail in batch]
        return mine

    claimed = [pk for mine in at_once(claim_all) for pk in mine]
    assert Counter(Counter(claimed).values()) == {1: 300}


def test_two_workers_never_send_the_same_mail(sandefjord, wakes, monkeypatch):
    """The transport is slow, so that every worker has its turn while others hand over."""
    monkeypatch.setattr(outbox, "BATCH", 10)
    posts = []

    def put():
        def slow(letter):
            time.sleep(0.002)
            return accepted(threading.current_thread().name)

        posts.append(kit.Scripted(*[slow] * 200))
        return posts[-1]

    monkeypatch.setattr(outbox, "current_transport", put)
    queue(sandefjord, 200)
    handed_over = at_once(outbox.deliver)
    sent = [address for post in posts for address in post.sent]
    assert Counter(Counter(sent).values()) == {1: 200}
    assert sum(handed_over) == 200
    assert len([number for number in handed_over if number]) > 1
    assert states(sandefjord) == [STATE.ACCEPTED] * 200


def test_two_tabs_queue_once(sandefjord, wakes):
    items = [(number, f"guest{number}@x.example") for number in range(1, 401)]
    new = at_once(lambda: outbox.enqueue("plain", tenant=sandefjord, items=items))
    assert sum(new) == 400
    assert OutgoingMail.objects.of(sandefjord).count() == 400


def test_sweepers_at_the_same_time_do_no_harm(sandefjord, wakes):
    queue(sandefjord, 20)
    OutgoingMail.objects.of(sandefjord).update(state=STATE.CALLING, claimed_at="2026-01-01T00:00Z")
    assert sum(at_once(outbox.sweep)) == 20
    assert states(sandefjord) == [STATE.UNKNOWN] * 20


def test_wake_up_to_delivery_through_the_real_job(sandefjord, settings):
    """django-q2 in its synchronous mode: the job is found by its name and sends to the file transport."""
    assert queue(sandefjord, 3)
    assert states(sandefjord) == [STATE.ACCEPTED] * 3
    assert len(list(settings.MAIL_DIR.glob("*.eml"))) == 3
