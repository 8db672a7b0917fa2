"""Taking in a message: it is kept, read, and what it says is applied; what was put aside can be taken in anew.

The row is committed first, then what follows from it in one transaction that begins by claiming the row, so that the
same message handed over twice, or by eight at once, is one row and has one effect.
"""

import datetime as dt
import hashlib
import logging
import traceback
from pathlib import Path

from django.conf import settings
from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone

from events.tokens import digest
from invites.invitations.models import Invitation
from invites.post import delivery
from invites.replies import from_calendars, from_words, reported, threads
from invites.replies.keeping import Envelope, Said, envelope, sealed
from invites.replies.models import InboundKind, InboundMail, InboundState
from invites.replies.outcomes import Message, Outcome
from invites.replies.read import Reading, read
from invites.replies.reasons import PUT_ASIDE, Reason
from invites.replies.sealing import Sealed, seal, unseal

LARGEST = 30 * 1024 * 1024
KEPT_OF_TOO_LARGE = 256 * 1024
RAW_STAYS = dt.timedelta(days=30)
NOTHING = Envelope()
DECIDED = ("kind", "state", "reason", "topic", "mail", "invitation", "said")
ABOUT_MAILS = (
    InboundKind.REPORT,
    InboundKind.COMPLAINT,
)  # never an invitee's word, whatever address they name
WHY = "a message that comes in names no tenant"
log = logging.getLogger(__name__)


class Forgotten(Exception):
    """The message itself is no longer kept, so it cannot be read anew."""


def receive(raw: bytes, *, came_with: Envelope = NOTHING, problem: str = "") -> InboundMail:
    """Keeps a message of any bytes, applies what it says, and returns its row.

    `problem` is why these bytes are no message. The same bytes a second time are the same row, and change nothing more.
    Raises only what a database does that is away; then the sender has to try again, and nothing is lost.
    """
    row = _kept(raw, came_with)
    if (row.state, row.reason) == (InboundState.QUARANTINED, Reason.PENDING):
        unreadable = Reading(InboundKind.UNREADABLE, problem=problem)
        _take_in(row, unreadable if problem else _reading(raw, came_with), raw)
    return row


def replay(row: InboundMail) -> InboundMail:
    """Reads a message that was put aside anew, as of when it came, and applies it; others stay as they are.

    A second call does no harm. Raises Forgotten when its 30 days are over or no key at hand opens it.
    """
    if row.state != InboundState.QUARANTINED or row.settled_at:
        return row
    if row.raw is None:
        raise Forgotten
    try:
        raw = unseal(bytes(row.raw))
    except Sealed:
        raise Forgotten from None
    _take_in(row, _reading(raw, envelope(row), cut=row.size > len(raw)), raw)
    return row


def forget_old_raw() -> int:
    """Empties messages that came more than 30 days ago; what they were stays. Returns how many it emptied."""
    old = InboundMail.objects.filter(received_at__lt=timezone.now() - RAW_STAYS)
    return old.exclude(raw=None, envelope=None, said=None).update(raw=None, envelope=None, said=None)


def _reading(raw: bytes, came_with: Envelope, *, cut: bool = False) -> Reading:
    if cut or len(raw) > LARGEST:
        return Reading(InboundKind.UNREADABLE, problem="larger than 30 MB")
    receiver = settings.INBOUND_AUTHSERV_ID if came_with.piped else ""
    return read(
        raw,
        domain=settings.REPLY_DOMAIN,
        envelope_to=came_with.to,
        dkim=came_with.dkim,
        spf=came_with.spf,
        receiver=receiver,
    )


def _kept(raw: bytes, came_with: Envelope) -> InboundMail:
    row, _new = InboundMail.objects.get_or_create(
        raw_hash=hashlib.sha256(raw).hexdigest(),
        defaults={
            "kind": InboundKind.UNREADABLE,
            "state": InboundState.QUARANTINED,
            "reason": Reason.PENDING,
            "size": len(raw),
            "raw": seal(raw if len(raw) <= LARGEST else raw[:KEPT_OF_TOO_LARGE]),
            "envelope": sealed(came_with) if came_with != NOTHING else None,
        },
    )
    return row


def _take_in(row: InboundMail, reading: Reading, raw: bytes) -> None:
    """A mistake in our program puts the message aside, to be taken in anew when it is mended."""
    try:
        _apply(row, reading, raw)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        # Without the exception's own words: they may hold what was written.
        log.error(
            "a message could not be taken in and is put aside: %s at %s", type(error).__name__, _where(error)
        )
        reason = f"{Reason.BROKE}: {type(error).__name__}"
        InboundMail.objects.filter(pk=row.pk, state=InboundState.QUARANTINED).update(reason=reason)
    row.refresh_from_db(fields=DECIDED)


def _where(error: Exception) -> str:
    """The line of our program that broke, without what was in its hands."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "?"


def _apply(row: InboundMail, reading: Reading, raw: bytes) -> None:
    with transaction.atomic():
        if not _claimed(row, reading):
            return  # somebody else has it
        subject = reported.subject(reading) if reading.kind == InboundKind.REPORT else None
        if subject:
            delivery.keep(reported.events(row, reading, subject))
            InboundMail.objects.filter(pk=row.pk).update(
                state=InboundState.APPLIED, reason="", mail=subject.mail
            )
        else:
            _write(row, reading, raw)
    if subject:
        delivery.follow([subject.delivery_id])


def _claimed(row: InboundMail, reading: Reading) -> bool:
    """The first statement of the transaction: who comes second waits here, and then finds another reason."""
    as_read = InboundMail.objects.filter(
        pk=row.pk, state=InboundState.QUARANTINED, reason=row.reason, settled_at=None
    )
    return bool(as_read.update(kind=reading.kind, reason=f"{row.reason} "))


def _write(row: InboundMail, reading: Reading, raw: bytes) -> None:
    invitation = _invitation(reading) if reading.kind not in ABOUT_MAILS else None
    if invitation is None:
        outcome = Outcome(InboundState.QUARANTINED, _put_aside(reading))
    else:
        answering = threads.answering(raw, domain=settings.REPLY_DOMAIN)
        outcome = _outcome(Message(row.pk, invitation, reading, row.received_at, answering))
    InboundMail.objects.filter(pk=row.pk).update(
        state=outcome.state,
        reason=outcome.reason,
        topic=outcome.topic,
        invitation=invitation,
        said=sealed(outcome.said) if outcome.said else None,
    )


def _put_aside(reading: Reading) -> str:
    reason = PUT_ASIDE.get(reading.kind)
    if reason is None:
        return Reason.UNKNOWN_ADDRESS if reading.reply_tokens else Reason.NO_ADDRESS
    return f"{reason}: {reading.problem}"[:300] if reading.problem else reason


def _invitation(reading: Reading) -> Invitation | None:
    """The first of the reply addresses that is one of ours; the envelope's come first."""
    for token in reading.reply_tokens:
        rows = Invitation.objects.across_tenants(WHY).filter(reply_hash=digest(token))
        if found := rows.select_related("event__tenant", "contact", "tenant").first():
            return found
    return None


def _outcome(message: Message) -> Outcome:
    kind, invitation = message.reading.kind, message.invitation
    if not Invitation.objects.of(invitation.tenant_id).open().filter(pk=invitation.pk).exists():
        return Outcome(InboundState.NOTED, Reason.GONE)
    if kind == InboundKind.UNREADABLE:
        return _unreadable(message, Reason.UNREADABLE)
    if from_calendars.spoken(message):
        return from_calendars.outcome(message)
    if kind == InboundKind.CALENDAR:
        return _unreadable(message, Reason.CALENDAR)
    if message.sayings.absence:
        return from_words.absent(message, message.sayings.absence)
    if kind in (InboundKind.AUTOMATIC, InboundKind.RECEIPT):
        reasons = {InboundKind.AUTOMATIC: Reason.AUTOMATIC, InboundKind.RECEIPT: Reason.RECEIPT}
        return Outcome(InboundState.NOTED, reasons[kind])
    return from_words.written(message)


def _unreadable(message: Message, reason: Reason) -> Outcome:
    because = f"{reason}: {message.reading.problem}" if message.reading.problem else reason
    return Outcome(InboundState.QUARANTINED, because[:300], said=Said(sender=message.sayings.sender))
