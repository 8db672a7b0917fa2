"""What waits for a decision, as staff read it: who, what, why it did not count by itself, and the buttons."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from invites.invitations import words
from invites.invitations.models import Invitation, Reply
from invites.replies.keeping import Said, said
from invites.replies.models import InboundMail, Topic
from invites.replies.reasons import in_words
from invites.replies.settling import CAN_COUNT

ANSWERS = (
    (Reply.ACCEPTED, gettext_lazy("Count as yes")),
    (Reply.TENTATIVE, gettext_lazy("Count as maybe")),
    (Reply.DECLINED, gettext_lazy("Count as no")),
)


@dataclass(frozen=True)
class Entry:
    """`meant` is the answer as proposed ("yes"), `lines` what was said as (label, value); `at` on the event's clock.

    `answers` are the buttons as (value, label, is it the proposed one), none where it cannot be an answer.
    """

    row: InboundMail
    invitation: Invitation
    at: dt.datetime
    what: str
    why: str
    meant: str
    lines: tuple[tuple[str, str], ...]
    answers: tuple[tuple[str, Any, bool], ...]
    forgotten: bool


def entries(rows: Iterable[InboundMail]) -> list[Entry]:
    """Needs `invitation__event`, `invitation__contact` of each; no query more."""
    return [_entry(row, row.invitation) for row in rows if row.invitation]


def _entry(row: InboundMail, invitation: Invitation) -> Entry:
    known = said(row)
    reply = known.reply if known else ""
    countable = known is not None and row.topic in CAN_COUNT
    return Entry(
        row=row,
        invitation=invitation,
        at=invitation.event.local(row.received_at),
        what=str(Topic(row.topic).label) if row.topic else str(row.get_kind_display()),
        why=in_words(row.reason),
        meant=str(Reply(reply).label) if reply else "",
        lines=tuple(lines(known, invitation)) if known else (),
        answers=tuple((value, label, value == reply) for value, label in ANSWERS) if countable else (),
        forgotten=row.said is None,
    )


def lines(known: Said, invitation: Invitation) -> Iterable[tuple[str, str]]:
    """What was said, for those who may invite: the sender's address is among it."""
    event = invitation.event
    if known.sender:
        yield _("From"), known.sender
    if known.start:
        starts = event.local(known.start)
        ends = event.local(known.end) if known.end else None
        yield _("Proposed time"), f"{words.moment(starts)}–{ends:%H:%M}" if ends else words.moment(starts)
    if known.first_day and known.last_day:
        yield _("Proposed time"), words.days(known.first_day, known.last_day)
    if known.to:
        yield _("Who is to come"), known.to
    if known.guests:
        yield _("Brings along"), str(known.guests)
    if known.until:
        yield _("Away until"), date_format(known.until, "DATE_FORMAT")
    if known.text:
        yield _("Written"), known.text
