"""What the minutes add to an invitee's history: whether the person was there."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from invites.invitations import truth
from invites.invitations.models import Invitation
from invites.invitations.truth import Step
from minutes.records.models import Attendance, Minutes

COLOURS = {
    Attendance.Status.PRESENT: "success",
    Attendance.Status.OBSERVER: "success",
    Attendance.Status.ABSENT: "warning",
}
SOURCE = _("the minutes")
NOT_YET = _("the minutes are not approved yet")


@truth.register
def attended(invitation: Invitation) -> Iterable[Step]:
    """Nothing before somebody has written in the minutes: until then attendance is only guessed from the answers."""
    rows = Attendance.objects.of(invitation.tenant_id).filter(invitation=invitation, minutes__revision__gt=0)
    for row in rows.select_related("minutes"):
        minutes = row.minutes
        at = minutes.approved_at or minutes.submitted_at or minutes.opened_at
        detail = "" if minutes.state == Minutes.State.APPROVED else NOT_YET
        colour = COLOURS.get(Attendance.Status(row.status), "neutral")
        what = row.get_status_display()
        if row.position:
            what = _("%(name)s: %(status)s") % {"name": row.name, "status": what}
        yield Step(at, what, SOURCE, detail, colour)
