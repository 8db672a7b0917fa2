"""What requests add to an invitee's history: what was asked, what was decided, who comes instead of whom."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from invites.answers.requests.models import NAMING, AnswerRequest, RequestState
from invites.invitations import truth
from invites.invitations.models import Invitation, Reply
from invites.invitations.truth import ORGANISER, US, Step
from invites.post.models import OutgoingMail

COLOURS = {RequestState.GRANTED: "success", RequestState.REFUSED: "warning"}
MAILS = {
    "request_received": _("the receipt for the request"),
    "request_refused": _("the refusal"),
    "substitute_named": _("the receipt for sending somebody else"),
}


@truth.register
def asked(invitation: Invitation) -> Iterable[Step]:
    rows = AnswerRequest.objects.of(invitation.tenant_id).filter(invitation=invitation)
    found = list(rows.select_related("decided_by"))
    for row in found:
        yield Step(row.asked_at, _asked(row), row.get_source_display(), row.comment)
        if row.decided_at:
            by = row.decided_by.name if row.decided_by else US
            what = _("request: %(outcome)s") % {"outcome": row.get_state_display()}
            yield Step(row.decided_at, what, by, row.reason, COLOURS.get(RequestState(row.state), "neutral"))
    mails = OutgoingMail.objects.of(invitation.tenant_id).filter(
        kind__in=MAILS, subject_id__in=[row.pk for row in found]
    )
    for mail in mails.order_by("created_at", "pk"):
        yield from truth.steps_of(mail, MAILS[mail.kind])


@truth.register
def instead(invitation: Invitation) -> Iterable[Step]:
    """Both directions: who comes instead of the invitee, and instead of whom the invitee comes."""
    rows = Invitation.objects.of(invitation.tenant_id).filter(stands_in_for=invitation)
    for row in rows.select_related("contact"):
        what = _("%(name)s comes instead") % {"name": row.contact.name}
        if row.reply == Reply.DECLINED:
            what = _("%(name)s was to come instead, and cannot") % {"name": row.contact.name}
        yield Step(row.invited_at, what, ORGANISER, colour="info")
    if invitation.stands_in_for_id:
        named = Invitation.objects.of(invitation.tenant_id).select_related("contact")
        by = named.get(pk=invitation.stands_in_for_id).contact.name
        yield Step(invitation.invited_at, _("comes instead of %(name)s") % {"name": by}, by, colour="info")
    mails = OutgoingMail.objects.of(invitation.tenant_id).filter(
        kind="substitute_lost", subject_id=invitation.pk
    )
    for mail in mails:
        yield from truth.steps_of(mail, _("the word to the invitee that the substitute cannot come"))


def _asked(row: AnswerRequest) -> object:
    if row.kind in NAMING:
        return _("asked that %(name)s comes instead") % {"name": row.name}
    return _("asked after the deadline to answer %(reply)s") % {"reply": row.get_reply_display()}
