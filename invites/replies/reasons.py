"""Why a message is where it is: the value stands in the row, for operations; the label is what staff read."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from invites.replies.models import InboundKind


class Reason(models.TextChoices):
    PENDING = "not looked at yet", _("It has not been looked at yet.")
    # Put aside.
    NO_MAIL = "about no mail of ours", _("It is about no mail of ours.")
    UNKNOWN_ADDRESS = "the reply address is unknown", _("The reply address is unknown.")
    NO_ADDRESS = "to no reply address", _("It was sent to no reply address.")
    COMPLAINT = "a complaint to be looked at", _("It is a complaint by a mail service.")
    UNREADABLE = "unreadable", _("It cannot be read.")
    CALENDAR = "unreadable calendar", _("Its calendar cannot be read.")
    OTHER_EVENT = "about another event", _("The calendar answers about another meeting.")
    BROKE = "it broke our program", _("It could not be taken in by the program.")
    # Noted.
    GONE = "the invitation is withdrawn or has expired", _("The invitation is withdrawn or has expired.")
    OLDER_TIME = "an answer to an older time", _("It answers to an older time, and counts no more.")
    TOO_LATE = (
        "the meeting has begun or is off",
        _("The meeting has begun or is off, or takes no answers."),
    )
    SAID_BEFORE = (
        "it says nothing new",
        _("It says what was answered already, or something newer was answered."),
    )
    ASKED = "the organiser is asked", _("It does not count by itself. It became a request to the organiser.")
    NOTHING_SAID = "it says nothing", _("It says nothing that could be taken into account.")
    AUTOMATIC = "an automatic reply", _("It is an automatic reply.")
    RECEIPT = "a read receipt", _("It is a read receipt.")
    AWAY = "away", _("The person is away.")
    SENT_LATELY = "sent again within the hour already", _("The invitation was sent again a short while ago.")
    NOT_SENT = "no mail to send again", _("There is no mail that could be sent again.")
    # Waits for the organiser.
    OTHER_ADDRESS = "from another address", _("It came from another address than the one invited.")
    DOUBTED = (
        "the sender could not be confirmed",
        _("The mail service could not confirm that it came from the address it names."),
    )
    PROPOSAL = "another time is proposed", _("Another time is proposed. The meeting stays where it is.")
    DELEGATION = "somebody else is to come", _("Somebody else is to come instead.")
    FULL = "all seats are taken", _("All seats are taken. The person was told so.")
    LATE = "after the deadline", _("It came after the deadline.")
    REFUSED = "it could not count by itself", _("It could not count by itself.")
    NOT_CLEAR = "not clear enough to count by itself", _("It is not clear enough to count by itself.")
    WRITTEN = "written by a person", _("A message to the organiser.")


# Without a reply address that we know, by kind.
PUT_ASIDE = {
    InboundKind.REPORT: Reason.NO_MAIL,
    InboundKind.COMPLAINT: Reason.COMPLAINT,
    InboundKind.UNREADABLE: Reason.UNREADABLE,
}


def in_words(reason: str) -> str:
    """The reason as staff read it, in the active language; one of an older version as it stands."""
    known, _colon, _detail = reason.partition(":")
    return str(Reason(known).label) if known in Reason.values else reason
