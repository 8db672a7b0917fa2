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
    GAVE_UP = "gave up"  # tried for days
    BUSY = "busy"  # told to come back later
    UNREACHABLE = "unreachable"
    NO_ANSWER = "no answer"  # handed over, but nothing came back
    STOPPED = "stopped"  # our own program ended while it handed the mail over


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
        _("The mail service could not be reached for several days."),
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
}
OTHER = (_("The mail could not be sent."), _("Call the recipient, or send it again."))


def note(problem: Problem, detail: str = "") -> str:
    """What a row keeps: one line, cut to the column's length."""
    return " ".join(f"{problem}: {detail}".split()).rstrip(":")[:LONGEST]


def explain(noted: str) -> Explanation:
    """What a row's note means, in the active language."""
    code, _colon, detail = noted.partition(":")
    what, todo = WORDS[Problem(code)] if code in Problem.__members__.values() else OTHER
    return Explanation(str(what), str(todo), detail.strip())
