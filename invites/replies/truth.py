"""What came by mail, in an invitee's history and on the list of those to call: never what else was written."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events.gatherings.models import Event
from invites.invitations import truth, words
from invites.invitations.guests import calls
from invites.invitations.models import Invitation
from invites.invitations.truth import Step
from invites.post.models import OutgoingMail
from invites.replies.keeping import said
from invites.replies.mails import ANSWER_AGAIN, SEATS_TAKEN
from invites.replies.models import InboundKind, InboundMail, InboundState, Topic
from invites.replies.reasons import in_words

CALENDAR, MAIL = gettext_lazy("the invitee's calendar"), gettext_lazy("a mail that came in")
SENT = {
    ANSWER_AGAIN: gettext_lazy("the request to answer again"),
    SEATS_TAKEN: gettext_lazy("the notice that all seats are taken"),
}
COLOURS = {InboundState.APPLIED: "success", InboundState.HELD: "warning", InboundState.QUARANTINED: "warning"}
A_WHILE = dt.timedelta(days=14)  # an absence that names no end


@truth.register
def came_in(invitation: Invitation) -> Iterable[Step]:
    """Each message about the invitation, and what was sent back because of it."""
    for row in InboundMail.objects.of(invitation.tenant_id).filter(invitation=invitation):
        source = CALENDAR if row.kind == InboundKind.CALENDAR else MAIL
        what = Topic(row.topic).label if row.topic else row.get_kind_display()
        state = InboundState(row.state)
        step = _("%(what)s: %(state)s") % {"what": what, "state": state.label}
        yield Step(row.received_at, step, source, _detail(row, invitation), COLOURS.get(state, "neutral"))
    mails = OutgoingMail.objects.of(invitation.tenant_id).filter(kind__in=SENT, subject_id=invitation.pk)
    for mail in mails:
        yield from truth.steps_of(mail, SENT[mail.kind])


def _detail(row: InboundMail, invitation: Invitation) -> str:
    """Why, and the one fact a colleague needs: until when, or which time. Never what else was written."""
    known = said(row)
    if row.topic == Topic.ABSENCE and known and known.until:
        return _("Away until %(day)s.") % {"day": date_format(known.until, "DATE_FORMAT")}
    why = in_words(row.reason)
    if row.topic == Topic.PROPOSAL and known and known.start:
        return f"{why} {words.moment(invitation.event.local(known.start))}"
    if row.topic == Topic.PROPOSAL and known and known.first_day and known.last_day:
        return f"{why} {words.days(known.first_day, known.last_day)}"
    return why


@calls.register_notes
def away(event: Event, invitations: Collection[int]) -> Mapping[int, str]:
    """Who is away today, by invitation; the latest note counts."""
    rows = InboundMail.objects.of(event.tenant_id).filter(
        invitation__in=invitations, topic=Topic.ABSENCE, state=InboundState.NOTED
    )
    notes = {row.invitation_id: _away(row) for row in rows.order_by("received_at", "pk")}
    return {pk: note for pk, note in notes.items() if pk and note}


def _away(row: InboundMail) -> str:
    known = said(row)
    if known and known.until:
        still = known.until >= timezone.localdate()
        return _("Away until %(day)s.") % {"day": date_format(known.until, "DATE_FORMAT")} if still else ""
    recent = row.received_at > timezone.now() - A_WHILE
    return _("An automatic reply says that the person is away.") if known and recent else ""
