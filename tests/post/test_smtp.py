"""A real mail server (aiosmtpd) in a thread: what each of its answers means for a mail."""

import email
import email.policy
import ssl

import pytest

from invites.post import outbox
from invites.post.letters import Address
from invites.post.problems import Problem, explain
from invites.post.transports import smtp
from invites.post.transports.base import Fate
from invites.post.transports.smtp import SmtpTransport
from tests.post.kit import STATE, letter, queue, rows, states
from tests.post.servers import Postmaster, mail_server, self_made_certificate

pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")


@pytest.fixture(autouse=True)
def _smtp(settings, monkeypatch, wakes):
    settings.MAIL_TRANSPORT = "smtp"
    monkeypatch.setattr(smtp, "SECONDS", 2)


@pytest.fixture
def postmaster():
    return Postmaster()


@pytest.fixture
def certificate(tmp_path):
    return self_made_certificate(tmp_path)


@pytest.fixture
def server(postmaster, settings):
    with mail_server(postmaster) as port:
        settings.SMTP_URL = f"smtp://127.0.0.1:{port}"
        yield postmaster


def send_one(**facts):
    transport, one = SmtpTransport(), letter(**facts)
    try:
        return transport.send(one, transport.prepare(one))
    finally:
        transport.close()


def test_mails_arrive_whole_with_one_recipient_over_one_connection(sandefjord, server):
    queue(sandefjord, 12)
    outbox.deliver()
    assert states(sandefjord) == [STATE.ACCEPTED] * 12
    assert len(server.sessions) == 1
    assert [to for _from, to, _wire in server.mails] == [[f"guest{n}@forening.example"] for n in range(1, 13)]
    sender, _to, wire = server.mails[0]
    message = email.message_from_bytes(wire, policy=email.policy.default)
    assert sender == message["From"].addresses[0].addr_spec == "svar-abc@moteplass.example"
    assert message["X-Delivery-Id"] == str(rows(sandefjord)[0].delivery_id)
    plain = message.get_body(("plain",))
    assert plain is not None
    assert plain.get_content().replace("\r\n", "\n") == letter().text  # also the line that is a lone dot


def test_a_refused_recipient_is_failed_and_the_next_goes_out(sandefjord, server):
    server.says["RCPT"] = ["550 5.1.1 no such user"]
    queue(sandefjord, 2)
    outbox.deliver()
    assert states(sandefjord) == [STATE.FAILED, STATE.ACCEPTED]
    assert explain(rows(sandefjord)[0].problem).said == "550 5.1.1 no such user"


def test_greylisting_is_tried_again_and_the_next_goes_out(sandefjord, server):
    server.says["RCPT"] = ["450 4.2.0 greylisted"]
    queue(sandefjord, 2)
    outbox.deliver()
    assert states(sandefjord) == [STATE.QUEUED, STATE.ACCEPTED]


@pytest.mark.parametrize(
    ("reply", "fate"),
    [("554 5.7.1 spam", Fate.REFUSED), ("451 4.3.0 busy", Fate.LATER), ("421 going down", Fate.LATER)],
)
def test_the_answer_to_the_message_itself_counts(server, reply, fate):
    server.says["DATA"] = [reply]
    assert send_one().fate is fate


def test_a_connection_cut_after_the_message_is_of_unknown_fate(sandefjord, server):
    server.hang_up_after = "DATA"
    queue(sandefjord, 2)
    outbox.deliver()
    assert states(sandefjord) == [STATE.UNKNOWN, STATE.UNKNOWN]  # one failure is not yet an outage
    assert len(server.mails) == 2


def test_a_connection_cut_before_the_message_sends_it_on_a_new_one(server):
    transport, one = SmtpTransport(), letter()
    wire = transport.prepare(one)
    assert transport.send(one, wire).fate is Fate.ACCEPTED
    server.hang_up_after = "RCPT"
    assert transport.send(one, wire).fate is Fate.ACCEPTED
    transport.close()
    assert len(server.mails) == 2
    assert len(server.sessions) == 2


def test_a_server_that_hangs_up_at_once_is_tried_again_later(server):
    server.hang_up_after = "RCPT"
    outcome = send_one()
    assert (outcome.fate, outcome.pause) == (Fate.LATER, True)
    assert server.mails == []


def test_a_server_that_is_not_there_is_tried_again_later(sandefjord, server, settings):
    settings.SMTP_URL = "smtp://127.0.0.1:9"
    queue(sandefjord, 2)
    outbox.deliver()
    assert states(sandefjord) == [STATE.QUEUED] * 2


def test_signing_in(postmaster, settings):
    with mail_server(postmaster, password="p@ss/word") as port:
        settings.SMTP_URL = f"smtp://kari:p%40ss%2Fword@127.0.0.1:{port}"
        assert send_one().fate is Fate.ACCEPTED
        settings.SMTP_URL = f"smtp://kari:wrong@127.0.0.1:{port}"
        outcome = send_one()
    assert outcome.fate is Fate.LATER
    assert outcome.problem.startswith(Problem.KEY)
    assert "wrong" not in outcome.problem
    assert len(postmaster.mails) == 1


def test_starttls_with_a_certificate_we_trust(postmaster, settings, certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    with mail_server(postmaster, starttls=certificate) as port:
        settings.SMTP_URL = f"smtp+starttls://127.0.0.1:{port}"
        assert send_one().fate is Fate.ACCEPTED


def test_smtps_with_a_certificate_we_trust(postmaster, settings, certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    with mail_server(postmaster, tls=certificate) as port:
        settings.SMTP_URL = f"smtps://localhost:{port}"
        assert send_one().fate is Fate.ACCEPTED


@pytest.mark.parametrize(("scheme", "option"), [("smtp+starttls", "starttls"), ("smtps", "tls")])
def test_a_certificate_nobody_vouches_for_gets_no_mail(postmaster, settings, certificate, scheme, option):
    with mail_server(postmaster, **{option: certificate}) as port:
        settings.SMTP_URL = f"{scheme}://127.0.0.1:{port}"
        outcome = send_one()
    assert outcome.fate is Fate.LATER
    assert postmaster.mails == []


def test_a_server_without_starttls_gets_no_mail_in_the_clear(server, settings):
    settings.SMTP_URL = settings.SMTP_URL.replace("smtp:", "smtp+starttls:")
    assert send_one().fate is Fate.LATER
    assert server.mails == []


def test_certificates_are_checked_by_default():
    assert ssl.create_default_context().verify_mode is ssl.CERT_REQUIRED


@pytest.mark.parametrize("url", ["", "http://x.example", "smtp://", "mail.example:25"])
def test_an_address_that_is_no_mail_server_is_refused(url):
    with pytest.raises(ValueError, match="SMTP_URL"):
        smtp.server(url)


@pytest.mark.parametrize(
    ("url", "port"),
    [("smtp://h.example", 25), ("smtps://h.example", 465), ("smtp+starttls://h.example", 587)],
)
def test_standard_ports(url, port):
    assert smtp.server(url).port == port


def test_a_hostile_address_never_reaches_the_server(server):
    transport = SmtpTransport()
    with pytest.raises(ValueError, match="address"):
        transport.prepare(letter(to=Address("x@y.example>\r\nRCPT TO:<z@y.example")))
