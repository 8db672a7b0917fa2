"""From claimed rows to messages ready for the wire. A mail nobody can write is parked; the others go on.

What a second try cannot mend (an unknown kind, an impossible address) is parked at once, other breakage after three.
"""

import logging
from collections import defaultdict
from collections.abc import Sequence

from django.db import InterfaceError, OperationalError

from invites.post import moves, recipients, subjects
from invites.post.letters import Composer, Letter, Postponed, Withheld, composer_of
from invites.post.models import OutgoingMail
from invites.post.problems import Problem, note
from invites.post.transports.base import Transport

log = logging.getLogger(__name__)
LOST = (OperationalError, InterfaceError)  # the database went away: no mail's fault
HOPELESS = (
    LookupError,
    ValueError,
)  # of our own making: no composer is registered, an address no header can hold
Ready = tuple[OutgoingMail, Letter, bytes]
Composed = Letter | Withheld | Postponed | Exception


def ready(mails: Sequence[OutgoingMail], transport: Transport) -> list[Ready]:
    """The mails to hand over, in the order given, written and coded. Settles those that are withheld or
    unwritable, and puts back those that have to wait."""
    to_send: list[Ready] = []
    withheld: dict[Withheld, list[OutgoingMail]] = defaultdict(list)
    postponed: dict[Postponed, list[OutgoingMail]] = defaultdict(list)
    mails = _to_where_they_are(mails)
    composed = _composed(mails)
    for mail in mails:
        letter = composed[mail.pk]
        if isinstance(letter, Withheld):
            withheld[letter].append(mail)
        elif isinstance(letter, Postponed):
            postponed[letter].append(mail)
        elif isinstance(letter, Exception):
            _park(mail, letter)
        else:
            _code(mail, letter, transport, to_send)
    for reason, those in withheld.items():
        moves.withhold(those, reason.state, reason.why)
    for later, those in postponed.items():
        moves.put_back(those, wait=later.wait)
    return to_send


def _to_where_they_are(mails: Sequence[OutgoingMail]) -> Sequence[OutgoingMail]:
    """The mails, each to the address that its contact has now: since it was queued, somebody set the address right, or
    merged the contact into another. Parks what is to a contact without an address.
    """
    addresses, lost = recipients.addresses_of(mails), []
    for mail in mails:
        address = addresses.get(mail.pk, mail.to_address)
        if not address:
            lost.append(mail)
        elif address.lower() != mail.to_address.lower():
            moves.readdress(mail, address)
    moves.park(lost, note(Problem.COMPOSING, "the contact has no address any more"))
    gone = {mail.pk for mail in lost}
    return [mail for mail in mails if mail.pk not in gone]


def _composed(mails: Sequence[OutgoingMail]) -> dict[int, Composed]:
    by_kind: dict[str, list[OutgoingMail]] = defaultdict(list)
    composed: dict[int, Composed] = {**subjects.held(mails)}
    for mail in mails:
        if mail.pk not in composed:
            by_kind[mail.kind].append(mail)
    for kind, those in by_kind.items():
        composed |= _composed_kind(kind, those)
    return composed


def _composed_kind(kind: str, mails: list[OutgoingMail]) -> dict[int, Composed]:
    """The whole batch at once; when that fails, one by one, so that one bad mail holds up nobody."""
    try:
        composer = composer_of(kind)
    except LookupError as error:
        return dict.fromkeys((mail.pk for mail in mails), error)
    try:
        letters = composer(mails)
    except LOST:
        raise
    except Exception as error:
        if len(mails) == 1:
            return {mails[0].pk: _slip(error)}
        log.warning("a batch of %d mails of kind %s could not be composed at once", len(mails), kind)
        return {mail.pk: _composed_alone(composer, mail) for mail in mails}
    missing = LookupError("the composer knows nothing of it")
    return {mail.pk: letters.get(mail.pk, missing) for mail in mails}


def _composed_alone(composer: Composer, mail: OutgoingMail) -> Composed:
    try:
        return composer([mail]).get(mail.pk, LookupError("the composer knows nothing of it"))
    except LOST:
        raise
    except Exception as error:
        return _slip(error)


class Slip(Exception):
    """The composer broke: perhaps something it needs was away for a moment."""


def _slip(error: Exception) -> Slip:
    slip = Slip(type(error).__name__)
    slip.__cause__ = error
    return slip


def _code(mail: OutgoingMail, letter: Letter, transport: Transport, to_send: list[Ready]) -> None:
    try:
        to_send.append((mail, letter, transport.prepare(letter)))
    except Exception as error:
        _park(mail, error if isinstance(error, HOPELESS) else _slip(error))


def _park(mail: OutgoingMail, error: Exception) -> None:
    log.error("mail %s (%s) could not be written", mail.delivery_id, mail.kind, exc_info=error)
    if isinstance(error, Slip):
        moves.stumble(mail, note(Problem.COMPOSING, str(error)))
    else:
        moves.park([mail], note(Problem.COMPOSING, type(error).__name__))
