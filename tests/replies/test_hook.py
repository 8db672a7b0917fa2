"""The provider's hook for mail that comes in: whatever it posts is kept, and the next good answer counts."""

import datetime as dt
import logging
import threading
import time

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from invites.answers.models import Answer
from invites.replies import keeping, sealing, services, webhooks
from invites.replies.models import InboundMail
from invites.replies.posted import NoMessage, Posted, posted
from tests.replies import kit
from tests.replies.fixtures import load, names

SLOW = 3.0  # seconds that a hostile mail may take


def test_what_is_posted_in_raw_mode_is_kept_to_the_byte(ola, deliver):
    raw = kit.reply(ola).replace(b"Subject: Svar", b"Subject: \xff\xfe\x00\r\nX-Odd: \x80")
    row = deliver(
        raw, to=kit.address(ola), dkim="{@forening.example : pass}", SPF="pass", charsets='{"to":"UTF-8"}'
    )
    assert sealing.unseal(row.raw) == raw
    assert keeping.envelope(row).dkim == "{@forening.example : pass}"
    assert keeping.envelope(row).to == f"svar-{ola.reply_token}@"


def test_a_message_may_be_the_body_itself(ola, client):
    assert kit.post(client, kit.reply(ola), kind="message/rfc822") == 204
    assert InboundMail.objects.get().state == "applied"


@pytest.mark.parametrize("secret", ["wrong", kit.SECRET + "x", "æ", kit.SECRET.upper()])
def test_the_wrong_secret_is_not_found(ola, client, secret):
    assert kit.post(client, kit.form(kit.reply(ola)), secret=secret) == 404
    assert not InboundMail.objects.exists()


@pytest.mark.parametrize("secret", ["", kit.SECRET])
def test_without_a_secret_there_is_no_hook(ola, client, settings, secret):
    settings.INBOUND_SECRET = ""
    where = reverse("hook-sendgrid-inbound", args=[secret or "x"])
    assert client.post(where, kit.form(b"x"), content_type="message/rfc822").status_code == 404


def test_only_a_post_hands_over(inbound, client):
    assert client.get(reverse("hook-sendgrid-inbound", args=[kit.SECRET])).status_code == 405


def test_the_provider_is_asked_to_come_back_while_the_database_is_away(ola, client, monkeypatch):
    def fail(*_args, **_facts):
        raise OperationalError("gone")

    with monkeypatch.context() as patch:
        patch.setattr(services, "_kept", fail)
        assert kit.post(client, kit.form(kit.reply(ola))) == 503
    with monkeypatch.context() as patch:  # it goes away after the message was kept
        patch.setattr(services, "_write", fail)
        assert kit.post(client, kit.form(kit.reply(ola))) == 503
    assert InboundMail.objects.get().reason == "not looked at yet"
    assert kit.post(client, kit.form(kit.reply(ola))) == 204
    assert InboundMail.objects.get().state == "applied"


def test_a_mistake_of_ours_puts_the_message_aside_and_its_replay_applies_it(
    ola, deliver, monkeypatch, caplog
):
    def fail(*_args, **_facts):
        raise ValueError("ola@forening.example said yes")

    with monkeypatch.context() as patch, caplog.at_level(logging.INFO):
        patch.setattr(services, "_outcome", fail)
        row = deliver(kit.reply(ola))
    assert (row.state, row.reason) == ("quarantined", "it broke our program: ValueError")
    assert "forening.example" not in caplog.text
    assert services.replay(row).state == "applied"


def test_no_cookie_is_needed_or_set(ola):
    client = Client(enforce_csrf_checks=True)
    assert kit.post(client, kit.form(kit.reply(ola))) == 204
    assert not client.cookies


def test_the_log_names_nobody_and_holds_nothing_of_what_was_written(ola, deliver, caplog):
    with caplog.at_level(logging.DEBUG):
        deliver(kit.text(ola, "Jeg er syk og vil ikke at noen vet det.\r\n"), to=kit.address(ola))
        deliver(kit.reply(ola, more=["COMMENT:hemmelig"]))
    told = " ".join(record.getMessage() for record in caplog.records if record.name.startswith("invites"))
    assert "a message came in" in told
    for secret in ("syk", "hemmelig", "forening", ola.reply_token, kit.SECRET, "Ola"):
        assert secret not in told


@pytest.mark.parametrize("name", names())
def test_the_hook_and_the_pipe_come_to_the_same(ola, client, monkeypatch, name):
    """Every client's reply, through both doors: one row, one outcome."""
    raw = load(
        name,
        token=ola.reply_token,
        uid=kit.uid_of(ola.event.uid),
        attendee=ola.contact.email,
        domain=kit.DOMAIN,
        stamped_at=timezone.now() - dt.timedelta(hours=3),
    )
    to = kit.address(ola)
    hook = what_came_of(ola, lambda: kit.by_hook(client, raw, to=to))
    assert what_came_of(ola, lambda: kit.by_pipe(monkeypatch, raw, to=to)) == hook


def what_came_of(invitation, deliver):
    """The row and the answers, with everything undone again; said when it came in is None."""
    with transaction.atomic():
        row = deliver()
        answers = Answer.objects.of(invitation.tenant).values_list("reply", "source", "comment", "said_at")
        given = [(*facts, None if at == row.received_at else at) for *facts, at in answers]
        transaction.set_rollback(True)
    return row.kind, row.state, row.reason, row.topic, row.invitation, given


def nested(depth):
    head = b"From: ola@forening.example\r\n"
    for number in range(depth):
        head += b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (number, number)
    return head + b"Content-Type: text/plain\r\n\r\nja\r\n"


def many(parts):
    head = b'From: ola@forening.example\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n'
    return head + b"--b\r\nContent-Type: text/calendar\r\n\r\nBEGIN:VCALENDAR\r\n" * parts + b"--b--\r\n"


HOSTILE = {
    "30 MB": (lambda: kit.form(b"Subject: x\r\n\r\n" + b"x" * (services.LARGEST - 100)), 204),
    "more than 30 MB": (lambda: b"x" * (webhooks.LARGEST + 1), 413),
    "2,000 nested parts": (lambda: kit.form(nested(2000)), 204),
    "100,000 parts": (lambda: kit.form(many(100_000)), 204),
    "a form of 100,000 fields": (
        lambda: b'--xYzZY\r\nContent-Disposition: form-data; name="to"\r\n\r\nx\r\n' * 100_000,
        204,
    ),
    "a form without end": (lambda: kit.form(b"Subject: x\r\n\r\nx").removesuffix(b"--xYzZY--\r\n"), 204),
    "another boundary": (lambda: kit.form(b"x").replace(kit.EDGE, b"other"), 204),
    "no message in the form": (lambda: kit.form(None, to="svar-x@moteplass.example"), 204),
    "an empty message": (lambda: kit.form(b""), 204),
    "nothing": (lambda: b"", 400),
    "no form at all": (lambda: b"\x00\xff" * 1000, 204),
    "an odd envelope": (lambda: kit.form(b"Subject: x\r\n\r\nx", envelope="[" * 50_000), 204),
    "an odd charset": (
        lambda: kit.form(
            b"From: x@y.example\r\nContent-Type: text/plain; charset=\xff\xfe''\x00\r\n\r\n\x80"
        ),
        204,
    ),
    "a line without end": (lambda: kit.form(b"Subject: " + b"(" * 5_000_000), 204),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_after_a_hostile_mail_the_next_good_answer_counts(ola, client, name):
    make, expected = HOSTILE[name]
    body = make()
    began = time.process_time()  # what it costs us, however busy the machine is with other tests
    status = kit.post(client, body)
    took = time.process_time() - began
    assert status == expected
    assert kit.post(client, kit.form(kit.reply(ola))) == 204
    assert Answer.objects.of(ola.tenant).count() == 1
    assert took < SLOW, took


@pytest.mark.parametrize(
    "kind", ["", "text/plain", "multipart/form-data", "multipart/form-data; boundary=", "æ/ø"]
)
def test_a_body_that_is_no_form_holds_no_message(kind):
    with pytest.raises(NoMessage):
        posted(kit.form(b"Subject: x\r\n\r\nx"), kind)


def test_the_first_field_of_a_name_counts_and_a_boundary_in_the_message_ends_nothing():
    raw = b"Subject: x\r\n\r\n--xYzZ\r\n--\r\nxYzZY\r\n"
    body = kit.form(raw) + kit.form(b"Subject: another\r\n\r\n")
    assert posted(body, 'multipart/form-data; boundary="xYzZY"') == Posted(raw)


@pytest.mark.django_db(transaction=True)
def test_the_same_mail_by_eight_at_once_is_one_row_and_one_answer(ola):
    raw, states = kit.form(kit.reply(ola, at=timezone.now() - dt.timedelta(hours=1))), []
    start = threading.Barrier(8)

    def hand_over():
        start.wait()
        try:
            states.append(kit.post(Client(), raw))
        finally:
            connection.close()

    threads = [threading.Thread(target=hand_over) for _number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(states) == {204}
    assert [row.state for row in InboundMail.objects.all()] == ["applied"]
    assert Answer.objects.of(ola.tenant).count() == 1


def test_the_command_lists_what_was_put_aside_without_its_content(ola, deliver, capsys):
    row = deliver(kit.text(ola, "hemmelig").replace(ola.reply_token.encode(), b"a" * 32))
    call_command("quarantine")
    told = capsys.readouterr().out
    assert told.startswith(f"{row.pk}  ")
    assert "the reply address is unknown" in told
    assert "hemmelig" not in told
    assert "forening" not in told
