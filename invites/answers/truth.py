"""What the answers add to an invitee's history: each answer that was given, and its receipt."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from invites.answers.models import Answer
from invites.invitations import truth
from invites.invitations.models import Invitation, Reply
from invites.invitations.truth import Step
from invites.post.models import OutgoingMail

COLOURS = {Reply.ACCEPTED: "success", Reply.TENTATIVE: "warning"}


@truth.register
def answered(invitation: Invitation) -> Iterable[Step]:
    """All answers, also those that a later one replaced; the audit trail keeps who recorded one."""
    given = Answer.objects.about(invitation)
    answers = list(given.select_related("recorded_by").order_by("answered_at", "pk"))
    newest: tuple[Any, ...] = ()
    for answer in answers:
        what = _("answered %(reply)s") % {"reply": answer.get_reply_display()}
        if answer.reply == Reply.ACCEPTED and answer.party > 1:
            what = _("answered yes for %(number)d people") % {"number": answer.party}
        if answer.mode:
            what = f"{what}, {answer.get_mode_display()}"
        key = (answer.event_sequence, answer.said_at)
        if key < newest:
            what = _("%(answer)s (came late, something newer had been said)") % {"answer": what}
        newest = max(newest, key)
        by = answer.get_source_display()
        if answer.recorded_by:
            told = "" if answer.source == Answer.Source.STAFF else f", {by}"
            by = f"{answer.recorded_by.name}{told}"
        yield Step(answer.answered_at, what, by, answer.comment, COLOURS.get(Reply(answer.reply), "neutral"))
    ids = [answer.pk for answer in answers]
    receipts = OutgoingMail.objects.of(invitation.tenant_id).filter(kind="receipt", subject_id__in=ids)
    for mail in receipts:
        yield from truth.steps_of(mail, _("the receipt"))
