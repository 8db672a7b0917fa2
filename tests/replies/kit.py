"""Mails as an invitee sends them, and the two ways in: the provider's hook and a mail server's pipe."""

import datetime as dt
import io
import json
import sys
from types import SimpleNamespace

from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from events.calendar.render import uid_of
from invites.post.models import OutgoingMail
from invites.replies.models import InboundMail

DOMAIN = "moteplass.example"
SECRET = "a-long-secret-of-the-inbound-hook"
EDGE = b"xYzZY"
FORM = "multipart/form-data; boundary=xYzZY"


def address(invitation):
    return f"svar-{invitation.reply_token}@{DOMAIN}"


def sent(invitation, *, revision=0, at=None, kind="invitation", **facts):
    """The mail that the invitee has."""
    at = at or timezone.now() - dt.timedelta(days=2)
    facts = {"state": "accepted", "settled_at": at, "created_at": at, **facts}
    return OutgoingMail.objects.create(
        tenant=invitation.tenant,
        kind=kind,
        series="invitation",
        subject_id=invitation.pk,
        revision=revision,
        to_address=invitation.contact.email,
        **facts,
    )


def stamp(moment):
    return moment.astimezone(dt.UTC).strftime("%Y%m%dT%H%M%SZ")


def calendar(
    invitation, *, says="ACCEPTED", method="REPLY", sequence=0, at=None, attendee="", more=(), params=""
):
    """The text/calendar part of an answer; `more` are further lines of the VEVENT."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Test//EN",
        f"METHOD:{method}",
        "BEGIN:VEVENT",
        f"UID:{uid_of(invitation.event.uid)}",
        f"SEQUENCE:{sequence}",
        *([f"DTSTAMP:{stamp(at)}"] if at else []),
        f"ORGANIZER:mailto:{address(invitation)}",
        f"ATTENDEE;PARTSTAT={says}{params}:mailto:{attendee or invitation.contact.email}",
        *more,
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "\r\n".join(lines) + "\r\n"


def reply(invitation, *, sender="", headers=(), number=0, method="REPLY", **said):
    """An answer of a calendar, as a mail."""
    head = [
        f"From: {sender or invitation.contact.email}",
        f"To: {address(invitation)}",
        "Subject: Svar",
        f"Message-ID: <{number}.{sender or 'own'}@mail.example>",
        *headers,
        "MIME-Version: 1.0",
        f"Content-Type: text/calendar; charset=utf-8; method={method}",
    ]
    return ("\r\n".join(head) + "\r\n\r\n" + calendar(invitation, method=method, **said)).encode()


def text(invitation, words, *, sender="", headers=()):
    """A mail in plain text."""
    head = [
        f"From: {sender or invitation.contact.email}",
        f"To: {address(invitation)}",
        "Subject: Re: Invitasjon",
        *headers,
        "Content-Type: text/plain; charset=utf-8",
    ]
    return ("\r\n".join(head) + "\r\n\r\n" + words).encode()


def form(raw, *, to="", **fields):
    """What the provider posts in raw mode."""
    values = {"to": to, "envelope": json.dumps({"to": [to], "from": "x@y.example"}), **fields}
    parts = [(name, value.encode()) for name, value in values.items() if value]
    parts += [("email", raw)] if raw is not None else []
    pieces = [
        b'--%s\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % (EDGE, name.encode(), value)
        for name, value in parts
    ]
    return b"".join(pieces) + b"--" + EDGE + b"--\r\n"


def post(client, body, *, secret=SECRET, kind=FORM):
    where = reverse("hook-sendgrid-inbound", args=[secret])
    return client.generic("POST", where, body, content_type=kind).status_code


def by_hook(client, raw, **fields):
    """Delivers `raw`, and returns its row."""
    assert post(client, form(raw, **fields)) == 204
    return InboundMail.objects.latest("pk")


def by_pipe(monkeypatch, raw, *, to=""):
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(raw)))
    call_command("receive_mail", "--envelope-to", to)
    return InboundMail.objects.latest("pk")
