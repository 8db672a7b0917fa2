"""Sign-in codes: on the same transport, at once, never in the outbox."""

import email
import email.policy
import re

import pytest
from django.core.mail import EmailMessage, EmailMultiAlternatives, send_mail
from django.urls import reverse

from invites.post import folder
from invites.post.models import OutgoingMail
from invites.post.transports.base import MailNotSent


@pytest.fixture(autouse=True)
def _our_backend(settings):
    """Django's test runner puts a backend of its own in place."""
    settings.EMAIL_BACKEND = "invites.post.backend.EmailBackend"


def mails():
    return [folder.mail(name) for name in reversed(folder.names())]


def test_a_sign_in_code_arrives_at_once_and_leaves_no_row(kari, client):
    client.post(reverse("account_request_login_code"), {"email": kari.email})
    (message,) = mails()
    assert [address.addr_spec for address in message["To"].addresses] == [kari.email]
    body = message.get_body(("plain",))
    assert body is not None
    assert re.search(r"\b[A-Z0-9-]{6,}\b", body.get_content())
    assert OutgoingMail.objects.across_tenants("test").count() == 0


def test_each_recipient_gets_a_mail_of_its_own():
    message = EmailMessage("Emne", "Tekst", None, ["a@x.example"], cc=["b@x.example"], bcc=["c@x.example"])
    assert message.send() == 1
    assert [str(mail["To"]) for mail in mails()] == ["a@x.example", "b@x.example", "c@x.example"]
    assert [mail["Cc"] for mail in mails()] == [None] * 3


def test_text_html_sender_and_reply_address_are_kept():
    message = EmailMultiAlternatives("Blåbær", "tekst", "Kari <kari@x.example>", ["a@x.example"])
    message.reply_to = ["svar@x.example"]
    message.attach_alternative("<p>tekst</p>", "text/html")
    message.send()
    (mail,) = mails()
    assert (mail["Subject"], mail["From"], mail["Reply-To"]) == (
        "Blåbær",
        "Kari <kari@x.example>",
        "svar@x.example",
    )
    assert mail["Auto-Submitted"] == "auto-generated"
    assert folder.part(mail, "text/html").strip() == "<p>tekst</p>"


def test_a_mail_that_does_not_go_out_is_an_error_unless_told_otherwise(settings, tmp_path):
    (tmp_path / "file").write_text("not a folder")
    settings.MAIL_DIR = tmp_path / "file"
    with pytest.raises(MailNotSent):
        send_mail("Emne", "tekst", None, ["a@x.example"])
    assert send_mail("Emne", "tekst", None, ["a@x.example"], fail_silently=True) == 0


def test_nobody_injects_a_header_through_the_default_sender(settings):
    send_mail("Emne", "tekst", None, ["a@x.example"])
    (mail,) = mails()
    assert mail["From"].addresses[0].addr_spec == f"ikke-svar@{settings.REPLY_DOMAIN}"
    assert email.message_from_bytes(folder.raw(folder.names()[0]), policy=email.policy.default).defects == []
