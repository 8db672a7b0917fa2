"""What was asked, and what became of it, as sentences in the active language. Pure."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from invites.answers.requests.models import NAMING, AnswerRequest, RequestState
from invites.invitations.models import Reply


def what(request: AnswerRequest) -> str:
    """What is asked, for the invitee: "You ask to answer yes." or whom they named."""
    if request.kind in NAMING:
        return _("You ask that %(name)s comes instead of you.") % {"name": request.name}
    if request.reply == Reply.ACCEPTED and request.people:
        text = ngettext(
            "You ask to answer yes for %(number)d person.",
            "You ask to answer yes for %(number)d people.",
            len(request.people),
        )
        return text % {"number": len(request.people)}
    return {
        Reply.ACCEPTED: _("You ask to answer yes."),
        Reply.TENTATIVE: _("You ask to answer maybe."),
    }.get(Reply(request.reply)) or _("You ask to answer no.")


def for_staff(request: AnswerRequest) -> str:
    """The same, for the organiser's list."""
    if request.kind in NAMING:
        return _("%(name)s instead") % {"name": request.name}
    reply = {Reply.ACCEPTED: _("wants to answer yes"), Reply.TENTATIVE: _("wants to answer maybe")}
    return reply.get(Reply(request.reply)) or _("wants to answer no")


def outcome(request: AnswerRequest) -> str:
    return str(RequestState(request.state).label)
