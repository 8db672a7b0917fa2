"""SendGrid, played by a scripted server on this machine."""

import base64
import datetime as dt
import json
import socket
import time
from email.utils import format_datetime

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from sendgrid.helpers.mail import Attachment as SentFile
from sendgrid.helpers.mail import (
    ClickTracking,
    Content,
    CustomArg,
    Email,
    Header,
    Mail,
    OpenTracking,
    ReplyTo,
    SubscriptionTracking,
    To,
    TrackingSettings,
)

from invites.post import outbox
from invites.post.letters import Address, Attachment
from invites.post.models import MailLane
from invites.post.problems import explain
from invites.post.transports import kept, mime, sendgrid
from invites.post.transports.base import Fate
from invites.post.transports.sendgrid import SendGridTransport
from tests.post.kit import CALENDAR, STATE, letter, once_more, queue, rows, states
from tests.post.servers import Provider


@pytest.fixture(autouse=True)
def _short_patience(monkeypatch, wakes):
    monkeypatch.setattr(sendgrid, "ANSWER_SECONDS", 0.5)
    monkeypatch.setattr(sendgrid, "CONNECT_SECONDS", 0.5)


@pytest.fixture
def provider(settings):
    """`with provider(step, …) as server`: MAIL_TRANSPORT points at it."""

    def play(*script):
        server = Provider(*script)
        settings.MAIL_TRANSPORT = "sendgrid"
        settings.SENDGRID_BASE_URL, settings.SENDGRID_API_KEY = server.url, "SG.key"
        return server

    return play


def payload(one):
    return json.loads(sendgrid.payload(one))


def test_the_payload_is_what_sendgrid_takes():
    one = letter()
    built = payload(one)
    assert built["personalizations"] == [{"to": [{"name": "Ola Nordmann", "email": "ola@forening.example"}]}]
    assert built["from"] == {"name": "Sandefjord kommune", "email": "svar-abc@moteplass.example"}
    assert built["reply_to"] == built["from"]
    assert built["subject"] == "Invitasjon: Dialogmøte"
    assert [part["type"] for part in built["content"]] == [
        "text/plain",
        "text/html",
        "text/calendar; method=REQUEST",
    ]
    assert [part["value"] for part in built["content"]] == [one.text, one.html, CALENDAR.decode()]
    (attachment,) = built["attachments"]
    assert attachment["type"] == "application/ics"
    assert base64.b64decode(attachment["content"]) == CALENDAR
    assert built["custom_args"] == {"delivery_id": str(one.delivery_id)}
    assert built["headers"]["X-Delivery-Id"] == str(one.delivery_id)
    assert built["tracking_settings"]["click_tracking"] == {"enable": False, "enable_text": False}
    assert built["tracking_settings"]["open_tracking"] == {"enable": False}
    assert not {"cc", "bcc"} & set(built["personalizations"][0])


def test_a_mail_without_a_meeting_has_neither_calendar_nor_attachment():
    built = payload(letter(calendar=b"", method=""))
    assert [part["type"] for part in built["content"]] == ["text/plain", "text/html"]
    assert "attachments" not in built


def test_a_text_that_looks_like_a_key_is_sent_all_the_same():
    assert payload(letter(text="SG.abc.def"))["content"][0]["value"] == "SG.abc.def"


def test_line_ends_in_names_and_subject_stay_out_of_headers():
    built = payload(
        letter(
            subject="a\r\nBcc: x@y.example",
            to=Address("ola@forening.example", "Ola\r\nBcc: x@y.example, z"),
            headers={"X-Note": "b\nc"},
        )
    )
    assert built["subject"] == "a Bcc: x@y.example"
    assert built["personalizations"][0]["to"] == [
        {"name": "Ola Bcc: x@y.example, z", "email": "ola@forening.example"}
    ]
    assert built["headers"]["X-Note"] == "b c"


def test_accepted_mails_carry_the_providers_id_over_one_connection(sandefjord, provider, settings):
    with provider() as server:
        queue(sandefjord, 30)
        outbox.deliver()
        assert states(sandefjord) == [STATE.ACCEPTED] * 30
        assert [mail.provider_id for mail in rows(sandefjord)] == [f"sg-{n}" for n in range(1, 31)]
        assert server.connections == 1
        path, headers, body = server.requests[0]
        assert path == "/v3/mail/send"
        assert headers["Authorization"] == "Bearer SG.key"
        assert body["custom_args"]["delivery_id"] == str(rows(sandefjord)[0].delivery_id)


def test_too_many_requests_are_tried_again_when_the_provider_says(sandefjord, provider):
    with provider((429, {"Retry-After": "120"}, b"")) as server:
        queue(sandefjord, 3)
        outbox.deliver()
        assert len(server.requests) == 1
    assert states(sandefjord) == [STATE.QUEUED] * 3
    lane = MailLane.objects.get(name="sendgrid")
    assert lane.paused_until is not None
    assert 110 < (lane.paused_until - timezone.now()).total_seconds() <= 120
    assert [mail.due_at > lane.paused_until for mail in rows(sandefjord)] == [False] * 3


@pytest.mark.parametrize("status", [500, 502, 503])
def test_trouble_at_the_provider_is_tried_again(sandefjord, provider, status):
    with provider(status) as server:
        queue(sandefjord)
        outbox.deliver()
        (mail,) = rows(sandefjord)
        assert mail.state == STATE.QUEUED
        assert mail.due_at > timezone.now()
        mail.due_at = timezone.now()
        mail.save()
        outbox.deliver()
        assert states(sandefjord) == [STATE.ACCEPTED]
        assert len(server.requests) == 2


@pytest.mark.parametrize("status", [400, 404, 413])
def test_a_refusal_is_never_tried_again(sandefjord, provider, status):
    with provider((status, {}, b'{"errors": [{"message": "bad address"}]}')) as server:
        queue(sandefjord, 2)
        outbox.deliver()
        outbox.deliver()
        assert len(server.requests) == 2
    first, second = rows(sandefjord)
    assert (first.state, second.state) == (STATE.FAILED, STATE.ACCEPTED)
    assert explain(first.problem).said == f"{status} bad address"


@pytest.mark.parametrize("status", [401, 403])
def test_a_wrong_key_pauses_the_lane_and_fails_nobody(sandefjord, provider, status):
    """The operator has to set it right; then all goes out by itself."""
    with provider(status) as server:
        queue(sandefjord, 3)
        outbox.deliver()
        assert states(sandefjord) == [STATE.QUEUED] * 3
        lane = outbox.closed_lane()
        assert lane is not None
        assert lane.problem == f"key: {status}"
        MailLane.objects.update(paused_until=timezone.now())
        once_more(sandefjord)
        assert states(sandefjord) == [STATE.ACCEPTED] * 3
        assert outbox.closed_lane() is None
        assert len(server.requests) == 4


@pytest.mark.parametrize("step", ["hang", "drop"])
def test_no_answer_after_the_mail_was_handed_over_is_unknown_and_the_others_go_on(sandefjord, provider, step):
    with provider(202, step) as server:
        queue(sandefjord, 4)
        begun = time.monotonic()
        outbox.deliver()
        assert time.monotonic() - begun < 10  # the stand-in lets go after 20
        assert len(server.requests) == 4
    assert states(sandefjord) == [STATE.ACCEPTED, STATE.UNKNOWN, STATE.ACCEPTED, STATE.ACCEPTED]


@pytest.mark.parametrize(("step", "state"), [("drop", STATE.UNKNOWN), (500, STATE.QUEUED)])
def test_three_failures_in_a_row_pause_the_lane(sandefjord, provider, step, state):
    with provider(step, step, 202, step, step, step) as server:
        queue(sandefjord, 9)
        outbox.deliver()
        assert len(server.requests) == 6
    assert states(sandefjord) == [state] * 2 + [STATE.ACCEPTED] + [state] * 3 + [STATE.QUEUED] * 3
    assert outbox.closed_lane() is not None


def test_a_provider_that_is_not_there_is_tried_again(sandefjord, provider, settings):
    with provider():
        pass  # its port is closed now
    queue(sandefjord, 2)
    outbox.deliver()
    assert states(sandefjord) == [STATE.QUEUED] * 2
    assert [mail.attempts for mail in rows(sandefjord)] == [1, 0]


def test_a_provider_that_never_picks_up_is_tried_again(settings):
    """A full backlog: the connection is never made, so nothing was sent."""
    with socket.socket() as full, socket.socket() as first, socket.socket() as second:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        for waiting in (first, second):
            waiting.setblocking(False)
            waiting.connect_ex(full.getsockname())
        settings.SENDGRID_BASE_URL = f"http://127.0.0.1:{full.getsockname()[1]}"
        transport = SendGridTransport()
        outcome = transport.send(letter(), transport.prepare(letter()))
        transport.close()
    assert outcome.fate is Fate.LATER


def test_a_redirect_is_not_followed_with_our_key(provider):
    with provider((302, {"Location": "http://elsewhere.example/"}, b"")):
        transport = SendGridTransport()
        outcome = transport.send(letter(), transport.prepare(letter()))
        transport.close()
    assert outcome.fate is Fate.LATER


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("30", 30), ("-5", None), ("soon", None), ("", None), ("999999999", 6 * 3600), ("0", 0)],
)
def test_retry_after_in_seconds(provider, text, seconds):
    with provider((429, {"Retry-After": text}, b"not json")):
        transport = SendGridTransport()
        outcome = transport.send(letter(), transport.prepare(letter()))
        transport.close()
    assert outcome.fate is Fate.LATER
    assert outcome.wait == (None if seconds is None else dt.timedelta(seconds=seconds))


def test_retry_after_as_a_date(provider):
    when = timezone.now() + dt.timedelta(minutes=10)
    with provider((503, {"Retry-After": format_datetime(when.astimezone(dt.UTC), usegmt=True)}, b"")):
        transport = SendGridTransport()
        outcome = transport.send(letter(), transport.prepare(letter()))
        transport.close()
    assert outcome.wait is not None
    assert 590 < outcome.wait.total_seconds() <= 600


def test_an_idle_connection_that_was_closed_costs_no_mail(provider, monkeypatch):
    """Nothing was said on it yet, so a new one is made, and nobody wonders about the mail's fate."""
    with provider() as server:
        transport = SendGridTransport()
        assert transport.send(letter(), transport.prepare(letter())).fate is Fate.ACCEPTED
        transport.connection.http.sock.shutdown(socket.SHUT_RD)  # as if the other side had said goodbye
        assert transport.send(letter(), transport.prepare(letter())).fate is Fate.ACCEPTED
        assert server.connections == 2
        monkeypatch.setattr(kept, "IDLE_SECONDS", 0.0)
        assert transport.send(letter(), transport.prepare(letter())).fate is Fate.ACCEPTED
        assert server.connections == 3
        transport.close()


def test_an_answer_whose_body_breaks_off_stands(provider):
    with provider((400, {}, CutShort(b'{"errors": '))):
        transport = SendGridTransport()
        outcome = transport.send(letter(), transport.prepare(letter()))
        transport.close()
    assert outcome.fate is Fate.REFUSED


class CutShort(bytes):
    """A body that promises more than it holds."""

    def __len__(self):
        return super().__len__() + 100


def test_a_key_with_a_line_end_is_refused(settings):
    settings.SENDGRID_API_KEY = "SG.x\r\nX-Other: y"
    with pytest.raises(ValueError, match="line end"):
        SendGridTransport()


# --- The payload --------------------------------------------------------------------------------------------------
def helped(one):
    """The payload as the package builds it for this very letter."""
    mail = Mail(from_email=Email(one.sender.email, one.sender.name or None))
    mail.add_to(To(one.to.email, one.to.name or None))
    if one.reply_to:
        mail.reply_to = ReplyTo(one.reply_to.email, one.reply_to.name or None)
    mail.subject = one.subject
    mail.custom_arg = CustomArg("delivery_id", str(one.delivery_id))
    for name, value in mime.extra_headers(one).items():
        mail.add_header(Header(name, value))
    mail.tracking_settings = TrackingSettings(
        ClickTracking(enable=False, enable_text=False), OpenTracking(False), SubscriptionTracking(False)
    )
    mail.add_content(Content("text/plain", one.text))
    mail.add_content(Content("text/html", one.html))
    mail.add_content(Content("text/calendar; method=REQUEST", one.calendar.decode()))
    files = [Attachment("invite.ics", "application/ics", one.calendar), *one.attachments]
    for file in reversed(files):
        coded = base64.b64encode(file.content).decode()
        mail.add_attachment(SentFile(coded, file.name, file.content_type, "attachment"))
    return json.loads(json.dumps(mail.get()))


NO_NAME = Address("svar-abc@moteplass.example")
PROGRAMME = Attachment("Program – møte.pdf", "application/pdf", b"%PDF-1.7 \x00\xff")


@pytest.mark.parametrize(
    "facts",
    [
        {},
        {"sender": NO_NAME},
        {"reply_to": NO_NAME},
        {"to": Address("ola@forening.example")},
        {"reply_to": None},
        {"headers": {"X-Note": "møte"}},
        {"attachments": (PROGRAMME,)},
        {"attachments": (PROGRAMME, Attachment("kart.png", "image/png", b"\x89PNG"))},
    ],
)
def test_what_is_filled_in_is_what_the_package_builds(facts):
    one = letter(**facts)
    assert payload(one) == helped(one)


@given(name=st.text(max_size=80), subject=st.text(max_size=80), text=st.text(max_size=300))
def test_any_text_comes_through_as_it_was(name, subject, text):
    built = payload(letter(to=Address("ola@forening.example", name), subject=subject, text=text, html=text))
    whole = text.encode("utf-8", "replace").decode()
    assert built["content"][0]["value"] == (whole or " ")
    assert [part["value"] for part in built["content"][1:-1]] == ([whole] if whole else [])
    assert built["subject"] == (mime.one_line(subject) or "–")
    assert built["personalizations"][0]["to"][0].get("name", "") == mime.one_line(name)


def test_a_type_or_name_of_a_file_that_is_none_is_made_one():
    built = payload(letter(attachments=(Attachment("../a\r\nb/c\x00.pdf", "text/html\r\nX: y", b"x"),)))
    assert built["attachments"][1] == {
        "content": "eA==",
        "disposition": "attachment",
        "filename": "c.pdf",
        "type": "application/octet-stream",
    }
