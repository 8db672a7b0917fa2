"""Notes about calls."""

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events import audit
from events.tenancy.models import User
from invites.invitations.models import CallAttempt, CallOutcome, Invitation

SAME_CALL = dt.timedelta(minutes=1)


@transaction.atomic
def note_call(invitation: Invitation, *, outcome: str, by: User) -> CallAttempt:
    """Keeps that `by` called the invitee in vain. The same note again within a minute (double click) is kept once.

    Raises ValueError for an outcome that is none.
    """
    said = CallOutcome(outcome)
    recent = CallAttempt.objects.of(invitation.tenant_id).filter(
        invitation=invitation, outcome=said, by=by, at__gte=timezone.now() - SAME_CALL
    )
    if twin := recent.first():
        return twin
    call = CallAttempt.objects.create(
        tenant_id=invitation.tenant_id, invitation=invitation, outcome=said, by=by
    )
    audit.record("invitation.called", invitation, by=by, title=invitation.event.title)
    return call


audit.register({"invitation.called": _("%(who)s called an invitee to “%(title)s”.")})
