"""Which revision of time and place a message answers to, and when it was said, as far as its sender can be believed."""

import datetime as dt
import uuid
from collections.abc import Collection

from django.db.models import Q

from invites.invitations.models import Invitation
from invites.post.models import OutgoingMail, OutgoingMailQuerySet
from invites.post.provider_models import FormerDelivery
from invites.post.series import REACHED

SERIES = "invitation"


def clamped(
    claimed: dt.datetime | None, *, invitation: Invitation, sequence: int, received_at: dt.datetime
) -> dt.datetime:
    """`claimed` (DTSTAMP, Date), not before the mail it answers to was sent nor after the answer came in.

    Clocks of phones are wrong by days, and anybody may write any moment. Without one it is the receipt.
    """
    if claimed is None:
        return received_at
    mail = _sent(invitation).filter(revision__lte=sequence).order_by("-revision", "-pk").first()
    since = _sent_at(mail) if mail else invitation.invited_at
    return max(min(claimed, received_at), min(since, received_at))


def answered_sequence(
    invitation: Invitation,
    *,
    answering: Collection[uuid.UUID],
    received_at: dt.datetime,
    written_at: dt.datetime | None = None,
) -> int:
    """The revision that a text without a calendar answers to: that of the mail it names (`answering`, delivery ids from
    In-Reply-To and References), else of the newest that was sent before it was written (Date), or before it came where
    it says no moment or an impossible one.
    """
    mail = _named(invitation, answering)
    if mail and (mail.series, mail.subject_id) == (SERIES, invitation.pk):
        return mail.revision
    before = _sent_at(mail) if mail else min(written_at or received_at, received_at)
    every = [(each.revision, _sent_at(each)) for each in _sent(invitation).order_by("-revision", "-pk")]
    known = [revision for revision, at in every if at <= before]
    if not known and not mail:
        known = [revision for revision, at in every if at <= received_at]
    return known[0] if known else 0


def _named(invitation: Invitation, answering: Collection[uuid.UUID]) -> OutgoingMail | None:
    """The first of them that is a mail of this tenant."""
    former = FormerDelivery.objects.filter(delivery_id__in=answering).values("mail")
    mails = OutgoingMail.objects.of(invitation.tenant_id)
    found = mails.filter(Q(delivery_id__in=answering) | Q(pk__in=former)) if answering else mails.none()
    return found.order_by("-created_at", "-pk").first()


def newest_sent(invitation: Invitation) -> OutgoingMail | None:
    """The invitation, or the newest notice of a change, that the invitee has or may have."""
    return _sent(invitation).order_by("-revision", "-pk").first()


def _sent(invitation: Invitation) -> OutgoingMailQuerySet:
    """Also what is on its way a second time."""
    mails = OutgoingMail.objects.of(invitation.tenant_id).filter(series=SERIES, subject_id=invitation.pk)
    again = FormerDelivery.objects.filter(mail__in=mails).values("mail")
    return mails.filter(Q(state__in=REACHED) | Q(pk__in=again))


def _sent_at(mail: OutgoingMail) -> dt.datetime:
    """When it went out. One that was sent again may have been read the first time: then when it was written."""
    if mail.former_deliveries.exists():
        return mail.created_at
    return mail.settled_at or mail.claimed_at or mail.created_at
