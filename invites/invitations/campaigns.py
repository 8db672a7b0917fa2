"""How many were invited to a meeting of a campaign and how many answered: numbers alone leave this floor."""

from typing import Any

from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from events.campaigns import counting
from invites.invitations.models import Invitation

WHY = "the coordinator of a campaign is told numbers, never guests (ADR 33)"


def _number(which: Q) -> Any:
    rows = Invitation.objects.across_tenants(WHY).valid().filter(which, event=OuterRef("event"))
    return Coalesce(Subquery(rows.order_by().values("event").annotate(n=Count("pk")).values("n")), 0)


counting.register(counting.INVITED, lambda: _number(Q()))
counting.register(counting.ANSWERED, lambda: _number(~Q(reply="")))
