"""Writes where measures stand. Only the approval of minutes calls this: no proof, no progress."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from events import audit
from events.gatherings.agenda import ItemLevel
from events.plans.models import Measure
from minutes.progress.models import StatusNote
from minutes.records.document import level_of
from minutes.records.models import Outcome


@transaction.atomic
def note(measure: Measure, *, phase: str, text: str, outcome: Outcome | None, at: dt.datetime) -> StatusNote:
    """Notes that `measure` is in `phase` (a `Phase` value) from `at` on, and what was done.

    Of an item that only few may read the words are not kept: a plan is read by more people.

    `outcome` is the measure update in the minutes that says so; a second note of the same outcome changes nothing and
    returns the first.
    """
    if outcome is not None:
        text = "" if level_of(outcome.item) == ItemLevel.RESTRICTED else text
        facts = {"tenant": measure.tenant, "measure": measure, "phase": phase, "text": text, "noted_at": at}
        row, is_new = StatusNote.objects.of(measure.tenant_id).get_or_create(outcome=outcome, defaults=facts)
    else:
        row, is_new = _without_minutes(measure, phase, text, at), True
    if is_new:
        audit.record("measure.noted", measure, by=None, title=str(measure))
    return row


def _without_minutes(measure: Measure, phase: str, text: str, at: dt.datetime) -> StatusNote:
    return StatusNote.objects.create(
        tenant=measure.tenant, measure=measure, phase=phase, text=text, noted_at=at
    )


audit.register({"measure.noted": _("The status of the measure “%(title)s” was noted.")})
