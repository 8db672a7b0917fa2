"""Letters, rows and transports for the tests of the post room."""

import uuid
from collections import deque

from django.utils import timezone

from invites.post import letters, outbox
from invites.post.letters import Address, Letter
from invites.post.models import OutgoingMail
from invites.post.transports.base import Outcome, accepted

CALENDAR = (
    b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:1@x\r\n"
    b"DTSTAMP:20260101T000000Z\r\nDTSTART:20261201T170000Z\r\nDTEND:20261201T190000Z\r\nSUMMARY:Dialogm\xc3\xb8te\r\n"
    b"END:VEVENT\r\nEND:VCALENDAR\r\n"
)
STATE = OutgoingMail.State


def letter(**facts) -> Letter:
    address = Address("svar-abc@moteplass.example", "Sandefjord kommune")
    facts = {
        "to": Address("ola@forening.example", "Ola Nordmann"),
        "sender": address,
        "reply_to": address,
        "subject": "Invitasjon: Dialogmøte",
        "text": "Hei Ola,\n\nvelkommen.\n.\n.begynner med punktum\nEn linje som begynner slik.\n",
        "html": "<!doctype html><html><head><title>x</title></head><body><p>Hei Ola – blåbær</p></body></html>",
        "delivery_id": uuid.uuid4(),
        "language": "nb",
        "calendar": CALENDAR,
        "method": "REQUEST",
        **facts,
    }
    return Letter(**facts)


def compose_plain(mails, **facts):
    """A composer that writes to whom the row says."""
    return {
        mail.pk: letter(to=Address(mail.to_address), delivery_id=mail.delivery_id, **facts) for mail in mails
    }


def register(monkeypatch, kind, composer, series=""):
    monkeypatch.setitem(letters._composers, kind, composer)
    monkeypatch.setitem(letters._series, kind, series)


def queue(tenant, count=1, kind="plain", **facts):
    """Queues `count` mails to guest1@, guest2@ … and returns their rows."""
    items = [(number, f"guest{number}@forening.example") for number in range(1, count + 1)]
    outbox.enqueue(kind, tenant=tenant, items=items, **facts)
    return rows(tenant)


def rows(tenant):
    return list(OutgoingMail.objects.of(tenant).order_by("pk"))


def states(tenant):
    return [mail.state for mail in rows(tenant)]


def once_more(tenant):
    """All that waits is due now, and is delivered; returns the first row."""
    OutgoingMail.objects.of(tenant).filter(state=STATE.QUEUED).update(due_at=timezone.now())
    outbox.deliver()
    return rows(tenant)[0]


class Scripted:
    """A transport that answers as told, one outcome a mail, and accepts when the script is over."""

    name = "file"  # its lane

    def __init__(self, *script):
        self.script = deque(script)
        self.sent = []
        self.closed = 0

    def prepare(self, letter):
        return letter.to.email.encode()

    def send(self, letter, wire):
        self.sent.append(letter.to.email)
        outcome = self.script.popleft() if self.script else accepted("id-" + letter.to.email)
        if isinstance(outcome, Exception):
            raise outcome
        if callable(outcome):
            return outcome(letter)
        assert isinstance(outcome, Outcome)
        return outcome

    def close(self):
        self.closed += 1
