"""The two conditional statements of an answer, prepared: of its event and of its invitation. See `taking.py`."""

from typing import Any

from django.db.models import F, Q
from django.db.models.functions import Coalesce, Greatest

from events.gatherings.models import Event
from events.prepared import Prepared
from invites.answers.requests import rules
from invites.invitations.models import Invitation

Written = tuple[Any, dict[str, Any]]
WAITS_NO_MORE = {"waiting_since": None, "waiting_rank": 0}


def _seats(
    *,
    tenant: Any,
    event: Any,
    now: Any,
    sequence: Any,
    until_deadline: bool,
    more: Any,
    takes: bool,
    waits: bool,
    somebody_waits: bool | None,
    per_organisation: Any,
) -> Written:
    """Adds `more` seats where the event takes answers now and, if it `takes` any, has so many left.

    `somebody_waits` None: whether somebody waits does not matter. One row, or none.
    """
    rows = Event.objects.of(tenant).filter(
        pk=event,
        state=Event.State.PUBLISHED,
        locked_at__isnull=True,
        starts_at__gt=now,
        answers_from_sequence__lte=sequence,
        time_sequence__lte=sequence,
        per_organisation=per_organisation,
    )
    if until_deadline:
        rows = rows.filter(Q(answer_by__isnull=True) | Q(answer_by__gt=now))
    if takes:
        rows = rows.filter(Q(capacity__isnull=True) | Q(seats_taken__lte=F("capacity") - more))
    if somebody_waits is not None:
        rows = rows.filter(somebody_waits=somebody_waits)
    # Never below none: who read the page before the seat was freed learns it from the invitation's row count.
    facts: dict[str, Any] = {"seats_taken": Greatest(F("seats_taken") + more, 0)}
    return rows, facts | ({"somebody_waits": True} if waits else {})


def _current(
    *,
    tenant: Any,
    invitation: Any,
    beside_others: bool,
    now: Any,
    since: Any,
    new_said_at: Any,
    new_said_sequence: Any,
    new_reply: Any,
    new_party: Any,
    new_mode: Any,
    waits: bool,
    on_page: bool,
    **as_read: Any,
) -> Written:
    """Keeps the new answer where the invitation is still `as_read`. `new_reply` None: an older one goes on
    standing, or another row that means the same, since `since`.

    `beside_others`: also where somebody comes instead. One row, or none.
    """
    rows = Invitation.objects.of(tenant).valid().filter(pk=invitation, quota__gte=new_party, **as_read)
    facts: dict[str, Any] = {"party": new_party, "mode": new_mode}
    if new_reply is not None:
        facts |= {"reply": new_reply, "replied_at": now, "offered_until": None}
        facts |= {"said_at": new_said_at, "said_sequence": new_said_sequence}
        facts |= {"waiting_since": Coalesce("waiting_since", now)} if waits else WAITS_NO_MORE
        if not beside_others:
            rows = rows.exclude(rules.replaced())
    else:
        facts["replied_at"] = since
    if on_page:  # who answers there has the page open, whatever the browser said
        facts["opened_at"] = Coalesce("opened_at", now)
    return rows, facts


SEATS, CURRENT = Prepared(_seats), Prepared(_current)
