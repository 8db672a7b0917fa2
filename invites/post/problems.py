"""Why a mail is in trouble, in plain words, and what to do about it.

A row keeps "code: detail": the code is ours and is translated when it is shown, the detail is what the mail service
said.
"""

from enum import StrEnum
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

LONGEST = 300  # OutgoingMail.problem


class Explanation(NamedTuple):
    what: str
    todo: str
    said: str  # by the mail service, as it said it


class Problem(StrEnum):
    COMPOSING = "composing"  # the composer or the transport could not make a message of it
    REFUSED = "refused"  # the mail service or the recipient's server said no, for good
    KEY = "key"  # the mail service does not know us
    GAVE_UP = "gave up"  # tried for a day, or for as long as there was time
    BUSY = "busy"  # told to come back later
    UNREACHABLE = "unreachable"
    NO_ANSWER = "no answer"  # handed over, but nothing came back
    STOPPED = "stopped"  # our own program ended while it handed the mail over
    # What came back after it was handed over; the names are those of Delivery, where there is one.
    BOUNCED = "bounced"
    BLOCKED = "blocked"
    DEFERRED = "deferred"
    COMPLAINED = "complained"
    DROPPED = "dropped"
    DROPPED_BOUNCED = "dropped, bounced before"
    DROPPED_UNWANTED = "dropped, unwanted"
    DROPPED_INVALID = "dropped, invalid address"
    DROPPED_QUOTA = "dropped, over quota"
    DROPPED_CONTENT = "dropped, content"


WORDS = {
    Problem.COMPOSING: (
        _("The mail could not be written."),
        _("Check the name and e-mail address of the contact, then send it again."),
    ),
    Problem.REFUSED: (
        _("The recipient's mail service refused the mail."),
        _("Check the e-mail address, or call the recipient. Send it again when the address is right."),
    ),
    Problem.KEY: (
        _("Our mail service refused to send for us."),
        _("Ask your IT department to check the mail settings, then send it again."),
    ),
    Problem.GAVE_UP: (
        _("The mail service did not take the mail in time, although we tried again and again."),
        _("Send it again when mail works, or call the recipient."),
    ),
    Problem.BUSY: (
        _("The mail service asked us to wait."),
        _("You need do nothing: we try again by ourselves."),
    ),
    Problem.UNREACHABLE: (
        _("The mail service could not be reached."),
        _("You need do nothing: we try again by ourselves."),
    ),
    Problem.NO_ANSWER: (
        _("We handed the mail over, but got no confirmation."),
        _(
            "Ask the recipient whether it came. We do not send it again by ourselves, so that nobody gets it twice."
        ),
    ),
    Problem.STOPPED: (
        _("We were interrupted while we handed the mail over."),
        _(
            "Ask the recipient whether it came. We do not send it again by ourselves, so that nobody gets it twice."
        ),
    ),
    Problem.BOUNCED: (
        _("The mail came back: the address does not work."),
        _("Correct the address and send again, or call the recipient."),
    ),
    Problem.BLOCKED: (
        _("The recipient's mail service would not take the mail this time. The address may well be right."),
        _("Send it again later, or call the recipient. If it happens to many, ask your IT department."),
    ),
    Problem.DEFERRED: (
        _("The recipient's mail service has made us wait for a long time. The mail may still arrive."),
        _("Call the recipient if it is urgent. We are told as soon as it arrives or comes back."),
    ),
    Problem.COMPLAINED: (
        _("The mail arrived, but was marked as unwanted. Sometimes that happens by mistake."),
        _("Call the recipient and agree on how to keep in touch. We send nothing again by ourselves."),
    ),
    Problem.DROPPED: (
        _("Our mail service did not pass the mail on."),
        _("Call the recipient. Ask your IT department to look at the answer below, then send it again."),
    ),
    Problem.DROPPED_BOUNCED: (
        _("Our mail service did not try this time, because mail to this address came back before."),
        _("Correct the address and send again. If it is right, your IT department can lift the block."),
    ),
    Problem.DROPPED_UNWANTED: (
        _("Our mail service did not send it, because the recipient once asked for no more mail from us."),
        _("Call the recipient. If they do want mail, your IT department can lift the block."),
    ),
    Problem.DROPPED_INVALID: (
        _("Our mail service cannot read the address."),
        _("Correct the address and send again."),
    ),
    Problem.DROPPED_QUOTA: (
        _("Our mail service has sent as many mails as our agreement allows."),
        _("Ask your IT department to raise the limit, then send it again."),
    ),
    Problem.DROPPED_CONTENT: (
        _("Our mail service took the mail for unwanted advertising and did not pass it on."),
        _("Look through the text for odd links, ask your IT department, then send it again."),
    ),
}
# SendGrid's reasons for not even trying (its documentation of the event "dropped"), by a word that each holds.
DROP_REASONS = {
    "bounce": Problem.DROPPED_BOUNCED,
    "unsubscribe": Problem.DROPPED_UNWANTED,
    "spam report": Problem.DROPPED_UNWANTED,
    "spam content": Problem.DROPPED_CONTENT,
    "quota": Problem.DROPPED_QUOTA,
    "smtpapi": Problem.DROPPED,
    "invalid": Problem.DROPPED_INVALID,
}
OTHER = (_("The mail could not be sent."), _("Call the recipient, or send it again."))


def note(problem: Problem, detail: str = "") -> str:
    """What a row keeps: one line, cut to the column's length."""
    return " ".join(f"{problem}: {detail}".split()).rstrip(":")[:LONGEST]


def explain(noted: str) -> Explanation:
    """What a row's note means, in the active language."""
    code, _colon, detail = noted.partition(":")
    if code == Problem.DROPPED:
        code = _why_dropped(detail)
    what, todo = WORDS[Problem(code)] if code in Problem.__members__.values() else OTHER
    return Explanation(str(what), str(todo), detail.strip())


def explain_delivery(delivery: str, detail: str) -> Explanation:
    """The same for what came back after a mail was handed over; `delivery` is a Delivery."""
    return explain(f"{delivery}: {detail}")


def _why_dropped(detail: str) -> Problem:
    said = detail.lower()
    return next((problem for word, problem in DROP_REASONS.items() if word in said), Problem.DROPPED)
