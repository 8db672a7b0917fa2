"""The owner's answer from the link: done, not yet, or another date. It becomes history; only "done" moves anything."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from events import audit
from events.dates import VagueDate
from minutes.records.actions.models import ActionChange, ActionItem
from minutes.records.actions.services import change, close_by_owner
from minutes.records.identity_numbers import holds_identity_number
from minutes.records.refusals import IdentityNumber, NotAllowed

Kind, Source = ActionChange.Kind, ActionChange.Source
A_DAY = dt.timedelta(days=1)
MOST_A_DAY = 20


class TooMany(Exception):
    """The link was used more often today than a person would."""


@transaction.atomic
def answer(action: ActionItem, *, said: str, note: str = "", due: VagueDate | None = None) -> bool:
    """Notes what the owner said: `said` is DONE, NOT_YET or NEW_DATE (with `due`). Returns whether it was new.

    DONE closes it, and a colleague may open it again; a new date is a proposal that a colleague accepts by setting it.
    The same answer twice in a row is one. Raises NotAllowed for one that is closed otherwise, TooMany, IdentityNumber.
    """
    if holds_identity_number(note):
        raise IdentityNumber("actions", "note")
    row = ActionItem.objects.of(action.tenant_id).select_for_update().get(pk=action.pk)
    mine = ActionChange.objects.of(row.tenant_id).filter(action=row, source=Source.OWNER)
    last = mine.order_by("-pk").first()
    if last and (last.kind, last.note, last.due) == (said, note, due) and _stands(row, last):
        return False
    if row.status != ActionItem.Status.OPEN:
        raise NotAllowed
    if mine.filter(at__gt=timezone.now() - A_DAY).count() >= MOST_A_DAY:
        raise TooMany
    if said == Kind.DONE:
        close_by_owner(row, note=note)
    else:
        change(row, said, Source.OWNER, note=note, due=due)
    audit.record("action.answered", row, by=None, title=row.text[:80])
    return True


def _stands(action: ActionItem, last: ActionChange) -> bool:
    """Whether nothing has happened since; what was opened again can be done again."""
    rows = ActionChange.objects.of(action.tenant_id).filter(action=action, pk__gt=last.pk)
    return not rows.exists()
