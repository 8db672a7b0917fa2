"""A mail server's report: about which mail of ours, and what it says as events of the post room."""

import uuid
from dataclasses import dataclass

from events.tokens import digest
from invites.invitations.models import Invitation
from invites.post.models import OutgoingMail
from invites.post.provider_models import DeliveryEvent, EventSource, FormerDelivery
from invites.post.transports.mime import one_line
from invites.replies.models import InboundMail
from invites.replies.read import Reading

WHY = "a report names no tenant"
State = OutgoingMail.State


@dataclass(frozen=True)
class Subject:
    """The mail that a report is about, and which of its deliveries."""

    mail: OutgoingMail
    delivery_id: uuid.UUID


def events(row: InboundMail, reading: Reading, subject: Subject) -> list[DeliveryEvent]:
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


def subject(reading: Reading) -> Subject | None:
    """By the id of the mail that came back; else by the reply address the report was sent to."""
    for delivery_id in reading.delivery_ids:
        current = OutgoingMail.objects.across_tenants(WHY).filter(delivery_id=delivery_id)
        former = FormerDelivery.objects.filter(delivery_id=delivery_id).select_related("mail")
        mail = current.first() or getattr(former.first(), "mail", None)
        if mail is not None:
            return Subject(mail, delivery_id)
    if reading.delivery_ids:  # of another installation, or gone: the address alone would be a guess
        return None
    for token in reading.reply_tokens:
        invitations = Invitation.objects.across_tenants(WHY).filter(reply_hash=digest(token))
        if mail := _newest_sent(invitations.first()):
            return Subject(mail, mail.delivery_id)
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
