"""Asking again: answers to the older time no longer count, and their seats are free (rule 7 keeps them as history).

The event's row comes first, as when answering: it holds up every answer that is being written, and its new
`answers_from_sequence` turns away those that were meant for the older time. Then no answer of these invitees can come
between reading their seats and freeing them, on SQLite and on PostgreSQL alike.
"""

from collections.abc import Sequence

from django.db.models import F, FilteredRelation, Q, Sum
from django.db.models.functions import Greatest

from events.gatherings.freeing import seats_freed
from events.gatherings.models import Event
from invites.invitations.models import Invitation, InvitationQuerySet
from invites.invitations.standing import NOTHING_SAID

BATCH = 500  # rows a statement


def ask_again(event: Event, ids: Sequence[int]) -> int:
    """Takes the answers of these invitations back to "none yet"; returns how many there were.

    Answers that were already given to the event's present time stay. The names that organisations gave stay too, for
    their page to offer them again; they hold no seats until the organisation says yes once more. The caller holds the
    event's row in a transaction, having raised `answers_from_sequence`. A second call finds nothing to take back.
    """
    taken_back = freed = 0
    for start in range(0, len(ids), BATCH):
        older = _answered_before(event).filter(pk__in=ids[start : start + BATCH])
        seats = older.holding_seats().aggregate(seats=Sum("party"))["seats"] or 0
        rows = Invitation.objects.of(event.tenant_id).filter(pk__in=list(older.values_list("pk", flat=True)))
        taken_back += rows.update(**NOTHING_SAID)
        if seats:
            _free(event, seats)
            freed += seats
    if freed:
        seats_freed(event)
    return taken_back


def _answered_before(event: Event) -> InvitationQuerySet:
    """Whose standing answer is to an earlier revision; one without a row of its own counts as such."""
    rows = Invitation.objects.of(event.tenant_id).valid().filter(event=event).exclude(reply="")
    standing = FilteredRelation("answers", condition=Q(answers__answered_at=F("replied_at")))
    to_now = rows.annotate(standing=standing).filter(standing__event_sequence__gte=event.sequence)
    return rows.exclude(pk__in=to_now.values("pk")).order_by()


def _free(event: Event, seats: int) -> None:
    row = Event.objects.of(event.tenant_id).filter(pk=event.pk)
    row.update(seats_taken=Greatest(F("seats_taken") - seats, 0))
