"""Taking in a message: it is kept, and if it is a mail server's report about a mail of ours, it counts as an event."""

import datetime as dt
import hashlib
import uuid
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from events.tokens import digest
from invites.invitations.models import Invitation
from invites.post import delivery
from invites.post.models import OutgoingMail
from invites.post.provider_models import DeliveryEvent, EventSource, FormerDelivery
from invites.post.transports.mime import one_line
from invites.replies.models import InboundKind, InboundMail, InboundState
from invites.replies.read import Reading, read
from invites.replies.sealing import seal

LARGEST = 30 * 1024 * 1024
KEPT_OF_TOO_LARGE = 256 * 1024
RAW_STAYS = dt.timedelta(days=30)
WHY = "a message that comes in names no tenant"
State = OutgoingMail.State
QUARANTINE = {
    InboundKind.REPORT: "about no mail of ours",
    InboundKind.CALENDAR: "calendar replies are kept until they can be read",
    InboundKind.AUTOMATIC: "an automatic reply tells nothing about delivery",
    InboundKind.RECEIPT: "a read receipt tells nothing about delivery",
    InboundKind.COMPLAINT: "a complaint to be looked at",
    InboundKind.MESSAGE: "written by a person",
    InboundKind.UNREADABLE: "unreadable",
}


@dataclass(frozen=True)
class _Subject:
    """The mail that a report is about, and which of its deliveries."""

    mail: OutgoingMail
    delivery_id: uuid.UUID


def receive(raw: bytes, *, envelope_to: str = "") -> InboundMail:
    """Keeps a message of any bytes, applies it if it is a report about a mail of ours, and returns its row.

    The same bytes a second time are the same row, and their report the same event. Raises only what the database
    raises; then nothing is kept, and the mail server has to try again.
    """
    reading = _reading(raw, envelope_to)
    subject = _subject(reading) if reading.kind == InboundKind.REPORT else None
    with transaction.atomic():
        row = _kept(raw, envelope_to, reading, subject)
        if subject:
            delivery.keep(_events(row, reading, subject))
    if subject:
        delivery.follow([subject.delivery_id])
    return row


def forget_old_raw() -> int:
    """Empties messages that came more than 30 days ago; what they were stays. Returns how many it emptied."""
    old = InboundMail.objects.filter(received_at__lt=timezone.now() - RAW_STAYS)
    return old.exclude(raw=None, envelope=None).update(raw=None, envelope=None)


def _reading(raw: bytes, envelope_to: str) -> Reading:
    if len(raw) > LARGEST:
        return Reading(InboundKind.UNREADABLE, problem="larger than 30 MB")
    return read(raw, domain=settings.REPLY_DOMAIN, envelope_to=envelope_to)


def _kept(raw: bytes, envelope_to: str, reading: Reading, subject: _Subject | None) -> InboundMail:
    reason = "" if subject else QUARANTINE[reading.kind]
    kept = raw if len(raw) <= LARGEST else raw[:KEPT_OF_TOO_LARGE]
    row, _new = InboundMail.objects.get_or_create(
        raw_hash=hashlib.sha256(raw).hexdigest(),
        defaults={
            "kind": reading.kind,
            "state": InboundState.APPLIED if subject else InboundState.QUARANTINED,
            "reason": one_line(f"{reason} {reading.problem}")[:300],
            "size": len(raw),
            "raw": seal(kept),
            "envelope": seal(envelope_to.encode("utf-8", "replace")) if envelope_to else None,
            "mail": subject.mail if subject else None,
        },
    )
    return row


def _events(row: InboundMail, reading: Reading, subject: _Subject) -> list[DeliveryEvent]:
    return [
        DeliveryEvent(
            event_id=f"dsn-{row.raw_hash}-{number}",
            delivery_id=subject.delivery_id,
            what=report.what,
            at=row.received_at,
            detail=one_line(report.detail)[:300],
            source=EventSource.DSN,
        )
        for number, report in enumerate(reading.reports)
    ]


def _subject(reading: Reading) -> _Subject | None:
    """By the id of the mail that came back; else by the reply address the report was sent to."""
    for delivery_id in reading.delivery_ids:
        current = OutgoingMail.objects.across_tenants(WHY).filter(delivery_id=delivery_id)
        former = FormerDelivery.objects.filter(delivery_id=delivery_id).select_related("mail")
        mail = current.first() or getattr(former.first(), "mail", None)
        if mail is not None:
            return _Subject(mail, delivery_id)
    if reading.delivery_ids:  # of another installation, or gone: the address alone would be a guess
        return None
    for token in reading.reply_tokens:
        invitations = Invitation.objects.across_tenants(WHY).filter(reply_hash=digest(token))
        if mail := _newest_sent(invitations.first()):
            return _Subject(mail, mail.delivery_id)
    return None


def _newest_sent(invitation: Invitation | None) -> OutgoingMail | None:
    if invitation is None:
        return None
    mails = OutgoingMail.objects.of(invitation.tenant_id).filter(
        series="invitation",
        subject_id=invitation.pk,
        state__in=(State.CALLING, State.UNKNOWN, State.ACCEPTED),
    )
    return mails.order_by("-revision", "-pk").first()
