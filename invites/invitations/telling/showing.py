"""What the pages about telling show: what is new, who could be told, who is to be told by hand."""

from dataclasses import dataclass
from typing import Any

from events.gatherings.models import Event
from events.gatherings.revisions import as_it_was, moved, moved_to_another_day
from events.gatherings.visibility import Audience
from invites.invitations.models import Invitation, Reply
from invites.invitations.telling import people
from invites.invitations.telling.changes import Change, changes
from invites.invitations.telling.models import Recipients, Telling
from invites.invitations.telling.services import Decision


@dataclass(frozen=True)
class Situation:
    """An event with a change that is not told, or was told to nobody."""

    event: Event
    rows: list[Any]
    by_hand: list[Any]
    news: list[Change]
    is_moved: bool
    to_another_day: bool

    @property
    def cancelled(self) -> bool:
        return self.event.state == Event.State.CANCELLED

    @property
    def can_ask(self) -> bool:
        """Asking for answers again makes sense when the time is new and answers are taken."""
        return self.is_moved and not self.event.answers_closed

    def initial(self) -> dict[str, Any]:
        return {
            "who": Recipients.OPEN if self.cancelled else Recipients.ALL,
            "asks_again": self.to_another_day,
            "chosen": [row.pk for row in self.rows],
        }

    def choices(self) -> list[tuple[str, str]]:
        """The radio buttons, each with how many it means."""
        numbers = {
            Recipients.ALL: len(self.rows),
            Recipients.OPEN: sum(row.reply != Reply.DECLINED for row in self.rows),
            Recipients.COMING: sum(
                row.reply in (Reply.ACCEPTED, Reply.TENTATIVE, Reply.WAITING) for row in self.rows
            ),
        }
        counted = [(who.value, f"{who.label} ({number})") for who, number in numbers.items()]
        return [*counted, (Recipients.CHOSEN.value, str(Recipients.CHOSEN.label))]


def situation(event: Event) -> Situation:
    """Needs `event.tenant`; four queries. What is new is told as the organiser sees it."""
    rows: list[Any] = list(people.to_tell(event))
    since = min((row.knows for row in rows), default=event.told_sequence)
    before = as_it_was(event, since)
    return Situation(
        event=event,
        rows=rows,
        by_hand=list(people.by_hand(event)),
        news=changes(event, since=since, audience=Audience.ORGANISER),
        is_moved=moved(before, event),
        to_another_day=moved_to_another_day(before, event),
    )


def told_before(event: Event) -> Telling | None:
    """The decision that was taken about the event as it is now, if there is one."""
    return Telling.objects.of(event.tenant_id).filter(event=event, sequence=event.sequence).first()


def draft_of(event: Event, decision: Decision) -> Telling:
    """The decision as the composer reads it, not saved."""
    return Telling(
        tenant_id=event.tenant_id,
        event=event,
        sequence=decision.sequence,
        who=decision.who,
        asks_again=decision.asks_again,
        message=decision.message,
    )


def recipients(event: Event, decision: Decision) -> list[Invitation]:
    return list(people.of(people.to_tell(event), decision.who, decision.chosen))
