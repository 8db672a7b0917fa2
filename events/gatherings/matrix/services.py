"""Setting who sees what of an event's guests (ADR 24)."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events import audit
from events.gatherings.matrix.presets import SETTABLE, widened
from events.gatherings.matrix.promised import promised
from events.gatherings.models import Event
from events.gatherings.refusals import ChangedMeanwhile, NotAllowed
from events.tenancy.models import User


class NotConfirmed(Exception):
    """It would tell more than those who answered were told; nothing was written. `fields` are what is wider."""

    def __init__(self, fields: Sequence[str]) -> None:
        super().__init__(*fields)
        self.fields = tuple(fields)


@transaction.atomic
def set_matrix(event: Event, *, by: User | None, facts: Mapping[str, Any], confirmed: bool = False) -> bool:
    """Writes who sees what (`facts`: fields of `presets.SETTABLE`); returns whether anything changed.

    What would tell more than before needs `confirmed` once somebody has answered: NotConfirmed. Raises NotAllowed for
    a cancelled event, ChangedMeanwhile when somebody else set it at the same moment, TypeError for another field.
    A second call with the same facts changes nothing. It holds at once, everywhere; nobody is told by mail.
    """
    if unknown := set(facts) - set(SETTABLE):
        raise TypeError(f"not a matter of who sees what: {sorted(unknown)}")
    rows = Event.objects.of(event.tenant_id)
    now = rows.get(pk=event.pk)
    if now.state == Event.State.CANCELLED:
        raise NotAllowed(_("The meeting is cancelled. Nothing is told of its guests any more."))
    before = {name: getattr(now, name) for name in SETTABLE}
    if all(before[name] == value for name, value in facts.items()):
        return False
    wider = widened(now, {**before, **facts})
    if wider and not confirmed and promised(now).answered:
        raise NotConfirmed(wider)
    if not rows.filter(pk=event.pk, **before).update(**facts):
        raise ChangedMeanwhile
    event.refresh_from_db(fields=SETTABLE)
    audit.record("event.guests_wider" if wider else "event.guests_set", event, by=by, title=event.title)
    return True


audit.register(
    {
        "event.guests_set": gettext_lazy("%(who)s set who sees what of the guests of “%(title)s”."),
        "event.guests_wider": gettext_lazy(
            "%(who)s let others see more of the guests of “%(title)s” than before."
        ),
    }
)
